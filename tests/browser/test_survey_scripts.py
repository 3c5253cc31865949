"""What scripts add to a survey in a real browser: conditions at once, and a draft that waits in the browser."""

from __future__ import annotations

import json
import random
from typing import Any

from playwright.async_api import Browser, Page, expect

from consult.surveys import queries
from consult.surveys.answers.flow import Compiled
from tests.surveys.conftest import publish
from tests.surveys.makers import (
    DONT_KNOW,
    allocation,
    free,
    matrix,
    multiple,
    number,
    options,
    page,
    ranking,
    scale,
    several,
    single,
    smiley,
    survey,
)

ASKED = survey(
    single(options=(*options("red", "blue"), *options("other", other=True))),
    multiple(show_if="colour != 'blue'"),
    number(outside=(DONT_KNOW,), decimals=1),
    scale(outside=(DONT_KNOW,), show_if="age >= 18 || 'bus' in modes"),
    matrix(outside=(DONT_KNOW,)),
    several(),
    ranking(),
    ranking("best", top=1, options=(*options("parks"), *options("waste", show_if="age >= 18"), *options("buses"))),
    allocation(options=(*options("parks"), *options("waste", show_if="colour == 'red'"), *options("buses"))),
    smiley(outside=(DONT_KNOW,)),
    free("why", show_if="services.waste <= 2 && answered(mood)"),
    free("ranked", show_if="'waste' in best || (answered(order) && 'bus' in travel.weekdays)"),
    free("shared", show_if="budget.parks > 50 || budget.waste == 0 || face > 2"),
    free("last", show_if="count(modes) >= 2 || colour == 'other' || answered(why)"),
)
FILL = """(values) => {
  const form = document.getElementById("survey");
  for (const control of form.elements) {
    if (!control.name || control.name.startsWith("_") || ["submit", "hidden"].includes(control.type)) continue;
    const wanted = values[control.name] ?? [];
    if (control.type === "radio" || control.type === "checkbox") control.checked = wanted.includes(control.value);
    else control.value = wanted.find((value) => value !== "dont_know") ?? "";
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
  const sent = {};
  for (const [name, value] of new FormData(form)) (sent[name] ??= []).push(value);
  const hidden = [...form.querySelectorAll("[data-block]")].filter((b) => b.hidden).map((b) => b.dataset.block);
  return JSON.stringify({ sent, hidden });
}"""


def wishes(draw: random.Random) -> dict[str, list[str]]:
    choices: dict[str, list[list[str]]] = {
        "colour": [[], ["red"], ["blue"], ["other"]],
        "colour.other": [[], ["lilac"]],
        "modes": [[], ["bus"], ["bus", "foot"], ["car"]],
        "age": [[], ["17"], ["19,5"], ["1 040"], ["dont_know"], ["many"]],
        "mood": [[], ["1"], ["dont_know"]],
        "services.waste": [[], ["2"], ["5"], ["dont_know"]],
        "why": [[], ["because"]],
        "travel.weekdays": [[], ["bus"], ["foot", "bus"]],
        "face": [[], ["1"], ["3"], ["dont_know"]],
        **{f"order.{code}": [[], [str(place)], ["1"]] for place, code in enumerate(("parks", "streets", "waste"), 1)},
        **{f"best.{code}": [[], [], ["1"]] for code in ("parks", "waste", "buses")},
        "budget.parks": [[], ["60"], ["40"], ["100"]],
        "budget.waste": [[], [], ["0"]],
        "budget.buses": [[], ["40"], ["60"], ["many"]],
    }
    return {name: draw.choice(values) for name, values in choices.items()}


async def test_browser_hides_what_the_server_would_drop(site: str, browser: Browser) -> None:
    await publish(ASKED)
    compiled = Compiled(ASKED)
    tab = await browser.new_page()
    await tab.goto(f"{site}/en/surveys/small")
    draw = random.Random(7)
    seen = set()
    for _ in range(250):
        found: dict[str, Any] = json.loads(await tab.evaluate(FILL, wishes(draw)))
        hidden = compiled.decode(found["sent"]).hidden
        assert set(found["hidden"]) == hidden, found
        seen |= hidden
    assert seen == {"modes", "mood", "why", "last", "ranked", "shared", "best=waste", "budget=waste"}
    await tab.close()


async def test_words_of_conditions_stay_only_without_scripts(site: str, browser: Browser) -> None:
    await publish(survey(single(), free(show_if="colour == 'red'")))
    with_scripts = await browser.new_page()
    await with_scripts.goto(f"{site}/en/surveys/small")
    assert await with_scripts.locator("#wish").is_hidden()
    await with_scripts.check("#colour", force=True)
    assert await with_scripts.locator("#wish").is_visible()
    assert await with_scripts.locator("[data-condition]").is_hidden()
    await with_scripts.close()
    context = await browser.new_context(java_script_enabled=False)
    without = await context.new_page()
    await without.goto(f"{site}/en/surveys/small")
    assert await without.locator("#wish").is_visible()
    assert await without.locator("[data-condition]").is_visible()
    await context.close()


async def next_page(tab: Page) -> None:
    """On, until the scripts of the page that comes have run."""
    async with tab.expect_navigation():
        await tab.locator("button.govuk-button[value=next]").click()


async def test_draft_waits_in_the_browser_until_the_receipt(site: str, browser: Browser) -> None:
    survey_id = await publish(survey(pages=(page(single(), multiple()), page(free(), key="two"))))
    tab = await browser.new_page()
    address = f"{site}/en/surveys/small"
    await tab.goto(address)
    await tab.check("#colour", force=True)
    await tab.check("#modes-2", force=True)
    await tab.reload()
    assert await tab.locator("#colour").is_checked()
    assert await tab.locator("#modes-2").is_checked()
    await next_page(tab)
    await tab.fill("#wish", "Benches")
    await tab.goto(address)
    await next_page(tab)
    await expect(tab.locator("#wish")).to_have_value("Benches")
    await next_page(tab)
    await tab.wait_for_selector("#receipt")
    await tab.wait_for_function("localStorage.length === 0")
    assert (await queries.answers(survey_id))[0][1] == {"colour": "red", "modes": ["car"], "wish": "Benches"}
    await tab.goto(address)
    assert not await tab.locator("#colour").is_checked()
    await tab.close()


async def test_draft_writes_no_code_into_the_field_beside_it(site: str, browser: Browser) -> None:
    await publish(survey(number(outside=(DONT_KNOW,))))
    tab = await browser.new_page()
    address = f"{site}/en/surveys/small"
    await tab.goto(address)
    await tab.check('[name="age"][value="dont_know"]', force=True)
    await tab.reload()
    assert await tab.locator('[name="age"][value="dont_know"]').is_checked()
    assert await tab.input_value("#age") == ""
    await tab.close()


async def test_enter_in_a_text_field_goes_on_and_does_not_switch_the_language(site: str, browser: Browser) -> None:
    await publish(survey(free()))
    tab = await browser.new_page()
    await tab.goto(f"{site}/en/surveys/small")
    await tab.fill("#wish", "Benches")
    await tab.press("#wish", "Enter")
    await tab.wait_for_selector("#receipt")
    assert await tab.get_attribute("html", "lang") == "en"
    await tab.close()


async def test_language_switch_keeps_what_was_typed(site: str, browser: Browser) -> None:
    await publish(survey(free()))
    context = await browser.new_context(java_script_enabled=False)
    tab = await context.new_page()
    await tab.goto(f"{site}/en/surveys/small")
    await tab.fill("#wish", "Benches")
    await tab.get_by_role("button", name="ქართული").click()
    await tab.wait_for_url("**/ka/surveys/small")
    assert await tab.get_attribute("html", "lang") == "ka"
    assert await tab.input_value("#wish") == "Benches"
    await context.close()
