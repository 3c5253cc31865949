"""The clock stepped back and forth under load: an answer is an answer, whatever the time is said to be."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import urllib.request
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import uvicorn

from consult.app import build
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.storage import embedded
from consult.web.guard import Guard
from tests.cli.town import ROOT, free_port
from tests.faults.kills import goes_on, until
from tests.faults.load import residents
from tests.faults.outcome import Outcome, reconcile
from tests.faults.town import a_town

TITLE = "the clock stepped back"
STEP = "FAULTS_STEP"
LONGEST_STEP_S = 24 * 3600


def application() -> Guard:
    """The application with a clock that is as wrong as a file says, in seconds."""
    file = Path(os.environ.pop(STEP))

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(file.read_text() or 0))

    settings = replace(Settings.from_env(), abuse=False)
    profile = load_profile(resource("profiles", "skopje.toml"))
    return build(settings, profile, dsn=settings.database_url, clock=clock).asgi


def run(short: bool) -> list[Outcome]:
    times = 3 if short else 40
    port = free_port()
    with a_town() as town, embedded.start(town.data) as server:
        step = town.data / "step"
        step.write_text("0")
        environment = {**town.environment(CONSULT_DATABASE_URL=server.dsn), STEP: str(step)}
        serving = subprocess.Popen([sys.executable, "-m", "tests.faults.clock", str(port)], env=environment, cwd=ROOT)
        try:
            return [asyncio.run(steps(port, server.dsn, step, times))]
        finally:
            serving.terminate()
            serving.wait(60)


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
            wrong_by = chance.choice((-60, -3600, -LONGEST_STEP_S, chance.randint(-LONGEST_STEP_S, 3600)))
            set_back(step, wrong_by)
            await goes_on(load, 4)
    return await reconcile(dsn, load, "clock stepped back, and on again", times, "by a minute, an hour, a day, others")


def set_back(step: Path, seconds: int) -> None:
    new = step.with_suffix(".new")
    new.write_text(str(seconds))
    new.replace(step)


if __name__ == "__main__":
    uvicorn.run(application(), port=int(sys.argv[1]), log_level="error", http="httptools", loop="uvloop")
