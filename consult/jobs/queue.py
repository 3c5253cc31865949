"""The one way to ask for background work: a row in procrastinate's queue, in the caller's transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from consult.jobs.registry import Payload, queue_of
from consult.storage import connection

SCHEMA_SHA256 = "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"
DEFER = """SELECT procrastinate_defer_jobs_v1(
    ARRAY[ROW($4::text, $1::text, 0, NULL, NULL, $2::jsonb, $3::timestamptz)::procrastinate_job_to_defer_v1])"""

DEFER_ALL = """SELECT procrastinate_defer_jobs_v1(ARRAY(
    SELECT ROW($3::text, $1::text, 0, NULL, NULL, arguments::jsonb, NULL)::procrastinate_job_to_defer_v1
    FROM unnest($2::text[]) AS arguments))"""


async def enqueue(task_name: str, payload: Payload, *, at: dt.datetime | None = None) -> int:
    """Put a job into the queue; it exists only if the current transaction commits. Returns its number.

    payload    ids and small values, JSON-like.
    at         not before this moment.
    """
    arguments = {"payload": msgspec.to_builtins(payload)}
    async with connection() as raw:
        return int((await raw.fetchval(DEFER, task_name, arguments, at, queue_of(task_name)))[0])


async def enqueue_all(task_name: str, payloads: Sequence[Payload]) -> None:
    """Put many jobs of one task into the queue with one statement."""
    if payloads:
        arguments = [msgspec.json.encode({"payload": payload}).decode() for payload in payloads]
        async with connection() as raw:
            await raw.execute(DEFER_ALL, task_name, arguments, queue_of(task_name))


class ForeignSchema(Exception):
    """The installed procrastinate is not the one that our migrations know."""


def schema() -> str:
    """Read procrastinate's own schema from the installed package, for the migration that creates the queue.

    The text must be the pinned one: with another version, a migration of ours has to bring older databases along,
    so this raises ForeignSchema instead of guessing.
    """
    import procrastinate

    text = Path(procrastinate.__file__).with_name("sql").joinpath("schema.sql").read_bytes()
    if hashlib.sha256(text).hexdigest() != SCHEMA_SHA256:
        raise ForeignSchema("procrastinate's schema has changed: write a migration and set SCHEMA_SHA256")
    return text.decode()
