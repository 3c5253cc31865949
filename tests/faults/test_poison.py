"""Jobs that can never be done, of every task there is: letters go out behind them, and nothing is changed by them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from consult.app import Application
from consult.jobs import enqueue, housekeeping, registry, worker
from consult.mail import delivery
from consult.mail.operations import notify
from consult.settings import Settings
from consult.storage import execute, fetch, fetchval
from consult.storage.embedded import Embedded
from tests.conftest import NOON
from tests.faults.test_jobs_twice import WORKS_ON, changed, state

TASKS = tuple(registry.tasks())
RAW: tuple[dict[str, Any], ...] = (
    {},
    {"payload": None},
    {"payload": [1]},
    {"payload": {}, "nonsense": 1},
    {"timestamp": "x"},
)
INSERT = """INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
    VALUES ($1, $2, $3, $3, $4::text::jsonb) RETURNING id"""
SILENT = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes') RETURNING id"
LEFT = "SELECT task_name, status::text, attempts FROM procrastinate_jobs WHERE status <> 'failed'"


def spoiled(name: str) -> list[dict[str, Any]]:
    """Payloads of a task's own shape, with values that lead nowhere."""
    key = WORKS_ON[name].split(" AS ")[1].split()[0]
    return [{}, *({key: value} for value in (str(uuid4()), "no-identity", "", None, 7, {"a": 1}, "x" * 100_000))]


async def die_with(job: int) -> None:
    """Its worker begins it, and is not heard of any more."""
    dead = await fetchval(SILENT)
    await execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = $1 WHERE id = $2", dead, job)


async def test_poison_of_every_kind_keeps_no_letter_waiting(
    application: Application, database: Embedded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery.configure(Settings(data=tmp_path), {"mk": "Скопје", "en": "Skopje"})
    assert set(WORKS_ON) == {task.name for task in TASKS}
    for task in TASKS:
        for payload in spoiled(task.name):
            await enqueue(task.name, payload)
    for task in TASKS:
        for arguments in RAW:
            await execute(INSERT, task.queue, task.name, None, json.dumps(arguments))
    for number, timed in enumerate(registry.periodic_tasks()):
        lock = timed.name if timed.alone else None
        for arguments in (RAW[0], RAW[1 + number % 4]):  # one kills its worker, the next of its kind waits meanwhile
            job = await fetchval(INSERT, timed.queue, timed.name, lock, json.dumps(arguments))
            if not arguments:
                await die_with(job)
    monkeypatch.setattr(housekeeping, "LOOK_AGAIN_S", 0.0)
    await housekeeping.rescue(NOON)
    before = await state()
    await notify(
        recipient_email="m@example.org", event="poison:1", language="mk", subject="Пречка", body_text="П.\n", at=NOON
    )
    await worker.run_waiting(database.dsn)
    assert await fetchval("SELECT state FROM notification") == "sent"
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1
    after = await state()
    assert set(changed(before, after)) == {"notification"}
    left = await fetch(LEFT)
    assert {(row["status"], row["attempts"]) for row in left} == {("todo", 1)}, "each is tried again later"
    assert await fetchval("SELECT min(scheduled_at) > now() FROM procrastinate_jobs WHERE status = 'todo'")
