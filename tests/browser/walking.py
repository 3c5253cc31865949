"""Going a long way through the platform in one language: staff with scripts, residents without.

Every public page of the way is also opened in a tab with scripts, where axe and the policy of the pages are asked.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

from consult.people.guards import COOKIE
from consult.people.person import Person
from tests.browser.inspection import Look
from tests.conftest import Clock
from tests.people.makers import a_session

DESK = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=360, height=740)
LANGUAGES = ("mk", "ka", "en")
SUBMIT = "button:not([name])"


class Walk:
    """One way in one language; `name` begins the names of its pictures."""

    def __init__(self, name: str, language: str, site: str, browser: Browser, clock: Clock) -> None:
        self.name = name
        self.language = language
        self.site = site
        self.browser = browser
        self.clock = clock
        self.pictures = 0
        self.faults: list[str] = []

    def staff_url(self, path: str) -> str:
        return f"{self.site}/staff/{self.language}/{path}"

    def url(self, path: str) -> str:
        return f"{self.site}/{self.language}/{path}"

    @asynccontextmanager
    async def desk(self, person: Person) -> AsyncIterator[Page]:
        """A colleague's browser, signed in at the hour of the clock."""
        context = await self.browser.new_context(locale=self.language, viewport=DESK)
        token = await a_session(person, self.clock.now)
        await context.add_cookies([{"name": COOKIE, "value": token, "url": f"{self.site}/staff/"}])
        look = await Look.of(context, self.site, DESK["width"])
        yield look.page
        self.faults += look.faults
        await context.close()

    @asynccontextmanager
    async def phone(self) -> AsyncIterator[Page]:
        """A resident's phone that runs no scripts."""
        context = await self.browser.new_context(locale=self.language, viewport=PHONE, java_script_enabled=False)
        yield await context.new_page()
        await context.close()

    @asynccontextmanager
    async def inspector(self) -> AsyncIterator[Inspector]:
        context = await self.browser.new_context(locale=self.language, viewport=PHONE)
        yield Inspector(self, context)
        await context.close()

    async def shot(self, page: Page, step: str) -> None:
        """A picture of the whole page, for those who set CONSULT_TEST_SHOTS."""
        folder = os.environ.get("CONSULT_TEST_SHOTS")
        if folder:
            self.pictures += 1
            name = f"{self.name}-{self.language}-{self.pictures:02}-{step}.png"
            await page.screenshot(path=str(Path(folder) / name), full_page=True)


class Inspector:
    """Looks at public pages with scripts."""

    def __init__(self, walk: Walk, context: BrowserContext) -> None:
        self.walk = walk
        self.context = context

    async def look(self, *paths: str) -> None:
        """Note whatever is wrong with these public pages."""
        for path in paths:
            look = await Look.of(self.context, self.walk.site, PHONE["width"])
            response = await look.open(self.walk.url(path))
            found = await look.problems(self.walk.language)
            if response.status != 200:
                found.append(f"status {response.status}")
            self.walk.faults += [f"{path}: {one}" for one in found]
            await look.page.close()


async def fill(page: Page, place: str, texts: Mapping[str, str]) -> None:
    """The fields of one text in all languages."""
    for language in LANGUAGES:
        await page.locator(f"[name='{place}-{language}']").fill(texts[language])


async def press(page: Page, selector: str) -> None:
    """Press the first button that fits, which leads to a page that is not an error."""
    async with page.expect_navigation() as landing:
        await page.locator(selector).first.click()
    response = await landing.value
    assert response is not None
    assert response.ok, f"{selector}: {response.status} {await page.locator('main').inner_text()}"
