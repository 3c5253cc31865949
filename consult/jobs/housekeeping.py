"""Keeping the queue healthy: jobs of dead workers go back, old failures go away."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Sequence
from typing import Any

import asyncpg

from consult.jobs.registry import every
from consult.storage import execute, fetch

SILENT_S = 60
LOOK_AGAIN_S = 15.0
"""Longer than between two heartbeats of a worker, which are written with the database's clock."""
MOST_KILLED = 10
KEPT_DAYS = 30

IS_DEAD = """j.id = $1::bigint AND j.status = 'doing' AND j.worker_id IS NOT DISTINCT FROM $2::bigint
    AND $3::timestamptz IS NOT DISTINCT FROM
        (SELECT w.last_heartbeat FROM procrastinate_workers w WHERE w.id = j.worker_id)"""
END_AS_DOUBLE = f"""DELETE FROM procrastinate_jobs AS j WHERE {IS_DEAD} AND EXISTS (
    SELECT 1 FROM procrastinate_jobs AS o WHERE o.status = 'todo' AND o.queueing_lock = j.queueing_lock)"""  # noqa: S608 - ours
# Each return to the queue is an event; those that were no tries were kills.
GIVE_BACK = f"""
    WITH dead AS (
        SELECT j.id, 1 + greatest(0, (
            SELECT count(*) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'deferred_for_retry'
        ) - j.attempts) AS killed
        FROM procrastinate_jobs AS j WHERE {IS_DEAD} FOR UPDATE)
    UPDATE procrastinate_jobs AS j
    SET status = CASE WHEN dead.killed >= $4 THEN 'failed' ELSE 'todo' END::procrastinate_job_status,
        scheduled_at = now() + (dead.killed - 1) * interval '1 minute', worker_id = NULL
    FROM dead WHERE dead.id = j.id"""  # noqa: S608 - ours


@every(1, "jobs.rescue", alone=False)
async def rescue(at: dt.datetime) -> None:
    """Give the jobs of workers that were killed to the others.

    After a step of the clock all workers seem silent, or to live in the future: so only those count as killed that
    are not heard of while we wait. Not `alone`: a rescue that was killed itself would keep all others waiting, and two
    of them at once do nothing twice.
    """
    if found := await silent():
        await asyncio.sleep(LOOK_AGAIN_S)
        await give_back(found)


async def silent() -> list[Any]:
    """The jobs whose worker has not been heard of lately: job, worker and its last heartbeat."""
    return await fetch(
        """SELECT j.id, j.worker_id, w.last_heartbeat FROM procrastinate_jobs j
           LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
           WHERE j.status = 'doing'
             AND (w.id IS NULL OR abs(extract(epoch FROM now() - w.last_heartbeat)) > $1)""",
        float(SILENT_S),
    )


async def give_back(jobs: Sequence[Any]) -> None:
    """Let others do them, if nothing was heard of their workers since: at once the first time, later each time.

    Only these ends are counted, and put a job aside in the end: a letter that was tried a hundred times while the mail
    server was away is no job that kills workers. A job whose like waits already (it may wait but once) is done by that.
    """
    for job in jobs:
        found = (job["id"], job["worker_id"], job["last_heartbeat"])
        await execute(END_AS_DOUBLE, *found)
        # Its like may have come in between: then it goes when we look next.
        with contextlib.suppress(asyncpg.UniqueViolationError):
            await execute(GIVE_BACK, *found, MOST_KILLED)


@every(1440, "jobs.forget")
async def forget(at: dt.datetime) -> None:
    """Delete jobs that ended long ago."""
    await execute(
        """DELETE FROM procrastinate_jobs AS j
           WHERE status IN ('failed', 'cancelled', 'aborted', 'succeeded') AND NOT EXISTS (
               SELECT 1 FROM procrastinate_events AS e
               WHERE e.job_id = j.id AND e.at > $1::timestamptz - make_interval(days => $2))""",
        at,
        KEPT_DAYS,
    )
