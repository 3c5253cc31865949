"""Keeping the queue healthy: jobs of dead workers go back, old failures go away."""

from __future__ import annotations

import datetime as dt

from consult.jobs.registry import every
from consult.storage import execute

SILENT_S = 60
MOST_ATTEMPTS = 50
KEPT_DAYS = 30


@every(1, "jobs.rescue")
async def rescue(at: dt.datetime) -> None:
    """Give the jobs of workers that were killed to the others; one that has killed many workers is marked as failed."""
    await execute(
        """UPDATE procrastinate_jobs AS j
           SET status = CASE WHEN attempts + 1 >= $2 THEN 'failed' ELSE 'todo' END::procrastinate_job_status,
               attempts = attempts + 1, scheduled_at = NULL, worker_id = NULL
           WHERE status = 'doing' AND NOT EXISTS (
               SELECT 1 FROM procrastinate_workers AS w
               WHERE w.id = j.worker_id AND w.last_heartbeat >= now() - make_interval(secs => $1))""",
        float(SILENT_S),
        MOST_ATTEMPTS,
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
