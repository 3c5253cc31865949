"""The screen of a hall in a real browser: it follows the stage by itself, its clock runs, and scripts are no must."""

from __future__ import annotations

from uuid import uuid4

from playwright.async_api import Browser, expect

from consult.forums.questions import operations
from consult.forums.questions.question import Asked, Channel
from consult.forums.speakers import operations as speaking
from tests.conftest import NOON
from tests.forums.makers import a_forum


async def test_the_screen_follows_the_stage_without_being_touched(site: str, browser: Browser) -> None:
    forum = await a_forum()
    question = await operations.ask(
        form_id=uuid4(),
        forum_slug=forum.slug,
        asked=Asked("Кога ќе се засадат дрвјата?"),
        language="mk",
        at=NOON,
        channel=Channel.HALL,
    )
    session = forum.sessions[0].id
    speaker = await speaking.add(session_id=session, name="Ana", side="", question_id=question.id, actor=None, at=NOON)
    address = f"{site}/en/forums/{forum.slug}/screen"
    tab = await (await browser.new_context(viewport={"width": 1920, "height": 1080})).new_page()
    await tab.goto(address)
    await expect(tab.locator("h1")).to_have_text("Ask your question here")
    await speaking.start(speaker, session_id=session, at=NOON)
    await expect(tab.locator("h1")).to_have_text(question.text)
    await expect(tab.locator("[data-clock]")).not_to_have_text("3:00")
    assert await tab.evaluate("document.scrollingElement.scrollHeight <= innerHeight")
    still = await (await browser.new_context(java_script_enabled=False)).new_page()
    await still.goto(address)
    assert await still.locator("meta[http-equiv=refresh]").get_attribute("content") == "5"
    await expect(still.locator("[data-clock]")).to_have_text("3:00")
