from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import sys
import time
from typing import Any

import pytest

from consult.jobs import Backoff, enqueue, every, housekeeping, task, worker
from consult.storage import execute, fetch, fetchval
from consult.storage.embedded import Embedded

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


class Poison(Exception):
    pass


async def statuses() -> list[tuple[str, str, int]]:
    rows = await fetch("SELECT task_name, status::text, attempts FROM procrastinate_jobs ORDER BY id")
    return [tuple(row) for row in rows]


async def until(condition: Any, seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - it asks the database
            await asyncio.sleep(0.02)


async def test_a_job_is_done_once_and_leaves_no_row(db: None, database: Embedded) -> None:
    done: list[dict[str, Any]] = []

    @task("test.note")
    async def note(payload: dict[str, Any]) -> None:
        done.append(payload)

    await enqueue("test.note", {"number": 1})
    await enqueue("test.note", {"number": 2})
    await worker.run_waiting(database.dsn)
    await worker.run_waiting(database.dsn)
    assert done == [{"number": 1}, {"number": 2}]
    assert await statuses() == []


async def test_a_job_waits_for_its_time(db: None, database: Embedded) -> None:
    @task("test.note")
    async def note(payload: dict[str, Any]) -> None:
        raise AssertionError

    await enqueue("test.note", {}, at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    await worker.run_waiting(database.dsn)
    assert await statuses() == [("test.note", "todo", 0)]


async def test_a_poison_job_neither_blocks_the_queue_nor_runs_for_ever(db: None, database: Embedded) -> None:
    done: list[int] = []
    tries: list[int] = []

    @task("test.poison", backoff=Backoff(attempts=3, first_s=60))
    async def poison(payload: dict[str, Any]) -> None:
        tries.append(1)
        raise Poison

    @task("test.note")
    async def note(payload: dict[str, Any]) -> None:
        done.append(payload["number"])

    await enqueue("test.poison", {})
    await enqueue("test.note", {"number": 1})
    await worker.run_waiting(database.dsn)
    assert done == [1]
    assert await statuses() == [("test.poison", "todo", 1)]
    for _ in range(5):
        await execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
        await worker.run_waiting(database.dsn)
    assert await statuses() == [("test.poison", "failed", 3)]
    assert len(tries) == 3


async def test_the_pause_before_the_next_try_is_kept(db: None, database: Embedded) -> None:
    @task("test.poison", backoff=Backoff(attempts=3, first_s=600))
    async def poison(payload: dict[str, Any]) -> None:
        raise Poison

    await enqueue("test.poison", {})
    await worker.run_waiting(database.dsn)
    pause = await fetchval("SELECT extract(epoch FROM scheduled_at - now())::float FROM procrastinate_jobs")
    assert 580 < pause <= 600


async def test_a_job_that_never_ends_is_a_failure(db: None, database: Embedded) -> None:
    @task("test.slow", backoff=Backoff(attempts=1), limit_s=0.05)
    async def slow(payload: dict[str, Any]) -> None:
        await asyncio.sleep(30)

    await enqueue("test.slow", {})
    await worker.run_waiting(database.dsn)
    assert await statuses() == [("test.slow", "failed", 1)]


async def test_an_unknown_task_fails_alone(db: None, database: Embedded) -> None:
    await enqueue("test.unknown", {})
    await worker.run_waiting(database.dsn)
    assert [row[:2] for row in await statuses()] == [("test.unknown", "failed")]


async def test_a_worker_inside_a_program_takes_jobs_as_they_come_and_drains(db: None, database: Embedded) -> None:
    begun = asyncio.Event()
    done: list[int] = []

    @task("test.slow")
    async def slow(payload: dict[str, Any]) -> None:
        begun.set()
        await asyncio.sleep(0.3)
        done.append(1)

    async with worker.running(database.dsn):
        await enqueue("test.slow", {})
        async with asyncio.timeout(60):
            await begun.wait()
    assert done == [1]
    assert await statuses() == []


async def test_a_worker_survives_the_loss_of_its_connections(db: None, database: Embedded) -> None:
    done: list[int] = []

    @task("test.note")
    async def note(payload: dict[str, Any]) -> None:
        done.append(payload["number"])

    async def noted() -> bool:
        return bool(done)

    async with worker.running(database.dsn):
        await until(lambda: fetchval("SELECT count(*) > 0 FROM procrastinate_workers"))
        await execute(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE pid <> pg_backend_pid() AND application_name <> 'consult' AND backend_type = 'client backend'"""
        )
        await enqueue("test.note", {"number": 1})
        await until(noted)
    assert done == [1]


async def test_periodic_work_is_queued_once_for_all_workers(
    db: None, database: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dt.datetime] = []

    @every(1, "test.tick")
    async def tick(at: dt.datetime) -> None:
        seen.append(at)

    async def ticked() -> bool:
        return bool(seen)

    async with worker.running(database.dsn), worker.running(database.dsn):
        await until(ticked)
        await asyncio.sleep(0.3)
    assert len({at.minute for at in seen}) == len(seen)
    assert all(at.tzinfo is dt.UTC and at.second == 0 for at in seen)


async def test_the_jobs_of_a_killed_worker_are_done_by_another(db: None, database: Embedded) -> None:
    done: list[int] = []

    @task("test.note")
    async def note(payload: dict[str, Any]) -> None:
        done.append(payload["number"])

    dead = await fetchval(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes') RETURNING id"
    )
    alive = await fetchval("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    await enqueue("test.note", {"number": 1})
    await enqueue("test.note", {"number": 2})
    await execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = $1", dead)
    await execute("UPDATE procrastinate_jobs SET worker_id = $1 WHERE args->'payload'->>'number' = '2'", alive)
    await housekeeping.rescue(NOW)
    await worker.run_waiting(database.dsn)
    assert done == [1]
    assert await statuses() == [("test.note", "doing", 0)]


async def test_a_job_that_kills_every_worker_is_put_aside(db: None) -> None:
    await enqueue("test.note", {})
    for times in range(1, housekeeping.MOST_KILLED + 1):
        assert [row[1] for row in await statuses()] == ["todo"]
        await execute("UPDATE procrastinate_jobs SET status = 'doing'")
        await housekeeping.rescue(NOW)
        pause_s = await fetchval("SELECT extract(epoch FROM scheduled_at - now())::float FROM procrastinate_jobs")
        assert (times - 1) * 60 - 30 < pause_s <= (times - 1) * 60
    assert await statuses() == [("test.note", "failed", 0)]


async def test_a_letter_that_was_tried_for_days_is_not_put_aside_when_its_worker_is_killed(
    db: None, database: Embedded
) -> None:
    done: list[int] = []

    @task("test.note", backoff=Backoff(attempts=400))
    async def note(payload: dict[str, Any]) -> None:
        done.append(1)

    await enqueue("test.note", {})
    await execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 100")
    await housekeeping.rescue(NOW)
    await worker.run_waiting(database.dsn)
    assert done == [1]


@pytest.mark.parametrize("step", ["-1 day", "1 hour"])
async def test_a_step_of_the_clock_takes_no_job_from_a_living_worker(
    db: None, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    heartbeat = "UPDATE procrastinate_workers SET last_heartbeat = now() - $1::text::interval WHERE id = $2"
    workers = [await fetchval("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id") for _ in range(2)]
    for number in workers:
        job = await enqueue("test.note", {"number": number})
        await execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = $1 WHERE id = $2", number, job)
        await execute(heartbeat, step, number)

    async def meanwhile(seconds: float) -> None:
        assert seconds == housekeeping.LOOK_AGAIN_S
        await execute(heartbeat, "1 second", workers[0])

    with monkeypatch.context() as changed:
        changed.setattr(asyncio, "sleep", meanwhile)
        await housekeeping.rescue(NOW)
    assert [row[1] for row in await statuses()] == ["doing", "todo"]


async def test_work_by_the_clock_goes_on_after_the_clock_was_set_back(
    db: None, database: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead_s = 86_400.0
    seen: list[dt.datetime] = []
    right = time.time

    @every(1, "test.tick")
    async def tick(at: dt.datetime) -> None:
        seen.append(at)

    async def ticked() -> bool:
        return bool(seen)

    async def ticked_now() -> bool:
        return any(abs(at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=3) for at in seen)

    monkeypatch.setattr(time, "time", lambda: right() + ahead_s)
    monkeypatch.setattr(worker, "LOOK_S", 0.05)
    async with worker.running(database.dsn):
        await until(ticked)
        assert seen[-1] - dt.datetime.now(dt.UTC) > dt.timedelta(hours=23)
        ahead_s = 0.0
        await until(ticked_now)


async def test_work_that_hangs_keeps_no_letter_waiting(db: None, database: Embedded) -> None:
    hanging: list[int] = []
    done: list[int] = []

    @task("test.long", limit_s=3600, backoff=Backoff(attempts=1))
    async def long(payload: dict[str, Any]) -> None:
        hanging.append(1)
        await asyncio.sleep(3600)

    @task("test.note")
    async def note(payload: dict[str, Any]) -> None:
        done.append(1)

    async def hang() -> bool:
        return len(hanging) == worker.LONG_PLACES

    async def noted() -> bool:
        return bool(done)

    async with worker.running(database.dsn, concurrency=1, drain_s=0.1):
        for _ in range(9):
            await enqueue("test.long", {})
        await until(hang)
        await enqueue("test.note", {})
        await until(noted)
        assert (len(hanging), done) == (worker.LONG_PLACES, [1])


async def test_old_failures_are_forgotten_and_waiting_jobs_are_not(db: None) -> None:
    for _ in range(3):
        await enqueue("test.note", {})
    await execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id < 3")
    await execute("UPDATE procrastinate_events SET at = $1::timestamptz - interval '40 days' WHERE job_id <> 2", NOW)
    await execute("UPDATE procrastinate_events SET at = $1 WHERE job_id = 2", NOW)
    await housekeeping.forget(NOW)
    assert [row["id"] for row in await fetch("SELECT id FROM procrastinate_jobs ORDER BY id")] == [2, 3]


WORKER = """
import asyncio, sys
from consult import jobs
from consult.jobs import worker
from consult.storage import connect, disconnect, execute

@jobs.task("test.slow")
async def slow(payload):
    print("begun", flush=True)
    await asyncio.sleep(1.0)
    await execute("INSERT INTO unit (id, key, name) VALUES (gen_random_uuid(), 'done', '{}')")

async def main():
    await connect(sys.argv[1])
    await worker.run(sys.argv[1])
    await disconnect()
    print("drained", flush=True)

asyncio.run(main())
"""


async def test_sigterm_lets_the_job_at_hand_finish(db: None, database: Embedded) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        WORKER,
        database.dsn,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert process.stdout is not None
    try:
        await enqueue("test.slow", {})
        async with asyncio.timeout(90):
            assert await process.stdout.readline() == b"begun\n"
            process.send_signal(signal.SIGTERM)
            assert await process.stdout.readline() == b"drained\n"
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
    assert await fetchval("SELECT count(*) FROM unit WHERE key = 'done'") == 1
    assert [one for one in await statuses() if one[0] == "test.slow"] == []
