"""The whole way of a meeting: announced, registered for, asked about, entered by a code, kept in minutes."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser, Page, expect

from consult.people.unit_operations import save_unit
from consult.storage import fetchval
from tests.browser.walking import LANGUAGES, SUBMIT, Inspector, Walk, fill, press
from tests.conftest import NOON, Clock
from tests.people.makers import a_person

Texts = dict[str, str]
EVENING = datetime(2026, 12, 5, 17, 10, tzinfo=UTC)  # ten past six in Skopje
NIGHT = datetime(2026, 12, 5, 19, 0, tzinfo=UTC)  # the meeting is over
SLUG = "shade-for-the-centre"


def texts(mk: str, ka: str, en: str) -> Texts:
    return dict(zip(LANGUAGES, (mk, ka, en), strict=True))


TITLE = texts("Сенка за центарот", "ჩრდილი ცენტრისთვის", "Shade for the centre")
SUMMARY = texts(
    "Граѓаните разговараат со градоначалникот за дрвјата.",
    "მოქალაქეები მერს ხეებზე ესაუბრებიან.",
    "Residents talk to the Mayor about trees.",
)
SESSION = texts("Дрвја и паркирање", "ხეები და პარკირება", "Trees and parking")
VENUE = texts("Младински културен центар", "ახალგაზრდული კულტურის ცენტრი", "Youth Cultural Centre")
QUESTION = texts(
    "Кога ќе се засадат дрвја на кејот?", "როდის დაირგვება ხეები სანაპიროზე?", "When will trees be planted on the quay?"
)
ANSWER = texts("Во март.", "მარტში.", "In March.")
MINUTED = texts(
    "Зборувано е за сенката на кејот.", "საუბარი შეეხო ჩრდილს სანაპიროზე.", "The shade on the quay was discussed."
)
HEADING = texts("Дрвја на кејот", "ხეები სანაპიროზე", "Trees on the quay")
DECISION = texts("Кејот добива два дрвореда.", "სანაპიროზე ორი ხეივანი მოეწყობა.", "The quay gets two rows of trees.")
PROMISE = texts(
    "Дваесет липи се садат до крајот на март.",
    "მარტის ბოლომდე ოცი ცაცხვი დაირგვება.",
    "Twenty lime trees are planted by the end of March.",
)
UNIT = texts("Сектор за зеленило", "გამწვანების სამსახური", "Sector for Green Areas")
NAME = texts("Ана Петрова", "ნინო გელაშვილი", "Ann Peters")


async def announce(walk: Walk, desk: Page) -> tuple[str, str]:
    """A meeting with a session is written and published; its id and that of its session."""
    await desk.goto(walk.staff_url("forums/new"))
    for place, words in {"title": TITLE, "summary": SUMMARY, "venue": VENUE, "session-1-title": SESSION}.items():
        await fill(desk, place, words)
    await desk.locator("#slug").fill(SLUG)
    await desk.locator("#closes").fill("2026-12-04T12:00")
    for field, value in {"day": "2026-12-05", "starts": "18:00", "ends": "19:30", "capacity": "40"}.items():
        await desk.locator(f"#session-1-{field}").fill(value)
    await walk.shot(desk, "new")
    await press(desk, f"#forum-form {SUBMIT}")
    await press(desk, "form[action$=publish] button")
    await walk.shot(desk, "published")
    forum = await fetchval("SELECT id FROM forum WHERE slug = $1", SLUG)
    return str(forum), str(await fetchval("SELECT id FROM forum_session WHERE forum = $1", forum))


async def come(walk: Walk, phone: Page) -> str:
    """A resident registers with a companion and a need; the code for the entrance from the letter's link."""
    await phone.goto(walk.url("forums"))
    await walk.shot(phone, "meetings")
    await phone.locator(f"main a[href$='forums/{SLUG}']").first.click()
    await walk.shot(phone, "meeting")
    form = phone.locator("#registration")
    await form.locator("[name=name]").fill(NAME[walk.language])
    await form.locator("[name=email]").fill("resident@example.com")
    await form.locator("[name=companions]").select_option("1")
    await form.locator("[name=needs]").first.check()
    await press(phone, f"#registration {SUBMIT}")
    await expect(phone.locator("#receipt")).to_be_visible()
    await walk.shot(phone, "registered")
    letter = await fetchval("SELECT body_text FROM notification WHERE recipient = 'resident@example.com'")
    link = re.search(r"/registrations/[\w.~-]+", letter)
    assert link is not None
    await phone.goto(walk.url(link[0].removeprefix("/")))
    await walk.shot(phone, "own-page")
    return re.sub(r"\D", "", await phone.locator(".c-code").inner_text())


async def ask(walk: Walk, phone: Page) -> None:
    await phone.goto(walk.url(f"forums/{SLUG}"))
    await phone.locator("#questions a[href$='questions/new']").click()
    await phone.locator("#text").fill(QUESTION[walk.language])
    await walk.shot(phone, "asking")
    await press(phone, f"#question-form {SUBMIT}")
    await expect(phone.locator("#receipt")).to_contain_text(QUESTION[walk.language])
    await walk.shot(phone, "asked")


async def support(walk: Walk, phone: Page) -> None:
    await phone.goto(walk.url(f"forums/{SLUG}/questions"))
    await press(phone, "button[value=support]")
    await expect(phone.locator("button[value=take-back]")).to_be_visible()
    await walk.shot(phone, "supported")


async def write_minutes(walk: Walk, desk: Page, forum: str) -> None:
    """A summary, an item with a decision and a promise, an answer; then everybody may read them."""
    minutes = walk.staff_url(f"forums/{forum}/minutes")
    await desk.goto(minutes)
    await fill(desk, "summary", MINUTED)
    await press(desk, "details form button:not([name=language])")
    await desk.goto(f"{minutes}/items/new")
    await fill(desk, "heading", HEADING)
    await press(desk, f"main form {SUBMIT}")
    for kind, words in {"decision": DECISION, "promise": PROMISE}.items():
        await press(desk, f"a[href*='kind={kind}']")
        await fill(desk, "text", words)
        if kind == "promise":
            await desk.locator("#unit").select_option(label=UNIT[walk.language])
            await desk.locator("#due_on").fill("2027-03-31")
        await walk.shot(desk, kind)
        await press(desk, f"main form {SUBMIT}")
    await walk.shot(desk, "minutes")
    await desk.goto(walk.staff_url(f"forums/{forum}/questions?shown=published"))
    await press(desk, "main li a[href*='/questions/']")
    await fill(desk, "answer", ANSWER)
    await press(desk, "button[value=answer]")
    await walk.shot(desk, "answered")
    await desk.goto(minutes)
    await press(desk, "form[action$='minutes/publish'] button")


async def read(walk: Walk, phone: Page, inspector: Inspector) -> None:
    """Residents find the minutes from the meeting, and the promise among all promises."""
    words = walk.language
    await phone.goto(walk.url(f"forums/{SLUG}"))
    await walk.shot(phone, "over")
    await phone.locator("main a[href$='/minutes']").first.click()
    for part in (MINUTED, DECISION, PROMISE, QUESTION, ANSWER, UNIT):
        await expect(phone.locator("main")).to_contain_text(part[words])
    await walk.shot(phone, "public-minutes")
    await phone.locator("main a[href$='/promises']").click()
    await expect(phone.locator("main")).to_contain_text(PROMISE[words])
    await walk.shot(phone, "promises")
    await inspector.look(f"forums/{SLUG}", f"forums/{SLUG}/minutes", "promises")


@pytest.mark.parametrize(
    "language", ["ka", pytest.param("mk", marks=pytest.mark.slow), pytest.param("en", marks=pytest.mark.slow)]
)
async def test_a_meeting_from_its_announcement_to_its_minutes(
    language: str, site: str, browser: Browser, clock: Clock
) -> None:
    clock.now = NOON
    walk = Walk("forum", language, site, browser, clock)
    moderator = await a_person(roles=["moderator"])
    await save_unit(unit_id=None, name=UNIT, needed="mk", members=[moderator.id], actor=None, at=NOON)
    async with walk.desk(moderator) as desk, walk.phone() as phone, walk.inspector() as inspector:
        forum, session = await announce(walk, desk)
        code = await come(walk, phone)
        await ask(walk, phone)
        questions = walk.staff_url(f"forums/{forum}/questions")
        await desk.goto(questions)
        await desk.locator("[name=chosen]").check()
        await press(desk, "button[value=publish]")
        await support(walk, phone)
        await desk.goto(f"{questions}?shown=published")
        await press(desk, "button[value=shortlist]")
        await expect(desk.locator("button[value=drop]")).to_be_visible()
        await walk.shot(desk, "shortlist")
        await inspector.look("forums", f"forums/{SLUG}", f"forums/{SLUG}/questions", f"forums/{SLUG}/questions/new")
    clock.now = EVENING
    async with walk.desk(moderator) as desk, walk.phone() as phone, walk.inspector() as inspector:
        await desk.goto(walk.staff_url(f"sessions/{session}/door"))
        await desk.locator("#sought").fill(code)
        await walk.shot(desk, "door")
        await desk.locator("[data-act=arrive] button").click()
        await expect(desk.locator("[data-figure=inside]")).to_have_text("2")
        await walk.shot(desk, "inside")
        clock.now = NIGHT
        await write_minutes(walk, desk, forum)
        await read(walk, phone, inspector)
    assert await fetchval("SELECT state FROM registration") == "attended"
    assert walk.faults == []
