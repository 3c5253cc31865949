"""kill -9 of one web process, of all of them, and of PostgreSQL, under load; and PostgreSQL restarted."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults import town as towns
from tests.faults.load import Load, residents
from tests.faults.outcome import Outcome, reconcile
from tests.faults.town import Site

TITLE = "processes killed under load"
BETWEEN_S = 2.0
SETTLES_S = 180.0  # a busy machine; how long it took stands in the table
Act = Callable[[Site], None]


def one_web_process(site: Site) -> None:
    towns.kill(random.choice(towns.children(site.process)))


def all_web_processes(site: Site) -> None:
    for process in towns.children(site.process):
        towns.kill(process)


def the_database(site: Site) -> None:
    process = towns.postmaster(site.town)
    assert process is not None
    towns.kill(process)


def everything(site: Site) -> None:
    """New web processes then begin while there is no database."""
    the_database(site)
    all_web_processes(site)


def a_connection_of_the_database(site: Site) -> None:
    """PostgreSQL itself then throws everybody out and recovers."""
    process = towns.postmaster(site.town)
    assert process is not None
    serves = [one for one in towns.children(process) if b"consult" in Path(f"/proc/{one}/cmdline").read_bytes()]
    towns.kill(random.choice(serves))


def a_restart_of_the_database(site: Site) -> None:
    """What an upgrade of PostgreSQL does: everybody is disconnected, what is committed is written."""
    process = towns.postmaster(site.town)
    assert process is not None
    # SIGINT is PostgreSQL's orderly, quick end; whoever looks after it starts it again.
    os.kill(process, signal.SIGINT)


FAULTS: tuple[tuple[str, Act], ...] = (
    ("kill -9 of one web process of two", one_web_process),
    ("kill -9 of all web processes", all_web_processes),
    ("kill -9 of PostgreSQL", the_database),
    ("kill -9 of PostgreSQL and all web processes", everything),
    ("kill -9 of a connection inside PostgreSQL", a_connection_of_the_database),
    ("PostgreSQL restarted", a_restart_of_the_database),
)


def run(short: bool) -> Iterator[Outcome]:
    times = 1 if short else 20
    with towns.a_site() as site:
        for what, act in FAULTS:
            yield asyncio.run(under_load(site, what, act, times))


async def under_load(site: Site, what: str, act: Act, times: int) -> Outcome:
    async with residents(site.port) as load:
        await goes_on(load)
        load.moments.clear()
        for _ in range(times):
            await until(lambda: towns.postmaster(site.town) is not None)  # the last fault may not have come yet
            act(site)
            await goes_on(load)
            await asyncio.sleep(random.random() * BETWEEN_S)
    return await reconcile(site.dsn, load, what, times)


async def goes_on(load: Load, number: int = 20) -> None:
    """Wait until residents get receipts again, so many of them."""
    before = len(load.acknowledged)
    await until(lambda: len(load.acknowledged) > before + number)


async def until(condition: Callable[[], bool], seconds: float = SETTLES_S) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - other processes make it true
            await asyncio.sleep(0.02)
