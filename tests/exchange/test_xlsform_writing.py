"""XLSForms written from definitions: read again they say the same, and a foreign program takes them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pyxform.xls2xform import convert

from consult.exchange import xlsform
from consult.exchange.xlsform_writing import as_tables, export
from consult.surveys.answers.flow import bindings_of
from consult.surveys.authoring import checks
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.conditions.expression import names, normal, parse
from consult.surveys.conditions.terms import compile_one, is_met
from consult.surveys.definition import schema as d
from tests.exchange import surveys
from tests.surveys.makers import EVERYTHING, free, multiple, number, single, survey

SHIPPED = sorted((Path(__file__).parents[2] / "surveys").glob("*.yaml"))
# What an XLSForm holds exactly; conditions beyond single terms come back in other words.
EXACT = (d.Single, d.Multiple, d.Scale, d.Number, d.Free, d.MatrixScale, d.MatrixSingle, d.Ranking, d.Date, d.Time,
         d.Photo, d.File, d.Information, d.Consent)  # fmt: skip


def again(definition: d.Definition) -> d.Definition:
    return xlsform.from_tables(as_tables(definition)[0]).definition


@pytest.mark.parametrize("seed", range(60))
def test_what_is_not_told_comes_back(seed: int) -> None:
    """Once through the workbook, nothing changes any more, and a second time nothing is lost."""
    once = again(surveys.definition(seed))
    tables, losses = as_tables(once)
    found = xlsform.from_tables(tables)
    assert found.definition == once
    assert [str(loss) for loss in (*losses, *found.losses)] == []
    assert [fault for fault in checks.check(once) if "show_if" in fault.path] == []


@pytest.mark.parametrize("seed", range(40))
def test_without_conditions_a_definition_comes_back_whole(seed: int) -> None:
    definition = surveys.definition(seed, EXACT)
    plain = d.to_builtins(definition)
    for page in plain["pages"]:
        for question in page["questions"]:
            question.pop("show_if", None)
    definition = d.from_builtins(plain)
    tables, losses = as_tables(definition)
    found = xlsform.from_tables(tables)
    assert (losses, found.losses) == ((), ())
    assert found.definition == definition


@pytest.mark.parametrize("file", [EVERYTHING, *SHIPPED], ids=lambda file: file.stem)
def test_another_program_takes_our_workbooks(file: Path) -> None:
    written = export(load(file.read_bytes()))
    form = convert(xlsform=BytesIO(written.content), file_type=".xlsx", validate=False)
    assert "<h:html" in form.xform
    assert xlsform.take(written.content).losses == ()


@pytest.mark.parametrize("seed", range(12))
def test_another_program_takes_every_type(seed: int) -> None:
    form = convert(xlsform=BytesIO(export(surveys.definition(seed)).content), file_type=".xlsx", validate=False)
    assert "<h:html" in form.xform


def test_what_cannot_be_expressed_is_told_by_text_path() -> None:
    definition = survey(
        single("colour", concept="demo.colour"),
        multiple("modes", show_if="colour == 'red'"),
        number("age", unit={"en": "years"}, show_if="modes.exists(m, m == 'bus')"),
        free("wish", text={"en": "A $${price} for ${colour} and ${later}"}),
        free("later"),
        minutes=5,
    )
    exported = export(definition)
    assert [str(loss.place) for loss in exported.losses] == [
        "minutes",
        "questions.colour.concept",
        "questions.age.show_if",
        "questions.age.unit",
        "questions.wish.text",
        "questions.wish.text",
    ]
    wish = xlsform.take(exported.content).definition.question("wish")
    assert wish.text == {"en": "A $ {price} for ${colour} and $ {later}"}


def test_the_same_definition_gives_the_same_bytes() -> None:
    definition = load(EVERYTHING.read_bytes())
    assert export(definition) == export(definition)


def met(show_if: str, bindings: dict[str, Any]) -> bool:
    tree = parse(show_if)
    return is_met(compile_one(normal(tree), names(tree)), bindings)


def some_answer(random: Random, question: d.AnyQuestion) -> Any:
    match question:
        case d.Single(options=options):
            return random.choice(options).code
        case d.Multiple(options=options):
            return [option.code for option in options if random.random() < 0.4] or None
        case d.MatrixScale():
            return {row.code: random.choice((None, *question.values)) for row in question.rows}
        case d.Scale():
            return random.choice(question.values)
        case d.Number():
            return random.randrange(5)
    return random.choice(("a", "bcde", "parks"))


@pytest.mark.parametrize("seed", range(40))
def test_conditions_decide_alike_after_the_way_there_and_back(seed: int) -> None:
    definition = surveys.definition(seed, surveys.ASKABLE)
    back = {question.key: question.show_if for question in again(definition).questions}
    asked = [question for question in definition.questions if question.show_if and back[question.key]]
    random = Random(seed)
    for _ in range(20):
        answers = {
            question.key: some_answer(random, question) if random.random() < 0.7 else None
            for question in definition.questions
            if random.random() < 0.8
        }
        bindings = bindings_of(definition, answers)
        for question in asked:
            told = (question.show_if, back[question.key], answers)
            assert met(question.show_if, bindings) == met(back[question.key], bindings), told
