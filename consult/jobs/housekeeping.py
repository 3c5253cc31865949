"""Keeping the queue healthy: jobs of dead workers go back, old failures go away."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Any

from consult.jobs.registry import every
from consult.storage import execute, fetch

SILENT_S = 60
LOOK_AGAIN_S = 15.0
"""Longer than between two heartbeats of a worker, which are written with the database's clock."""
MOST_KILLED = 10
KEPT_DAYS = 30


@every(1, "jobs.rescue")
async def rescue(at: dt.datetime) -> None:
    """Give the jobs of workers that were killed to the others.

    After a step of the clock all workers seem silent, or to live in the future: so only those count as killed that
    are not heard of while we wait.
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

    Only these ends are counted (in the arguments, `killed`), and put a job aside in the end: a letter that was tried a
    hundred times while the mail server was away is no job that kills workers.
    """
    await execute(
        """UPDATE procrastinate_jobs AS j
           SET status = CASE WHEN k.killed >= $4 THEN 'failed' ELSE 'todo' END::procrastinate_job_status,
               args = j.args || jsonb_build_object('killed', k.killed),
               scheduled_at = now() + (k.killed - 1) * interval '1 minute', worker_id = NULL
           FROM (SELECT o.id, coalesce((o.args->>'killed')::int, 0) + 1 AS killed
                 FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) AS s (id, worker, heartbeat)
                 JOIN procrastinate_jobs o ON o.id = s.id AND o.worker_id IS NOT DISTINCT FROM s.worker
                 LEFT JOIN procrastinate_workers w ON w.id = o.worker_id
                 WHERE w.last_heartbeat IS NOT DISTINCT FROM s.heartbeat) AS k
           WHERE k.id = j.id AND j.status = 'doing'""",
        [row["id"] for row in jobs],
        [row["worker_id"] for row in jobs],
        [row["last_heartbeat"] for row in jobs],
        MOST_KILLED,
    )


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
