from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from piccolo.columns import JSONB, UUID, Text
from piccolo.table import Table

from consult import storage
from consult.storage import DB, Slice
from consult.storage.embedded import Embedded


class Thing(Table, db=DB, tablename="thing"):
    id = UUID(primary_key=True, null=False)
    name = Text(null=False)
    content = JSONB(null=True)


@pytest.fixture
async def thing(db: None) -> AsyncIterator[None]:
    await storage.execute("CREATE TABLE thing (id uuid PRIMARY KEY, name text NOT NULL, content jsonb)")
    yield
    await storage.execute("DROP TABLE thing")


async def test_json_is_objects_in_raw_sql(thing: None) -> None:
    await storage.execute("INSERT INTO thing VALUES ($1, 'a', $2)", uuid4(), {"x": [1, "ж"]})
    assert await storage.fetchval("SELECT content FROM thing") == {"x": [1, "ж"]}
    assert await storage.fetchval("SELECT jsonb_typeof(content) FROM thing") == "object"


async def test_json_is_objects_in_piccolo(thing: None) -> None:
    await Thing.insert(Thing(id=uuid4(), name="a", content={"x": 1}))
    assert await Thing.select(Thing.content).first() == {"content": {"x": 1}}
    row = await Thing.objects().first()
    assert row is not None
    row.content = {"x": 2}
    await row.save()
    assert await storage.fetchval("SELECT content->>'x' FROM thing") == "2"


async def test_exception_rolls_back_everything(thing: None) -> None:
    with pytest.raises(RuntimeError):
        async with storage.transaction():
            await storage.execute("INSERT INTO thing VALUES ($1, 'outer')", uuid4())
            async with storage.transaction():
                await Thing.insert(Thing(id=uuid4(), name="inner", content=None))
            assert await storage.fetchval("SELECT count(*) FROM thing") == 2
            raise RuntimeError
    assert await storage.fetchval("SELECT count(*) FROM thing") == 0


async def test_task_outliving_a_transaction_uses_the_pool(thing: None) -> None:
    ended = asyncio.Event()

    async def late() -> None:
        await ended.wait()
        await storage.execute("INSERT INTO thing VALUES ($1, 'late')", uuid4())

    async with storage.transaction():
        task = asyncio.create_task(late())
        await asyncio.sleep(0)
    ended.set()
    await task
    assert await storage.fetchval("SELECT count(*) FROM thing") == 1


async def test_cancelled_transaction_is_rolled_back(thing: None) -> None:
    async def slow() -> None:
        async with storage.transaction():
            await storage.execute("INSERT INTO thing VALUES ($1, 'slow')", uuid4())
            await storage.execute("SELECT pg_sleep(60)")

    pool = DB.pool
    assert pool is not None
    for _ in range(pool.get_max_size() + 1):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(slow(), 0.1)
    assert await storage.fetchval("SELECT count(*) FROM thing") == 0


async def test_nothing_works_unconnected(db: None, database: Embedded) -> None:
    await storage.disconnect()
    try:
        with pytest.raises(storage.NotConnected):
            await storage.fetch("SELECT 1")
        with pytest.raises(storage.NotConnected):
            await Thing.select()
        with pytest.raises(storage.NotConnected):
            async with storage.transaction():
                await storage.fetch("SELECT 1")
    finally:
        await storage.connect(database.dsn, max_size=8)


async def test_lost_connection_goes_back_to_the_pool(thing: None) -> None:
    pool = DB.pool
    assert pool is not None
    for _ in range(pool.get_max_size() + 1):
        with pytest.raises(Exception, match=r"terminat|closed"):
            async with storage.transaction():
                await storage.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert await storage.fetchval("SELECT 1") == 1
    assert DB.current_transaction.get() is None


def test_slice_counts_its_pages() -> None:
    part = Slice(items=["k"], number=3, total=21, size=10)
    assert (part.pages, part.has_next, part.has_previous, part.first, part.last) == (3, False, True, 21, 21)
    assert Slice[str](items=[], number=1, total=0, size=10).first == 0
