"""The clock stepped back and forth under load: an answer is an answer, whatever the time is said to be.

First the application's own clock; then that of the whole system as its processes see it (web, worker, PostgreSQL), by
Debian's libfaketime, where that is installed. A step moves the time of day and not the monotonic clock, as a real one.
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import uvicorn

from consult import storage
from consult.app import build
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.storage import embedded
from consult.web.guard import Guard
from tests.cli.town import ROOT, Town
from tests.faults import jobs
from tests.faults.kills import goes_on, until
from tests.faults.load import residents
from tests.faults.outcome import Outcome, reconcile
from tests.faults.town import Site, a_town, serving
from tests.mail.server import MailServer
from tests.ports import free_port

TITLE = "the clock stepped back"
STEP = "FAULTS_STEP"
LONGEST_STEP_S = 24 * 3600
LAST_TICK = "SELECT max(id) FROM procrastinate_periodic_defers WHERE task_name = 'columns.update'"
PATIENCE_S = 150


def application() -> Guard:
    """The application with a clock that is as wrong as a file says, in seconds."""
    file = Path(os.environ.pop(STEP))

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(file.read_text() or 0))

    settings = replace(Settings.from_env(), abuse=False)
    profile = load_profile(resource("profiles", "skopje.toml"))
    return build(settings, profile, dsn=settings.database_url, clock=clock).asgi


def run(short: bool) -> Iterator[Outcome]:
    with a_town() as town, embedded.start(town.data) as server:
        yield of_the_application(town, server.dsn, 3 if short else 40)
    library = faketime(short)
    if library is None:
        return
    with a_town() as town:
        step = town.data / "step"
        set_back(step, 0)
        disguise = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(step)}
        town.settings |= disguise | {"FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        with serving(town, "--workers", "2") as site, jobs.working(town) as (_, post):
            yield from asyncio.run(of_everything(site, step, post, 3 if short else 40))
            log = site.log.read_text() + (town.data / "worker.log").read_text()
    assert "Traceback" not in log, log[-4000:]


def faketime(short: bool, places: Path = Path("/usr/lib")) -> Path | None:
    """The library that lets a clock be wrong for every process. Without it the full form fails: it shows too little."""
    found = next(places.glob("*/faketime/libfaketimeMT.so.1"), None)
    if found is None:
        print("NOT RUN: the clock of the whole system (apt-get install libfaketime)", flush=True)
        assert short, "the clock of the whole system was not stepped"
    return found


def of_the_application(town: Town, dsn: str, times: int) -> Outcome:
    port = free_port()
    step = town.data / "step"
    set_back(step, 0)
    environment = {**town.environment(CONSULT_DATABASE_URL=dsn), STEP: str(step)}
    with subprocess.Popen([sys.executable, "-m", "tests.faults.clock", str(port)], env=environment, cwd=ROOT) as served:
        try:
            return asyncio.run(steps(port, dsn, step, times))
        finally:
            served.terminate()


def answers(port: int) -> bool:
    with suppress(OSError):
        return bool(urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1).status == 200)
    return False


async def steps(port: int, dsn: str, step: Path, times: int) -> Outcome:
    """Each step stays until some have answered; forms from before it are sent after it."""
    chance = random.Random(6)
    connection = await asyncpg.connect(dsn)
    await connection.execute("UPDATE survey SET opens_at = opens_at - interval '3 days'")  # open at every such time
    await connection.close()
    await until(lambda: answers(port))
    async with residents(port, number=6, thinks_s=0.3) as load:
        await goes_on(load, 2)
        load.moments.clear()
        for _ in range(times):
            set_back(step, chance.choice((-60, -3600, -LONGEST_STEP_S, chance.randint(-LONGEST_STEP_S, 3600))))
            await goes_on(load, 4)
        set_back(step, 0)
    return await reconcile(dsn, load, "clock stepped back, and on again", times, "by a minute, an hour, a day, others")


async def of_everything(site: Site, step: Path, post: MailServer, times: int) -> list[Outcome]:
    """The same for web processes, worker and PostgreSQL together, while letters are written too."""
    await storage.connect(site.dsn)
    async with jobs.letters() as written:
        answered = await steps(site.port, site.dsn, step, times)
    await work_by_the_clock(step)
    answered.what = "clock of the whole system stepped"
    letters = await jobs.delivered("the same, letters", times, written, post)
    await storage.disconnect()
    return [answered, letters]


async def work_by_the_clock(step: Path) -> None:
    """It goes on soon after the clock was an hour ahead, and not only when that time has come again."""
    for wrong_by in (3600, 0):
        set_back(step, wrong_by)
        last = await storage.fetchval(LAST_TICK)
        async with asyncio.timeout(PATIENCE_S):
            while await storage.fetchval(LAST_TICK) == last:  # noqa: ASYNC110 - the worker writes it
                await asyncio.sleep(1)


def set_back(step: Path, seconds: int) -> None:
    """Let the clock be wrong by so much."""
    new = step.with_suffix(".new")
    new.write_text(f"{seconds:+d}\n")
    new.replace(step)


if __name__ == "__main__":
    uvicorn.run(application(), port=int(sys.argv[1]), log_level="error", http="httptools", loop="uvloop")
