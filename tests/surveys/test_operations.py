"""What designers and clerks do, on a real database, and what the database refuses whoever asks."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from consult.errors import Invalid, NotFound
from consult.records import queries as records
from consult.storage import execute, fetchval
from consult.surveys import operations, queries
from consult.surveys.definition import schema as d
from consult.surveys.responses import inserts
from consult.surveys.responses.inserts import Row
from consult.surveys.survey import State
from tests.conftest import NOON
from tests.portal.makers import statements
from tests.surveys.conftest import publish
from tests.surveys.makers import free, number, options, single, survey

HOUR = timedelta(hours=1)
LANGUAGES = ("en",)


def row(survey_id: object, **changes: object) -> Row:
    fields: dict[str, object] = {
        "id": uuid4(), "survey": survey_id, "version": 1, "language": "en", "channel": "web", "day": NOON.date(),
        "submitted_at": None, "answers": '{"colour":"red"}',
    }  # fmt: skip
    return Row(**{**fields, **changes})  # type: ignore[arg-type]


async def test_importing_again_changes_the_working_copy_only(db: None) -> None:
    survey_id = await publish(survey())
    changed = survey(single(codes=("red", "green")))
    assert await operations.import_working_copy(definition=changed, at=NOON) == survey_id
    copy = await queries.working_copy(survey_id)
    assert copy is not None and copy.definition == changed
    assert (await queries.version(survey_id)).definition == survey()


async def test_faulty_definition_is_not_imported(db: None) -> None:
    with pytest.raises(Invalid):
        await operations.import_working_copy(definition=survey(single(options=options("red"))), at=NOON)
    assert await queries.all_surveys() == []


async def test_lists_say_what_the_newest_version_says_and_read_each_document_once(db: None) -> None:
    made = survey(single(), minutes=7, results=d.Results(public=False))
    survey_id = await publish(made)
    draft = msgspec.structs.replace(survey(single()), key="draft", title={"en": "Not yet"}, mode="confidential")
    await operations.import_working_copy(definition=draft, at=NOON + timedelta(seconds=1))
    unpublished, published = await queries.all_surveys()
    assert (published.title, published.languages, published.minutes) == (made.title, made.languages, 7)
    assert (published.is_public, published.mode, published.version) == (False, "anonymous", 1)
    assert (unpublished.title, unpublished.mode, unpublished.version) == ({"en": "Not yet"}, "confidential", 0)
    assert (unpublished.is_public, unpublished.minutes) == (True, None)
    async with statements() as asked:
        assert await queries.all_surveys() == [unpublished, published]
    assert len(asked) == 1
    await operations.import_working_copy(definition=survey(single(), free()), at=NOON)
    assert await queries.survey_by_id(survey_id) == published
    await operations.publish(survey_id=survey_id, at=NOON)
    assert (await queries.survey_by_id(survey_id)).minutes == 1
    assert await queries.answered([survey_id]) == set()


async def test_publishing_numbers_versions_and_refuses_the_same_again(db: None) -> None:
    survey_id = await publish(survey())
    with pytest.raises(operations.NothingNew):
        await operations.publish(survey_id=survey_id, at=NOON)
    await operations.import_working_copy(definition=survey(single(), free()), at=NOON)
    assert await operations.publish(survey_id=survey_id, at=NOON) == 2
    assert [version.number for version in await queries.versions(survey_id)] == [2, 1]


async def test_key_never_changes_its_type(db: None) -> None:
    survey_id = await publish(survey(single("colour")))
    await operations.import_working_copy(definition=survey(number("colour")), at=NOON)
    with pytest.raises(operations.TypeChanged) as refused:
        await operations.publish(survey_id=survey_id, at=NOON)
    assert refused.value.problems[0].place == "colour"


async def test_survey_with_a_language_missing_does_not_open(db: None) -> None:
    survey_id = await publish(survey(), is_open=False)
    with pytest.raises(operations.Incomplete):
        await operations.schedule(survey_id=survey_id, opens_at=NOON, closes_at=None, languages=("mk", "en"), at=NOON)


async def test_survey_opens_and_closes_by_its_dates(db: None) -> None:
    survey_id = await publish(survey(), is_open=False)
    assert (await queries.survey("small")).state(NOON) is State.DRAFT
    await operations.schedule(survey_id=survey_id, opens_at=NOON, closes_at=NOON + HOUR, languages=LANGUAGES, at=NOON)
    found = await queries.survey("small")
    states = [found.state(moment) for moment in (NOON - HOUR, NOON, NOON + HOUR)]
    assert states == [State.PLANNED, State.OPEN, State.CLOSED]
    assert [s.slug for s in await queries.open_surveys(NOON)] == ["small"]
    assert await queries.open_surveys(NOON + HOUR) == []
    with pytest.raises(operations.ClosesTooEarly):
        await operations.schedule(survey_id=survey_id, opens_at=NOON, closes_at=NOON, languages=LANGUAGES, at=NOON)


async def test_closing_now_ends_it(db: None) -> None:
    survey_id = await publish(survey())
    await operations.close(survey_id=survey_id, at=NOON)
    await operations.close(survey_id=survey_id, at=NOON + HOUR)
    assert (await queries.survey("small")).closes_at == NOON


async def test_draft_cannot_be_opened_or_tested(db: None) -> None:
    survey_id = await operations.import_working_copy(definition=survey(), at=NOON)
    with pytest.raises(operations.NotPublished):
        await operations.schedule(survey_id=survey_id, opens_at=NOON, closes_at=None, languages=LANGUAGES, at=NOON)
    with pytest.raises(operations.NotPublished):
        await operations.start_test(survey_id=survey_id, at=NOON)


async def test_open_survey_is_not_tested(db: None) -> None:
    survey_id = await publish(survey())
    with pytest.raises(operations.AlreadyOpen):
        await operations.start_test(survey_id=survey_id, at=NOON)


async def test_each_act_stands_in_the_audit_trail(db: None) -> None:
    survey_id = await publish(survey())
    await operations.close(survey_id=survey_id, at=NOON)
    kinds = [entry.kind for entry in await records.history("survey", survey_id)]
    assert kinds == ["survey.imported", "survey.published", "survey.scheduled", "survey.closed"]


async def test_erasing_needs_a_reason_and_leaves_a_note_without_content(db: None) -> None:
    survey_id = await publish(survey())
    stored = row(survey_id)
    await inserts.responses.store(stored)
    with pytest.raises(Invalid):
        await operations.erase_response(response_id=stored.id, reason=" ", at=NOON)
    await operations.erase_response(response_id=stored.id, reason="Asked by phone", at=NOON)
    assert (await queries.count(survey_id), await queries.erased(survey_id)) == (0, 1)
    with pytest.raises(NotFound):
        await operations.erase_response(response_id=stored.id, reason="Asked again", at=NOON)
    last = (await records.history("survey", survey_id))[-1]
    assert (last.kind, last.reason, last.before, last.after) == ("survey.response_erased", "Asked by phone", None, None)


@pytest.mark.parametrize(
    "statement",
    [
        "update response set answers = '{}'",
        "delete from response",
        'update survey_version set document = \'{"consult": "survey/1"}\'',
        "delete from survey_version",
    ],
)
async def test_database_refuses_changes_to_what_is_final(db: None, statement: str) -> None:
    survey_id = await publish(survey())
    await inserts.responses.store(row(survey_id))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await execute(statement)
    assert await fetchval("select count(*) from response") == 1


@pytest.mark.parametrize(
    "change",
    [{"version": 9}, {"channel": "pigeon"}, {"language": "English"}, {"answers": "[]"}],
    ids=lambda change: next(iter(change)),
)
async def test_database_refuses_rows_that_make_no_sense(db: None, change: dict[str, object]) -> None:
    survey_id = await publish(survey())
    with pytest.raises(asyncpg.PostgresError):
        await inserts.responses.store(row(survey_id, **change))
    assert await queries.count(survey_id) == 0
