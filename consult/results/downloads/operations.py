"""Writes: asking for a file, making it, taking it away, forgetting it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import msgspec

from consult.errors import N_, ConsultError, NotAllowed, NotFound
from consult.jobs import enqueue
from consult.records.operations import audit
from consult.results.downloads import queries
from consult.results.downloads.export import KEPT, UNEXPECTED, Asked, Export
from consult.results.downloads.making import make
from consult.results.formats.taking import Report
from consult.results.operations import NotOpenedYet
from consult.settings import Settings
from consult.storage import execute, fetch, fetchval, transaction
from consult.surveys import queries as surveys

TELL_S = 1.0
READ = 1024 * 1024


class PersonalColumns(NotAllowed):
    message = N_("Only analysts may take columns away that may name a person. Leave those columns out.")


class NotMadeYet(NotFound):
    message = N_("This file is not there yet, or not any more. Ask for it again.")


_folder: Path | None = None


class NoFolder(Exception):
    """`configure` was not called at start-up."""


def configure(settings: Settings) -> None:
    """Say once, at start-up, where files are kept."""
    global _folder
    _folder = settings.data / "exports"


def file_of(export_id: UUID) -> Path:
    if _folder is None:
        raise NoFolder
    return _folder / str(export_id)


async def ask(*, survey_id: UUID, asked: Asked, person: UUID, may_see_persons: bool, at: dt.datetime) -> UUID:
    """Have a file made. Raises NotFound, NotOpenedYet, PersonalColumns."""
    if asked.is_personal and not may_see_persons:
        raise PersonalColumns
    export_id = uuid4()
    async with transaction():
        survey = await surveys.survey_by_id(survey_id)
        if not survey.version:
            raise NotOpenedYet
        await execute(
            """insert into result_export (id, survey, asked, asked_by, asked_at, name, expires_at)
               values ($1, $2, $3, $4, $5, $6, $7)""",
            export_id,
            survey_id,
            msgspec.to_builtins(asked),
            person,
            at,
            asked.name(survey.slug),
            at + KEPT,
        )
        await enqueue("results.export", {"export": str(export_id)})
        await audit(
            actor=person,
            kind="responses.file_asked",
            record="survey",
            record_id=survey_id,
            at=at,
            after={"file": asked.name(survey.slug)},
        )
    return export_id


async def produce(*, export_id: UUID, at: dt.datetime) -> None:
    """Make the file that was asked for; making it twice changes nothing. A refusal is kept in words."""
    try:
        found = await queries.export(export_id)
    except NotFound:
        return  # it was deleted meanwhile
    if found.state == "done":
        return
    total = await surveys.count(found.survey)
    await execute("update result_export set state = 'working', total = $2, done = 0 where id = $1", export_id, total)
    path = file_of(export_id)
    part = path.with_suffix(".part")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    is_settled = False
    try:
        report = await _made(found, part, at)
        digest, size = await asyncio.to_thread(_digest, part)
        part.replace(path)
        is_settled = await _finished(found, report, digest, size, at)
    except ConsultError as refused:
        await _failed(export_id, refused.message, refused.parameters, at)
        is_settled = True
    finally:
        part.unlink(missing_ok=True)
        if not is_settled:
            await _failed(export_id, UNEXPECTED, {}, at)


async def _made(found: Export, part: Path, at: dt.datetime) -> Report:
    done = [0]

    def progress(rows: int) -> None:
        done[0] = rows

    async with _telling(found.id, done):
        return await make(found.survey, found.asked, part, progress, at)


@contextlib.asynccontextmanager
async def _telling(export_id: UUID, done: list[int]) -> AsyncIterator[None]:
    """Keep what the page shows up to date while the block lasts."""

    async def tell() -> None:
        while True:
            await asyncio.sleep(TELL_S)
            await execute("update result_export set done = $2 where id = $1", export_id, done[0])

    teller = asyncio.create_task(tell())
    try:
        yield
    finally:
        teller.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await teller


async def _finished(found: Export, report: Report, digest: bytes, size: int, at: dt.datetime) -> bool:
    kept = await fetchval(
        """update result_export set state = 'done', done = $2, total = $2, size = $3, sha256 = $4, finished_at = $5,
                  failure = '{}', cuts = $6
           where id = $1 returning id""",
        found.id,
        report.rows,
        size,
        digest,
        at,
        [[one.place, one.kept] for one in report.cuts],
    )
    if kept is None:  # deleted while it was made
        file_of(found.id).unlink(missing_ok=True)
    return True


async def _failed(export_id: UUID, message: str, parameters: dict[str, object], at: dt.datetime) -> None:
    failure = {"message": message, "parameters": parameters}
    await execute(
        "update result_export set state = 'failed', failure = $2, finished_at = $3 where id = $1",
        export_id,
        failure,
        at,
    )


async def take(*, export_id: UUID, person: UUID, may_see_persons: bool, at: dt.datetime, begins: bool) -> None:
    """Let somebody take a finished file; what begins at its beginning is noted. Raises NotMadeYet, PersonalColumns."""
    async with transaction():
        found = await queries.export(export_id)
        if found.asked.is_personal and not may_see_persons:
            raise PersonalColumns
        if found.state != "done" or found.expires_at <= at or not file_of(export_id).exists():
            raise NotMadeYet
        if begins:
            await audit(
                actor=person,
                kind="responses.downloaded",
                record="survey",
                record_id=found.survey,
                at=at,
                after={"file": found.name},
            )


async def forget(*, export_id: UUID, person: UUID, at: dt.datetime) -> None:
    """Delete a file before its time; doing it twice changes nothing."""
    async with transaction():
        row = await fetchval("delete from result_export where id = $1 returning survey::text || ' ' || name", export_id)
        if row is not None:
            survey_id, _, name = row.partition(" ")
            await audit(
                actor=person,
                kind="responses.file_deleted",
                record="survey",
                record_id=survey_id,
                at=at,
                after={"file": name},
            )
    file_of(export_id).unlink(missing_ok=True)


async def forget_expired(*, at: dt.datetime) -> None:
    """Delete files whose time is over, and what lies in the folder without a row."""
    await execute("delete from result_export where expires_at <= $1", at)
    folder = file_of(uuid4()).parent
    known = {str(row["id"]) for row in await fetch("select id from result_export")}
    for path in folder.iterdir() if folder.exists() else ():
        if path.stem not in known:
            path.unlink(missing_ok=True)


def _digest(path: Path) -> tuple[bytes, int]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    return digest, path.stat().st_size
