"""The importance-performance map."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from consult.explorer import importance
from consult.explorer.items import items_of
from consult.explorer.selecting import opened, selected
from consult.web.forms import Form
from tests.people.makers import staff
from tests.results.makers import NOON, a_survey, definition, question

QUESTIONS = (
    question("matrix_scale", "important", measure="importance"),
    question("matrix_scale", "services"),
    question("scale", "overall"),
)
ANSWERS: list[dict[str, Any]] = [
    {"important": {"parks": 5, "roads": 1}, "services": {"parks": 1, "roads": 5}, "overall": 2},
    {"important": {"parks": 4, "roads": 2}, "services": {"parks": 2, "roads": 4}, "overall": 3},
    {"important": {"parks": 3}, "services": {"parks": 3, "roads": 3}, "overall": 1},
    {"important": {"parks": 4, "roads": 3}, "services": {"parks": 2, "roads": 3}, "overall": 3},
]
PAGE = "/staff/{}/results/trees/importance"


async def found(query: dict[str, list[str]]) -> tuple[importance.Asked, importance.Found]:
    await a_survey(definition(*QUESTIONS), ANSWERS)
    survey, given = await opened("trees")
    asked, _ = importance.read(Form(query), items_of(given), given)
    made = await importance.found(asked, await selected(survey, given, asked.who, NOON))
    assert made is not None
    return asked, made


async def test_stated_importance_is_found_by_rows_of_the_same_code(db: None) -> None:
    asked, made = await found({"crossing": ["scale"]})
    assert (asked.by, asked.items) == ("stated", ("services.parks", "services.roads"))
    # Who gave only one of both answers is left out of the item: roads are rated by three.
    parks, roads = made.ordered
    assert (parks.name, parks.quadrant, roads.quadrant) == ("services.parks", "concentrate", "overkill")
    assert (parks.performance.value, parks.importance.value) == (25.0, 75.0)
    assert (roads.performance.value, roads.importance.value) == (75.0, 25.0)
    assert (parks.priority, made.map.cross) == (0.5, (50.0, 50.0))


async def test_derived_importance_takes_an_overall_rating(db: None) -> None:
    asked, made = await found({"by": ["derived"]})
    assert asked.outcome == "overall"
    assert made.result is not None
    assert made.result.n == 4
    assert "by=derived&outcome=overall" in asked.query()


async def test_the_map_speaks_every_language(client: httpx.AsyncClient) -> None:
    await a_survey(definition(*QUESTIONS), ANSWERS * 3)
    await staff(client, NOON, "analyst")
    for language in ("mk", "ka", "en"):
        page = await client.get(PAGE.format(language))
        assert page.status_code == 200
        assert '<svg role="img"' in page.text
    assert "Improve first" in page.text
    assert (await client.get(PAGE.format("en") + ".xlsx?by=derived")).content.startswith(b"PK")
    for query, words in (("items=", "at least one rating"), ("items=gone&outcome=x", "no question “gone”")):
        assert words in (await client.get(f"{PAGE.format('en')}?{query}")).text


@pytest.mark.parametrize(("made", "answers"), [([question("single")], []), (QUESTIONS, [])])
async def test_without_ratings_or_answers_the_page_says_so(client: httpx.AsyncClient, made: Any, answers: Any) -> None:
    await a_survey(definition(*made), answers)
    await staff(client, NOON, "analyst")
    for more in ("", "?by=derived"):
        page = await client.get(PAGE.format("en") + more)
        assert page.status_code == 200
        assert "<svg role" not in page.text
