"""`consult rehearse`: the rush of a city-wide mailing, played on a copy before residents play it for real.

respondents.py fills in any survey, copying.py makes the copy in a database of its own, visitors.py sends, figures.py
says what it means. No real answer is touched, no mail is sent, and the copy is removed whatever happens.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import asyncpg
import click

from consult.cli.context import Installation, installation
from consult.cli.ending import ends_in_order
from consult.cli.rehearsal import copying, respondents, visitors
from consult.cli.rehearsal.copying import Original
from consult.cli.rehearsal.figures import Figures, Step
from consult.cli.rehearsal.processes import cpu_s
from consult.cli.supervising import die_with
from consult.errors import ConsultError
from consult.settings import PREFIX
from consult.surveys.admission import invitations
from consult.surveys.answers.flow import Compiled

AT_ONCE = (1, 8, 32)
WARM_UP_S = 2.0
READY_S = 90
MOST_A_SECOND = 3_000  # so many invitations are issued for each second
LETTERS = 100_000
STOPPED = 130
FOLDER = "consult-rehearsal-"


class DidNotStart(ConsultError):
    message = "The web processes of the rehearsal did not start. The end of their log:\n%(end)s"


@click.command()
@click.argument("survey")
@click.option("--letters", type=click.IntRange(1), help="How many letters go out; else the survey's open invitations.")
@click.option("--seconds", type=click.FloatRange(1, 600), default=10.0, show_default=True, help="For each load.")
@click.option("--at-once", type=click.IntRange(1, 2000), multiple=True, help="Respondents at once; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def rehearse(survey: str, letters: int | None, seconds: float, at_once: tuple[int, ...], as_json: bool) -> None:
    """Load a copy of SURVEY with generated respondents, and tell how many a second this machine carries.

    The copy lives in a database of its own beside the real one and is removed at the end: real answers are not
    touched, and no mail is sent. Residents' pages are slower meanwhile, so choose a quiet hour.
    """
    with ends_in_order(code=STOPPED), installation() as site:
        found = site.run(lambda: copying.original(survey))
        figures = asyncio.run(_rehearsed(site, found, letters, seconds, at_once or AT_ONCE))
    if as_json:
        click.echo(json.dumps(figures.plain(), indent=1))
    else:
        click.echo("\n".join(figures.told()))
    sys.exit(figures.lost != 0)


async def _rehearsed(
    site: Installation, found: Original, letters: int | None, seconds: float, at_once: tuple[int, ...]
) -> Figures:
    compiled = Compiled(found.definition)
    written = visitors.by_page(compiled, respondents.forms(compiled))
    is_invited = not found.access.takes_everybody or found.contacts > 0
    secret = secrets.token_hex(32)
    issued = int(MOST_A_SECOND * (WARM_UP_S + seconds * len(at_once))) if is_invited else 0
    async with copying.database(site.dsn) as dsn:
        key = invitations.key(bytes.fromhex(secret))
        tokens = await copying.copy(dsn, found, key=key, invitations_issued=issued, at=datetime.now(UTC))
        path = f"/{site.profile.default_language}/surveys/{found.definition.key}"
        async with _serving(site, dsn, secret) as (port, web):
            town = visitors.Town(port, path, copying.entrances(path, tokens), written)
            warm = await visitors.play(town, visitors=4, seconds=min(WARM_UP_S, seconds))
            steps = [
                await _step(town, number, seconds, web, site.server.process if site.server else None)
                for number in at_once
            ]
        connection = await asyncpg.connect(dsn)
        stored = int(await connection.fetchval("select count(*) from response"))
        await connection.close()
    acknowledged = warm.receipts + sum(step.tally.receipts for step in steps)
    return Figures(
        slug=found.slug,
        pages=len(found.definition.pages),
        questions=len(found.definition.questions),
        is_invited=is_invited,
        processors=os.cpu_count() or 1,
        workers=site.settings.workers,
        steps=steps,
        acknowledged=acknowledged,
        stored=stored,
        letters=letters or found.contacts or LETTERS,
        letters_a_minute=site.settings.letters_per_minute,
    )


async def _step(town: visitors.Town, number: int, seconds: float, web: int, database: int | None) -> Step:
    before = cpu_s(web), cpu_s(database) if database else 0.0, time.process_time()
    tally = await visitors.play(town, visitors=number, seconds=seconds, seed=number)
    after = cpu_s(web), cpu_s(database) if database else 0.0, time.process_time()
    web_s, database_s, own_s = (now - was for now, was in zip(after, before, strict=True))
    return Step(number, tally, web_s, database_s if database else None, own_s)


@asynccontextmanager
async def _serving(site: Installation, dsn: str, secret: str) -> AsyncIterator[tuple[int, int]]:
    """`consult serve` on the copy, as many processes as this installation has; gives its port and process number."""
    port = _free_port()
    remove_left(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=f"{FOLDER}{os.getpid()}-") as folder:
        log = Path(folder) / "log"
        environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        environment |= {
            "CONSULT_DATABASE_URL": dsn,
            "CONSULT_SECRET": secret,
            "CONSULT_DATA": folder,
            "CONSULT_PORT": str(port),
            "CONSULT_BASE_URL": f"http://127.0.0.1:{port}",
            "CONSULT_PROFILE": site.settings.profile,
            "CONSULT_WORKERS": str(site.settings.workers),
            "CONSULT_ABUSE": "off",  # all come from this machine, which would be one network
        }
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "consult",
                "serve",
                env=environment,
                stdout=out,
                stderr=out,
                preexec_fn=partial(die_with, os.getpid()),
            )
        try:
            await _ready(port, process, log)
            yield port, process.pid
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


def remove_left(temporary: Path) -> None:
    """Remove the folders of rehearsals that were killed: their processes are gone, ours or of our user alone."""
    for folder in temporary.glob(f"{FOLDER}*-*"):
        process = folder.name.removeprefix(FOLDER).partition("-")[0]
        if process.isdecimal() and not Path("/proc", process).exists() and folder.stat().st_uid == os.geteuid():
            shutil.rmtree(folder, ignore_errors=True)


async def _ready(port: int, process: asyncio.subprocess.Process, log: Path) -> None:
    """Wait until the first page can be had. Raises DidNotStart."""
    end = time.monotonic() + READY_S
    while process.returncode is None and time.monotonic() < end:
        visitor = visitors.Visitor(port)
        status, _ = await visitor.ask("GET", "/readyz")
        visitor.close()
        if status == 200:
            return
        await asyncio.sleep(0.1)
    raise DidNotStart(end=_end_of(log))


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-10:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
