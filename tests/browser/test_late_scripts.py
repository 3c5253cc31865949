"""A slow network: whoever began before the scripts came loses nothing, and stays where they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.test_staff import desk  # noqa: F401 - a fixture
from tests.surveys.conftest import publish


@asynccontextmanager
async def no_scripts_yet(context: BrowserContext) -> AsyncIterator[None]:
    """They are asked for meanwhile, and come at the end."""
    come = asyncio.Event()

    async def late(route: Route) -> None:
        await come.wait()
        await route.continue_()

    await context.route("**/*.js", late)
    yield
    come.set()


async def test_errors_take_nobody_out_of_a_field(site: str, browser: Browser) -> None:
    await publish()
    context = await browser.new_context(locale="en")
    tab = await context.new_page()
    await tab.goto(f"{site}/en/surveys/sample")
    async with no_scripts_yet(context):
        await tab.locator("main button[name=_go][value=next]").click()
        await expect(tab.locator("[data-error-summary]")).to_be_visible()
        await tab.locator("#age").click()
        await tab.locator("#age").fill("3")
    await expect(tab.locator("[data-error-summary]")).to_have_attribute("tabindex", "-1")
    await expect(tab.locator("#age")).to_be_focused()
    await context.close()


async def test_what_was_typed_in_the_editor_is_saved(site: str, desk: Page) -> None:  # noqa: F811
    await desk.goto(f"{site}/staff/en/surveys/begin")
    await desk.locator("[name='title.en']").fill("Parks")
    for language in ("Macedonian", "Georgian"):
        await desk.get_by_label(language, exact=True).uncheck()
    async with no_scripts_yet(desk.context):
        await desk.get_by_role("button", name="Begin the survey").click()
        await desk.locator("[id='title.en']").fill("Parks and squares")
    await expect(desk.locator("#saved")).to_contain_text("changed")
    await desk.reload()
    await expect(desk.locator("[id='title.en']")).to_have_value("Parks and squares")
