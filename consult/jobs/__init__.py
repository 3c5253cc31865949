"""Background work: one `enqueue` inside the business transaction, and the worker that does it later.

Owns the queue (procrastinate's tables in our own database). Knows no domain: a job is a task name and a small payload
of ids; whatever a log may not hold (answers, addresses) has no place in it. A task may run twice, after a crash for
example, so it must be idempotent.

Start with `registry.task`, then `queue.enqueue`, then `worker.run`.
"""

from consult.jobs.queue import enqueue, enqueue_all
from consult.jobs.registry import Backoff, every, task

__all__ = ["Backoff", "enqueue", "enqueue_all", "every", "task"]
