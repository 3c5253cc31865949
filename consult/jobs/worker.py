"""The process that does background work: procrastinate's worker around our tasks."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import psycopg
import psycopg_pool
from procrastinate import App, PsycopgConnector
from procrastinate.connector import BaseConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker

from consult.jobs import housekeeping, registry
from consult.jobs.registry import Backoff, PeriodicTask, Task
from consult.storage.hosts import for_libpq

logger = logging.getLogger(__name__)
OWN_TASKS = (housekeeping.rescue, housekeeping.forget)  # registered by being imported
LONG_PLACES = 2
LOOK_S = 5.0
SET_BACK_S = 60.0
"""By less the clock may be set back without notice: that is the shortest period there is."""
DATABASE_AWAY = (ConnectorException, psycopg.OperationalError, psycopg_pool.PoolTimeout, OSError)


class _Retry(BaseRetryStrategy):
    def __init__(self, backoff: Backoff) -> None:
        self.backoff = backoff

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        wait_s = self.backoff.wait_s(job.attempts + 1)
        return None if wait_s is None else RetryDecision(retry_in={"seconds": wait_s})


async def run(dsn: str, *, concurrency: int = 4, drain_s: float = 20) -> None:
    """Work until SIGTERM or SIGINT, then finish the jobs at hand within drain_s. The database may go and return."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    try:
        await _work(dsn, stopping, concurrency, drain_s)
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


@contextlib.asynccontextmanager
async def running(dsn: str, *, concurrency: int = 2, drain_s: float = 10) -> AsyncIterator[None]:
    """Work inside another program for as long as the block lasts; leaving it drains."""
    stopping = asyncio.Event()
    work = asyncio.create_task(_work(dsn, stopping, concurrency, drain_s), name="jobs")
    try:
        yield
    finally:
        stopping.set()
        await work


async def run_waiting(dsn: str) -> None:
    """Do every job that may run now, then return: for tests and for `demo` before it opens."""
    async with _opened(dsn, periodic=False) as app:
        await Worker(
            app, wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
        ).run()  # type: ignore[no-untyped-call]


async def _work(dsn: str, stopping: asyncio.Event, concurrency: int, drain_s: float) -> None:
    """Run workers one after the other: procrastinate's ends when the database goes away."""
    pause_s = 1.0
    while not stopping.is_set():
        try:
            async with _opened(dsn, periodic=True) as app:
                # Only one of them puts work by the clock into the queue.
                quick = _worker(app, registry.QUICK, concurrency, drain_s)
                long = _worker(_app(app.connector), registry.LONG, LONG_PLACES, drain_s)
                await _run_until(stopping, [quick, long])
            pause_s = 1.0
        except DATABASE_AWAY as fault:
            logger.warning("The job queue cannot be reached (%s); trying again.", type(fault).__name__)
        if not stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause_s)
            pause_s = min(pause_s * 2, 30)


def _worker(app: App, queue: str, concurrency: int, drain_s: float) -> Worker:
    return Worker(
        app,
        queues=[queue],
        concurrency=concurrency,
        install_signal_handlers=False,
        shutdown_graceful_timeout=drain_s,
        delete_jobs="successful",
    )


async def _run_until(stopping: asyncio.Event, workers: list[Worker]) -> None:
    """Run workers side by side until one of them ends, all are told to stop, or the clock is set back."""
    work = [asyncio.create_task(one.run(), name="worker") for one in workers]  # type: ignore[no-untyped-call]
    ends = [asyncio.create_task(stopping.wait()), asyncio.create_task(_clock_is_set_back())]
    try:
        await asyncio.wait([*work, *ends], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()
        for one in workers:
            one.stop()  # type: ignore[no-untyped-call]
        # Every one of them ends before the connections do, also where one has failed.
        ended = await asyncio.gather(*work, return_exceptions=True)
    for fault in ended:
        if isinstance(fault, BaseException):
            raise fault


async def _clock_is_set_back() -> None:
    """Return when it is. procrastinate would begin nothing by the clock until the old time is reached again."""
    ahead = time.time() - time.monotonic()
    while time.time() - time.monotonic() > ahead - SET_BACK_S:
        ahead = max(ahead, time.time() - time.monotonic())
        await asyncio.sleep(LOOK_S)
    logger.warning("The clock was set back; work by the clock begins anew.")


@contextlib.asynccontextmanager
async def _opened(dsn: str, *, periodic: bool) -> AsyncIterator[App]:
    app = _app(PsycopgConnector(conninfo=for_libpq(dsn), min_size=1, max_size=5, timeout=10))
    if periodic:
        for timed in registry.periodic_tasks():
            app.periodic(cron=timed.cron)(app.tasks[timed.name])
    async with app.open_async():
        yield app


def _app(connector: BaseConnector) -> App:
    """Every task, for whichever queue."""
    app = App(connector=connector)
    for task in registry.tasks():
        app.task(name=task.name, queue=task.queue, retry=_Retry(task.backoff))(_runner(task))
    for timed in registry.periodic_tasks():
        lock = timed.name if timed.alone else None
        named = app.task(name=timed.name, queue=timed.queue, queueing_lock=lock, lock=lock)
        named(_periodic_runner(timed))
    return app


def _runner(task: Task) -> Callable[..., Awaitable[None]]:
    async def run_task(payload: dict[str, Any]) -> None:
        async with asyncio.timeout(task.limit_s):
            await task.handler(payload)

    return run_task


def _periodic_runner(task: PeriodicTask) -> Callable[..., Awaitable[None]]:
    async def run_periodic(timestamp: int) -> None:
        async with asyncio.timeout(task.limit_s):
            await task.handler(dt.datetime.fromtimestamp(timestamp, dt.UTC))

    return run_periodic
