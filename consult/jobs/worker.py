"""The process that does background work: procrastinate's worker around our tasks."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import psycopg
import psycopg_pool
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker

from consult.jobs import housekeeping, registry
from consult.jobs.registry import Backoff, PeriodicTask, Task
from consult.storage.hosts import for_libpq

logger = logging.getLogger(__name__)
OWN_TASKS = (housekeeping.rescue, housekeeping.forget)  # registered by being imported
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
                worker = Worker(
                    app,
                    concurrency=concurrency,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=drain_s,
                    delete_jobs="successful",
                )
                stopper = asyncio.create_task(_stop_when(stopping, worker))
                try:
                    await worker.run()  # type: ignore[no-untyped-call]
                finally:
                    stopper.cancel()
            pause_s = 1.0
        except DATABASE_AWAY as fault:
            logger.warning("The job queue cannot be reached (%s); trying again.", type(fault).__name__)
        if not stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause_s)
            pause_s = min(pause_s * 2, 30)


async def _stop_when(stopping: asyncio.Event, worker: Worker) -> None:
    await stopping.wait()
    worker.stop()  # type: ignore[no-untyped-call]


@contextlib.asynccontextmanager
async def _opened(dsn: str, *, periodic: bool) -> AsyncIterator[App]:
    connector = PsycopgConnector(conninfo=for_libpq(dsn), min_size=1, max_size=4, timeout=10)
    app = App(connector=connector)
    for task in registry.tasks():
        app.task(name=task.name, retry=_Retry(task.backoff))(_runner(task))
    if periodic:
        for timed in registry.periodic_tasks():
            named = app.task(name=timed.name, queueing_lock=timed.name, lock=timed.name)(_periodic_runner(timed))
            app.periodic(cron=timed.cron)(named)
    async with app.open_async():
        yield app


def _runner(task: Task) -> Callable[[dict[str, Any]], Awaitable[None]]:
    async def run_task(payload: dict[str, Any]) -> None:
        async with asyncio.timeout(task.limit_s):
            await task.handler(payload)

    return run_task


def _periodic_runner(task: PeriodicTask) -> Callable[[int], Awaitable[None]]:
    async def run_periodic(timestamp: int) -> None:
        async with asyncio.timeout(task.limit_s):
            await task.handler(dt.datetime.fromtimestamp(timestamp, dt.UTC))

    return run_periodic
