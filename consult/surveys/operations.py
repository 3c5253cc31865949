"""Writes: what designers and clerks do with surveys. Answering has its own way, in responses/inserts.py."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.records.operations import audit
from consult.storage import execute, fetch, fetchval, transaction
from consult.surveys import published, queries
from consult.surveys.authoring import checks, ledger
from consult.surveys.definition.schema import Definition, to_builtins
from consult.surveys.files import gallery
from consult.surveys.responses import quotas
from consult.surveys.survey import State, Survey, content_hash, new_code, new_test_key


class Incomplete(Refused):
    message = N_("This survey lacks the languages %(languages)s. It can be opened when every language is complete.")


class NothingNew(Refused):
    message = N_("This version says the same as the published one. There is nothing to publish.")


class NotPublished(Refused):
    message = N_("Publish the survey first.")


class AlreadyOpen(Refused):
    message = N_("The survey has been opened. It can no longer be tested.")


class ClosesTooEarly(Invalid):
    message = N_("The survey must close after it opens.")


class TypeChanged(Invalid):
    message = N_("A question key never changes its type.")


class ModeChanged(Invalid):
    message = N_("What respondents were promised about their answers holds for good.")


async def import_working_copy(
    *, definition: Definition, at: datetime, person: UUID | None = None, consultation: UUID | None = None,
    is_demo: bool = False,
) -> UUID:  # fmt: skip
    """Keep a definition as the working copy of the survey with its key, which is made when there is none."""
    _checked(definition)
    async with transaction():
        survey = await _identity(definition.key, consultation, is_demo, at)
        if consultation is not None and survey.consultation != consultation:
            await execute("update survey set consultation = $2 where id = $1", survey.id, consultation)
        await ledger.keep(survey_id=survey.id, definition=definition, at=at, person=person)
        await execute(
            """insert into survey_working_copy (survey, document, changed_at, changed_by) values ($1, $2, $3, $4)
               on conflict (survey) do update set document = excluded.document, changed_at = excluded.changed_at,
                   changed_by = excluded.changed_by, revision = survey_working_copy.revision + 1""",
            survey.id,
            to_builtins(definition),
            at,
            person,
        )
        await audit(
            actor=person,
            kind="survey.imported",
            record="survey",
            record_id=survey.id,
            at=at,
            after={"key": definition.key},
        )
    published.forget(definition.key)
    return survey.id


def _checked(definition: Definition) -> None:
    found = checks.check(definition)
    if found:
        raise Invalid(Problem(".".join(map(str, f.path)), f.message, f.parameters) for f in found)


class AddressTaken(Invalid):
    message = N_("There is a survey with this address already.")


async def start_working_copy(*, definition: Definition, at: datetime, person: UUID | None = None) -> UUID:
    """Make a survey with a working copy that need not pass the checks yet. Raises AddressTaken."""
    async with transaction():
        if await fetchval("select exists (select from survey where slug = $1)", definition.key):
            raise AddressTaken([Problem("key", AddressTaken.message)])
        survey = await _identity(definition.key, None, False, at)
        await ledger.keep(survey_id=survey.id, definition=definition, at=at, person=person)
        await execute(
            "insert into survey_working_copy (survey, document, changed_at, changed_by) values ($1, $2, $3, $4)",
            survey.id,
            to_builtins(definition),
            at,
            person,
        )
        await audit(
            actor=person,
            kind="survey.begun",
            record="survey",
            record_id=survey.id,
            at=at,
            after={"key": definition.key},
        )
    published.forget(definition.key)
    return survey.id


async def belong(*, survey_id: UUID, consultation_id: UUID | None, person: UUID | None, at: datetime) -> None:
    """Let a survey belong to a consultation, or to none. Raises NotFound."""
    async with transaction():
        before = (await queries.survey_by_id(survey_id)).consultation
        slugs: dict[UUID, str] = {}
        for row in await fetch(
            "select id, slug from consultation where id = any($1::uuid[])", [before, consultation_id]
        ):
            slugs[row["id"]] = row["slug"]
        if consultation_id is not None and consultation_id not in slugs:
            raise NotFound
        await execute("update survey set consultation = $2 where id = $1", survey_id, consultation_id)
        was, becomes = ({"consultation": slugs[one]} if one else None for one in (before, consultation_id))
        await audit(
            actor=person, kind="survey.belongs", record="survey", record_id=survey_id, at=at, before=was, after=becomes
        )


async def _identity(slug: str, consultation: UUID | None, is_demo: bool, at: datetime) -> Survey:
    """The survey with this address, made when there is none."""
    await execute(
        """insert into survey (id, slug, code, test_key, consultation, is_testing, is_demo, created_at)
           values ($1, $2, $3, $4, $5, false, $6, $7) on conflict (slug) do nothing""",
        uuid4(),
        slug,
        await _free_code(),
        new_test_key(),
        consultation,
        is_demo,
        at,
    )
    return await queries.survey(slug)


async def _free_code() -> str:
    while True:
        code = new_code()
        if not await fetchval("select exists (select from survey where code = $1)", code):
            return code


async def publish(
    *, survey_id: UUID, at: datetime, person: UUID | None = None, languages: tuple[str, ...] = (),
    needs_approval: bool = False,
) -> int:  # fmt: skip
    """Make the working copy a new, final version and give its number.

    What residents can answer, now or on a day that is set, must be right in every language: languages are those that
    the installation has, needs_approval says whether a second person approves translations.
    Raises NotFound, NothingNew, TypeChanged, ModeChanged, Incomplete, ledger.NotReady, and Invalid with all that the
    checks find.
    """
    async with transaction():
        slug = await fetchval("select slug from survey where id = $1 for update", survey_id)
        copy = await queries.working_copy(survey_id)
        if slug is None or copy is None:
            raise NotFound
        _checked(copy.definition)
        await gallery.need(survey_id, copy.definition)
        earlier = await queries.versions(survey_id)
        digest = content_hash(copy.definition)
        if earlier and earlier[0].content_hash == digest:
            raise NothingNew
        _keep_types(copy.definition, [version.definition for version in earlier])
        if earlier and earlier[0].definition.mode != copy.definition.mode:
            raise ModeChanged([Problem("mode", N_("An earlier version had another mode. Make a new survey instead."))])
        if (await queries.survey_by_id(survey_id)).state(at) in (State.PLANNED, State.OPEN):
            await _require_ready(survey_id, copy.definition, languages, needs_approval)
        number = earlier[0].number + 1 if earlier else 1
        await execute(
            """insert into survey_version
                   (id, survey, number, document, content_hash, languages, published_at, published_by)
               values ($1, $2, $3, $4, $5, $6, $7, $8)""",
            uuid4(),
            survey_id,
            number,
            to_builtins(copy.definition),
            digest,
            list(copy.definition.languages),
            at,
            person,
        )
        await audit(
            actor=person,
            kind="survey.published",
            record="survey",
            record_id=survey_id,
            at=at,
            after={"version": number, "hash": digest},
        )
    published.forget(slug)
    return number


async def _require_ready(
    survey_id: UUID, definition: Definition, languages: tuple[str, ...], needs_approval: bool
) -> None:
    lacking = [language for language in languages if language not in definition.languages]
    if lacking:
        raise Incomplete(languages=", ".join(lacking))
    await ledger.require_ready(survey_id, definition, languages, needs_approval=needs_approval)


def _keep_types(new: Definition, earlier: list[Definition]) -> None:
    types = {question.key: type(question) for definition in earlier for question in definition.questions}
    changed = [
        question.key for question in new.questions if types.get(question.key, type(question)) is not type(question)
    ]
    if changed:
        raise TypeChanged(
            Problem(key, N_("“%(name)s” had another type in an earlier version. Give the new question a new key."),
                    {"name": key})
            for key in changed
        )  # fmt: skip


async def schedule(
    *, survey_id: UUID, opens_at: datetime, closes_at: datetime | None, languages: tuple[str, ...], at: datetime,
    person: UUID | None = None, reason: str | None = None, needs_approval: bool = False,
) -> None:  # fmt: skip
    """Set when the survey opens and closes. languages: those that the installation has; the survey needs all of them.

    All languages must be up to date as well, and approved by a second person where needs_approval says so; a survey
    that is open already has been through this. What was answered in a test vanishes.
    Raises NotFound, NotPublished, Incomplete, ledger.NotReady, ClosesTooEarly.
    """
    if closes_at is not None and closes_at <= opens_at:
        raise ClosesTooEarly([Problem("closes_at", N_("Choose a date after the opening."))])
    async with transaction():
        survey = await queries.survey_by_id(survey_id)
        if survey.version == 0:
            raise NotPublished
        if not survey.is_open(at):
            version = await queries.version(survey_id)
            await _require_ready(survey_id, version.definition, languages, needs_approval)
        await execute(
            "update survey set opens_at = $2, closes_at = $3, is_testing = false where id = $1",
            survey_id,
            opens_at,
            closes_at,
        )
        await execute("delete from test_response where survey = $1", survey_id)
        await audit(
            actor=person,
            kind="survey.scheduled",
            record="survey",
            record_id=survey_id,
            at=at,
            before={"opens_at": survey.opens_at, "closes_at": survey.closes_at},
            after={"opens_at": opens_at, "closes_at": closes_at},
            reason=reason,
        )
    published.forget(survey.slug)


async def close(*, survey_id: UUID, at: datetime, person: UUID | None = None) -> None:
    """Close the survey now; closing a closed one changes nothing. Raises NotFound."""
    async with transaction():
        survey = await queries.survey_by_id(survey_id)
        if not survey.is_open(at):
            return
        await execute("update survey set closes_at = $2 where id = $1", survey_id, at)
        await audit(
            actor=person, kind="survey.closed", record="survey", record_id=survey_id, at=at,
            before={"closes_at": survey.closes_at}, after={"closes_at": at},
        )  # fmt: skip
    published.forget(survey.slug)


async def start_test(*, survey_id: UUID, at: datetime, person: UUID | None = None) -> None:
    """Let colleagues answer by the test link. Raises NotFound, NotPublished, AlreadyOpen."""
    async with transaction():
        survey = await queries.survey_by_id(survey_id)
        if survey.version == 0:
            raise NotPublished
        if survey.opens_at is not None and survey.opens_at <= at:
            raise AlreadyOpen
        await execute("update survey set is_testing = true where id = $1", survey_id)
        await audit(actor=person, kind="survey.test_started", record="survey", record_id=survey_id, at=at)
    published.forget(survey.slug)


async def stop_test(*, survey_id: UUID, at: datetime, person: UUID | None = None) -> None:
    """End the test; its answers vanish. Raises NotFound."""
    async with transaction():
        survey = await queries.survey_by_id(survey_id)
        if not survey.is_testing:
            return
        await execute("update survey set is_testing = false where id = $1", survey_id)
        await execute("delete from test_response where survey = $1", survey_id)
        await audit(actor=person, kind="survey.test_ended", record="survey", record_id=survey_id, at=at)
    published.forget(survey.slug)


async def erase_response(*, response_id: UUID, reason: str, at: datetime, person: UUID | None = None) -> None:
    """Erase one response for good, on the wish of who sent it. Raises NotFound, Invalid without a reason.

    What it replaced and what replaced it go too: they are the same person's, and none of them may count again.
    """
    reason = reason.strip()
    if len(reason) < 3:
        raise Invalid([Problem("reason", N_("Write why the answer is erased."))])
    async with transaction():
        found = await queries.response(response_id)
        counted = await queries.latest(response_id)
        compiled = await published.version(found.survey, counted.version)
        await quotas.release(found.survey, (quota.key for quota in compiled.quotas_of(counted.answers)))
        for one in await queries.chain(response_id):
            await fetchval("select erase_response($1, $2, $3, $4, $5)", one, uuid4(), reason[:1000], at, person)
        await audit(
            actor=person,
            kind="survey.response_erased",
            record="survey",
            record_id=found.survey,
            at=at,
            reason=reason[:1000],
        )
