"""Jobs with a lock, and the rescue itself, whose worker is killed; and one worker that fails beside another."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from consult.jobs import enqueue, housekeeping, registry, task, worker
from consult.storage import execute, fetch, fetchval
from consult.storage.embedded import Embedded
from tests.conftest import NOON

RESCUE = next(timed for timed in registry.periodic_tasks() if timed.name == "jobs.rescue")
TWIN = """INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
    VALUES ('default', 'test.note', $1, $2, $3) RETURNING id"""


@pytest.fixture
def done() -> list[int]:
    numbers: list[int] = []

    @task("test.note")
    async def note(payload: dict[str, Any]) -> None:
        numbers.append(payload["number"])

    return numbers


async def kill_the_worker_of(job: int | None) -> None:
    dead = await fetchval(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes') RETURNING id"
    )
    await execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = $1 WHERE id = $2", dead, job)


async def left() -> list[str]:
    return [row["task_name"] for row in await fetch("SELECT task_name FROM procrastinate_jobs ORDER BY id")]


async def test_a_killed_job_whose_like_waits_keeps_no_other_from_being_rescued(
    db: None, database: Embedded, done: list[int]
) -> None:
    await kill_the_worker_of(await fetchval(TWIN, "one", "one", {"payload": {"number": 1}}))
    await fetchval(TWIN, "one", "one", {"payload": {"number": 2}})
    for number in (3, 4):  # two of one kind, both at work when they were killed
        await kill_the_worker_of(await fetchval(TWIN, str(number), "two", {"payload": {"number": number}}))
    await kill_the_worker_of(await enqueue("test.note", {"number": 5}))
    await housekeeping.rescue(NOON)
    await worker.run_waiting(database.dsn)
    assert sorted(done) == [2, 3, 5]
    assert await left() == []


async def test_a_rescue_that_was_killed_keeps_no_other_waiting(
    db: None, database: Embedded, done: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(registry._periodic, RESCUE.name, RESCUE)
    await kill_the_worker_of(await enqueue("test.note", {"number": 1}))
    async with worker._opened(database.dsn, periodic=True) as app:
        await kill_the_worker_of(await app.tasks[RESCUE.name].defer_async(timestamp=0))
        await app.tasks[RESCUE.name].defer_async(timestamp=60)
    await worker.run_waiting(database.dsn)
    assert done == [1]
    assert await left() == []


async def test_the_kills_of_a_job_are_counted_where_no_worker_of_another_version_looks(db: None) -> None:
    job = await enqueue("test.note", {"number": 1})
    for tries in (0, 3):  # that many tries failed before it was killed
        for _ in range(tries):
            await execute("UPDATE procrastinate_jobs SET status = 'doing'")
            await execute("UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1")
        await kill_the_worker_of(job)
        await housekeeping.rescue(NOON)
    row = (
        await fetch("SELECT args, extract(epoch FROM scheduled_at - now())::int AS pause_s FROM procrastinate_jobs")
    )[0]
    assert row["args"] == {"payload": {"number": 1}}
    assert 30 <= row["pause_s"] <= 60, "killed twice, whatever its tries"


async def test_one_worker_that_fails_lets_the_other_finish_before_the_connections_close(
    db: None, database: Embedded
) -> None:
    begun = asyncio.Event()
    done: list[int] = []

    @task("test.long", limit_s=3600)
    async def long(payload: dict[str, Any]) -> None:
        begun.set()
        await asyncio.sleep(0.3)
        done.append(1)

    class Failing(Worker):
        async def run(self) -> None:
            await begun.wait()
            raise ConnectorException

    def failing(app: App) -> Worker:
        return Failing(app, install_signal_handlers=False)

    await enqueue("test.long", {})
    with pytest.raises(ConnectorException):
        async with worker._opened(database.dsn, periodic=False) as app:
            await worker._run_until(asyncio.Event(), [failing(app), worker._worker(app, registry.LONG, 1, 5.0)])
    assert done == [1]
    assert await left() == []
