"""The operations of the editor on PostgreSQL: saving, undo and redo, two people at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from consult.records import queries as records
from consult.studio import edits, operations, queries
from consult.studio.edits import Part
from consult.studio.operations import EditConflict, NothingToRedo, NothingToUndo
from consult.surveys import operations as surveys
from consult.surveys.definition import schema as d
from tests.conftest import NOON
from tests.people.makers import a_person
from tests.surveys.makers import scale, single, survey

PLACE = "question-colour"


async def a_copy(*questions: d.AnyQuestion) -> UUID:
    return await surveys.start_working_copy(definition=survey(*(questions or (single(), scale()))), at=NOON)


def says(**changes: object) -> object:
    def written(part: Part) -> Part:
        return msgspec.structs.replace(part, **changes)

    return written


async def write(survey_id: UUID, person: UUID, based_on: int, place: str = PLACE, **changes: object) -> int:
    saved = await operations.save_part(
        survey_id=survey_id, place=place, written=says(**changes), based_on=based_on, at=NOON, person=person  # type: ignore[arg-type]
    )  # fmt: skip
    return saved.revision


async def colour(survey_id: UUID) -> d.AnyQuestion:
    return (await queries.copy(survey_id)).definition.question("colour")


async def test_each_change_gets_a_number_and_nothing_gets_none(db: None) -> None:
    survey_id, anna = await a_copy(), (await a_person()).id
    assert await write(survey_id, anna, 0, text={"en": "One?"}) == 1
    assert await write(survey_id, anna, 1, text={"en": "One?"}) == 1
    assert [one.number for one in await queries.since(survey_id, 0)] == [1]


async def test_undo_and_redo_lead_through_all_states(db: None) -> None:
    survey_id, anna = await a_copy(), (await a_person()).id
    for number, words in enumerate(("One?", "Two?", "Three?")):
        await write(survey_id, anna, number, text={"en": words})
    seen = []
    for step in (operations.undo,) * 3 + (operations.redo,) * 3 + (operations.undo,):
        at = (await queries.copy(survey_id)).revision
        await step(survey_id=survey_id, based_on=at, at=NOON, person=anna)
        seen.append((await colour(survey_id)).text["en"])
    assert seen == ["Two?", "One?", "Which colour?", "One?", "Two?", "Three?", "Two?"]


async def test_there_may_be_nothing_to_undo_or_redo(db: None) -> None:
    survey_id, anna = await a_copy(), (await a_person()).id
    with pytest.raises(NothingToUndo):
        await operations.undo(survey_id=survey_id, based_on=0, at=NOON, person=anna)
    with pytest.raises(NothingToRedo):
        await operations.redo(survey_id=survey_id, based_on=0, at=NOON, person=anna)


async def test_two_people_change_different_fields_and_both_are_kept(db: None) -> None:
    survey_id, anna, goran = await a_copy(), (await a_person()).id, (await a_person()).id
    await asyncio.gather(
        write(survey_id, anna, 0, text={"en": "Anna's?"}),
        write(survey_id, goran, 0, hint={"en": "Goran's."}),
        write(survey_id, goran, 0, "question-mood", required=True),
    )
    found = await colour(survey_id)
    assert isinstance(found, d.Single)
    assert (found.text, found.hint) == ({"en": "Anna's?"}, {"en": "Goran's."})


async def test_the_second_to_change_a_field_is_told_who_was_first(db: None) -> None:
    survey_id = await a_copy()
    anna, goran = await a_person(name="Anna Petrova"), await a_person()
    await write(survey_id, anna.id, 0, text={"en": "Anna's?"})
    with pytest.raises(EditConflict) as refused:
        await write(survey_id, goran.id, 0, text={"en": "Goran's?"}, required=True)
    conflict = refused.value
    assert [(one.name, one.changed_at) for one in conflict.since] == [("Anna Petrova", NOON)]
    assert [(one.mine, one.theirs) for one in conflict.clashes] == [("Goran's?", "Anna's?")]
    assert isinstance(conflict.part, d.Single) and conflict.part.required and conflict.revision == 1
    assert (await colour(survey_id)).text == {"en": "Anna's?"}


async def test_what_another_has_changed_is_not_deleted_unseen(db: None) -> None:
    survey_id, anna, goran = await a_copy(), (await a_person()).id, (await a_person()).id
    await write(survey_id, anna, 0, text={"en": "Anna's?"})
    with pytest.raises(EditConflict):
        await operations.save(
            survey_id=survey_id,
            edit=lambda found: edits.delete(found, PLACE),
            at=NOON,
            person=goran,
            based_on=0,
            touches=(PLACE,),
        )
    assert (await queries.copy(survey_id)).revision == 1


async def test_the_trail_has_one_entry_for_a_session(db: None) -> None:
    survey_id, anna = await a_copy(), (await a_person()).id
    for minutes in (0, 10, 39, 80):
        await operations.save(
            survey_id=survey_id,
            edit=lambda found: edits.add_page(found),
            at=NOON + timedelta(minutes=minutes),
            person=anna,
        )
    kinds = [entry.kind for entry in await records.history("survey", str(survey_id))]
    assert kinds.count("survey.edited") == 2


async def test_only_the_last_states_are_kept(db: None) -> None:
    survey_id, anna = await a_copy(), (await a_person()).id
    for number in range(operations.KEPT + 5):
        await write(survey_id, anna, number, text={"en": f"{number}?"})
    assert len(await queries.since(survey_id, -1)) == operations.KEPT


async def test_a_copy_with_faults_is_not_published(db: None) -> None:
    from consult.errors import Invalid

    survey_id, anna = await a_copy(), (await a_person()).id
    await operations.save(
        survey_id=survey_id, edit=lambda found: edits.add_question(found, "single", "one"), at=NOON, person=anna
    )
    with pytest.raises(Invalid):
        await surveys.publish(survey_id=survey_id, at=NOON)
