"""Which tasks there are, how often they are tried again, and which run by the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

QUICK_S = 300
QUICK, LONG = "default", "long"
"""The two queues: work that may take longer than QUICK_S has places of its own, so that no letter stands behind it."""
Payload = Mapping[str, Any]
Handler = Callable[[dict[str, Any]], Awaitable[None]]
PeriodicHandler = Callable[[dt.datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Backoff:
    """When a failed job is tried again: after first_s, then factor times as long each time, at most longest_s."""

    attempts: int = 8
    first_s: int = 10
    factor: float = 3.0
    longest_s: int = 3600

    def wait_s(self, failures: int) -> int | None:
        """Seconds to wait after so many failures (from 1 on); None when it is time to give up."""
        if failures >= self.attempts:
            return None
        return int(min(self.first_s * self.factor ** min(failures - 1, 40), self.longest_s))


@dataclass(frozen=True, slots=True)
class Task:
    name: str
    handler: Handler
    backoff: Backoff
    limit_s: float

    @property
    def queue(self) -> str:
        return _queue(self.limit_s)


@dataclass(frozen=True, slots=True)
class PeriodicTask:
    name: str
    handler: PeriodicHandler
    minutes: int
    limit_s: float
    alone: bool = True

    @property
    def queue(self) -> str:
        return _queue(self.limit_s)

    @property
    def cron(self) -> str:
        if self.minutes < 60:
            return f"*/{self.minutes} * * * *"
        if self.minutes < 1440:
            return f"7 */{self.minutes // 60} * * *"
        return "23 3 * * *"


_tasks: dict[str, Task] = {}
_periodic: dict[str, PeriodicTask] = {}


def task(name: str, *, backoff: Backoff | None = None, limit_s: float = QUICK_S) -> Callable[[Handler], Handler]:
    """Register `async def handler(payload)` under a name such as "mail.send". Longer than limit_s is a failure."""

    def register(handler: Handler) -> Handler:
        _claim(name)
        _tasks[name] = Task(name, handler, backoff or Backoff(), limit_s)
        return handler

    return register


def every(
    minutes: int, name: str, *, limit_s: float = QUICK_S, alone: bool = True
) -> Callable[[PeriodicHandler], PeriodicHandler]:
    """Register `async def handler(at)` to run every so many minutes, once among all workers.

    alone: not while the one before is at work, and waiting once at most.
    minutes must divide an hour, or be whole hours that divide a day, or one day (1440: at night).
    """
    if not ((0 < minutes < 60 and 60 % minutes == 0) or (minutes >= 60 and minutes % 60 == 0 and 1440 % minutes == 0)):
        raise ValueError(f"{name}: {minutes} minutes do not divide an hour or a day")

    def register(handler: PeriodicHandler) -> PeriodicHandler:
        _claim(name)
        _periodic[name] = PeriodicTask(name, handler, minutes, limit_s, alone)
        return handler

    return register


def queue_of(name: str) -> str:
    """The queue of a task. Where nobody has heard of it, the quick one: every worker knows every task."""
    found = _tasks.get(name)
    return found.queue if found else QUICK


def tasks() -> Iterator[Task]:
    yield from _tasks.values()


def periodic_tasks() -> Iterator[PeriodicTask]:
    yield from _periodic.values()


def _queue(limit_s: float) -> str:
    return QUICK if limit_s <= QUICK_S else LONG


def _claim(name: str) -> None:
    if name in _tasks or name in _periodic:
        raise ValueError(f"there is already a task {name}")
