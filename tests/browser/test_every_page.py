"""Every page, without anything in it, filled, and with its form come back: nothing may be wrong with it in Chromium.

0 violations of WCAG 2.2 AA that axe can see, 0 of the Content-Security-Policy, a silent console, one h1, the right
language, no sideways scrolling at 320 px, no other host, and on public pages no cookie. Each change is looked at in one
language of three, by turns; `make check-all` looks at all, and at surveys, drafts and forums without anybody in them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from litestar.routes import HTTPRoute
from playwright.async_api import Browser, BrowserContext

from consult.app import build
from consult.people.guards import COOKIE
from consult.profile import load_profile
from consult.settings import Settings, resource
from tests.browser.cases import CASES, OTHER, PUBLIC, STAFF, Case, Wrong
from tests.browser.conftest import free_settings, serve
from tests.browser.inspection import WIDTHS, Look
from tests.browser.worlds import WORLDS, World
from tests.conftest import Clock

SKOPJE = load_profile(resource("profiles", "skopje.toml"))
LANGUAGES = ("mk", "ka", "en")
WITH_FIELDS = "main form[method=post][novalidate]"


def routes() -> set[str]:
    """The paths that answer a GET, outside the API."""
    table = build(Settings(base_url="http://consult.test", data=Path()), SKOPJE).litestar.routes
    paths = {route.path for route in table if isinstance(route, HTTPRoute) and "GET" in route.methods}
    return {path for path in paths if not path.startswith("/api")}


def looks() -> list[tuple[str, str, str]]:
    """(state, route, empty | filled | error), one state after the other."""
    known = [(route, CASES[route]) for route in sorted(routes() & set(CASES))]
    shown = [
        (world, route, "filled" if world == "filled" else "empty")
        for world in WORLDS
        for route, case in known
        if world in case.states
    ]
    wrong = [("filled", route, f"error {place}") for route, case in known for place in range(len(case.wrong))]
    return shown + wrong


@dataclass
class Site:
    world: World
    public: BrowserContext
    staff: BrowserContext


@dataclass
class Worlds:
    """Keeps the site in the state that was asked for last: seeding a town for each page would take many minutes."""

    browser: Browser
    folders: pytest.TempPathFactory
    current: Site | None = None
    open_: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def of(self, name: str) -> Site:
        if self.current is None or self.current.world.name != name:
            await self.open_.aclose()
            self.current = await self.open_.enter_async_context(a_site(name, self.browser, self.folders))
        return self.current


@asynccontextmanager
async def a_site(name: str, browser: Browser, folders: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """The application on a port with the database in one of its states; a resident's browser and a colleague's."""
    settings = free_settings(folders.mktemp("site"))
    world = World(name, settings, SKOPJE)
    application = build(settings, SKOPJE, clock=Clock())
    await world.make()
    async for address in serve(application, settings):
        if world.name != "nothing":
            async with httpx.AsyncClient(
                base_url=address, headers={"sec-fetch-site": "same-origin"}, timeout=60
            ) as resident:
                await world.visit(resident)
        public, staff = await browser.new_context(), await browser.new_context()
        cookie = {"name": COOKIE, "value": world.staff_token, "domain": "127.0.0.1", "path": "/staff"}
        await staff.add_cookies([cookie])  # type: ignore[list-item]
        yield Site(world, public, staff)
        await public.close()
        await staff.close()


@pytest.fixture(scope="module")
async def worlds(database: object, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Worlds]:
    made = Worlds(browser, tmp_path_factory)
    yield made
    await made.open_.aclose()


@pytest.fixture
async def shown(request: pytest.FixtureRequest, worlds: Worlds) -> Site:
    return await worlds.of(request.param)


def test_every_page_has_a_case() -> None:
    known = set(CASES) | set(OTHER)
    assert routes() - known == set(), "these pages have no case in tests/browser/cases.py"


LOOKS = looks()
# Each page once: one with a form as it comes back with its mistakes. The other states are left to make check-all.
EVERY_TIME = [one for one in LOOKS if one[0] == "filled" and not (one[2] == "filled" and CASES[one[1]].wrong)]


def named(value: object) -> str:
    return str(value).replace(":str", "")


@pytest.mark.parametrize(
    ("shown", "route", "state", "language"),
    [(*one, LANGUAGES[place % len(LANGUAGES)]) for place, one in enumerate(EVERY_TIME)],
    indirect=["shown"],
    ids=named,
)
async def test_page_is_accessible_and_keeps_the_policy(shown: Site, route: str, state: str, language: str) -> None:
    assert await look(shown, route, CASES[route], state, language) == []


@pytest.mark.slow
@pytest.mark.parametrize(("shown", "route", "state"), LOOKS, indirect=["shown"], ids=named)
async def test_page_is_in_order_in_every_language(shown: Site, route: str, state: str) -> None:
    found = await asyncio.gather(*(look(shown, route, CASES[route], state, language) for language in LANGUAGES))
    assert [fault for faults in found for fault in faults] == []


async def look(shown: Site, route: str, case: Case, state: str, language: str) -> list[str]:
    """What is wrong with one page in one language and state, each line beginning with the language."""
    address = shown.world.settings.base_url + case.address.format(language=language, **shown.world.places)
    context = shown.staff if route in STAFF else shown.public
    seen = await Look.of(context, address, WIDTHS[language])
    try:
        answer = await seen.open(address)
        found = [] if answer.status == 200 else [f"status {answer.status}"]
        if state.startswith("error"):
            found += await sent_wrong(seen, case.wrong[int(state.removeprefix("error "))])
        elif not case.wrong and not case.never_refused and await seen.page.locator(WITH_FIELDS).count():
            found.append("has a form, and no case of what is wrong in it")
        found += await seen.problems(language)
        if route in PUBLIC and await context.cookies():
            found.append("a cookie")
    finally:
        await seen.page.close()
    return [f"{language}: {fault}" for fault in found]


async def sent_wrong(seen: Look, wrong: Wrong) -> list[str]:
    answer = await seen.send_wrong(wrong.form, dict(wrong.fields))
    found = [] if answer.status == wrong.status else [f"status {answer.status} for a wrong form"]
    if await seen.page.locator(".govuk-error-summary").count() != 1:
        found.append("no error summary")
    return found
