"""What answering tells Prometheus: how much waits, how much goes into the database at once, how long; kept pages.

The hot path calls `flushed` once a batch, never once an answer.
"""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

WAITING = Gauge(
    "consult_answers_waiting", "Answers that wait to be stored, all web processes.", multiprocess_mode="livesum"
)
ROWS = Histogram(
    "consult_batch_rows", "Answers stored with one statement.", buckets=(1, 2, 5, 10, 20, 50, 100, 200, 400)
)
SECONDS = Histogram(
    "consult_batch_seconds",
    "Time to store a batch of answers, from its turn to the commit.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2, 10),
)
PAGES = Counter("consult_survey_pages", "Pages of surveys after the first, by how they came about.", ["made"])
KEPT, MADE, RENDERED = (PAGES.labels(made) for made in ("kept", "pattern", "rendered"))


def flushed(rows: int, seconds: float) -> None:
    """Note a batch that was stored, or tried."""
    ROWS.observe(rows)
    SECONDS.observe(seconds)
