"""What fuzzing and the walk through the town have found, one test each, and what must hold for any words at all."""

from __future__ import annotations

import csv
import io
import zipfile

import httpx
import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from consult import i18n
from consult.documents import pdf, sheets
from consult.documents.cells import harmless
from consult.fieldwork.letters import TEMPLATE
from consult.i18n import locale
from consult.mail.message import BadAddress, email_address
from consult.portal.feeds import calendar
from consult.profile import load_profile
from consult.records.attachment import NO_ARCHIVE, check, detect
from consult.results.sheet import harmless as sheet_harmless
from consult.results.sheet import restored, written
from consult.settings import Settings, resource
from consult.web.forms import Unreadable, parse_form
from tests.conftest import NOON
from tests.fuzz.frames import PICTURE, SHEET, words
from tests.hostile import proving
from tests.hostile.tricks import named
from tests.records.makers import a_pdf

MULTIPART = {"content-type": "multipart/form-data; boundary=zq"}


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4 junk",
        b"%PDF-1.7\n%%EOF\n",
        b"%PDF-1.7\n<html><script>zq()</script></html>",
        b"%PDF-1.7\n1 0 obj<<>>endobj\nstartxref\n9\n%%EOF",
        a_pdf()[:-12],
        b" " + a_pdf(),
    ],
    ids=range(6),
)
def test_what_only_begins_like_a_pdf_is_none(content: bytes) -> None:
    assert detect(content) is None


def test_a_pdf_with_something_after_it_is_one() -> None:
    assert check("a.pdf", a_pdf() + b"\n\0\0") == "application/pdf"


def test_a_damaged_archive_is_no_document_and_no_table() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text" * 2)
    content = bytearray(file.getvalue())
    at = content.index(b"mimetype") + len(b"mimetype")
    content[at : at + 8] = b"\xff" * 8
    with zipfile.ZipFile(io.BytesIO(content)) as archive, pytest.raises(NO_ARCHIVE):
        archive.read("mimetype")
    assert detect(bytes(content)) is None
    with pytest.raises(sheets.Unreadable):
        sheets.parse(bytes(content))


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", "\u2028".encode(), "\x85\n\u2029".encode(), b"\x1c\x1d"])
def test_a_table_of_nothing_but_line_ends_is_empty(content: bytes) -> None:
    with pytest.raises(sheets.Unreadable) as refused:
        sheets.parse(content)
    assert "empty" in refused.value.problems[0].message


async def test_a_part_in_an_encoding_that_nobody_knows_is_answered_with_a_page(client: httpx.AsyncClient) -> None:
    part = b'--zq\r\nContent-Disposition: form-data; name="email"\r\nContent-Type: text/plain; charset=zq\r\n\r\na\r\n'
    answer = await client.post("/mk/follow", content=part + b"--zq--\r\n", headers=MULTIPART)
    assert (answer.status_code, answer.text.count("<h1")) == (400, 1)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_a_posted_text_comes_without_what_nobody_sees(said: str) -> None:
    body = str(httpx.QueryParams({"a": said})).encode()
    if "\0" in said:
        with pytest.raises(Unreadable):
            parse_form(body)
        return
    (taken,) = parse_form(body).list("a")
    ElementTree.fromstring(f"<a>{taken.replace('&', '').replace('<', '')}</a>")
    assert not set(taken) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert [sign for sign in taken if sign.isalnum()] == [sign for sign in said if sign.isalnum()]


SPOILED = st.text(st.sampled_from("=-@;,\"' \t\r\na\uff1d"), max_size=9) | st.text(max_size=20)


@given(st.lists(SPOILED, min_size=1, max_size=4))
def test_no_cell_of_any_words_is_calculated(cells: list[str]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerow([harmless(cell.replace("\0", "")) for cell in cells])
    written = out.getvalue().encode(errors="replace")
    assert proving.table(written, "here.test") == []


@given(SPOILED)
def test_what_was_made_harmless_in_a_table_can_be_restored(said: str) -> None:
    assert restored(str(sheet_harmless(written(said)))) == said


@given(st.text(max_size=30) | st.emails())
def test_an_address_is_one_line_and_one_address(said: str) -> None:
    try:
        taken = email_address(said)
    except BadAddress:
        return
    assert taken.isprintable()
    assert not set(taken) & set(' ,;<>"\\()[]')


def test_any_words_can_be_set_as_an_accessible_pdf() -> None:
    said = [*named().values(), "".join(map(chr, (*range(1, 0x250), *range(0x2000, 0x2100), 0x1F44D, 0xE000, 0xFFFF)))]
    letter = {"address": said, "reference": said[0], "code": "C", "qr": PICTURE, "texts": [words(said)]}
    made = pdf.compile_pdf(TEMPLATE, {**SHEET, "letters": [letter]}, made_at=NOON)
    assert proving.pdf(made, "here.test") == []


def test_a_title_of_several_lines_is_one_line_of_a_calendar() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))
    name = "zq\r\nZQPROP:1\nBEGIN:VEVENT"
    made = calendar(locale("mk"), Settings(base_url="http://consult.test"), name, [])
    assert proving.calendar(made, "consult.test") == []
    assert str(Calendar.from_ical(made)["X-WR-CALNAME"]) == "zq ZQPROP:1 BEGIN:VEVENT"
