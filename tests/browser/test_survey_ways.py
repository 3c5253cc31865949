"""The pages of a survey that come only after something was sent: each looked at where a resident meets it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Browser, FilePayload

from consult.storage import execute, fetchval
from consult.surveys.access import DEFAULTS
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.staff import access_operations
from tests.browser.inspection import WIDTHS, Look
from tests.conftest import NOON
from tests.records.makers import a_pdf
from tests.surveys.conftest import publish

JOURNEY = load((Path(__file__).parent / "journey.yaml").read_bytes())
PDF = FilePayload(name="plan.pdf", mimeType="application/pdf", buffer=a_pdf())
GO = "main button.govuk-button[value={}]"


class Walk:
    """One resident's tab; what is wrong is noted under the name of the page."""

    def __init__(self, look: Look, start: str, language: str) -> None:
        self.look, self.start, self.language = look, start, language
        self.wrong: list[str] = []

    async def press(self, button: str) -> None:
        async with self.look.page.expect_navigation():
            await self.look.page.locator(button).first.click()

    async def is_sound(self, name: str, shows: str) -> None:
        """The page that should be there is, and nothing is wrong with it."""
        page = self.look.page
        await page.wait_for_selector(shows, state="attached")
        self.wrong += [f"{self.language} {name}: {fault}" for fault in await self.look.problems(self.language)]
        self.look.faults.clear()
        await page.set_viewport_size({"width": WIDTHS[self.language], "height": 900})

    async def begin(self, age: str, transport: str, query: str = "") -> None:
        await self.look.open(self.start + query)
        await self.look.page.fill("[name=age]", age)
        await self.look.page.check(f"[name=transport][value={transport}]")
        await self.press(GO.format("next"))

    async def to_the_receipt(self) -> None:
        """Through a slip, both pages, the review and back."""
        page = self.look.page
        await self.look.open(f"{self.start}?place=library")
        await self.press(GO.format("next"))
        await self.is_sound("problems", ".govuk-error-summary")
        await self.begin("34", "bus", "?place=library")
        await page.fill("[name=wish]", "Повеќе линии навечер, მეტი ხაზი საღამოს")
        await page.set_input_files("input[type=file]", PDF)
        await self.is_sound("second page", "[name=wish]")
        await self.press(GO.format("next"))
        await self.is_sound("review", ".c-review")
        await self.press(".c-review button >> nth=1")
        await self.is_sound("sent file", ".c-sent")
        await self.press(GO.format("next"))
        await self.press(".c-actions button[value=save]")
        await self.is_sound("where to send the link", "[name=_email]")
        await page.fill("[name=_email]", "ana@example.org")
        await self.press(GO.format("keep"))
        await self.is_sound("saved", "[data-draft-done]")

    async def resumed(self) -> None:
        """By the link in the letter, to the receipt, and from there to change the answers."""
        page = self.look.page
        letter = await fetchval("select body_text from notification order by created_at desc, id limit 1")
        await self.look.open(next(word for word in letter.split() if "/resume/" in word))
        await self.press("main form button")
        await page.wait_for_selector(".c-review")
        await self.press(GO.format("next"))
        await self.is_sound("receipt", "#receipt")
        await self.press("#receipt a[href*='/answers/']")
        await self.press("main a[href$='/change']")
        await self.is_sound("change", "[name=_edit]")


async def looks(name: str, walk: Walk) -> None:
    """The ends that are not the receipt."""
    if name == "screened out":
        await walk.begin("12", "bus")
    else:
        await walk.begin("40", "car")
    await walk.is_sound(name, ".c-read h1")


@pytest.mark.parametrize("language", list(WIDTHS))
async def test_pages_after_sending_are_sound(site: str, browser: Browser, language: str) -> None:
    survey_id = await publish(JOURNEY)
    await open_wide(survey_id)
    await execute("insert into survey_quota (survey, key, taken) values ($1, 'cars', 1)", survey_id)
    context = await browser.new_context()
    start = f"{site}/{language}/surveys/journey"
    walk = Walk(await Look.of(context, start, WIDTHS[language]), start, language)
    await walk.to_the_receipt()
    await walk.resumed()
    for name in ("screened out", "quota full"):
        await looks(name, walk)
    await context.close()
    assert walk.wrong == []


async def open_wide(survey_id: UUID) -> None:
    access = replace(DEFAULTS, least_seconds=0, network_rate=1000, burst=1000)
    await access_operations.set_access(survey_id=survey_id, access=access, at=NOON)
