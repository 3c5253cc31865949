"""What Prometheus hears of background work."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from consult.jobs.state import job_state


async def measured() -> Iterator[Metric]:
    found = await job_state()
    jobs = GaugeMetricFamily("consult_jobs", "Jobs in the queue, by what has become of them.", labels=["state"])
    for state, number in found.jobs.items():
        jobs.add_metric([state], number)
    late = GaugeMetricFamily("consult_jobs_late_seconds", "How long the oldest job waits that may run.")
    late.add_metric([], found.late_s)
    workers = GaugeMetricFamily("consult_workers", "Workers that have been heard of within a minute.", found.workers)
    return iter((jobs, late, workers))
