"""Files written anew from a copy of the database: the same as from the primary, also where the copy hangs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from consult import storage
from consult.columns import store
from consult.storage import replica
from consult.storage.embedded import Embedded
from tests.columns.test_store import a_store


@pytest.fixture
async def copy(db: None, database: Embedded, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The server itself stands for its copy."""
    monkeypatch.setattr(replica, "_left_alone_until", 0.0)
    monkeypatch.setattr(replica, "SILENT_S", 1.0)
    await storage.disconnect()
    await storage.connect(database.dsn, max_size=4, replica=f"{database.dsn}&target_session_attrs=any")
    yield
    await storage.disconnect()
    await storage.connect(database.dsn, max_size=8)


async def test_a_copy_that_sends_nothing_is_given_up(copy: None) -> None:
    heard: list[bytes] = []

    async def slowly(data: bytes) -> None:
        heard.append(data)
        await asyncio.sleep(1.2)  # whoever works on what came is no copy that hangs

    async with replica.caught_up() as raw:
        await replica.copy_out(raw, "values (1), (2)", output=slowly)
    assert b"".join(heard) == b"1\n2\n"
    with pytest.raises(replica.INTERRUPTED):
        async with asyncio.timeout(30), replica.caught_up() as raw:
            await replica.copy_out(raw, "select pg_sleep(60)", output=slowly)
    assert replica._left_alone_until > 0


async def test_where_the_copy_hangs_the_primary_gives_the_answers(copy: None, database: Embedded) -> None:
    survey_id = await a_store()
    before = await store.update(survey_id, anew=True)
    blocking = await asyncpg.connect(database.dsn)
    async with blocking.transaction():
        await blocking.execute("LOCK TABLE response_pending IN ACCESS EXCLUSIVE MODE")
        updating = asyncio.create_task(store.update(survey_id, anew=True))
        async with asyncio.timeout(60):
            while not replica._left_alone_until:  # noqa: ASYNC110 - the copy is given up meanwhile
                await asyncio.sleep(0.02)
        assert not updating.done()
    await blocking.close()
    found = await updating
    assert [one.n for one in found.segments] == [one.n for one in before.segments] == [5]
    assert await storage.fetchval("select count(*) from response_pending") == 0
