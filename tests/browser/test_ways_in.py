"""Ways in that only a browser proves: in a frame of another site, and through a burst, with and without scripts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, FilePayload, FrameLocator, Page, expect

from consult.storage import fetch, fetchval
from consult.surveys import queries
from consult.surveys.access import DEFAULTS
from consult.surveys.admission.challenges import WAIT_S
from consult.surveys.definition import schema as d
from consult.surveys.staff import access_operations
from tests.conftest import NOON, Clock
from tests.records.makers import a_pdf
from tests.surveys.conftest import hidden, publish
from tests.surveys.makers import free, survey, text

CONTINUE = "main button[name=_go][value=next]"
WISH = 'Shade & "benches"\nat the bus stop – сенка'
PAPER = a_pdf()


@pytest.fixture
async def other_site(site: str) -> AsyncIterator[str]:
    """Another site, whose only page frames the sample survey."""
    page = f'<!doctype html><title>A newspaper</title><iframe width=900 height=900 src="{site}/mk/surveys/sample">'

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n" + page.encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://localhost:{server.sockets[0].getsockname()[1]}"
    server.close()


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
async def context(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[BrowserContext]:
    made = await browser.new_context(java_script_enabled=request.param, locale="mk")
    yield made
    await made.close()


async def set_access(survey_id: UUID, **ways: Any) -> None:
    access = replace(DEFAULTS, least_seconds=0, **ways)
    await access_operations.set_access(survey_id=survey_id, access=access, at=NOON)


async def test_survey_is_answered_in_a_frame_of_a_listed_site(
    site: str, other_site: str, context: BrowserContext
) -> None:
    survey_id = await publish()
    await set_access(survey_id, sites=(other_site,))
    page = await context.new_page()
    await page.goto(other_site)
    frame = page.frame_locator("iframe")
    await expect(frame.locator("h1")).to_be_visible()
    for gone in ("a.c-brand", "footer", "header nav[aria-label='Главно мени']"):
        await expect(frame.locator(gone)).to_have_count(0)
    await frame.locator("#age").fill("34")
    await frame.locator("button[lang=ka]").click()
    await expect(frame.locator("html")).to_have_attribute("lang", "ka")
    await expect(frame.locator("#age")).to_have_value("34")
    await frame.locator("input[name=district]").first.check()
    await frame.locator(CONTINUE).click()
    await frame.locator("#wish").fill("სკამები")
    await frame.locator(CONTINUE).click()
    await expect(frame.locator("#receipt")).to_be_visible()
    ((_, answers, _, language, _),) = await queries.answers(survey_id)
    assert (answers["age"], answers["wish"], language) == (34, "სკამები", "ka")
    await leads_out(context, frame)


async def leads_out(context: BrowserContext, frame: FrameLocator) -> None:
    """A link of the receipt opens a tab with the whole site in it."""
    async with context.expect_page() as opened:
        await frame.locator("#receipt a[href*='/answers/']").click()
    tab = await opened.value
    await expect(tab.locator("footer.c-footer")).to_be_visible()
    await expect(tab.locator("dl")).to_contain_text("სკამები")
    assert "/answers/" in tab.url


async def test_other_sites_are_refused_by_the_browser(site: str, other_site: str, browser: Browser) -> None:
    survey_id = await publish()
    for sites in ((), ("https://another.example",)):
        await set_access(survey_id, sites=sites)
        page = await browser.new_page()
        async with page.expect_console_message(lambda told: "frame" in told.text and "ancestors" in told.text):
            await page.goto(other_site)
        await expect(page.frame_locator("iframe").locator("#survey")).to_have_count(0)
        await page.close()


def note(told: list[str], message: ConsoleMessage) -> None:
    told.append(message.text)


async def a_burst(site: str, context: BrowserContext) -> tuple[UUID, Page]:
    """Five neighbours have answered just now; ours has filled in the form and pressed the button."""
    definition = survey(d.File(key="paper", text=text("Attach it")), free("wish", long=True))
    survey_id = await publish(definition)
    await set_access(survey_id, network_rate=5)
    async with httpx.AsyncClient(base_url=site, timeout=60) as neighbours:
        fields = [hidden((await neighbours.get("/en/surveys/small")).text) for _ in range(5)]
        for one in fields:
            assert (await neighbours.post("/en/surveys/small", data={**one, "_go": "next"})).status_code == 200
    page = await context.new_page()
    await page.goto(f"{site}/en/surveys/small")
    await page.locator("textarea[name=wish]").fill(WISH)
    await page.locator("input[type=file]").set_input_files(
        FilePayload(name="plan.pdf", mimeType="application/pdf", buffer=PAPER)
    )
    return survey_id, page


async def stored_is_whole(survey_id: UUID, page: Page) -> None:
    await expect(page.locator("#receipt")).to_be_visible()
    rows = await fetch(
        "select r.answers ->> 'wish' as wish, f.content from response r join survey_file f on f.response = r.id"
        " where r.survey = $1 and r.flags = '{burst}'",
        survey_id,
    )
    assert [(row["wish"].replace("\r\n", "\n"), bytes(row["content"])) for row in rows] == [(WISH, PAPER)]
    assert await queries.count(survey_id) == 6


async def test_browser_works_its_way_through_a_burst(site: str, browser: Browser) -> None:
    context = await browser.new_context()
    survey_id, page = await a_burst(site, context)
    statuses: list[int] = []
    page.on("response", lambda one: statuses.append(one.status) if one.request.is_navigation_request() else None)
    told: list[str] = []
    page.on("console", partial(note, told))
    await page.locator(CONTINUE).click()
    await stored_is_whole(survey_id, page)
    assert statuses == [429, 200]
    assert not [line for line in told if "olicy" in line]
    await page.wait_for_function("() => localStorage.length === 0")
    await context.close()


async def test_without_scripts_a_burst_is_waited_out(site: str, browser: Browser, clock: Clock) -> None:
    context = await browser.new_context(java_script_enabled=False)
    survey_id, page = await a_burst(site, context)
    await page.locator(CONTINUE).click()
    await expect(page.get_by_text(f"Wait {WAIT_S} seconds")).to_be_visible()
    clock.now += timedelta(seconds=WAIT_S - 5)
    await page.locator("button[value=next]").click()
    await expect(page.get_by_text("Wait 5 seconds")).to_be_visible()
    assert await fetchval("select count(*) from survey_file where response is not null") == 0
    clock.now += timedelta(seconds=5)
    await page.locator("button[value=next]").click()
    await stored_is_whole(survey_id, page)
    await context.close()
