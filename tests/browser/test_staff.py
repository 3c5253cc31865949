"""What staff do in the browser, from signing in to the file on an analyst's desk."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from pathlib import Path

import openpyxl
import pytest
from playwright.async_api import Browser, Page, expect

from consult.demo.seed import seed
from consult.jobs import worker
from consult.people.guards import COOKIE
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.storage import fetchval
from consult.storage.embedded import Embedded
from consult.surveys import queries as surveys
from tests.browser.inspection import Look
from tests.conftest import NOON
from tests.drafts.makers import TEXTS, a_comment, a_draft
from tests.people.makers import PASSWORD, a_person, a_session
from tests.surveys.makers import EVERYTHING


async def fill_texts(page: Page, name: str, words: str) -> None:
    for language in ("mk", "ka", "en"):
        await page.locator(f"[name='{name}-{language}']").fill(f"{words} {language}")


async def press(page: Page, selector: str) -> None:
    async with page.expect_navigation():
        await page.locator(selector).first.click()


@pytest.fixture
async def desk(browser: Browser, site: str) -> AsyncIterator[Page]:
    """A colleague with every right, signed in; nothing may be wrong with what the tab showed."""
    person = await a_person(roles=["admin"])
    context = await browser.new_context(locale="en", accept_downloads=True)
    cookie = {"name": COOKIE, "value": await a_session(person, NOON), "domain": "127.0.0.1", "path": "/staff"}
    await context.add_cookies([cookie])  # type: ignore[list-item]
    look = await Look.of(context, site, 1280)
    yield look.page
    assert look.faults == []
    await context.close()


async def test_signing_in_leads_to_the_workspace_and_out_again(site: str, browser: Browser) -> None:
    person = await a_person(roles=["translator"])
    page = await browser.new_page()
    await page.goto(f"{site}/staff/en/devices")
    await page.locator("#email").fill(person.email)
    await page.locator("#password").fill(PASSWORD)
    await press(page, "main form button")
    assert page.url == f"{site}/staff/en/devices"
    await press(page, "form[action$=sign-out] button")
    await page.goto(f"{site}/staff/en/devices")
    assert "/sign-in" in page.url
    await page.close()


async def test_a_survey_is_published_from_a_file_and_opened(site: str, desk: Page) -> None:
    await desk.goto(f"{site}/staff/en/surveys/new")
    await desk.locator("input[type=file]").set_input_files(EVERYTHING)
    await press(desk, "main form button")
    await desk.goto(f"{site}/staff/en/surveys/sample/checks")
    await press(desk, "form[data-certificate] button")
    await desk.wait_for_url("**/surveys/sample/versions**")
    await desk.goto(f"{site}/staff/en/surveys/sample")
    await desk.locator("#closes_at").fill("2026-12-01T12:00")
    await press(desk, "form[action$=dates] button")
    survey = await surveys.survey("sample")
    assert survey.is_open(NOON)
    await desk.goto(f"{site}/ka/surveys/sample")
    await expect(desk.locator("#survey")).to_be_visible()


async def test_a_draft_is_written_previewed_and_published(site: str, desk: Page) -> None:
    await desk.goto(f"{site}/staff/en/drafts/new")
    await fill_texts(desk, "title", "Draft decision")
    await desk.locator("#slug").fill("tree-rows")
    await desk.locator("#closes_on").fill("2026-12-12")
    await press(desk, "#draft-form button:not([name])")
    await desk.goto(f"{site}/staff/en/drafts/tree-rows")
    for language, law in TEXTS.items():
        await desk.locator(f"[name='text-{language}']").fill(law)
    await press(desk, "button[value=preview]")
    await expect(desk.locator("#preview")).to_be_visible()
    await press(desk, "button[value=publish]")
    await press(desk, "#publish-form button:not([name])")
    await desk.goto(f"{site}/en/drafts/tree-rows")
    await expect(desk.get_by_text("One tree is planted for every three parking spaces.")).to_be_visible()


async def test_a_chart_is_attached_to_an_article_and_frozen(site: str, settings: Settings, desk: Page) -> None:
    await seed(settings, load_profile(resource("profiles", "skopje.toml")), progress=lambda _: None, at=NOON)
    await desk.goto(f"{site}/staff/en/drafts/street-trees/charts")
    before = await fetchval("SELECT count(*) FROM evidence")
    await desk.locator("#article").select_option(index=2)
    offered = desk.locator("#chart option")
    await desk.locator("#chart").select_option(index=await offered.count() - 1)
    await press(desk, "form[novalidate] button:not([name])")
    assert await fetchval("SELECT count(*) FROM evidence") == before + 1
    frozen = await fetchval("SELECT count(*) FROM evidence WHERE frozen_at IS NOT NULL")
    await press(desk, "form[action$=freeze] button")
    assert await fetchval("SELECT count(*) FROM evidence WHERE frozen_at IS NOT NULL") == frozen + 1


async def test_a_comment_is_checked_and_published(site: str, desk: Page) -> None:
    comment = await a_comment(await a_draft(), text="Кој ги полева дрвјата?")
    await desk.goto(f"{site}/staff/en/comments")
    await press(desk, f"main a[href*='{comment.number}']")
    await press(desk, "form[action$=publish] button")
    assert await fetchval("SELECT state FROM comment") == "published"
    await desk.goto(f"{site}/mk/drafts/tree-rows")
    await expect(desk.get_by_text("Кој ги полева дрвјата?")).to_be_visible()


async def test_a_meeting_is_made_and_published(site: str, desk: Page) -> None:
    await desk.goto(f"{site}/staff/en/forums/new")
    for name in ("title", "summary", "session-1-title"):
        await fill_texts(desk, name, "Trees and shade")
    await desk.locator("#slug").fill("trees-and-shade")
    await desk.locator("#closes").fill("2026-12-04T12:00")
    for field, value in {"day": "2026-12-05", "starts": "18:00", "ends": "19:30", "capacity": "40"}.items():
        await desk.locator(f"#session-1-{field}").fill(value)
    await press(desk, "#forum-form button:not([name])")
    await press(desk, "form[action$=publish] button")
    await desk.goto(f"{site}/en/forums/trees-and-shade")
    await expect(desk.locator("#registration")).to_be_visible()


async def test_answers_are_downloaded_for_programs_and_for_excel(
    site: str, settings: Settings, database: Embedded, desk: Page, tmp_path: Path
) -> None:
    await seed(settings, load_profile(resource("profiles", "skopje.toml")), progress=lambda _: None, at=NOON)
    answers = await surveys.count((await surveys.survey("city-services-phone")).id)
    await desk.goto(f"{site}/staff/en/results/city-services-phone/downloads")
    form = "form[action$=downloads]"
    for kind in ("csv", "xlsx"):
        await desk.locator(f"{form} input[value={kind}]").check()
        await press(desk, f"{form} button")
        await worker.run_waiting(database.dsn)
        # The page looks every two seconds by itself whether the file is there.
        link = desk.locator(
            f"#files li:has-text('.{kind}') a[role=button], #files li:has-text('.{kind}') a.govuk-button"
        )
        async with desk.expect_download() as coming:
            await link.first.click()
        await (await coming.value).save_as(tmp_path / f"answers.{kind}")
    table = list(csv.reader((tmp_path / "answers.csv").read_text("utf-8-sig").splitlines()))
    assert len(table) == 1 + answers
    book = openpyxl.load_workbook(tmp_path / "answers.xlsx")
    assert len(book.sheetnames) == 2
    assert book.worksheets[0].max_row == 1 + answers


async def test_on_a_phone_the_menu_waits_behind_one_line_that_names_the_page(desk: Page, site: str) -> None:
    await desk.set_viewport_size({"width": 360, "height": 800})
    await desk.goto(f"{site}/staff/ka/comments")
    line = desk.locator(".c-menu summary")
    assert " ".join((await line.inner_text()).split()) == "მენიუ: კომენტარები"
    top = await desk.evaluate("document.querySelector('main').getBoundingClientRect().top")
    assert top <= 130
    away = desk.locator("header form[action$=sign-out] button")
    assert not await away.is_visible() and await desk.locator("header nav a").first.is_hidden()
    await line.press("Enter")
    assert await away.is_visible() and await desk.locator("header nav a[href$='/audit']").is_visible()
    sizes = await desk.evaluate("[...document.querySelectorAll('header a, header button')].map(e => e.offsetHeight)")
    assert min(sizes) >= 44
    await desk.set_viewport_size({"width": 1280, "height": 800})
    assert await line.is_hidden() and await away.is_visible()
