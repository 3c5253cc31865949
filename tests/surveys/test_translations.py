"""The ledger: which translations are fresh, whichever way they came in."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest

import consult
from consult.storage import execute
from consult.surveys import operations
from consult.surveys.authoring import ledger
from consult.surveys.authoring.translations import Ledger, Line, Pair, State, Statement, pairs
from consult.surveys.definition import schema as d
from consult.surveys.definition.texts import with_text, with_texts
from tests.conftest import NOON
from tests.surveys.makers import page, single

ANNA, BESO = uuid4(), uuid4()


def both(mk: str, en: str) -> d.Text:
    return {"mk": mk, "en": en}


def colour(key: str = "colour", mk: str = "Која боја?", en: str = "Which colour?") -> d.Single:
    options = tuple(d.Option(code=code, text=both(code, code)) for code in ("red", "blue"))
    return single(key, text=both(mk, en), options=options)


def trilingual(*questions: d.AnyQuestion, **changes: object) -> d.Definition:
    made = d.Definition(
        consult="survey/1",
        key="small",
        title=both("Мала анкета", "A small survey"),
        languages=("mk", "en"),
        pages=(page(*(questions or (colour(),))),),
    )
    return msgspec.structs.replace(made, **changes)


async def take_in(definition: d.Definition, minute: int = 0, person: UUID | None = ANNA) -> UUID:
    return await operations.import_working_copy(
        definition=definition, at=NOON + timedelta(minutes=minute), person=person
    )


async def lines(survey_id: UUID, definition: d.Definition, *, approval: bool = False) -> dict[str, Line]:
    made = await ledger.ledger(survey_id, needs_approval=approval)
    return {line.place: line for line in made.lines(definition, ("en",))}


async def states(survey_id: UUID, definition: d.Definition) -> dict[str, State]:
    return {place: line.state for place, line in (await lines(survey_id, definition)).items()}


async def test_first_import_is_fresh(db: None) -> None:
    survey_id = await take_in(trilingual())
    assert set((await states(survey_id, trilingual())).values()) == {State.FRESH}


async def test_edited_source_makes_the_translation_stale_and_shows_what_it_was(db: None) -> None:
    survey_id = await take_in(trilingual())
    edited = with_text(trilingual(), "title", "mk", "Голема анкета")
    await take_in(edited, 1)
    line = (await lines(survey_id, edited))["title"]
    assert (line.state, line.earlier_source, line.source) == (State.STALE, "Мала анкета", "Голема анкета")
    assert (await states(survey_id, edited))["questions.colour.text"] is State.FRESH


async def test_source_that_goes_back_is_fresh_again(db: None) -> None:
    survey_id = await take_in(trilingual())
    await take_in(with_text(trilingual(), "title", "mk", "Голема анкета"), 1)
    await take_in(trilingual(), 2)
    assert (await states(survey_id, trilingual()))["title"] is State.FRESH


async def test_new_translation_is_fresh(db: None) -> None:
    survey_id = await take_in(trilingual())
    edited = with_text(trilingual(), "title", "mk", "Голема анкета")
    await take_in(edited, 1)
    translated = with_text(edited, "title", "en", "A large survey")
    await take_in(translated, 2, BESO)
    line = (await lines(survey_id, translated))["title"]
    assert line.state is State.FRESH
    assert line.made is not None and line.made.made_by == BESO


async def test_file_with_both_changed_is_fresh(db: None) -> None:
    survey_id = await take_in(trilingual())
    both_new = with_texts(trilingual(), {("title", "mk"): "Анкета", ("title", "en"): "Survey"})
    await take_in(both_new, 1)
    assert (await states(survey_id, both_new))["title"] is State.FRESH


async def test_renamed_or_copied_question_is_as_stale_as_before(db: None) -> None:
    survey_id = await take_in(trilingual())
    await take_in(trilingual(colour(mk="Која е бојата?")), 1)
    copied = trilingual(colour(mk="Која е бојата?"), colour("copy", mk="Која е бојата?"))
    await take_in(copied, 2)
    renamed = trilingual(colour("shade", mk="Која е бојата?"))
    await take_in(renamed, 3)
    assert (await states(survey_id, copied))["questions.copy.text"] is State.STALE
    assert (await states(survey_id, renamed))["questions.shade.text"] is State.STALE


async def test_missing_text_is_missing(db: None) -> None:
    survey_id = await take_in(trilingual())
    assert (await states(survey_id, with_text(trilingual(), "title", "en", "")))["title"] is State.MISSING


async def test_stale_translation_is_confirmed(db: None) -> None:
    survey_id = await take_in(trilingual())
    edited = with_text(trilingual(), "title", "mk", "Мала анкета.")
    await take_in(edited, 1)
    pair = Pair("mk", "en", "Мала анкета.", "A small survey")
    await ledger.confirm(survey_id=survey_id, wanted=[pair], at=NOON, person=BESO)
    assert (await states(survey_id, edited))["title"] is State.FRESH


async def test_second_person_approves(db: None) -> None:
    survey_id = await take_in(trilingual())
    pair = Pair("mk", "en", "Мала анкета", "A small survey")
    assert (await lines(survey_id, trilingual(), approval=True))["title"].state is State.WAITING
    with pytest.raises(ledger.OwnTranslation):
        await ledger.approve(survey_id=survey_id, wanted=[pair], at=NOON, person=ANNA)
    assert await ledger.approve(survey_id=survey_id, wanted=[pair], at=NOON, person=BESO) == 1
    assert (await lines(survey_id, trilingual(), approval=True))["title"].state is State.FRESH


async def test_database_refuses_the_translator_as_approver(db: None) -> None:
    await take_in(trilingual())
    with pytest.raises(asyncpg.CheckViolationError):
        await execute("update survey_translation set approved_at = now(), approved_by = made_by")


async def test_survey_older_than_the_ledger_begins_it_with_what_stands_there(db: None) -> None:
    survey_id = await take_in(trilingual())
    await execute("delete from survey_translation")
    assert (await states(survey_id, trilingual()))["title"] is State.FRESH
    edited = with_text(trilingual(), "title", "mk", "Голема анкета")
    await take_in(edited, 1)
    found = await states(survey_id, edited)
    assert (found["title"], found["questions.colour.text"]) == (State.STALE, State.FRESH)


def test_another_authentic_language_keeps_what_is_fresh() -> None:
    before = trilingual()
    made = Ledger([Statement(pair, NOON) for pair in pairs(before)])
    after = trilingual(languages=("en", "mk"))
    assert {pair.source_language for pair in made.new_pairs(before, after)} == {"en"}
    assert len(made.new_pairs(before, after)) == len(set(pairs(after)))


async def test_stale_survey_does_not_open_and_says_where(db: None) -> None:
    survey_id = await take_in(trilingual())
    await take_in(with_text(trilingual(), "title", "mk", "Голема анкета"), 1)
    await operations.publish(survey_id=survey_id, at=NOON)
    with pytest.raises(ledger.NotReady) as refused:
        await opened(survey_id)
    (problem,) = refused.value.problems
    assert problem.parameters == {"language": "en", "number": 1, "places": "title"}


async def test_unapproved_survey_opens_only_where_nobody_asks(db: None) -> None:
    survey_id = await take_in(trilingual())
    await operations.publish(survey_id=survey_id, at=NOON)
    with pytest.raises(ledger.NotReady):
        await opened(survey_id, needs_approval=True)
    await opened(survey_id)


async def test_open_survey_takes_no_stale_version(db: None) -> None:
    survey_id = await take_in(trilingual())
    await operations.publish(survey_id=survey_id, at=NOON)
    await opened(survey_id)
    await take_in(with_text(trilingual(), "title", "mk", "Голема анкета"), 1)
    with pytest.raises(ledger.NotReady):
        await operations.publish(survey_id=survey_id, at=NOON)
    with pytest.raises(operations.Incomplete):
        await operations.publish(survey_id=survey_id, at=NOON, languages=("mk", "en", "ka"))
    await opened(survey_id, days=9)


async def opened(survey_id: UUID, *, days: int = 7, needs_approval: bool = False) -> None:
    await operations.schedule(
        survey_id=survey_id,
        opens_at=NOON,
        closes_at=NOON + timedelta(days=days),
        languages=("mk", "en"),
        at=NOON,
        needs_approval=needs_approval,
    )


def test_whoever_writes_a_working_copy_keeps_the_ledger() -> None:
    writes = re.compile(r"(insert into|update) survey_working_copy", re.IGNORECASE)
    folder = Path(consult.__file__).parent
    found = [path for path in folder.rglob("*.py") if writes.search(path.read_text(encoding="utf-8"))]
    assert found
    for path in found:
        assert "ledger.keep(" in path.read_text(encoding="utf-8"), path
