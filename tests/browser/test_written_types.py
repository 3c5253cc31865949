"""Written types in a real browser: conditions as on the server, position and count on request, files that wait."""

from __future__ import annotations

import json
import random
from typing import Any

from playwright.async_api import Browser, expect

from consult.storage import fetchval
from consult.surveys import queries
from consult.surveys.answers.flow import Compiled
from consult.surveys.definition import schema as d
from tests.surveys.conftest import publish
from tests.surveys.makers import free, number, survey, text
from tests.surveys.test_files import jpeg

ASKED = survey(
    d.Date(key="day", text=text("Which day?")),
    d.DateRange(key="span", text=text("Which days?")),
    d.Time(key="hour", text=text("When?")),
    d.Email(key="mail", text=text("Which address?")),
    d.Phone(key="phone", text=text("Which number?")),
    d.Consent(key="agreed", text=text("Agreed?")),
    d.Place(key="spot", text=text("Where?")),
    number(decimals=1),
    d.Calculated(key="twice", text=text("Twice"), value="age * 2", show_if="agreed"),
    free("a", show_if="day >= '2026-03-01' && day < span.to"),
    free("b", show_if="hour > '09:30' || mail.contains('@example.mk')"),
    free("c", show_if="twice >= 36 && phone.startsWith('+389')"),
    free("e", show_if="!agreed || answered(spot) || answered(span.from) || answered(twice)"),
)
DAYS = [
    ("7", "3", "2026"),
    ("29", "02", "2026"),
    ("1", "12", "2026"),
    ("", "3", "2026"),
    ("", "", ""),
    ("1", "1", "26"),
]
FILL = """(values) => {
  const form = document.getElementById("survey");
  for (const control of form.elements) {
    if (!control.name || control.name.startsWith("_") || ["submit", "hidden"].includes(control.type)) continue;
    const wanted = values[control.name] ?? "";
    if (control.type === "checkbox") control.checked = wanted === control.value;
    else control.value = wanted;
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
  const sent = {};
  for (const [name, value] of new FormData(form)) (sent[name] ??= []).push(value);
  const hidden = [...form.querySelectorAll("[data-block]")].filter((b) => b.hidden).map((b) => b.dataset.block);
  return JSON.stringify({ sent, hidden });
}"""


def wishes(draw: random.Random) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("day", "span.from", "span.to"):
        day, month, year = draw.choice(DAYS)
        found |= {f"{name}.day": day, f"{name}.month": month, f"{name}.year": year}
    return found | {
        "hour": draw.choice(["", "9", "0945", "9.30", "25:00", "23:59"]),
        "mail": draw.choice(["", "ana@Example.MK", "ana@example.com", "ana"]),
        "phone": draw.choice(["", "070 123 456", "+995 555 123456", "+389 (0)70 123-456", "123"]),
        "agreed": draw.choice(["", "yes"]),
        "spot": draw.choice(["", "centar"]),
        "age": draw.choice(["", "17", "18,5", "40"]),
    }


async def test_browser_reads_written_answers_as_the_server_does(site: str, browser: Browser) -> None:
    await publish(ASKED)
    compiled = Compiled(ASKED)
    tab = await browser.new_page()
    await tab.goto(f"{site}/en/surveys/small")
    draw = random.Random(11)
    seen: dict[str, set[bool]] = {key: set() for key in "abce"}
    for _ in range(200):
        found: dict[str, Any] = json.loads(await tab.evaluate(FILL, wishes(draw)))
        hidden = compiled.decode(found["sent"]).hidden - {"twice"}
        assert set(found["hidden"]) == hidden, json.dumps(found)
        for key in seen:
            seen[key].add(key in hidden)
    assert all(len(outcomes) == 2 for outcomes in seen.values()), seen
    await tab.close()


async def test_position_count_and_files_help_without_being_needed(site: str, browser: Browser) -> None:
    survey_id = await publish(
        survey(
            d.Place(key="spot", text=text("Where?"), coordinates=True),
            d.Photo(key="photo", text=text("Show us"), required=True),
            free(long=True, max_length=20, required=True),
        )
    )
    context = await browser.new_context(
        geolocation={"latitude": 41.996612, "longitude": 21.431412}, permissions=["geolocation"]
    )
    tab = await context.new_page()
    answer = await tab.goto(f"{site}/en/surveys/small")
    assert answer is not None
    assert "geolocation=(self)" in answer.headers["permissions-policy"]
    await tab.click("[data-position-ask]")
    await tab.wait_for_function("document.getElementById('spot.latitude').value !== ''")
    await tab.fill("#wish", "ab 👍 and far too long for it")
    await expect(tab.locator("[data-count-of] span").first).to_have_text("Characters too many: 8")
    await tab.set_input_files("#photo", {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
    await tab.locator("button.govuk-button[value=next]").click()
    await tab.wait_for_selector("[data-error-summary]")
    assert await tab.locator(".c-sent").is_visible()
    await tab.fill("#wish", "Benches")
    await expect(tab.locator("[data-count-of] span").first).to_have_text("Characters left: 13")
    await tab.locator("button.govuk-button[value=next]").click()
    await tab.wait_for_selector("#receipt")
    answers = (await queries.answers(survey_id))[0][1]
    assert (answers["spot.latitude"], answers["spot.longitude"]) == (41.9966, 21.4314)
    assert await fetchval("select count(*) from survey_file where response is not null") == 1
    assert "geolocation=()" in (await tab.request.get(f"{site}/en/")).headers["permissions-policy"]
    await context.close()
