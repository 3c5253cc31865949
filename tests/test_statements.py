"""One town for two looks at all pages: what they weigh, and what they ask of the database, however many rows there are.

Statements are counted before and after everything in the town has been copied several times: a page that asks something
for each row of a list then asks more than before.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
import pytest
from litestar import Litestar

from consult.app import build
from consult.columns.folder import configure as column_store
from consult.people.guards import COOKIE
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.storage import DB, fetchval
from tests.browser.cases import DOORS, PUBLIC, STAFF
from tests.browser.worlds import World
from tests.conftest import NOON
from tests.portal.makers import statements
from tests.storage.emptying import empty
from tests.storage.multiplying import multiply
from tests.test_budgets import KIB, too_heavy, weight

MOST = 20
MANY = 8
"""A page that asks more at first is asked again: figures that nobody had asked for are made then, and kept."""
COPIES = 4
CONNECTIONS = 8
LISTED = ("survey", "draft", "forum", "consultation", "comment", "registration", "person", "unit", "standing_index")
LIGHT = (
    "/mk/",
    "/mk/open",
    "/mk/consultations/street-trees",
    "/mk/surveys/city-services",
    "/mk/drafts/street-trees/comments",
    "/mk/drafts/street-trees/documents",
    "/ka/drafts/street-trees/languages",
    "/mk/drafts/street-trees/articles/3/comments",
    "/mk/forums",
    "/mk/forums/citizens-forum-trees",
    "/mk/search?q=Скопје",
    "/mk/how-it-works",
    "/mk/privacy",
    "/mk/accessibility",
    "/mk/results",
)
WITH_CHARTS = ("/mk/surveys/city-services-phone/results", "/mk/drafts/street-trees")


@pytest.fixture(scope="module")
async def town(
    database: object, ways_in: Litestar, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[httpx.AsyncClient, World]]:
    """A full town and a browser that looks at it."""
    folder = tmp_path_factory.mktemp("town")
    column_store(folder)
    await empty()
    settings, profile = (
        Settings(base_url="http://consult.test", data=folder),
        load_profile(resource("profiles", "skopje.toml")),
    )
    made = build(settings, profile, clock=lambda: NOON, bare=ways_in)
    world = World("filled", settings, profile)
    transport = httpx.ASGITransport(app=made.asgi, raise_app_exceptions=False)
    headers = {"sec-fetch-site": "same-origin"}
    async with httpx.AsyncClient(transport=transport, base_url="http://consult.test", headers=headers) as browser:
        await world.make()
        yield browser, world


async def test_pages_of_residents_are_light(town: tuple[httpx.AsyncClient, World]) -> None:
    browser, _ = town
    found = {path: await weight(browser, path) for path in (*LIGHT, *WITH_CHARTS)}
    wrong = []
    for path, weighed in found.items():
        print(f"{path:48} {weighed.total:6} {weighed}")
        wrong += too_heavy(path, weighed, 60 * KIB if path in WITH_CHARTS else 8 * KIB)
    assert wrong == []


async def test_pages_ask_little_of_the_database_however_much_is_in_it(town: tuple[httpx.AsyncClient, World]) -> None:
    browser, world = town
    await world.visit(browser)
    browser.cookies.set(COOKIE, world.staff_token)
    pages = {
        route: case.address.format(language="mk", **world.places) for route, case in (PUBLIC | DOORS | STAFF).items()
    }
    await every_connection()
    before = {route: await asked(browser, address, MANY) for route, address in pages.items()}
    await multiply(COPIES)
    assert min([await fetchval(f"SELECT count(*) FROM {table}") for table in LISTED]) > COPIES
    wrong, longer = [], 0
    for route, address in pages.items():
        most = min(MOST, before[route].statements)
        now = await asked(browser, address, most)
        longer += now.length > before[route].length
        if now.status != 200 or now.statements > most:
            wrong.append(f"{route}: {now}, {before[route]} before")
    assert wrong == []
    assert longer > len(pages) // 4, "the copies are not seen"


@dataclass(frozen=True, slots=True)
class Asked:
    """What came, and the number of statements that it took."""

    status: int
    length: int
    statements: int


async def asked(client: httpx.AsyncClient, address: str, most: int) -> Asked:
    """Look at a page, and again while it takes more than `most`. A page that is none is the first."""
    found: list[Asked] = []
    while len(found) < 3 and (not found or found[-1].statements > most):
        async with statements() as noted:
            answer = await client.get(f"{address}{'&' if '?' in address else '?'}page=0")
        found.append(Asked(answer.status_code, len(answer.content), len(noted)))
    return min(found, key=lambda one: one.statements)


async def every_connection() -> None:
    """Let the pool open all its connections, so that each of them is watched."""
    assert DB.pool is not None
    async with AsyncExitStack() as stack:
        for _ in range(CONNECTIONS):
            await stack.enter_async_context(DB.pool.acquire())
