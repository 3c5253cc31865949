"""The tables of procrastinate (jobs) and Piccolo (migrations), which describe their columns elsewhere."""

from __future__ import annotations

from consult.errors import N_
from consult.privacy.activities import RUNNING
from consult.privacy.holding import Holding
from consult.privacy.retention import JOBS, LASTING

HOLDINGS = (
    Holding(
        table="procrastinate_jobs",
        activity=RUNNING,
        rule=JOBS,
        what=N_(
            "Work that waits, which names records by their numbers; addresses, names and answers are never "
            "written here."
        ),
        mark="args lock queueing_lock",
        rest="id queue_name task_name priority status scheduled_at attempts abort_requested worker_id",
    ),
    Holding(table="procrastinate_events", activity=RUNNING, rule=JOBS, rest="id job_id type at"),
    Holding(table="procrastinate_workers", activity=RUNNING, rule=LASTING, rest="id last_heartbeat"),
    Holding(
        table="procrastinate_periodic_defers",
        activity=RUNNING,
        rule=LASTING,
        rest="id task_name defer_timestamp job_id periodic_id",
    ),
    Holding(table="migration", activity=RUNNING, rule=LASTING, rest="id name app_name ran_on"),
)
FOREIGN = frozenset(one.table for one in HOLDINGS)
