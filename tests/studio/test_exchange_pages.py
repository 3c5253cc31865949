"""Files of other programs in the workspace: a report first, then a working copy; and out again."""

from __future__ import annotations

import re
from html import unescape

import httpx

from consult.exchange import xlsform
from consult.surveys import queries
from tests.conftest import NOON
from tests.exchange.makers import form, row
from tests.people.makers import staff
from tests.surveys.conftest import publish

HOME = "/staff/en/surveys"
TEXTS = {f"label::{name}": "Што?" for name in ("Македонски (mk)", "ქართული (ka)")}


def source_in(page: str) -> str:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found is not None
    return unescape(found[1])


async def test_a_form_is_reported_first_and_kept_after(client: httpx.AsyncClient) -> None:
    await staff(client, NOON, "designer")
    sent = form(row("text", "wish", **TEXTS), row("barcode", "code", **TEXTS), form_id="pool")
    told = await client.post(f"{HOME}/new", files={"file": ("pool.xlsx", sent)})
    assert told.status_code == 200
    assert "1 question was taken over" in told.text
    assert "1 thing was changed or could not be carried over" in told.text
    assert "There is no such type of question here." in told.text
    assert await queries.all_surveys() == []
    kept = await client.post(f"{HOME}/new", data={"source": source_in(told.text)})
    assert kept.headers["location"] == f"{HOME}/pool?done=imported"


async def test_a_form_with_faults_can_be_kept_to_be_mended(client: httpx.AsyncClient) -> None:
    await staff(client, NOON, "designer")
    sent = form(row("select_one yn", "wish", **{"hint::English (en)": "Say"}, **TEXTS), form_id="pool")
    told = await client.post(f"{HOME}/new", files={"file": ("pool.xlsx", sent)})
    assert told.status_code == 422
    assert "The text is missing in" in unescape(told.text)
    source = source_in(told.text)
    assert (await client.post(f"{HOME}/new", data={"source": source})).status_code == 422
    kept = await client.post(f"{HOME}/new", data={"source": source, "mend": "1"})
    assert kept.headers["location"] == f"{HOME}/pool/edit"
    again = await client.post(f"{HOME}/new", data={"source": source, "mend": "1"})
    assert again.status_code == 422
    assert "There is a survey with this address already." in again.text


async def test_what_is_no_form_is_refused_with_a_sentence(client: httpx.AsyncClient) -> None:
    await staff(client, NOON, "designer")
    told = await client.post(f"{HOME}/new", files={"file": ("pool.xlsx", b"PK\x03\x04nothing")})
    assert told.status_code == 422
    assert "This is no Excel workbook" in told.text


async def test_a_survey_goes_out_as_a_form(client: httpx.AsyncClient) -> None:
    await publish()
    await staff(client, NOON, "analyst")
    page = await client.get(f"{HOME}/sample/xlsform")
    assert "questions.district.concept" in page.text
    book = await client.get(f"{HOME}/sample/xlsform.xlsx")
    assert book.headers["content-disposition"] == 'attachment; filename="sample.xlsx"'
    assert xlsform.take(book.content).definition.key == "sample"
