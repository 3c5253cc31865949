"""When very many come, or the database is away: the pages that say so, in a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from consult.app import Application, build
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.storage import engine
from consult.surveys import published
from consult.surveys.admission import capacity
from consult.surveys.admission.waiting_page import Door
from tests.browser.conftest import serve
from tests.browser.inspection import WIDTHS, Look
from tests.conftest import Clock
from tests.surveys.conftest import publish

LANGUAGES = ("ka", *(pytest.param(code, marks=pytest.mark.slow) for code in ("mk", "en")))


@pytest.fixture
async def town(db: None, settings: Settings, clock: Clock) -> AsyncIterator[tuple[str, Application]]:
    """A site, and the application behind it."""
    await publish()
    application = build(settings, load_profile(resource("profiles", "skopje.toml")), clock=clock)
    async for address in serve(application, settings):
        yield address, application


async def crowd(application: Application, address: str) -> Door:
    """As many come as make others wait."""
    async with httpx.AsyncClient(timeout=60) as client:
        assert (await client.get(address)).status_code == 200
        door: Door = application.litestar.state.survey_door
        assert door.watch.handle is not None
        door.watch.handle.cancel()  # it looks at this machine: the test says how busy it is
        door.rush.is_busy, door.rush.rate = True, 0.5
        while (await client.get(address)).status_code == 200:
            pass
    return door


async def send_without_database(page: Look, monkeypatch: pytest.MonkeyPatch) -> int:
    """Press the button while not even the survey can be looked up; the status of what comes."""
    pool = engine.DB.pool
    published.forget("sample")
    monkeypatch.setattr(engine.DB, "pool", None)
    answer = await page.send_wrong("#survey", {"age": "34"})
    monkeypatch.setattr(engine.DB, "pool", pool)
    return answer.status


@pytest.mark.parametrize("language", LANGUAGES)
async def test_pages_of_a_rush_are_in_order(
    town: tuple[str, Application], browser: Browser, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    site, application = town
    address = f"{site}/{language}/surveys/sample"
    context = await browser.new_context()
    seen = await Look.of(context, address, WIDTHS[language])
    assert (await seen.open(address)).status == 200
    assert await send_without_database(seen, monkeypatch) == 503
    await expect(seen.page.locator("#survey input[name=age]")).to_have_value("34")
    assert await seen.problems(language) == []
    await seen.page.locator("#survey button").click()
    await expect(seen.page.locator("#survey input[name=age]")).to_have_value("34")
    await expect(seen.page.locator("#survey #website")).to_have_count(1)  # it is the survey again

    await crowd(application, address)
    waiting = await Look.of(context, address, WIDTHS[language])
    assert (await waiting.open(f"{address}?_still=1")).status == 503
    assert await waiting.problems(language) == []
    assert await context.cookies() == []
    await context.close()


@pytest.mark.slow
async def test_waiting_page_lets_in_by_itself(
    town: tuple[str, Application], browser: Browser, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    site, application = town
    monkeypatch.setattr(capacity, "AGAIN_S", (1, 60))
    address = f"{site}/mk/surveys/sample"
    door = await crowd(application, address)
    page: Page = await browser.new_page(java_script_enabled=False)
    answer = await page.goto(address)
    assert answer is not None
    assert answer.status == 503
    door.rush.rate = 20.0
    door.rush.tick(clock.now.timestamp() + 1, 1.0, 0.0, 0.0)
    await expect(page.locator("#survey")).to_be_visible()
    assert "_place=" in page.url
    await page.close()
