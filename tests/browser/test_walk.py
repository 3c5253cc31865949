"""The whole way of a survey: built from nothing in the editor, translated, checked, certified, published, answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

import pyotp
import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from consult.profile import load_profile
from consult.settings import resource
from consult.studio import publishing
from consult.surveys import queries
from consult.surveys.definition import schema as d
from tests.browser.inspection import Look
from tests.browser.walk import (
    EN,
    KA,
    LANGUAGES,
    MK,
    PAGES,
    QUESTIONS,
    TITLE,
    Bare,
    Fingers,
    Hands,
    Keys,
    Person,
    Wanted,
    Words,
    answer,
    shot,
    stored,
)
from tests.browser.walking import press
from tests.conftest import NOON
from tests.people.makers import PASSWORD, a_person

PHONE = ViewportSize(width=360, height=740)


async def fill(desk: Page, name: str, words: Words) -> None:
    for language, text in zip(LANGUAGES, words, strict=True):
        await desk.locator(f"[id='{name}.{language}']").fill(text)


async def sign_in(desk: Page, site: str) -> None:
    person = await a_person(roles=["designer"])
    await desk.goto(f"{site}/staff/en/surveys")
    await desk.get_by_label("E-mail address").fill(person.email)
    await desk.get_by_label("Password").fill(PASSWORD)
    await desk.get_by_role("button", name="Sign in").click()
    shared = (await desk.locator(".c-code").inner_text()).replace(" ", "")
    await desk.locator("#code").fill(pyotp.TOTP(shared).at(NOON))
    await desk.locator("main form button").first.click()
    await press(desk, ":text('I have kept the codes')")
    await desk.goto(f"{site}/staff/en/surveys")


async def add(desk: Page, wanted: Wanted) -> None:
    """One question, as an author writes it: its type, its texts, and the answers as lines for all languages."""
    text = desk.locator("[id='text.mk']")
    await desk.get_by_label("Type of the new question").select_option(label=wanted.label)
    await desk.get_by_role("button", name="Add a question").click()
    await expect(text).to_be_focused()
    await expect(text).to_have_value("")
    await fill(desk, "text", wanted.text)
    if wanted.items:
        name = "rows" if wanted.label.startswith("Table") else "options"
        for place, item in enumerate(wanted.items[:2]):
            await fill(desk, f"{name}.{place}.text", item)
        if wanted.items[2:]:
            await desk.get_by_text("Add several at once").first.click()
            lines = "\n".join(" | ".join(item) for item in wanted.items[2:])
            await desk.locator(f"[id='{name}.lines']").fill(lines)
            await desk.get_by_role("button", name="Add these lines").first.click()
        await expect(desk.locator(f"[data-items={name}] > li")).to_have_count(len(wanted.items))
    if wanted.ends:
        await fill(desk, "low", wanted.ends[0])
        await fill(desk, "high", wanted.ends[1])
    if wanted.label == "Faces":
        await desk.get_by_role("button", name="Write words for each point").click()
        for point, words in enumerate(FACES):
            await fill(desk, f"labels.{point}", words)
    if wanted.label == "Share out points":
        await desk.get_by_label("Points to share out").fill("100")
    for box in wanted.ticks:
        await desk.locator(f"[id='{box}']").check()


FACES: tuple[Words, ...] = (
    ("многу лошо", "ძალიან ცუდად", "very bad"),
    ("лошо", "ცუდად", "bad"),
    ("така-така", "საშუალოდ", "so-so"),
    ("добро", "კარგად", "good"),
    ("одлично", "შესანიშნავად", "very good"),
)


async def build(desk: Page) -> None:
    """From the list of surveys to twelve questions on two pages."""
    await desk.get_by_role("link", name="New survey").first.click()
    for language, words in zip(LANGUAGES, TITLE, strict=True):
        await desk.locator(f"[name='title.{language}']").fill(words)
    await shot(desk, "begin")
    await press(desk, "button:has-text('Begin the survey')")
    await expect(desk.locator("#outline")).to_be_visible()
    await shot(desk, "empty")
    for number, (title, questions) in enumerate(PAGES):
        if number:
            await desk.get_by_role("button", name="Add a page").click()
            await expect(desk.locator("[id='title.mk']")).to_be_focused()
        else:
            await desk.locator("#outline a[href*='at=page-']").first.click()
            await expect(desk.locator(".c-card--page.is-current")).to_be_visible()
        await fill(desk, "title", title)
        for question in questions:
            await add(desk, question)
    await expect(desk.locator("#saved")).to_contain_text("changed")
    await shot(desk, "built")


async def open_condition(desk: Page, number: int) -> None:
    await desk.locator("#outline").get_by_role("link", name=f"{number}. {QUESTIONS[number - 1].text[2]}").click()
    await expect(desk.locator("section.is-current h2")).to_have_text(re.compile(rf"^{number}\. "))
    await desk.locator("section.is-current .c-show-if a").click()
    await desk.wait_for_url("**/condition?**")


async def set_conditions(desk: Page) -> None:
    """One condition put together from lists, one written in CEL with its first slip shown at its place."""
    await open_condition(desk, 2)
    await desk.get_by_role("button", name="Add a comparison").click()
    await desk.locator("[id='t.0.asked']").select_option(label=QUESTIONS[0].text[2])
    await desk.locator("[id='t.0.value']").select_option(label="By bus")
    await shot(desk, "builder")
    await desk.get_by_role("button", name="Save the condition").click()
    await open_condition(desk, 6)
    keys = (await desk.locator("#text-hint").inner_text()).rpartition("Keys: ")[2].split(", ")
    await desk.locator("#text").fill(f"{keys[4]} >= 45 && answered(nothing)")
    await desk.get_by_role("button", name="Save the text").click()
    await expect(desk.locator("#text-faults")).to_contain_text("nothing")
    await shot(desk, "cel-fault")
    await desk.locator("#text").fill(f"{keys[4]} >= 45 && {keys[3]} != 4.0")
    await desk.get_by_role("button", name="Save the text").click()
    await expect(desk.locator("section.is-current .c-show-if")).to_contain_text("is at least 45")
    await shot(desk, "conditions")


async def publish(desk: Page) -> None:
    """The ledger is complete, nothing is found, the browser certifies; then the dates."""
    await desk.get_by_role("link", name="Translations").click()
    await expect(desk.locator("#translations li").first).to_be_visible()
    for line in await desk.locator("#translations li").all():
        done, total = (await line.locator(".c-quiet").last.inner_text()).split(" up to date")[0].split(" of ")
        assert done == total
        await expect(line).not_to_contain_text("missing")
    await shot(desk, "translations")
    await desk.get_by_role("link", name="Checks").click()
    await expect(desk.get_by_text("The checks found nothing.")).to_be_visible()
    await desk.get_by_text("Your browser has decided 200 answer sets").wait_for()
    await shot(desk, "checks")
    await desk.get_by_role("button", name="Publish the working copy").click()
    await desk.wait_for_url("**versions?done=published")
    await shot(desk, "published")
    await desk.get_by_role("link", name="Overview").click()
    await desk.locator("#closes_at").fill("2026-12-01T12:00")
    await desk.get_by_role("button", name="Set dates").click()
    await expect(desk.get_by_text("Open", exact=True).first).to_be_visible()
    await shot(desk, "open")


async def made(site: str, browser: Browser) -> tuple[str, d.Definition]:
    """The address and the published definition of the survey that was built in the browser."""
    context = await browser.new_context(locale="en", viewport={"width": 1280, "height": 900})
    look = await Look.of(context, site, 1280)
    await sign_in(look.page, site)
    await build(look.page)
    await set_conditions(look.page)
    await publish(look.page)
    assert look.faults == []
    await context.close()
    (survey,) = await queries.open_surveys(NOON)
    version = await queries.version(survey.id)
    certificate = (await publishing.certificates(survey.id))[version.id]
    assert (certificate.kind, certificate.cases) == ("browser", 200)
    return survey.slug, version.definition


async def take_part(
    browser: Browser,
    site: str,
    slug: str,
    survey: d.Definition,
    person: Person,
    kind: Callable[[Page], Hands],
    places: tuple[str, ...],
) -> None:
    """One person from the list of open surveys to the receipt, on a narrow phone."""
    name = f"{person.language}-{getattr(kind, '__name__', '').lower()}"
    has_script = kind is not Bare
    context = await browser.new_context(viewport=PHONE, has_touch=True, java_script_enabled=has_script)
    tab = await context.new_page()
    await tab.goto(f"{site}/{person.language}/open")
    await press(tab, f"main a[href='/{person.language}/surveys/{slug}']")
    hands = kind(tab)
    numbers = iter(range(len(QUESTIONS)))
    for count, page in enumerate(survey.pages, 1):
        await expect(tab.locator("html")).to_have_attribute("lang", person.language)
        await shot(tab, f"{name}-{count}-new")
        for question, number in zip(page.questions, numbers, strict=False):
            if number in person.hidden:
                continue
            await answer(hands, question, person.chosen[number], places)
        if has_script:
            for number in person.hidden:
                if survey.questions[number] in page.questions:
                    await expect(tab.locator(f"[data-block={survey.questions[number].key}]")).to_be_hidden()
            assert await tab.evaluate("document.scrollingElement.scrollWidth") == 360
        await shot(tab, f"{name}-{count}-filled")
        await hands.go_on()
    await expect(tab.locator("#receipt")).to_be_visible()
    await shot(tab, f"{name}-receipt")
    await context.close()


Kept = list[tuple[dict[str, Any], str, str]]


async def walk(
    site: str, browser: Browser, parts: Sequence[tuple[Person, Callable[[Page], Hands]]]
) -> tuple[Kept, Kept]:
    """Build, publish and answer the survey; what was stored, and what these people chose, both by language."""
    slug, survey = await made(site, browser)
    assert [question.text for question in survey.questions] == [
        dict(zip(LANGUAGES, wanted.text, strict=True)) for wanted in QUESTIONS
    ]
    assert len({type(question) for question in survey.questions}) == len(survey.questions) == 12
    assert sum(bool(question.show_if) for question in survey.questions) == 2
    places = tuple(place.code for place in load_profile(resource("profiles", "skopje.toml")).places)
    for person, kind in parts:
        await take_part(browser, site, slug, survey, person, kind, places)
    found = await queries.answers((await queries.survey(slug)).id)
    kept = [(answers, channel, language) for _, answers, channel, language, _ in found]
    wanted = [(stored(person, survey, places), "web", person.language) for person, _ in parts]
    return sorted(kept, key=itemgetter(2)), sorted(wanted, key=itemgetter(2))


async def test_from_an_empty_editor_to_receipts_in_three_languages(site: str, browser: Browser) -> None:
    kept, chosen = await walk(site, browser, [(MK, Fingers), (KA, Keys), (EN, Bare)])
    assert kept == chosen


@pytest.mark.slow
async def test_everybody_answers_in_every_way(site: str, browser: Browser) -> None:
    everybody = [(person, kind) for person in (MK, KA, EN) for kind in (Fingers, Keys, Bare)]
    kept, chosen = await walk(site, browser, everybody)
    assert kept == chosen
