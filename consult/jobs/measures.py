"""What Prometheus hears of background work."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from consult.jobs.housekeeping import SILENT_S
from consult.storage import fetchrow

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


async def measured() -> Iterator[Metric]:
    row = await fetchrow(STATE, float(SILENT_S))
    jobs = GaugeMetricFamily("consult_jobs", "Jobs in the queue, by what has become of them.", labels=["state"])
    for state in ("waiting", "planned", "running", "failed"):
        jobs.add_metric([state], row[state])
    late = GaugeMetricFamily("consult_jobs_late_seconds", "How long the oldest job waits that may run.")
    late.add_metric([], max(0.0, float(row["late_s"] or 0)))
    workers = GaugeMetricFamily("consult_workers", "Workers that have been heard of within a minute.", row["workers"])
    return iter((jobs, late, workers))
