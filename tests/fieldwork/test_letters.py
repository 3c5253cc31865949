"""Printed letters: who gets one, what stands on it, and that the file is what it says."""

from __future__ import annotations

import csv
import io
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from pypdf import PdfReader

from consult.documents.pdf import compile_pdf, compile_png
from consult.errors import Invalid
from consult.fieldwork import letter_operations, letters, queries
from consult.fieldwork.contact import Contact
from consult.fieldwork.letter_operations import IsClosed
from consult.fieldwork.letters import TEMPLATE, Sheet
from consult.fieldwork.links import Links
from consult.fieldwork.mailing_operations import NobodyLeft, TakesNoInvitations
from consult.i18n import locale
from consult.profile import load_profile
from consult.settings import resource
from consult.surveys import queries as surveys
from consult.surveys.admission import invitations
from consult.surveys.admission.invitation_operations import is_good, open_count
from tests.conftest import NOON
from tests.fieldwork.makers import ENABLED, a_contact, allow_invitations, invited_survey
from tests.people.makers import staff
from tests.surveys.conftest import publish

LINKS = Links("https://consult.example.org", bytes(32))
HERE = "/staff/en/surveys/sample/paper"
ADDRESS = "ул. Вардар 5\n1000 Скопје"
HOSTILE = '#panic("x") *bold* $x$ <a> @b "quoted" \\ //'


def a_household(**changes: object) -> Contact:
    first = Contact(
        name="Семејство Петрови", email=None, phone=None, language="mk", address=ADDRESS, id=uuid4(), survey=uuid4(),
        is_issued=False, has_opted_out=False, bounce=None, printed_on=None,
    )  # fmt: skip
    return replace(first, **changes)  # type: ignore[arg-type]


async def document(*contacts: Contact) -> dict[str, object]:
    survey = await surveys.survey("sample")
    locales = {code: locale(code) for code in ENABLED}
    sheets = [Sheet(one, one.language, "7K3M-92QF-HDXA", "https://consult.example.org/x") for one in contacts]
    text = letters.default_text(list(locales.values()))
    profile = load_profile(resource("profiles", "skopje.toml"))
    short = LINKS.short(survey)
    return letters.document(
        sheets, text, survey, profile, locales, mode="anonymous", short=short, day=NOON.date()
    )  # fmt: skip


def words(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


async def make(survey: UUID, who: str = "new", part: int = 1) -> list[Sheet]:
    return await letter_operations.make_sheets(survey_id=survey, who=who, links=LINKS, at=NOON, part=part)


async def test_sheet_speaks_three_languages_the_households_first(application: object) -> None:
    await invited_survey()
    household = a_household(name="ოჯახი გელაშვილი", language="ka", address="რუსთაველის 1\nთელავი")
    made = compile_pdf(TEMPLATE, await document(household, a_household(name=HOSTILE)), made_at=NOON)
    georgian, macedonian = words(made)
    assert "ოჯახი გელაშვილი" in georgian and "რუსთაველის 1" in georgian
    assert georgian.count("7K3M-92QF-HDXA") == 3
    assert georgian.index("მოგესალმებით") < georgian.index("Добар ден") < georgian.index("Good day")
    assert macedonian.index("Добар ден") < macedonian.index("მოგესალმებით")
    assert 'panic("x")' in macedonian and "*bold*" in macedonian
    reader = PdfReader(io.BytesIO(made))
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("mk", True)
    assert "pdfuaid" in root["/Metadata"].get_data().decode()  # typst refuses to write it where it is not so
    resources: list[Any] = [page["/Resources"] for page in reader.pages]
    fonts = {str(font.get_object()["/BaseFont"]) for one in resources for font in one["/Font"].values()}
    assert {name.partition("+")[2].partition("-")[0] for name in fonts} == {"NotoSans", "NotoSansGeorgian"}


async def test_address_stands_in_the_window_and_a_long_letter_keeps_its_sheet(application: object) -> None:
    await invited_survey()
    found: list[tuple[float, float]] = []
    many_lines = "\n".join(f"ред {number}" for number in range(3))
    made = compile_pdf(TEMPLATE, await document(a_household(address=f"{ADDRESS}\n{many_lines}")), made_at=NOON)
    reader = PdfReader(io.BytesIO(made))
    assert len(reader.pages) == 1

    def note(text: str, page: list[float], line: list[float], *_: object) -> None:
        if "Вардар" in text or "ред 2" in text:
            found.append((line[4] * page[0] + page[4], line[5] * page[3] + page[5]))

    reader.pages[0].extract_text(visitor_text=note)
    mm = 72 / 25.4
    for x, y in found:
        assert 20 < x / mm < 105
        assert 45 < 297 - y / mm < 90
    assert found


async def test_pictures_of_sheets_are_one_a_page(application: object) -> None:
    await invited_survey()
    pictures = compile_png(TEMPLATE, await document(a_household(), a_household()), ppi=30)
    assert [picture[:4] for picture in pictures] == [b"\x89PNG"] * 2


async def test_hundreds_of_letters_are_made_in_seconds(application: object) -> None:
    await invited_survey()
    contents = await document(*(a_household(language=ENABLED[number % 3]) for number in range(150)))
    began = time.process_time()
    made = compile_pdf(TEMPLATE, contents, made_at=NOON)
    assert time.process_time() - began < 20  # 0.7 s on an idle machine
    assert len(PdfReader(io.BytesIO(made)).pages) == 150


async def test_each_household_gets_one_sheet_and_its_code_works_once(application: object) -> None:
    survey = await invited_survey()
    await a_contact(survey, email="", address=ADDRESS, household="D1")
    await a_contact(survey, name="Втор", email="", address=ADDRESS, household="D1")
    other = await a_contact(survey, email="", address=ADDRESS, language="ka")
    await a_contact(survey, email="no-address@example.org")
    sheets = await make(survey)
    assert len(sheets) == 2
    assert other in {one.contact.id for one in sheets if one.contact}
    for one in sheets:
        token = invitations.read(one.code)
        assert token is not None
        assert one.link.endswith(f"/{one.language}/surveys/sample/i/{token}")
        assert await is_good(survey_id=survey, hash_=invitations.hashed(LINKS.key, survey, token))
    with pytest.raises(NobodyLeft):
        await make(survey)
    assert [one.code for one in await make(survey, "unanswered")] == [one.code for one in sheets]
    assert await open_count(survey) == 2
    assert {one.printed_on for one in await queries.contacts(survey)} == {None, NOON.date()}


async def test_letters_without_names_are_as_many_as_were_asked_for(application: object) -> None:
    survey = await invited_survey()
    wanted = {"survey_id": survey, "language": "ka", "links": LINKS, "at": NOON}
    sheets = await letter_operations.make_loose_sheets(number="7", **wanted)  # type: ignore[arg-type]
    assert len({one.code for one in sheets}) == await open_count(survey) == 7
    for number in ("", "0", "501", "many", "-1"):
        with pytest.raises(Invalid):
            await letter_operations.make_loose_sheets(number=number, **wanted)  # type: ignore[arg-type]


async def test_closed_surveys_and_those_without_invitations_get_no_letters(application: object) -> None:
    survey = await publish()
    await a_contact(survey, address=ADDRESS)
    with pytest.raises(TakesNoInvitations):
        await make(survey)
    await allow_invitations(survey)
    with pytest.raises(IsClosed):
        await letter_operations.make_sheets(survey_id=survey, who="new", links=LINKS, at=NOON + timedelta(days=8))


async def test_clerk_gets_letters_and_lists(client: httpx.AsyncClient) -> None:
    survey = await invited_survey()
    await a_contact(survey, address=ADDRESS, name="=cmd()")
    await staff(client, NOON, "clerk")
    assert "Letters with codes" in (await client.get(HERE)).text
    texts = {f"text-{code}": "{name}\n\n{title}" for code in ENABLED}
    wrong = await client.post(f"{HERE}/letters", data={**texts, "text-ka": "{link}", "who": "new"})
    assert (wrong.status_code, 'href="#text-ka"' in wrong.text) == (422, True)
    made = await client.post(f"{HERE}/letters", data={**texts, "who": "new", "go": "pdf"})
    assert (made.headers["content-type"], made.headers["cache-control"]) == ("application/pdf", "no-store")
    assert "=cmd()" in words(made.content)[0]
    listed = await client.post(f"{HERE}/letters", data={**texts, "who": "all", "go": "list"})
    head, line = csv.reader(io.StringIO(listed.content.decode("utf-8-sig")))
    assert head[0] == "Name"
    assert line[0] == "'=cmd()"
    assert line[4] in words(made.content)[0]
    again = await client.post(f"{HERE}/letters", data={**texts, "who": "new"})
    assert again.status_code == 422
    loose = await client.post(f"{HERE}/loose", data={"number": "2", "loose_language": "en", "go": "pdf"})
    assert len(PdfReader(io.BytesIO(loose.content)).pages) == 2
    assert (await client.post(f"{HERE}/loose", data={"number": "x"})).status_code == 422


@pytest.mark.parametrize("role", ["analyst", "translator"])
async def test_letters_are_no_business_of_others(client: httpx.AsyncClient, role: str) -> None:
    await invited_survey()
    await staff(client, NOON, role)
    assert (await client.get(HERE)).status_code == 403
    assert (await client.post(f"{HERE}/letters", data={})).status_code == 403
