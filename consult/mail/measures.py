"""What Prometheus hears of the post."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from consult.storage import fetchrow

STATE = """
select count(*) as waiting, extract(epoch from now() - min(created_at)) as late_s,
       (select count(*) from notification where state = 'failed') as failed
from notification where state = 'waiting'
"""


async def measured() -> Iterator[Metric]:
    row = await fetchrow(STATE)
    mail = GaugeMetricFamily("consult_mail", "Messages that wait, or were refused for good.", labels=["state"])
    for state in ("waiting", "failed"):
        mail.add_metric([state], row[state])
    late = GaugeMetricFamily("consult_mail_late_seconds", "How long the oldest message waits.")
    late.add_metric([], max(0.0, float(row["late_s"] or 0)))
    return iter((mail, late))
