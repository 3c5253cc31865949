"""Reads for analysis: from a copy if there is one that has everything, else from the primary."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from consult import storage
from consult.storage import measures, replica
from consult.storage.embedded import Embedded

NOWHERE = "postgresql://consult@127.0.0.1:1/consult"
WHO = "select current_setting('application_name') as name, pg_backend_pid() as backend"
ASLEEP = "select wait_event = 'PgSleep' from pg_stat_activity where pid = $1"
Connected = Callable[[str | None], Coroutine[Any, Any, None]]


@pytest.fixture
async def connected(db: None, database: Embedded, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connected]:
    monkeypatch.setattr(replica, "_left_alone_until", 0.0)

    async def connect(copy: str | None) -> None:
        await storage.disconnect()
        await storage.connect(database.dsn, min_size=1, max_size=1, replica=copy)

    yield connect
    await storage.disconnect()
    await storage.connect(database.dsn, max_size=8)


def copy_of(database: Embedded) -> str:
    """The server itself may stand for its copy: it is never behind."""
    return f"{database.dsn}&target_session_attrs=any"


async def test_reads_go_to_the_copy(connected: Connected, database: Embedded) -> None:
    await connected(copy_of(database))
    (own,), (read,) = await storage.fetch(WHO), await replica.fetch(WHO)
    assert own["backend"] != read["backend"]
    assert await replica.seconds_behind() == 0


async def test_without_a_copy_the_primary_reads(connected: Connected) -> None:
    await connected(None)
    (own,), (read,) = await storage.fetch(WHO), await replica.fetch(WHO)
    assert own["backend"] == read["backend"]
    assert await replica.seconds_behind() is None


async def test_a_transaction_reads_what_it_wrote(connected: Connected, database: Embedded) -> None:
    await connected(copy_of(database))
    async with storage.transaction():
        await storage.execute("CREATE TEMPORARY TABLE own ON COMMIT DROP AS SELECT 1 AS n")
        assert [row["n"] for row in await replica.fetch("select n from own")] == [1]


async def test_a_copy_that_is_away_is_left_alone_for_a_while(connected: Connected) -> None:
    await connected(NOWHERE)
    for _ in range(2):
        assert len(await replica.fetch("select 1")) == 1
    assert replica._left_alone_until > 0


async def test_a_copy_that_is_behind_is_not_read(
    connected: Connected, database: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    await connected(copy_of(database))
    monkeypatch.setattr(replica, "HAS_ALL", "select $1::text is null")
    monkeypatch.setattr(replica, "CATCH_UP_S", 0.05)
    (own,), (read,) = await storage.fetch(WHO), await replica.fetch(WHO)
    assert own["backend"] == read["backend"]


async def test_a_read_that_the_copy_breaks_off_is_made_by_the_primary(connected: Connected, database: Embedded) -> None:
    await connected(copy_of(database))
    (before,) = await replica.fetch(WHO)
    there = before["backend"]
    reading = asyncio.create_task(replica.fetch(f"{WHO}, case when pg_backend_pid() = {there} then pg_sleep(60) end"))
    while not await storage.fetchval(ASLEEP, there):  # noqa: ASYNC110 - it asks the database
        await asyncio.sleep(0.01)
    await storage.execute("select pg_terminate_backend($1)", before["backend"])
    (read,) = await reading
    (own,) = await storage.fetch(WHO)
    assert read["backend"] == own["backend"] != before["backend"]


async def test_a_copy_that_catches_up_within_a_moment_is_not_behind_after_a_quiet_night(
    connected: Connected, database: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    await connected(copy_of(database))
    monkeypatch.setattr(replica, "BEHIND", "select 3600 where $1::text is not null")
    (soon,) = await storage.fetch("select (clock_timestamp() + interval '0.1 s')::text as soon")
    monkeypatch.setattr(replica, "HAS_ALL", f"select $1::text <> '' and clock_timestamp() > '{soon['soon']}'")
    assert await replica.seconds_behind() == 0
    monkeypatch.setattr(replica, "CATCH_UP_S", 0.05)
    monkeypatch.setattr(replica, "HAS_ALL", "select $1::text is null")
    assert await replica.seconds_behind() == 3600


async def test_prometheus_hears_of_the_copy_only_where_there_is_one(connected: Connected, database: Embedded) -> None:
    async def told() -> dict[str, float]:
        return {metric.name: metric.samples[0].value for metric in await measures.measured()}

    await connected(None)
    assert await told() == {}
    await connected(copy_of(database))
    assert await told() == {"consult_replica_up": 1, "consult_replica_behind_seconds": 0}
    await connected(NOWHERE)
    assert await told() == {"consult_replica_up": 0}
