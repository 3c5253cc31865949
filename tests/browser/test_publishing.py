"""From a stale translation to a published version with its certificate, in Chromium; and both engines agree there."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from playwright.async_api import Browser

from consult.studio import publishing
from consult.studio.vectors import NUMBER
from consult.surveys import operations, queries
from consult.surveys.answers.flow import Compiled
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.conditions.expression import normal, parse
from consult.surveys.conditions.terms import compile_one, is_met
from consult.surveys.definition.texts import with_text
from tests.browser.inspection import Look
from tests.conftest import NOON
from tests.people.makers import a_person, a_session
from tests.surveys.conftest import publish
from tests.surveys.makers import EVERYTHING, free, single, survey
from tests.surveys.test_agreement import EVERY, QUESTIONS, condition, sent

VECTORS = Path(__file__).parent.parent / "surveys" / "vectors.json"
PAIRS = 2000
DECIDE = """async ([script, cases]) => {
    const { compile, isMet } = await import(script);
    return cases.map(({ normal, data }) => {
        try { return isMet(compile(normal), data); } catch { return false; }
    });
}"""


async def test_translation_is_brought_up_to_date_and_the_browser_certifies(site: str, browser: Browser) -> None:
    person = await a_person(roles=["designer"])
    sample = load(EVERYTHING.read_bytes())
    survey_id = await operations.import_working_copy(definition=sample, at=NOON)
    await operations.import_working_copy(definition=with_text(sample, "title", "mk", "Друг наслов"), at=NOON)
    context = await browser.new_context(locale="en", viewport={"width": 1280, "height": 900})
    cookie = {"name": "staff", "value": await a_session(person, NOON), "domain": "127.0.0.1", "path": "/staff"}
    await context.add_cookies([cookie])  # type: ignore[list-item]
    look = await Look.of(context, site, 1280)
    tab = look.page
    await tab.goto(f"{site}/staff/en/surveys/sample/translate?to=en")
    assert "наслов" in " ".join(await tab.locator("ins").all_inner_texts())
    await tab.locator("[name='t.en.title']").fill("Another title")
    await tab.get_by_role("button", name="Save translations").click()
    await tab.wait_for_url("**done=saved**")
    await tab.goto(f"{site}/staff/en/surveys/sample/translate?to=ka")
    await tab.get_by_role("button", name="Still right").first.click()
    await tab.wait_for_url("**done=confirmed**")
    await tab.goto(f"{site}/staff/en/surveys/sample/checks")
    await tab.get_by_text(f"Your browser has decided {NUMBER} answer sets").wait_for()
    assert await tab.locator("[data-without-certificate]").is_hidden()
    await tab.get_by_role("button", name="Publish the working copy").click()
    await tab.wait_for_url("**versions?done=published")
    version = await queries.version(survey_id)
    kept = (await publishing.certificates(survey_id))[version.id]
    assert (kept.kind, kept.browser.split()[0], kept.cases) == ("browser", "Chrome", NUMBER)
    assert kept.decisions > NUMBER
    assert look.faults == []
    await context.close()


@pytest.fixture
def pairs() -> list[tuple[str, dict[str, object], bool]]:
    """2,000 random conditions with random answers, and what the server decides."""
    draw = random.Random(20261122)
    compiled = Compiled(survey(*QUESTIONS, free("last", show_if=" && ".join(f"answered({q.key})" for q in QUESTIONS))))
    found = []
    for _ in range(PAIRS):
        text = normal(parse(condition(draw)))
        bindings = compiled.decode(sent(draw)).bindings
        found.append((text, bindings, is_met(compile_one(text, EVERY), bindings)))
    return found


async def test_two_thousand_pairs_and_the_vectors_agree_in_chromium(
    site: str, browser: Browser, pairs: list[tuple[str, dict[str, object], bool]]
) -> None:
    await publish(survey(single(), free(show_if="colour == 'red'")))
    tab = await browser.new_page()
    await tab.goto(f"{site}/en/surveys/small")
    script = await tab.evaluate("document.querySelector('script[src*=\"conditions\"]')?.src")
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    cases = [{"normal": text, "data": data} for text, data, _ in pairs]
    cases += [{"normal": vector["normal"], "data": vectors["data"]} for vector in vectors["vectors"]]
    expected = [met for _, _, met in pairs] + [vector.get("value", False) for vector in vectors["vectors"]]
    assert await tab.evaluate(DECIDE, [script, cases]) == expected
    assert 200 < sum(expected[:PAIRS]) < PAIRS - 200
    await tab.close()
