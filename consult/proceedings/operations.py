"""What staff do with reports: compile one, have its files made, publish it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from consult import jobs
from consult.consultations import operations as consultations
from consult.consultations import queries as consultation_queries
from consult.consultations.consultation import Stored
from consult.consultations.following import operations as following
from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.i18n import Text
from consult.proceedings import files, queries
from consult.proceedings.compiling import compiled
from consult.proceedings.queries import FORMATS
from consult.proceedings.record import encoded, fingerprint
from consult.profile import Profile
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction

RECORD = "consultation"
TASK = "proceedings.make_files"


class NotReady(Refused):
    message = N_("The files of this report are still being made. Wait a moment and load the page again.")


class AlreadyPublished(Refused):
    message = N_("This report is published already.")


async def compile_report(
    *, consultation_id: UUID, profile: Profile, reason: Text, actor: UUID | None, at: datetime
) -> int:
    """Freeze everything as it stands, and have the files made. Gives the report's number.

    From the second report on a reason is needed. Raises what compiled() refuses, and Invalid.
    """
    record = await compiled(consultation_id, profile, at=at)
    data = encoded(record)
    async with transaction():
        await fetchval("select 1 from consultation where id = $1 for update", consultation_id)
        number = int(await fetchval("select count(*) from proceedings where consultation = $1", consultation_id)) + 1
        said = {language: words.strip() for language, words in reason.items() if words.strip()}
        if number > 1 and record.authentic_language not in said:
            place = f"reason-{record.authentic_language}"
            raise Invalid([Problem(place, N_("Write why there is a new report."))])
        proceedings_id = uuid4()
        await execute(
            "insert into proceedings (id, consultation, number, data, sha256, reason, compiled_at, compiled_by) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8)",
            proceedings_id,
            consultation_id,
            number,
            data,
            hashlib.sha256(data).digest(),
            said,
            at,
            actor,
        )
        await jobs.enqueue(TASK, {"proceedings": proceedings_id})
        await audit(
            actor=actor,
            kind="consultation.report_compiled",
            record=RECORD,
            record_id=consultation_id,
            after={"report": number, "sha256": fingerprint(data)},
            at=at,
        )
    return number


async def make_files(*, proceedings_id: UUID, profile: Profile, at: datetime) -> None:
    """Make every file that is missing; a repeat makes nothing twice. Raises NotFound."""
    data = await queries.data_of(proceedings_id)
    if not data:
        raise NotFound
    record = await queries.record_of(proceedings_id)
    compiled_at = await fetchval("select compiled_at from proceedings where id = $1", proceedings_id)
    for language in profile.languages:
        for format_ in FORMATS:
            if await queries.file(proceedings_id, language, format_) is not None:
                continue
            content = await files.made(
                record, profile, language=language, format_=format_, fingerprint=fingerprint(data), made_at=compiled_at
            )
            await execute(
                "insert into proceedings_file (proceedings, language, format, content, sha256, made_at) "
                "values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
                proceedings_id,
                language,
                format_,
                content,
                hashlib.sha256(content).digest(),
                at,
            )


async def publish_report(
    *, consultation_id: UUID, number: int, languages: Sequence[str], actor: UUID | None, at: datetime
) -> None:
    """Show a report to everybody, and tell followers. Raises NotFound, NotReady, AlreadyPublished."""
    async with transaction():
        await fetchval("select 1 from consultation where id = $1 for update", consultation_id)
        found = await queries.one(consultation_id, number)
        about = await consultation_queries.by_id(consultation_id)
        if found is None or about is None:
            raise NotFound
        if found.published_at is not None:
            raise AlreadyPublished
        if not found.is_ready(languages):
            raise NotReady
        await execute("update proceedings set published_at = $2, published_by = $3 where id = $1", found.id, at, actor)
        path = ("consultations", about.slug, "report")
        await following.announce(
            consultation_id=consultation_id, notice="report", event=f"consultation.report:{found.id}", path=path
        )
        if about.stored in {Stored.PUBLISHED, Stored.ANSWERING}:
            await consultations.move_consultation(consultation_id, to=Stored.REPORTED, actor=actor, at=at)
        await audit(
            actor=actor,
            kind="consultation.report_published",
            record=RECORD,
            record_id=consultation_id,
            after={"report": number, "sha256": found.fingerprint},
            at=at,
        )
