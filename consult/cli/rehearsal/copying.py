"""A copy of one survey in a database of its own: a rehearsal cannot touch what residents wrote, or write to them."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from consult import storage
from consult.cli.listing import find
from consult.cli.rehearsal.respondents import rehearsed
from consult.errors import Refused
from consult.storage.migrate import migrate
from consult.surveys import operations, queries
from consult.surveys.access import Access
from consult.surveys.admission import invitations
from consult.surveys.definition.schema import Definition

PREFIX = "consult_rehearsal_"
LEFT = re.compile(PREFIX + "[0-9a-f]{8}")


class NoOwnDatabase(Refused):
    message = (
        "A rehearsal needs a database of its own beside the real one, and this account may not create it. "
        "Allow it for the time being: ALTER ROLE %(role)s CREATEDB;"
    )


@dataclass(frozen=True, slots=True)
class Original:
    """What is copied of a survey: its document, its ways in, its pictures. contacts: how many letters it could get."""

    slug: str
    definition: Definition
    access: Access
    stored_access: dict[str, Any] | None
    pictures: list[Any]
    contacts: int


async def original(slug: str) -> Original:
    """The newest version of a survey, or its working copy while nothing is published. Raises NoSuchSurvey."""
    survey = await find(slug)
    copy = await queries.working_copy(survey.id)
    published = (await queries.version(survey.id)).definition if survey.version else None
    definition = published or (copy.definition if copy else None)
    assert definition is not None  # noqa: S101 - a survey has one or the other
    access = await storage.fetchval("select to_jsonb(a) from survey_access a where survey = $1", survey.id)
    pictures = await storage.fetch(
        "select name, digest, content, width, height, added_at from survey_image where survey = $1", survey.id
    )
    contacts = await storage.fetchval("select count(*) from open_token where survey = $1", survey.id)
    return Original(slug, rehearsed(definition), survey.access, access, pictures, contacts)


@asynccontextmanager
async def database(dsn: str) -> AsyncIterator[str]:
    """An empty database beside the real one, removed at the end; what killed rehearsals left goes as well."""
    name = PREFIX + secrets.token_hex(4)
    connection = await asyncpg.connect(dsn)
    try:
        await remove_left(connection)
        try:
            await connection.execute(f"create database {name}")
        except asyncpg.InsufficientPrivilegeError:
            raise NoOwnDatabase(role=await connection.fetchval("select current_user")) from None
        try:
            yield beside(dsn, name)
        finally:
            await connection.execute(f"drop database if exists {name} with (force)")
    finally:
        await connection.close()


async def remove_left(connection: Any) -> None:
    """Remove databases of rehearsals that were killed: those that nobody is connected to."""
    left = await connection.fetch(
        """select datname from pg_database d where starts_with(datname, $1)
               and not exists (select from pg_stat_activity a where a.datname = d.datname)""",
        PREFIX,
    )
    for (name,) in left:
        if LEFT.fullmatch(name):
            await connection.execute(f"drop database if exists {name}")


def beside(dsn: str, name: str) -> str:
    """The address of another database of the same server."""
    scheme, _, rest = dsn.partition("://")
    before, _, wishes = rest.partition("?")
    kept = [one for one in wishes.split("&") if one and one.partition("=")[0] not in ("dbname", "database")]
    return f"{scheme}://{before.partition('/')[0]}/{name}{'?' * bool(kept)}{'&'.join(kept)}"


async def copy(dsn: str, found: Original, *, key: bytes, invitations_issued: int, at: datetime) -> list[str]:
    """Bring the schema and the survey into an empty database and open it; gives the invitations that it issued."""
    await migrate(dsn)
    await storage.connect(dsn, min_size=1, max_size=2)
    try:
        survey_id = await operations.import_working_copy(definition=found.definition, at=at)
        for picture in found.pictures:
            await storage.execute(
                """insert into survey_image (survey, name, digest, content, width, height, added_at)
                   values ($1, $2, $3, $4, $5, $6, $7)""",
                survey_id,
                *picture.values(),
            )
        if found.stored_access is not None:
            await storage.execute(
                "insert into survey_access select * from jsonb_populate_record(null::survey_access, $1)",
                found.stored_access | {"survey": str(survey_id), "changed_by": None},
            )
        await operations.publish(survey_id=survey_id, at=at)
        await storage.execute("update survey set opens_at = $2 where id = $1", survey_id, at)
        return await issue(survey_id, key, invitations_issued)
    finally:
        await storage.disconnect()


async def issue(survey_id: UUID, key: bytes, number: int) -> list[str]:
    """Issue invitations that belong to nobody."""
    tokens = [invitations.random_token() for _ in range(number)]
    rows = ((invitations.hashed(key, survey_id, token), survey_id) for token in tokens)
    async with storage.connection() as raw:
        await raw.copy_records_to_table("open_token", records=rows, columns=("hash", "survey"))
    return tokens


def entrances(path: str, tokens: list[str]) -> Iterator[str]:
    """The address that each respondent opens: an invitation of their own while there are any."""
    yield from (f"{path}/i/{token}" for token in tokens)
    while True:
        yield path
