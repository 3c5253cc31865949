"""Written answers are read and coded in the browser: with the keyboard alone, and each view looked at."""

from __future__ import annotations

from playwright.async_api import Browser, Page, expect

from tests.browser.inspection import Look
from tests.browser.test_staff import desk  # noqa: F401 - a fixture
from tests.browser.walking import press
from tests.coding.makers import a_code, a_text_survey, given

LONG = "Предложената станарина е {} за семејство со две деца, па барам советот да ја усвои одлуката што поскоро"


async def test_answers_are_coded_by_keyboard(site: str, desk: Page, browser: Browser) -> None:  # noqa: F811
    survey_id = await a_text_survey([LONG.format("affordable")] * 2 + [LONG.format("unaffordable"), "Помалку бучава"])
    await given(survey_id, "Помалку бучава", await a_code(survey_id))
    page = f"{site}/staff/en/results/trees/texts/wish"

    # Ticked, a new code written, sent with Enter.
    await desk.goto(f"{page}?q=станарина")
    await expect(desk.locator("mark")).to_have_text(["станарина"] * 3)
    await desk.locator("#answer").focus()
    await desk.keyboard.press("Space")
    await desk.locator("#new").focus()
    await desk.keyboard.type("Rent")
    await desk.keyboard.press("Enter")
    await expect(desk.get_by_role("status")).to_have_text("The codes of 1 answer have changed.")
    await expect(desk.locator(".c-code-tag")).to_have_text(["Rent"])

    # A whole group: what differs is seen before.
    await desk.goto(f"{page}?view=groups")
    await desk.get_by_role("link", name="2 wordings").click()
    await expect(desk.locator("del")).to_contain_text("affordable")
    await expect(desk.locator("ins")).to_contain_text("unaffordable")
    assert await seen(desk, site) == []
    await press(desk, "a:has-text('All groups')")
    await desk.locator("#answer").check(force=True)
    await desk.get_by_label("Rent").check(force=True)
    await desk.get_by_role("button", name="Give codes").click()
    await expect(desk.get_by_role("status")).to_have_text("The codes of 2 answers have changed.")

    for view in ("words", "groups", "codes"):
        for language in ("mk", "ka"):
            await desk.goto(f"{site}/staff/{language}/results/trees/texts/wish?view={view}")
            assert await seen(desk, site) == []


async def seen(desk: Page, site: str) -> list[str]:  # noqa: F811
    language = desk.url.split("/staff/")[1][:2]
    found = await Look(desk, site.removeprefix("http://")).problems(language)
    await desk.set_viewport_size({"width": 1280, "height": 900})
    return found
