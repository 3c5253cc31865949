"""Reads: how background work is doing, for `doctor` and the metrics."""

from __future__ import annotations

from dataclasses import dataclass

from consult.jobs.housekeeping import SILENT_S
from consult.storage import fetch, fetchrow

# A worker counts twice in procrastinate's list: once for each queue.
# A job that nobody has begun is late from the moment it may run; procrastinate notes in its events when it was put in.
STATE = """
select count(*) filter (where status = 'todo' and (scheduled_at is null or scheduled_at <= now())) as waiting,
       count(*) filter (where status = 'todo' and scheduled_at > now()) as planned,
       count(*) filter (where status = 'doing') as running,
       count(*) filter (where status = 'failed') as failed,
       (select (count(*) + 1) / 2 from procrastinate_workers
            where last_heartbeat >= now() - make_interval(secs => $1)) as workers,
       (select extract(epoch from now() - min(coalesce(j.scheduled_at, e.at))) from procrastinate_jobs j
            left join procrastinate_events e on e.job_id = j.id and e.type = 'deferred'
            where j.status = 'todo' and (j.scheduled_at is null or j.scheduled_at <= now())) as late_s
from procrastinate_jobs where status in ('todo', 'doing', 'failed')
"""
GIVEN_UP = "select task_name, count(*) as jobs from procrastinate_jobs where status = 'failed' group by 1 order by 1"


@dataclass(frozen=True, slots=True)
class JobState:
    """jobs: how many there are, by what has become of them. workers: how many were heard of within a minute."""

    jobs: dict[str, int]
    late_s: float
    workers: int


async def job_state() -> JobState:
    row = await fetchrow(STATE, float(SILENT_S))
    jobs = {state: int(row[state]) for state in ("waiting", "planned", "running", "failed")}
    return JobState(jobs, max(0.0, float(row["late_s"] or 0)), int(row["workers"]))


async def given_up() -> dict[str, int]:
    """How many jobs failed for good and are still known, by task."""
    return {row["task_name"]: row["jobs"] for row in await fetch(GIVEN_UP)}
