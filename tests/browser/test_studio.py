"""A survey is built in the browser from an empty page: with the mouse, by keyboard, with a condition, and looked at."""

from __future__ import annotations

import msgspec
from playwright.async_api import Browser, Page, expect

from consult.studio import edits, operations, queries
from consult.surveys import queries as surveys
from consult.surveys.definition import schema as d
from tests.browser.inspection import Look
from tests.browser.test_staff import desk  # noqa: F401 - a fixture
from tests.browser.walking import press
from tests.conftest import NOON
from tests.people.makers import a_person


async def the_copy() -> d.Definition:
    return (await queries.copy((await surveys.survey("parks")).id)).definition


async def saved(page: Page) -> None:
    await expect(page.locator("#saved")).to_contain_text("changed")


async def test_a_survey_is_built_with_the_mouse_and_by_keyboard(site: str, desk: Page, browser: Browser) -> None:  # noqa: F811
    await desk.goto(f"{site}/staff/en/surveys/begin")
    await desk.locator("[name='title.en']").fill("Parks")
    for language in ("Macedonian", "Georgian"):
        await desk.get_by_label(language, exact=True).uncheck()
    await press(desk, "button:has-text('Begin the survey')")

    await ask_with_the_mouse(desk)
    await ask_by_keyboard(desk)

    # A condition on the second question, put together.
    await press(desk, "section.is-current .c-show-if a")
    await desk.get_by_role("button", name="Add a comparison").click()
    await desk.locator("[id='t.0.asked']").select_option("do_you_visit_a_park")
    await desk.locator("[id='t.0.value']").select_option("yes")
    assert await looked_at(desk, site) == []
    await press(desk, "button:has-text('Save the condition')")
    await expect(desk.locator(".c-show-if")).to_contain_text("Answer only if “Do you visit a park?” is “Yes”.")
    assert (await the_copy()).question("how_often_a_month").show_if == 'do_you_visit_a_park == "yes"'

    # Undone and brought back.
    await desk.locator("#undo").click()
    await expect(desk.locator("#announced")).to_contain_text("Undone")
    await desk.locator("#redo").click()
    await expect(desk.locator("#announced")).to_contain_text("Brought back")
    assert await looked_at(desk, site) == []

    # Looked at: the condition works in the preview.
    await desk.get_by_role("link", name="Preview").click()
    phone = desk.frame_locator("iframe").first
    number = phone.locator("[id='how_often_a_month']")
    await expect(number).to_be_hidden()
    await phone.get_by_label("Yes", exact=True).check()
    await expect(number).to_be_visible()
    assert await looked_at(desk, site) == []

    # Somebody else rewrites the same sentence while it is being typed: nothing is lost, and one of both is chosen.
    context = await browser.new_context(locale="en")  # its own: the browser notes the refusal in the console
    await context.add_cookies(await desk.context.cookies())  # type: ignore[arg-type]
    await disagree(await context.new_page(), site)
    await context.close()


async def ask_with_the_mouse(page: Page) -> None:
    """A question with answers from pasted lines; codes come from their texts."""
    await page.get_by_role("button", name="Add a question").click()
    question = page.locator("[id='text.en']")
    await expect(question).to_be_focused()
    await question.fill("Do you visit a park?")
    await page.locator("[id='options.0.text.en']").fill("Yes")
    await page.locator("[id='options.1.text.en']").fill("No")
    await page.get_by_text("Add several at once").click()
    await page.locator("[id='options.lines']").fill("Sometimes\nNever again")
    await page.get_by_role("button", name="Add these lines").click()
    await expect(page.locator("[data-items=options] > li")).to_have_count(4)
    visit = (await the_copy()).question("do_you_visit_a_park")
    assert isinstance(visit, d.Single)
    assert [option.code for option in visit.options] == ["yes", "no", "sometimes", "never_again"]


async def ask_by_keyboard(page: Page) -> None:
    """Another question, typed, and moved up and down with the focus staying on the buttons."""
    question = page.locator("[id='text.en']")
    await page.locator("#_type").focus()
    await page.keyboard.type("Number")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(question).to_be_focused()
    await expect(question).to_have_value("")
    await page.keyboard.type("How often a month?")
    await saved(page)
    await page.locator("section.is-current button", has_text="Move up").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#announced")).to_contain_text("is now question 1")
    await expect(page.locator("section.is-current button", has_text="Move down")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#announced")).to_contain_text("is now question 2")
    assert [one.key for one in (await the_copy()).questions] == ["do_you_visit_a_park", "how_often_a_month"]


async def disagree(page: Page, site: str) -> None:
    question = page.locator("[id='text.en']")
    await page.goto(f"{site}/staff/en/surveys/parks/edit?at=question-how_often_a_month")
    await expect(question).to_have_value("How often a month?")
    await rewritten("how_often_a_month", "How often a year?")
    await question.fill("How often a week?")
    conflict = page.locator("#conflict")
    await expect(conflict).to_be_visible()
    await expect(conflict).to_contain_text("How often a year?")
    await expect(conflict).to_contain_text("How often a week?")
    assert (await the_copy()).question("how_often_a_month").text == {"en": "How often a year?"}


async def rewritten(key: str, words: str) -> None:
    """What another colleague does in the meantime."""

    def edit(definition: d.Definition) -> edits.Edited:
        changed = msgspec.structs.replace(definition.question(key), text={"en": words})
        return edits.change_question(definition, key, changed)

    colleague = await a_person(roles=["designer"])
    survey_id = (await surveys.survey("parks")).id
    await operations.save(survey_id=survey_id, edit=edit, at=NOON, person=colleague.id)


async def looked_at(page: Page, site: str) -> list[str]:
    size = page.viewport_size
    assert size is not None
    look = Look(page, site.removeprefix("http://"))
    found = await look.problems("en")
    await page.set_viewport_size(size)
    return found
