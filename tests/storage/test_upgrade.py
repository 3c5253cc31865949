"""From every released schema to this one: every row stays, the schema is that of a new installation, pages answer."""

from __future__ import annotations

import datetime as dt
import lzma
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import asyncpg
import httpx
import pytest
from litestar import Litestar

from consult import storage
from consult.app import build
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.storage.catalogue import Table, tables
from consult.storage.embedded import Embedded
from consult.storage.migrate import history, migrate
from tests.conftest import Clock

RELEASED = sorted((Path(__file__).parent / "released").glob("*.sql.xz"))
PAGES = ("/ka/", "/ka/open", "/ka/results", "/mk/forums", "/en/how-it-works", "/api/v1/surveys")
WHEN_FILLED = dt.datetime(2026, 11, 22, 18, tzinfo=dt.UTC)
# What an upgrade takes away or writes anew, each with the reason; everything else stays as it was.
FORMER = {
    ("evidence", "question"): "called query now",
    ("person", "totp_secret"): "never used",
    ("forum_session", "reminded_at"): "kept for each reminder now",
}
REWRITTEN = {"migration": "the history itself"}

SCHEMA = """
    select 'rule ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
    union all select 'index ' || indexdef from pg_indexes where schemaname = 'public'
    union all select 'trigger ' || tgrelid::regclass || ' ' || pg_get_triggerdef(oid) || ' ' || tgenabled::text
        from pg_trigger where not tgisinternal
    union all select 'function ' || proname || ' ' || md5(prosrc)
        from pg_proc where pronamespace = 'public'::regnamespace
    union all select 'column ' || attrelid::regclass || ' ' || attname || ' ' || format_type(atttypid, atttypmod)
        || case when attnotnull then ' not null ' else ' ' end || coalesce(pg_get_expr(adbin, adrelid), '')
        from pg_attribute join pg_class on pg_class.oid = attrelid
        left join pg_attrdef on adrelid = attrelid and adnum = attnum
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'v') and attnum > 0 and not attisdropped
"""
LINK = re.compile(r'href="(/ka/(?:drafts|consultations|forums|surveys)/[a-z0-9-]+(?:/results)?)"')
BRACKETS = str.maketrans("", "", "()")


class Old:
    """A database as a release left it."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn

    async def schema(self) -> list[str]:
        """Everything but tables' rows; a dump writes brackets anew, so they are left out."""
        connection = await asyncpg.connect(self.dsn)
        try:
            return sorted(row[0].translate(BRACKETS) for row in await connection.fetch(SCHEMA))
        finally:
            await connection.close()

    async def rows(self, known: list[Table] | None = None) -> tuple[list[Table], dict[str, tuple[int, str]]]:
        """The tables, and number and digest of each one's rows; of some columns only, if they are named."""
        connection = await asyncpg.connect(self.dsn)
        try:
            known = known or await tables(connection)
            found = {}
            for table in known:
                columns = ", ".join(f't."{name}"' for name in table.columns if (table.name, name) not in FORMER)
                question = (
                    f"select count(*), coalesce(md5(string_agg(words, '' order by words)), '')"
                    f" from (select row({columns})::text as words from {table.quoted} t) as rows"
                )
                found[table.name] = tuple(await connection.fetchrow(question))
            return known, found
        finally:
            await connection.close()


@pytest.fixture(params=RELEASED, ids=lambda path: path.name.partition(".")[0])
async def old(request: pytest.FixtureRequest, db: None, database: Embedded) -> AsyncIterator[Old]:
    made = Old(database.dsn.replace("/consult?", "/released?"))
    await storage.execute("CREATE DATABASE released")
    connection = await asyncpg.connect(made.dsn)
    await connection.execute(lzma.decompress(request.param.read_bytes()).decode())
    await connection.close()
    await storage.disconnect()
    yield made
    await storage.disconnect()
    await storage.connect(database.dsn, max_size=8)
    await storage.execute("DROP DATABASE released WITH (FORCE)")


async def test_upgrade_keeps_every_row_and_the_pages_answer(
    old: Old, database: Embedded, settings: Settings, clock: Clock, ways_in: Litestar
) -> None:
    before, rows = await old.rows()
    assert sum(count for count, _ in rows.values()) > 2000

    done = await migrate(old.dsn)
    assert done == list(history())[-len(done) :] or not done

    _, after = await old.rows(before)
    assert {name: was for name, was in rows.items() if after[name] != was and name not in REWRITTEN} == {}
    assert await old.schema() == await Old(database.dsn).schema()

    clock.now = WHEN_FILLED
    await storage.connect(old.dsn)
    telavi = load_profile(resource("profiles", "telavi.toml"))
    application = build(replace(settings, profile="telavi"), telavi, clock=clock, bare=ways_in)
    transport = httpx.ASGITransport(app=application.asgi, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://consult.test") as browser:
        pages = [await browser.get(path) for path in PAGES]
        linked = {path for page in pages for path in LINK.findall(page.text)}
        assert len(linked) >= 5
        pages += [await browser.get(path) for path in sorted(linked)[:10]]
    assert {str(page.url): page.status_code for page in pages if page.status_code not in {200, 303}} == {}
