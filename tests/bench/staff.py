"""Pages of staff, and lists of residents, with a thousand surveys and a hundred thousand comments on one draft.

Each page is asked for several times inside this process: the middle one by the clock, and how much of it Python took.
The limit is a ratio to a fixed piece of work that is done beside each page, so that it holds on any machine.
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
from tests.bench.limits import LIMITS
from tests.browser.cases import PUBLIC, STAFF
from tests.browser.worlds import World
from tests.conftest import NOON
from tests.portal.makers import statements
from tests.storage.multiplying import multiply

LIMIT_MS = 100.0
WORK = 40_000
WORK_MS = 2.5
"""What `_work` takes on the machine where a page may take 100 ms: a bare handler takes 0.13 ms there."""
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
    work_ms: float

    @property
    def is_slow(self) -> bool:
        """A page that is none is not within the limit."""
        return self.part > 1 or self.status != 200

    @property
    def part(self) -> float:
        """Of what a page may take on this machine, as busy as it was."""
        return self.ms / LIMIT_MS / max(1.0, self.work_ms / WORK_MS)


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
    for one in sorted(found, key=lambda page: -page.part):
        mark = "   over the limit" if one.part > 1 else "   no page" if one.status != 200 else ""
        if one.is_slow or one.part > 1 / 2:
            print(f"  {one.name:<72}{one.status}{one.ms:8.1f} ms, {one.python_ms:6.1f} ms of them in Python,"
                  f" {one.asked} statements{mark}", flush=True)  # fmt: skip
    slow = sum(one.is_slow for one in found)
    print(f"  {len(found)} pages, {len(found) - slow} of them within {LIMIT_MS:.0f} ms as the machine was", flush=True)
    LIMITS.hold("the slowest page, in parts of its limit", max(one.part for one in found), 1.0)
    LIMITS.hold("addresses without a page", sum(one.status != 200 for one in found), 0.0, exactly=True)


def _work() -> float:
    """Milliseconds of a fixed piece of work, by the clock."""
    started = time.perf_counter()
    sum(number * number for number in range(WORK))
    return 1000 * (time.perf_counter() - started)


async def _page(browser: httpx.AsyncClient, name: str, address: str) -> Measured:
    await browser.get(address)
    waited, spent, worked, status = [], [], [], 0
    async with statements() as noted:
        for _ in range(ROUNDS):
            worked.append(_work())
            started, busy = time.perf_counter(), time.process_time()
            status = (await browser.get(address)).status_code
            waited.append(1000 * (time.perf_counter() - started))
            spent.append(1000 * (time.process_time() - busy))
    middle = ROUNDS // 2
    return Measured(
        name, status, sorted(waited)[middle], sorted(spent)[middle], len(noted) // ROUNDS, sorted(worked)[middle]
    )
