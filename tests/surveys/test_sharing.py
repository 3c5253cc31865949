"""Rankings, points and matrices with several answers: slips are told at their fields; conditions and order."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import httpx
import pytest

from consult import i18n
from consult.profile import load_profile
from consult.settings import resource
from consult.surveys.answers.ordering import VARIANTS, order_of, variant_of
from consult.surveys.authoring import checks
from consult.surveys.conditions.describe import describe
from consult.surveys.definition import schema as d
from tests.surveys.conftest import Resident, publish
from tests.surveys.makers import (
    allocation,
    compiled,
    fields,
    free,
    options,
    ranking,
    several,
    single,
    smiley,
    survey,
)

NONE = options("none", exclusive=True)


@pytest.fixture(autouse=True)
def spoken() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))


@pytest.mark.parametrize(
    ("question", "sent", "told"),
    [
        (ranking(), {"order__parks": "1"}, [("order", "Give every answer a place, or none: “Which order?”.")]),
        (ranking(required=True), {}, [("order", "Give every answer a place, or none: “Which order?”.")]),
        (
            ranking(top=2),
            {"order__parks": "1", "order__waste": "2", "order__streets": "3"},
            [("order", "Give exactly 2 answers a place: “Which order?”.")],
        ),
        (
            ranking(),
            {"order__parks": "1", "order__waste": "1", "order__streets": "4"},
            [
                ("order.streets", "Choose a place from 1 to 3 for “Streets”."),
                ("order.waste", "Place 1 is taken twice. Give “Waste” another place."),
            ],
        ),
        (allocation(required=True), {}, [("budget", "Share out 100 points: “Which budget?”.")]),
        (
            allocation(),
            {"budget__parks": "70"},
            [("budget", "The points must add up to 100; still to share out: 30. “Which budget?”.")],
        ),
        (
            allocation(total=10),
            {"budget__parks": "7", "budget__streets": "5"},
            [("budget", "The points must add up to 10; too many: 2. “Which budget?”.")],
        ),
        (
            allocation(),
            {"budget__parks": "99.5", "budget__streets": "-1"},
            [
                ("budget.parks", "Write a whole number of points for “Parks”, for example 25."),
                ("budget.streets", "Write a whole number of points for “Streets”, for example 25."),
            ],
        ),
        (
            several(required=True),
            {"travel__weekdays": "bus"},
            [("travel.weekend", "Choose at least one answer in the row “Weekend”.")],
        ),
        (
            several(options=(*options("bus"), *NONE)),
            {"travel__weekend": ["bus", "none"]},
            [("travel.weekend", "“None” cannot be chosen together with other answers. Choose one or the other.")],
        ),
        (several(), {"travel__weekend": "ship"}, [("travel.weekend", "Choose one of the answers shown: “Weekend”.")]),
        (smiley(required=True), {}, [("face", "Choose a face: “Which face?”.")]),
        (smiley(), {"face": "4"}, [("face", "Choose a face: “Which face?”.")]),
    ],
)
def test_slip_is_told_at_its_field(question: d.AnyQuestion, sent: dict[str, Any], told: list[tuple[str, str]]) -> None:
    decoded = compiled(question).decode(fields(**sent))
    english = i18n.locale("en")

    def words(parameters: dict[str, Any]) -> dict[str, Any]:
        return {name: value["en"] if isinstance(value, dict) else value for name, value in parameters.items()}

    found = [(p.place, english.gettext(p.message, **words(dict(p.parameters)))) for p in decoded.problems]
    assert sorted(found) == told
    assert isinstance(question, d.MatrixMultiple) or decoded.answers.get(question.key) is None


@pytest.mark.parametrize("question", [ranking(), allocation()])
async def test_slip_at_the_first_option_can_be_jumped_to(question: d.AnyQuestion, client: httpx.AsyncClient) -> None:
    await publish(survey(question))
    resident = Resident(client, "small", "en")
    await resident.open()
    told = await resident.send({f"{question.key}.parks": "many"})
    assert f'href="#{question.key}.parks"' in told.text
    assert told.text.count(f'id="{question.key}.parks"') == told.text.count(f'for="{question.key}.parks"') == 1


def test_hidden_option_is_neither_ranked_nor_given_points() -> None:
    some = (*options("parks", "streets"), *options("waste", show_if="colour == 'red'"))
    asked = compiled(single(), ranking(options=some), allocation(options=some))
    sent = {
        "order.parks": ["3"],
        "order.streets": ["1"],
        "order.waste": ["2"],
        "budget.parks": ["100"],
        "budget.waste": [""],
    }
    without = asked.decode({"colour": ["blue"], **sent})
    assert without.problems == []
    assert without.answers["order"] == ["streets", "parks"]
    assert without.answers["budget"] == {"parks": 100, "streets": 0}
    with_it = asked.decode({"colour": ["red"], **sent})
    assert with_it.answers["order"] == ["streets", "waste", "parks"]
    assert with_it.answers["budget"] == {"parks": 100, "streets": 0, "waste": 0}


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("'waste' in order", "Answer only if you chose “Waste” in “Which order?”."),
        ("'bus' in travel.weekend", "Answer only if you chose “Bus” in “Weekend”."),
        ("!('bus' in travel.weekend)", "Answer only if you did not choose “Bus” in “Weekend”."),
        ("budget.parks > 50", "Answer only if “Parks” is more than 50."),
        ("face >= 2", "Answer only if “Which face?” is at least “so-so”."),
    ],
)
def test_condition_is_said_in_words_and_passes_the_checks(condition: str, said: str) -> None:
    definition = survey(ranking(top=1), several(), allocation(), smiley(), free(show_if=condition))
    assert checks.check(definition) == []
    assert describe(condition, definition, i18n.locale("en")) == said


@pytest.mark.parametrize(
    ("question", "place"),
    [
        (ranking(top=4), "top"),
        (ranking(options=options("a")), "options"),
        (ranking(options=(*options("a", "b"), *options("c", missing="dont_know"))), "missing"),
        (allocation(options=(*options("a", "b"), *options("c", other=True))), "other"),
        (several(rows=()), "rows"),
        (several(options=(*options("bus"), *options("car", show_if="answered(x)"))), "show_if"),
        (smiley(labels=()), "labels"),
        (smiley(points=9, labels=tuple({"en": str(n)} for n in range(9))), "points"),
    ],
)
def test_rule_of_a_type_that_is_broken_is_found_at_its_place(question: d.AnyQuestion, place: str) -> None:
    paths = [fault.path for fault in checks.check(survey(question))]
    assert any(place in path for path in paths)


def test_order_is_told_again_from_the_id_and_is_fair() -> None:
    codes = ("a", "b", "c", "d", "other")
    orders = [order_of(variant, "q", codes, {"other"}) for variant in range(VARIANTS)]
    assert {tuple(sorted(order)) for order in orders} == {tuple(sorted(codes))}
    assert {order[-1] for order in orders} == {"other"}
    for place in range(4):
        assert set(Counter(order[place] for order in orders).values()) == {VARIANTS // 4}
    assert len(set(orders)) > 8
    assert orders != [order_of(variant, "r", codes, {"other"}) for variant in range(VARIANTS)]
    response = UUID("9f1c2d3e-0000-4000-8000-000000000000")
    assert variant_of(response) == variant_of(UUID(str(response))) == 0x9F % VARIANTS
