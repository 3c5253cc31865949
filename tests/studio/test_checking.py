"""Checks before publishing: dead branches, lengths, burden, translations; and what must not be called dead."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from consult.studio import widths
from consult.studio.checking import findings, place_of
from consult.studio.reach import dead
from consult.studio.vectors import answer_sets
from consult.surveys.answers.flow import Compiled
from consult.surveys.authoring.translations import Ledger, Statement, pairs
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.definition import schema as d
from tests.conftest import NOON
from tests.surveys.makers import (
    DONT_KNOW,
    EVERYTHING,
    free,
    matrix,
    multiple,
    number,
    options,
    page,
    scale,
    single,
    survey,
    text,
)
from tests.surveys.test_agreement import QUESTIONS, TERMS

COLOUR = single(codes=("red", "blue", "green"))


def last(show_if: str, *before: d.AnyQuestion) -> d.Definition:
    return survey(*before, free("last", show_if=show_if))


DEAD = [
    last("answered(why) && colour == 'blue'", COLOUR, free("why", show_if="colour == 'red'")),
    last("mood > 3 && mood < 4", scale()),
    last("adult == 'yes'", number(max=17), single("adult", ("yes", "no"), show_if="age >= 18")),
    last("count(modes) > 3", multiple()),
    last("services.waste == 9", matrix()),
    last("answered(deep)", COLOUR, number("mid", show_if="colour == 'red'"),
         free("deep", show_if="answered(mid) && colour == 'green'")),
    survey(pages=(page(COLOUR), page(free("last", show_if="colour == 'red'"), key="two", show_if="colour == 'blue'"))),
    survey(
        pages=(
            page(COLOUR),
            page(key="out", show_if="colour == 'red'", screen_out=text("Goodbye")),
            page(free("last"), key="two", show_if="colour == 'red'"),
        )
    ),
]  # fmt: skip
ALIVE = [
    last("answered(why) && colour == 'red'", COLOUR, free("why", show_if="colour == 'red'")),
    last("mood >= 3 && mood <= 3", scale()),
    last("age * 3 == 60", number()),
    last("age > other", number(), number("other")),
    last("wish == 'тополи' && colour != 'red'", COLOUR, free()),
    last("colour.startsWith('gr')", COLOUR),
    last("count(modes) == 3 && !('bus' in modes) || count(modes) == 2", multiple()),
    last("age > 17.99 && age < 18", number(decimals=2)),
    last("answered(services) && services.waste < 2", matrix(outside=(DONT_KNOW,))),
    survey(
        pages=(
            page(scale(outside=(DONT_KNOW,))),
            page(key="out", show_if="mood >= 1", screen_out=text("Goodbye")),
            page(free("last"), key="two", show_if="answered(mood)"),
        )
    ),
]


@pytest.mark.parametrize("definition", DEAD)
def test_what_nobody_can_reach_is_found(definition: d.Definition) -> None:
    assert {one.place for one in dead(definition)} & {"questions.last", "pages.two"}


@pytest.mark.parametrize("definition", ALIVE)
def test_what_somebody_can_reach_is_not_called_dead(definition: d.Definition) -> None:
    assert dead(definition) == []


def test_dead_options_and_rows_are_found() -> None:
    definition = survey(
        COLOUR,
        single(
            "why", show_if="colour == 'red'", options=(*options("a", "b"), *options("c", show_if="colour == 'blue'"))
        ),
    )
    assert [one.place for one in dead(definition)] == ["questions.why.options.c"]


def test_large_sample_has_no_dead_part() -> None:
    assert dead(load(EVERYTHING.read_bytes())) == []


def several(draw: random.Random, terms: Sequence[str], number: int) -> str:
    return " && ".join(draw.choice(["({})", "!({})"]).format(draw.choice(terms)) for _ in range(number))


def test_whatever_some_answers_show_is_never_called_dead() -> None:
    """Random surveys: what random answers reach must not be reported."""
    draw = random.Random(11)
    found = 0
    for _ in range(60):
        keys = ("colour", "modes", "age", "mood", "services", "wish")
        changed: list[Any] = []
        for place, asked in enumerate(QUESTIONS):
            usable = [term for term in TERMS if not any(key in term for key in keys[place:])]
            show_if = several(draw, usable, 2) if usable and draw.random() < 0.5 else ""
            changed.append(msgspec.structs.replace(asked, show_if=show_if))
        definition = survey(*changed, free("last", show_if=several(draw, TERMS, 4)))
        reported = {one.place for one in dead(definition)}
        found += bool(reported)
        compiled = Compiled(definition)
        sets = answer_sets(compiled, str(draw.random()), 150)
        for one in sets:
            decoded = compiled.decode(one)
            for question in definition.questions:
                if question.show_if and question.key not in decoded.hidden:
                    assert f"questions.{question.key}" not in reported, (question.show_if, one)
    assert found > 3


def levels(definition: d.Definition, **changes: Any) -> dict[str, str]:
    wanted: dict[str, Any] = {"made": Ledger([]), "languages": ("en",), **changes}
    return {one.place: one.level for one in findings(definition, **wanted)}


def test_everything_is_said_at_once_and_leads_to_its_place() -> None:
    definition = survey(
        single(text={}, show_if="nothing == 'x'"),
        number(min=5, max=1),
        single("pic", image=d.Image(file="a.png", alt={}), options=options("one")),
    )
    found = findings(definition, Ledger([]), ("en", "mk"))
    assert {one.anchor for one in found if one.level == "error"} >= {"question-colour", "question-age", "question-pic"}
    assert "questions.pic.image.alt" in {one.place for one in found}
    assert ("warning", "translations") in {(one.level, one.place) for one in found}


def test_a_missing_text_hides_no_dead_branch() -> None:
    lacking = msgspec.structs.replace(DEAD[0], summary={"mk": "Само на македонски"})
    found = {one.place for one in findings(lacking, Ledger(()), ("en",)) if one.level == "error"}
    assert {"questions.last", "summary"} <= found


def test_another_type_is_an_error_and_a_vanished_option_a_hint() -> None:
    before = survey(COLOUR, number())
    after = survey(single(codes=("red", "blue")), free("age"))
    found = levels(after, earlier=[before])
    assert (found["questions.age"], found["questions.colour"]) == ("error", "warning")


def test_stale_translations_are_told() -> None:
    definition = msgspec.structs.replace(survey(), languages=("mk", "en"), title={"mk": "Наслов", "en": "Title"})
    known = [Statement(pair, NOON) for pair in pairs(definition)]
    edited = msgspec.structs.replace(definition, title={"mk": "Нов наслов", "en": "Title"})
    said = [one for one in findings(edited, Ledger(known), ("mk", "en")) if one.place == "translations"]
    assert [dict(one.parameters) for one in said] == [{"language": "en", "number": 1}]


def test_long_labels_and_sentences_and_surveys() -> None:
    long = "Почетното училиште во соседството " * 8
    wordy = single(text=text("word " * 40 + "?"), options=(d.Option(code="a", text=text(long)), *options("b")))
    found = levels(survey(wordy, *(free(f"f{n}", long=True) for n in range(30)), minutes=5))
    assert found["questions.colour.options.a.text"] == found["questions.colour.text"] == found["minutes"] == "warning"


def test_lines_are_counted_in_every_script() -> None:
    assert widths.lines("") == widths.lines("Да") == 1
    for words in ("service centre of the city ", "услужен центар на градот ", "მომსახურების ცენტრი ქალაქში "):
        one = widths.lines(words.strip())
        assert widths.lines(words * 12) > 4 * one
    assert widths.lines("x" * 200) > 5


def test_paths_are_said_by_keys() -> None:
    definition = survey(single(), number())
    assert (
        place_of(definition, ("pages", 0, "questions", 0, "options", 1, "text")) == "questions.colour.options.blue.text"
    )
    assert place_of(definition, ("pages", 0, "title")) == "pages.one.title"
    assert place_of(definition, ("pages", 0, "questions", 1, "show_if", 4)) == "questions.age.show_if.4"
