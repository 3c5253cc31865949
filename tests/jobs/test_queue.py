from __future__ import annotations

import datetime as dt
import importlib.metadata
from pathlib import Path

import procrastinate
import pytest

from consult.jobs import enqueue, queue
from consult.storage import fetch, fetchval, transaction

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


async def waiting() -> int:
    return int(await fetchval("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'"))


async def test_a_job_has_a_name_a_payload_and_a_time(db: None) -> None:
    number = await enqueue("mail.send", {"notification": "n1", "when": NOON}, at=NOON)
    (row,) = await fetch("SELECT * FROM procrastinate_jobs")
    assert row["id"] == number
    assert (row["task_name"], row["queue_name"], row["scheduled_at"]) == ("mail.send", "default", NOON)
    assert row["args"] == {"payload": {"notification": "n1", "when": "2026-11-22T12:00:00Z"}}


async def test_a_job_exists_only_if_its_transaction_commits(db: None) -> None:
    with pytest.raises(ZeroDivisionError):
        async with transaction():
            await enqueue("mail.send", {})
            assert await waiting() == 1
            raise ZeroDivisionError
    assert await waiting() == 0


async def test_our_sql_speaks_to_the_pinned_function(db: None) -> None:
    """The wrapper around procrastinate's SQL is written for this version; a new one needs a look and a migration."""
    assert importlib.metadata.version("procrastinate").startswith("3.10.")
    arguments = await fetchval(
        "SELECT pg_get_function_arguments(oid) FROM pg_proc WHERE proname = 'procrastinate_defer_jobs_v1'"
    )
    assert arguments == "jobs procrastinate_job_to_defer_v1[]"
    columns = await fetch(
        """SELECT attname, format_type(atttypid, atttypmod) AS kind FROM pg_attribute
           WHERE attrelid = 'procrastinate_job_to_defer_v1'::regclass AND attnum > 0 ORDER BY attnum"""
    )
    assert [(row["attname"], row["kind"]) for row in columns] == [
        ("queue_name", "character varying"),
        ("task_name", "character varying"),
        ("priority", "integer"),
        ("lock", "text"),
        ("queueing_lock", "text"),
        ("args", "jsonb"),
        ("scheduled_at", "timestamp with time zone"),
    ]


def test_another_schema_of_procrastinate_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "CREATE TABLE procrastinate_jobs" in queue.schema()
    assert Path(procrastinate.__file__).with_name("sql").joinpath("schema.sql").exists()
    monkeypatch.setattr(queue, "SCHEMA_SHA256", "0" * 64)
    with pytest.raises(queue.ForeignSchema, match="write a migration"):
        queue.schema()
