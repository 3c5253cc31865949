"""What Prometheus hears of background work and of the post."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import uuid4

from prometheus_client.core import Metric

from consult import jobs
from consult.jobs import measures
from consult.mail import measures as mail_measures
from consult.storage import execute


def told(found: Iterable[Metric]) -> dict[str, float]:
    return {
        "".join((sample.name, *sample.labels.values())).removeprefix("consult_"): sample.value
        for metric in found
        for sample in metric.samples
    }


async def test_jobs_that_wait_and_how_long(db: None) -> None:
    empty = told(await measures.measured())
    assert empty == dict.fromkeys(
        ("jobswaiting", "jobsplanned", "jobsrunning", "jobsfailed", "jobs_late_seconds", "workers"), 0
    )
    now = dt.datetime.now(dt.UTC)  # the database compares with its own clock
    await jobs.enqueue("test.nothing", {})
    await jobs.enqueue("test.nothing", {}, at=now + dt.timedelta(hours=1))
    await jobs.enqueue("test.nothing", {}, at=now - dt.timedelta(hours=1))
    await execute("insert into procrastinate_workers default values")
    full = told(await measures.measured())
    assert (full["jobswaiting"], full["jobsplanned"], full["workers"]) == (2, 1, 1)
    assert 3600 <= full["jobs_late_seconds"] < 3700


async def test_letters_that_wait_and_those_that_were_refused(db: None) -> None:
    assert told(await mail_measures.measured()) == {"mailwaiting": 0, "mailfailed": 0, "mail_late_seconds": 0}
    for state, age_s in (("waiting", 600), ("waiting", 60), ("failed", 90)):
        await execute(
            """insert into notification (id, recipient, event, channel, language, subject, body_text, state, created_at)
               values ($1, 'a@example.org', $2, 'email', 'en', 'S', case $3 when 'waiting' then 'B' end, $3,
                       now() - make_interval(secs => $4))""",
            uuid4(),
            f"test.{age_s}",
            state,
            float(age_s),
        )
    found = told(await mail_measures.measured())
    assert (found["mailwaiting"], found["mailfailed"]) == (2, 1)
    assert 600 <= found["mail_late_seconds"] < 660
