"""What residents do, from beginning to end: by keyboard alone and without JavaScript, then what scripts add."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from consult import storage
from consult.demo.seed import seed
from consult.jobs import worker
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.storage.embedded import Embedded
from consult.surveys import queries as surveys
from tests.browser.conftest import free_settings
from tests.browser.inspection import Look
from tests.browser.keyboard import Keyboard
from tests.browser.walking import press
from tests.conftest import NOON
from tests.drafts.makers import a_comment, a_draft, the_articles
from tests.forums.makers import a_forum, states
from tests.mail.server import MailServer
from tests.surveys.conftest import publish

CONTINUE = "main button[name=_go][value=next]"
KEPT = "[data-draft-note]"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings(tmp_path: Path, mail_server: MailServer) -> Settings:
    return replace(
        free_settings(tmp_path),
        smtp_host="127.0.0.1",
        smtp_port=mail_server.port,
        smtp_security="none",
        mail_from="consult@skopje.example",
    )


@pytest.fixture
async def plain(browser: Browser) -> AsyncIterator[Page]:
    """A tab of a browser that runs no scripts."""
    context = await browser.new_context(java_script_enabled=False, locale="mk")
    yield await context.new_page()
    await context.close()


@pytest.fixture
async def tab(browser: Browser, site: str) -> AsyncIterator[Look]:
    """A tab that runs scripts; nothing may be wrong with what it showed."""
    context = await browser.new_context(locale="mk")
    look = await Look.of(context, site, 1280)
    yield look
    assert look.faults == []
    await context.close()


async def test_a_survey_of_two_pages_is_answered_by_keyboard(site: str, plain: Page) -> None:
    survey_id = await publish()
    keys = Keyboard(plain)
    await plain.goto(f"{site}/mk/surveys/sample")
    await keys.write("#age", "34")
    await keys.press(CONTINUE)
    assert await plain.title() != ""
    await expect(plain.locator(".govuk-error-summary a[href='#district']")).to_have_count(1)
    await expect(plain.locator("#age")).to_have_value("34")
    await keys.press("button[lang=ka]")
    await expect(plain.locator("html")).to_have_attribute("lang", "ka")
    await expect(plain.locator("#age")).to_have_value("34")
    await keys.choose("input[name=district]", arrows=1)
    await keys.press(CONTINUE)
    await expect(plain.get_by_text(re.compile("ავტობუსი")).first).to_be_visible()
    await keys.choose("input[name=transport][value=bus]")
    await keys.choose("input[name=bus_quality]", arrows=2)
    await keys.choose("input[name='services.waste']")
    await keys.write("#wish", "Клупи и сенка")
    await keys.press(CONTINUE)
    await expect(plain.locator("#receipt")).to_be_visible()
    ((_, answers, channel, language, _),) = await surveys.answers(survey_id)
    assert (channel, language) == ("web", "ka")
    assert answers["age"] == 34
    assert answers["transport"] == ["bus"]
    assert answers["bus_quality"] == 3
    assert answers["wish"] == "Клупи и сенка"


async def test_an_article_is_commented_by_keyboard(site: str, plain: Page) -> None:
    draft = await a_draft()
    article = (await the_articles(draft))[1]
    keys = Keyboard(plain)
    await plain.goto(f"{site}/mk/drafts/{draft.slug}")
    await keys.press(f"a[href*='/comments?article={article.id}']")
    await keys.press("main form button:not([name])")
    await expect(plain.locator(".govuk-error-summary a[href='#text']")).to_have_count(1)
    await keys.write("#text", "Кој ги полева дрвјата?")
    await keys.press("main form button:not([name])")
    await expect(plain.locator("#receipt")).to_contain_text("2026-0001")
    row = await storage.fetchrow("SELECT text, article, state FROM comment")
    assert row is not None
    assert (row["text"], row["article"], row["state"]) == ("Кој ги полева дрвјата?", article.id, "submitted")


SELECT = """law => {
    const words = law.querySelector("p").firstChild;
    getSelection().setBaseAndExtent(words, words.data.indexOf("екои"), words, words.data.indexOf("се сади") + 5);
}"""


async def test_selected_words_are_commented_on_and_a_comment_is_supported_in_its_place(site: str, tab: Look) -> None:
    draft = await a_draft()
    article = (await the_articles(draft))[1]
    page = tab.page
    await page.goto(f"{site}/mk/drafts/{draft.slug}")
    await expect(page.locator("#quote-offer")).to_be_hidden()
    await page.locator("#article-2 .c-law").evaluate(SELECT)
    await page.locator("#quote-offer a").click()
    await expect(page.locator("#quote")).to_have_value("секои три паркинг-места се сади")
    await page.fill("#text", "Премалку.")
    await page.click("#comment-form button:not([name])")
    await expect(page.locator("#receipt .c-quote")).to_have_text("секои три паркинг-места се сади")
    comment = await a_comment(draft, article=article.id, published=True)
    await page.goto(f"{site}/mk/drafts/{draft.slug}")
    part = page.locator(f"[data-support-of='{comment.number}']")
    await part.locator("button").click()
    await expect(part.locator("input[name=withdraw]")).to_have_count(1)
    assert page.url.endswith(draft.slug)
    await part.locator("button").click()
    await expect(part.locator("input[name=withdraw]")).to_have_count(0)
    assert await storage.fetchval("SELECT count(*) FROM comment_support") == 0


async def test_a_place_is_taken_and_given_back_by_keyboard_and_letter(
    site: str, plain: Page, server: Embedded, mail_server: MailServer
) -> None:
    forum = await a_forum()
    keys = Keyboard(plain)
    await plain.goto(f"{site}/mk/forums")
    await keys.press(f"main a[href='/mk/forums/{forum.slug}']")
    await keys.write("#name", "Ана Петрова")
    await keys.write("#email", "ana@example.com")
    await keys.press("#registration button:not([name])")
    await expect(plain.locator("#receipt")).to_be_visible()
    await worker.run_waiting(server.dsn)
    (letter,) = mail_server.post.mails
    assert mail_server.post.recipients == ["ana@example.com"]
    body = letter.get_body(("plain",))
    assert body is not None
    link = re.search(r"http://\S+/registrations/\S+", body.get_content())
    assert link is not None
    await plain.goto(link[0])
    await keys.to("details:has(button[value=cancel]) > summary")
    await plain.keyboard.press("Enter")
    await keys.press("button[value=cancel]")
    assert await states(forum) == {"ana@example.com": "cancelled"}


async def test_words_are_searched_by_keyboard(site: str, plain: Page) -> None:
    draft = await a_draft()
    keys = Keyboard(plain)
    await plain.goto(f"{site}/mk/search")
    await keys.write("#q", "дрворедите")
    async with plain.expect_navigation():
        await plain.keyboard.press("Enter")
    await keys.press(f"main a[href^='/mk/drafts/{draft.slug}']")
    await expect(plain.locator("h1")).to_contain_text("дрворедите")


async def test_the_first_tab_stop_leads_past_the_menu(site: str, plain: Page) -> None:
    await plain.goto(f"{site}/mk/forums")
    await plain.keyboard.press("Tab")
    await expect(plain.locator(".govuk-skip-link")).to_be_focused()
    await plain.keyboard.press("Enter")
    await plain.keyboard.press("Tab")
    assert await plain.evaluate("() => document.querySelector('header').contains(document.activeElement)") is False


async def test_conditions_are_settled_while_one_answers(site: str, tab: Look) -> None:
    await publish()
    page = tab.page
    await page.goto(f"{site}/mk/surveys/sample")
    await page.locator("input[name=district]").first.check()
    await press(page, CONTINUE)
    question = page.locator("[data-block=bus_quality]")
    await expect(question).to_be_hidden()
    await page.locator("input[name=transport][value=bus]").check()
    await expect(question).to_be_visible()
    await page.locator("input[name=bus_quality]").first.check()
    await page.locator("input[name=transport][value=none]").check()
    await expect(question).to_be_hidden()
    await expect(page.locator("input[name=transport][value=bus]")).not_to_be_checked()


async def test_answers_stay_in_the_browser_until_the_receipt(site: str, tab: Look) -> None:
    await publish()
    page = tab.page
    await page.goto(f"{site}/mk/surveys/sample")
    await page.locator("#age").fill("34")
    await page.locator("input[name=district]").first.check()
    await expect(page.locator(KEPT)).to_be_visible()
    await page.reload()
    await expect(page.locator("#age")).to_have_value("34")
    await page.locator(CONTINUE).click()
    await page.locator("#wish").fill("Клупи")
    await expect(page.locator(KEPT)).to_be_visible()
    await page.reload()
    await expect(page.locator("#wish")).to_have_value("Клупи")
    await page.locator(CONTINUE).click()
    await expect(page.locator("#receipt")).to_be_visible()
    await page.wait_for_function("() => localStorage.length === 0")
    await page.goto(f"{site}/mk/surveys/sample")
    await expect(page.locator("#age")).to_have_value("")


async def test_what_is_typed_before_the_script_has_come_is_kept(site: str, tab: Look) -> None:
    await publish()
    page, typed = tab.page, asyncio.Event()

    async def late(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    await page.route(re.compile(r"\.js\b"), late)
    await page.goto(f"{site}/mk/surveys/sample", wait_until="commit")
    await page.locator("#age").fill("34")
    typed.set()
    await expect(page.locator(KEPT)).to_be_visible()
    await page.reload()
    await expect(page.locator("#age")).to_have_value("34")


async def test_a_double_press_sends_one_answer(site: str, tab: Look) -> None:
    survey_id = await publish()
    page = tab.page
    await page.goto(f"{site}/mk/surveys/sample")
    await page.locator("input[name=district]").first.check()
    await page.locator(CONTINUE).click()
    await page.locator("#wish").fill("Клупи")
    await page.locator(CONTINUE).dblclick()
    await expect(page.locator("#receipt")).to_be_visible()
    assert await surveys.count(survey_id) == 1


async def test_charts_are_drawn_at_once_on_a_wide_screen(site: str, settings: Settings, tab: Look) -> None:
    await seed(settings, load_profile(resource("profiles", "skopje.toml")), progress=lambda _: None, at=NOON)
    await tab.page.goto(f"{site}/mk/surveys/city-services-phone/results")
    await expect(tab.page.locator("figure[data-drawn] .c-plot .main-svg").first).to_be_visible()
    assert await tab.page.evaluate("() => window.refused") == []


async def test_charts_are_drawn_when_asked_on_a_phone(site: str, settings: Settings, tab: Look) -> None:
    await seed(settings, load_profile(resource("profiles", "skopje.toml")), progress=lambda _: None, at=NOON)
    page = tab.page
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.goto(f"{site}/mk/drafts/street-trees")
    figure = page.locator("figure[data-plotly]").first
    await expect(figure.locator("svg[role=img]")).to_be_visible()
    await expect(page.locator(".c-plot")).to_have_count(0)
    await figure.locator("button").click()
    await expect(figure.locator(".c-plot .main-svg").first).to_be_visible()
    assert await page.evaluate("() => window.refused") == []
