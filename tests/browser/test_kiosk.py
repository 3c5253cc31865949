"""The kiosk in a real browser: by touch, without a network, and empty for the next visitor."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.async_api import Browser, expect

from consult.settings import Settings, secret_key
from consult.surveys import queries
from consult.surveys.access import kiosk_key
from consult.surveys.staff import access_operations
from tests.conftest import NOON
from tests.surveys.conftest import publish
from tests.surveys.makers import free, page, single, survey

ASKED = survey(
    pages=(
        page(single("colour", required=True), key="one"),
        page(free("why"), key="two", show_if="colour == 'red'"),
        page(single("last", codes=("yes", "no")), key="three"),
    ),
    key="sample",
)
CODE = re.compile(r"^\w{4}-\w{4}-\w{2}$")
LEFT = """() => {
  const kept = Object.entries(localStorage).filter(([name]) => !name.endsWith(" ids"));
  const fields = [...document.querySelectorAll("input:checked, textarea")].map((field) => field.value);
  return JSON.stringify([kept, fields, location.hash, Object.keys(sessionStorage)]);
}"""


async def test_a_kiosk_takes_visitors_with_and_without_a_network_and_leaves_nothing_behind(
    site: str, browser: Browser, settings: Settings
) -> None:
    survey_id = await publish(ASKED)
    found = await queries.survey_by_id(survey_id)
    opened = replace(found.access, kiosk=True, kiosk_idle_s=60)
    await access_operations.set_access(survey_id=survey_id, access=opened, at=NOON)
    address = f"{site}/en/surveys/sample/kiosk/{kiosk_key(secret_key(settings), survey_id)}"
    context = await browser.new_context(viewport={"width": 800, "height": 1200})
    tab = await context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda fault: faults.append(str(fault)))
    await tab.goto(address)
    await tab.wait_for_function("() => navigator.serviceWorker.controller !== null")
    await tab.reload()

    # The first visitor forgets the first answer, is told so, and arrives.
    await tab.get_by_role("link", name="English").click()
    await tab.get_by_role("button", name="Continue").click()
    await expect(tab.locator("[data-kiosk-problems]")).to_contain_text("needs an answer")
    await tab.locator("label[for^=colour]").first.click()
    await tab.get_by_role("button", name="Continue").click()
    await tab.locator("#why").fill("because it is warm")
    await tab.get_by_role("button", name="Continue").click()
    await tab.get_by_role("button", name="Send answers").evaluate("button => { button.click(); button.click() }")
    await expect(tab.locator("[data-kiosk-code]")).to_have_text(CODE)
    assert [answers for _, answers, *_ in await queries.answers(survey_id)] == [
        {"colour": "red", "why": "because it is warm", "last": None}
    ]
    await tab.get_by_role("button", name="Finish").click()
    assert "warm" not in await tab.evaluate(LEFT)

    # Without a network the device begins anew, and the answers wait in it.
    await context.set_offline(True)
    await tab.reload()
    await tab.get_by_role("link", name="English").click()
    await tab.locator("label[for^=colour]").nth(1).click()
    await tab.get_by_role("button", name="Continue").click()
    await expect(tab.locator("#why")).to_be_hidden()
    await tab.get_by_role("button", name="Send answers").click()
    await expect(tab.locator("[data-kiosk-state]")).to_contain_text("1")
    assert len(await queries.answers(survey_id)) == 1
    await context.set_offline(False)
    await expect(tab.locator("[data-kiosk-state]")).to_have_text("", timeout=60_000)
    assert sorted(str(answers["colour"]) for _, answers, *_ in await queries.answers(survey_id)) == ["blue", "red"]
    assert {channel for _, _, channel, *_ in await queries.answers(survey_id)} == {"kiosk"}
    assert faults == []
    await context.close()
