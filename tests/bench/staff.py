"""Pages of staff, and lists of residents, with a thousand surveys and a hundred thousand comments on one draft.

Each page is asked for several times inside this process: the middle one by the clock, and how much of it Python took.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from consult import storage
from consult.app import build
from consult.columns.folder import configure as column_store
from consult.drafts import queries as drafts
from consult.people.guards import COOKIE
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.storage import embedded
from consult.storage.embedded import Options
from consult.storage.migrate import migrate
from tests.bench.grouping import fill
from tests.browser.cases import PUBLIC, STAFF
from tests.browser.worlds import World
from tests.conftest import NOON
from tests.portal.makers import statements
from tests.storage.multiplying import multiply

LIMIT_MS = 100.0
ROUNDS = 5
SURVEY_TABLES = ("survey", "survey_version", "survey_working_copy", "survey_access", "results_publication")
OWNERS = ("consultation", "person", "unit")
DEEP = {
    "comments, deep": "/staff/en/comments?status=all&page=1500",
    "answers, deep": "/staff/en/answers?view=all&page=1500",
    "surveys, last page": "/staff/en/surveys?page=20",
    "results, last page": "/staff/en/results?page=15",
}


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    status: int
    ms: float
    python_ms: float
    asked: int

    @property
    def is_slow(self) -> bool:
        """A page that is none is not within the limit."""
        return self.ms > LIMIT_MS or self.status != 200


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--staff-surveys", type=int, default=1000, metavar="N", help="surveys of the part staff")
    parser.add_argument("--staff-comments", type=int, default=100_000, metavar="N", help="comments of the part staff")


def run(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder), Options(durable=False)) as server:
        asyncio.run(_measure(server.dsn, Path(folder), args.staff_surveys, args.staff_comments))


async def _measure(dsn: str, folder: Path, surveys: int, comments: int) -> None:
    await migrate(dsn)
    await storage.connect(dsn, max_size=4)
    try:
        settings, profile = (
            Settings(base_url="http://consult.test", data=folder),
            load_profile(resource("profiles", "skopje.toml")),
        )
        column_store(folder)
        application = build(settings, profile, clock=lambda: NOON)
        transport = httpx.ASGITransport(app=application.asgi)
        headers = {"sec-fetch-site": "same-origin"}
        async with httpx.AsyncClient(transport=transport, base_url="http://consult.test", headers=headers) as browser:
            world = World("filled", settings, profile)
            await world.make()
            await world.visit(browser)
            browser.cookies.set(COOKIE, world.staff_token)
            there = await storage.fetchval("SELECT count(*) FROM survey")
            await multiply(surveys // there, rounds=(OWNERS,), only=SURVEY_TABLES)
            draft = await drafts.draft(world.places["draft"])
            assert draft is not None
            await fill(draft, comments)
            pages = {
                case.address.format(language="en", **world.places): route for route, case in (STAFF | PUBLIC).items()
            }
            pages |= {address: name for name, address in DEEP.items()}
            found = [await _page(browser, name, address) for address, name in pages.items()]
    finally:
        await storage.disconnect()
    for one in sorted(found, key=lambda page: -page.ms):
        mark = f"   over {LIMIT_MS:.0f} ms" if one.ms > LIMIT_MS else "   no page" if one.status != 200 else ""
        if one.is_slow or one.ms > LIMIT_MS / 2 or one.status != 200:
            print(f"  {one.name:<72}{one.status}{one.ms:8.1f} ms, {one.python_ms:6.1f} ms of them in Python,"
                  f" {one.asked} statements{mark}", flush=True)  # fmt: skip
    slow = sum(one.is_slow for one in found)
    print(f"  {len(found)} pages, {len(found) - slow} of them within {LIMIT_MS:.0f} ms", flush=True)


async def _page(browser: httpx.AsyncClient, name: str, address: str) -> Measured:
    await browser.get(address)
    waited, spent, status = [], [], 0
    async with statements() as noted:
        for _ in range(ROUNDS):
            started, busy = time.perf_counter(), time.process_time()
            status = (await browser.get(address)).status_code
            waited.append(1000 * (time.perf_counter() - started))
            spent.append(1000 * (time.process_time() - busy))
    middle = ROUNDS // 2
    return Measured(name, status, sorted(waited)[middle], sorted(spent)[middle], len(noted) // ROUNDS)
