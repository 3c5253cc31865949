"""The whole way of a regulation: from a Word file to the report in which a resident finds their comment answered."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from docx import Document
from playwright.async_api import Browser, FilePayload, Page, expect

from consult.jobs import worker
from consult.storage import fetchval
from consult.storage.embedded import Embedded
from tests.browser.walking import LANGUAGES, SUBMIT, Inspector, Walk, fill, press
from tests.conftest import NOON, Clock
from tests.consultations.makers import a_consultation
from tests.people.makers import a_person

Texts = dict[str, str]
AFTER = datetime(2026, 12, 14, 9, tzinfo=UTC)
SLUG = "shade-in-car-parks"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def texts(mk: str, ka: str, en: str) -> Texts:
    return dict(zip(LANGUAGES, (mk, ka, en), strict=True))


TITLE = texts(
    "Одлука за сенка на паркиралиштата", "დადგენილება ავტოსადგომების ჩრდილზე", "Decision on shade in car parks"
)
SUMMARY = texts("Колку дрвја се садат.", "რამდენი ხე ირგვება.", "How many trees are planted.")
ARTICLE = texts("Член", "მუხლი", "Article")
SUBJECT = texts("Предмет", "საგანი", "Subject")
SUBJECT_BODY = texts(
    "Оваа одлука го уредува садењето дрвја на јавните паркиралишта.",
    "ეს დადგენილება აწესრიგებს ხეების დარგვას საჯარო ავტოსადგომებზე.",
    "This decision governs the planting of trees in public car parks.",
)
MISSPELT = texts("Дравја", "ხხეები", "Treees")
HEADING = texts("Дрвја", "ხეები", "Trees")
BODY = texts(
    "На секои пет паркинг-места се сади едно дрво.",
    "ყოველ ხუთ სადგომ ადგილზე ირგვება ერთი ხე.",
    "One tree is planted for every five parking spaces.",
)
OLD_WORDS = texts("пет", "ხუთ", "five")
NEW_WORDS = texts("три", "სამ", "three")
QUOTE = texts("секои пет паркинг-места", "ხუთ სადგომ ადგილზე", "every five parking spaces")
COMMENT = texts(
    "Предлагам едно дрво на секои три места, инаку нема сенка.",
    "გთავაზობთ ერთ ხეს ყოველ სამ ადგილზე, თორემ ჩრდილი არ იქნება.",
    "I propose one tree for every three spaces, or else there is no shade.",
)
ANSWER = texts(
    "Прифатено: едно дрво на секои три места.",
    "გათვალისწინებულია: ერთი ხე ყოველ სამ ადგილზე.",
    "Accepted: one tree for every three spaces.",
)
REASON = texts("По забелешка на граѓани.", "მოქალაქეთა შენიშვნის საფუძველზე.", "After a comment of residents.")
DID = texts("Дрвјата ќе бидат погусти.", "ხეები უფრო ხშირად დაირგვება.", "Trees will stand closer together.")
NAME = texts("Марија", "ნინო", "Mary")


def word_file(language: str) -> bytes:
    """The regulation as an office sends it: headings of Word, and a slip in one of them."""
    document = Document()
    articles = ((SUBJECT, SUBJECT_BODY), (MISSPELT, BODY))
    for number, (heading, body) in enumerate(articles, 1):
        document.add_heading(f"{ARTICLE[language]} {number}. {heading[language]}", level=2)
        document.add_paragraph(body[language])
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


async def import_it(walk: Walk, desk: Page, consultation: str) -> None:
    """A draft in the consultation takes its text from three Word files; a heading is corrected before it is kept."""
    await desk.goto(walk.staff_url("drafts/new"))
    await fill(desk, "title", TITLE)
    await fill(desk, "summary", SUMMARY)
    await desk.locator("#slug").fill(SLUG)
    await desk.locator("#consultation").select_option(value=consultation)
    await walk.shot(desk, "new")
    await press(desk, f"#draft-form {SUBMIT}")
    await desk.goto(walk.staff_url(f"drafts/{SLUG}/import"))
    for language in LANGUAGES:
        file = FilePayload(name=f"law-{language}.docx", mimeType=WORD, buffer=word_file(language))
        await desk.locator(f"[name=file-{language}]").set_input_files(file)
    await walk.shot(desk, "files")
    await press(desk, f"main form {SUBMIT}")
    await walk.shot(desk, "preview")
    for language in LANGUAGES:
        field = desk.locator(f"[name=text-{language}]")
        read = await field.input_value()
        assert f"## {ARTICLE[language]} 2. {MISSPELT[language]}" in read
        await field.fill(read.replace(MISSPELT[language], HEADING[language]))
    await press(desk, "main button[value=save]")
    await walk.shot(desk, "kept")
    await press(desk, "button[value=publish]")
    await walk.shot(desk, "publishing")
    await press(desk, f"#publish-form {SUBMIT}")


async def comment(walk: Walk, phone: Page) -> str:
    """A resident proposes other words for a passage of the second article; the number on the slip."""
    await phone.goto(walk.url(f"drafts/{SLUG}"))
    await expect(phone.locator("#article-2")).to_contain_text(HEADING[walk.language])
    await walk.shot(phone, "draft")
    await phone.locator("[data-comment]").nth(1).click()
    await phone.locator("[name=kind][value=proposal]").check()
    await phone.locator("[name=quote]").fill(QUOTE[walk.language])
    await phone.locator("[name=text]").fill(COMMENT[walk.language])
    await phone.locator("[name=name]").fill(NAME[walk.language])
    await phone.locator("[name=email]").fill("resident@example.com")
    await walk.shot(phone, "commenting")
    await press(phone, f"#comment-form {SUBMIT}")
    await expect(phone.locator("#receipt")).to_contain_text(QUOTE[walk.language])
    await walk.shot(phone, "receipt")
    return str(await fetchval("SELECT number FROM comment"))


async def publish_comment(walk: Walk, desk: Page, number: str) -> None:
    await desk.goto(walk.staff_url("comments"))
    await walk.shot(desk, "queue")
    await press(desk, f"main a[href*='{number}']")
    await walk.shot(desk, "to-check")
    await press(desk, "form[action$=publish] button")


async def answer(walk: Walk, desk: Page, number: str) -> None:
    await desk.goto(walk.staff_url(f"answers/{number}"))
    await desk.locator("[name=decision][value=accepted]").check()
    await fill(desk, "reason", ANSWER)
    await press(desk, "#answer-form button[value=send]")
    await expect(desk.locator("form[action$=approve]")).to_have_count(0)  # not by who wrote it
    await walk.shot(desk, "answered")


async def release(walk: Walk, desk: Page, number: str) -> None:
    await desk.goto(walk.staff_url(f"answers/{number}"))
    await walk.shot(desk, "review")
    await press(desk, "form[action$=approve] button")
    await desk.goto(walk.staff_url(f"drafts/{SLUG}/answers"))
    await desk.locator("[name=partial]").check()
    await walk.shot(desk, "releasing")
    await press(desk, f"main form.c-box {SUBMIT}")
    assert await fetchval("SELECT email FROM comment") == ""  # the letter has been written


async def change_words(walk: Walk, desk: Page, number: str) -> None:
    """The second version says what was proposed, and that the comment led to it."""
    await desk.goto(walk.staff_url(f"drafts/{SLUG}"))
    for language in LANGUAGES:
        field = desk.locator(f"[name=text-{language}]")
        read = await field.input_value()
        await field.fill(read.replace(OLD_WORDS[language], NEW_WORDS[language]))
    await press(desk, "button[value=publish]")
    await fill(desk, "reason", REASON)
    await desk.locator("[name=confirmed]").check()
    await walk.shot(desk, "mapping")
    await press(desk, f"#publish-form {SUBMIT}")
    await desk.goto(walk.staff_url(f"drafts/{SLUG}/effects"))
    await desk.locator(f"[name=effect][id$='{number}']").first.check()
    await press(desk, f"main form[method=post] {SUBMIT}")
    await walk.shot(desk, "effects")


async def read(walk: Walk, phone: Page, inspector: Inspector) -> None:
    """Residents see the changed words marked, and what the comment changed."""
    await phone.goto(walk.url(f"drafts/{SLUG}/compare?from=1&to=2"))
    await expect(phone.locator(".c-compared ins")).to_contain_text(NEW_WORDS[walk.language])
    await expect(phone.locator(".c-compared del")).to_contain_text(OLD_WORDS[walk.language])
    await walk.shot(phone, "compared")
    await phone.goto(walk.url(f"drafts/{SLUG}/articles/2/comments"))
    await expect(phone.locator("main")).to_contain_text(ANSWER[walk.language])
    await walk.shot(phone, "comments")
    await phone.goto(walk.url(f"drafts/{SLUG}"))
    await walk.shot(phone, "second-version")
    await inspector.look(
        f"drafts/{SLUG}",
        f"drafts/{SLUG}/comments",
        f"drafts/{SLUG}/articles/2/comments",
        f"drafts/{SLUG}/compare?from=1&to=2",
    )


async def report(walk: Walk, desk: Page, consultation: str, dsn: str) -> None:
    """After the last day: the outcome, and the report with its files."""
    base = walk.staff_url(f"consultations/{consultation}")
    await desk.goto(f"{base}/outcome")
    for place, words in {"asked": SUMMARY, "said": COMMENT, "did": DID}.items():
        await fill(desk, place, words)
    await press(desk, f"#outcome-form {SUBMIT}")
    await walk.shot(desk, "outcome")
    await desk.goto(f"{base}/report")
    await press(desk, f"#report-form {SUBMIT}")
    await worker.run_waiting(dsn)
    await desk.reload()
    await walk.shot(desk, "report")
    await press(desk, "form[action$='report/1/publish'] button")


@pytest.mark.parametrize(
    "language", ["mk", pytest.param("ka", marks=pytest.mark.slow), pytest.param("en", marks=pytest.mark.slow)]
)
async def test_a_regulation_from_a_word_file_to_the_report(
    language: str, site: str, browser: Browser, clock: Clock, database: Embedded
) -> None:
    clock.now = NOON
    walk = Walk("regulation", language, site, browser, clock)
    consultation = await a_consultation(title=TITLE, summary=SUMMARY)
    designer = await a_person(roles=["designer"])
    moderator, reviewer = await a_person(roles=["moderator"]), await a_person(roles=["moderator"], name="Nino Beridze")
    async with walk.phone() as phone, walk.inspector() as inspector:
        async with walk.desk(designer) as desk:
            await import_it(walk, desk, str(consultation.id))
            number = await comment(walk, phone)
            async with walk.desk(moderator) as other:
                await publish_comment(walk, other, number)
                await answer(walk, other, number)
            async with walk.desk(reviewer) as other:
                await release(walk, other, number)
            await change_words(walk, desk, number)
        await read(walk, phone, inspector)
        clock.now = AFTER
        async with walk.desk(designer) as desk:
            await report(walk, desk, consultation.slug, database.dsn)
        await phone.goto(walk.url(f"consultations/{consultation.slug}/report"))
        for words in (COMMENT, ANSWER, DID):
            await expect(phone.locator("main")).to_contain_text(words[language])
        await walk.shot(phone, "public-report")
        await phone.goto(walk.url(f"consultations/{consultation.slug}"))
        await walk.shot(phone, "consultation")
        await inspector.look(f"consultations/{consultation.slug}", f"consultations/{consultation.slug}/report")
    assert walk.faults == []
