"""Results in the workspace: who may see, publish and download."""

import csv
import io
from typing import Any

import httpx
import openpyxl
import pytest

from consult.results import queries
from consult.storage import fetchval
from tests.people.makers import staff
from tests.results.makers import NOON, a_survey, definition, question

SAME = {"sec-fetch-site": "same-origin"}
ANSWERS: list[dict[str, Any]] = [{"q": "yes", "hidden": "no", "words": "=1+1"}] * 3


async def survey() -> Any:
    questions = [question("single"), question("single", "hidden", public=False), question("text", "words")]
    return await a_survey(definition(*questions), ANSWERS)


@pytest.mark.parametrize("path", ["results", "results/trees", "results/trees/answers"])
async def test_strangers_are_led_to_the_door(client: httpx.AsyncClient, path: str) -> None:
    await survey()
    answer = await client.get(f"/staff/mk/{path}")
    assert answer.status_code in (302, 303)
    assert "sign-in" in answer.headers["location"]


async def test_a_moderator_may_not_see_unpublished_results(client: httpx.AsyncClient) -> None:
    await survey()
    await staff(client, NOON, "moderator")
    assert (await client.get("/staff/mk/results/trees")).status_code == 403


async def test_a_designer_sees_results_but_takes_no_answers_away(client: httpx.AsyncClient) -> None:
    await survey()
    await staff(client, NOON, "designer")
    page = await client.get("/staff/mk/results/trees")
    assert page.status_code == 200
    assert "trees/answers" not in page.text
    assert (await client.get("/staff/mk/results/trees/answers")).status_code == 403


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_an_analyst_sees_small_numbers_and_private_questions(client: httpx.AsyncClient, language: str) -> None:
    await survey()
    await staff(client, NOON, "analyst")
    listed = await client.get(f"/staff/{language}/results")
    assert f"/staff/{language}/results/trees" in listed.text
    page = await client.get(f"/staff/{language}/results/trees")
    assert page.status_code == 200
    assert page.text.count('<svg role="img"') == 2
    assert "=1+1" not in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_publishing_and_withdrawing_are_two_buttons(client: httpx.AsyncClient) -> None:
    survey_id = await survey()
    await staff(client, NOON, "analyst")
    assert "/results/trees/publish" in (await client.get("/staff/mk/results/trees")).text
    answer = await client.post("/staff/mk/results/trees/publish", headers=SAME)
    assert (answer.status_code, await queries.is_public(survey_id)) == (303, True)
    assert "/results/trees/withdraw" in (await client.get("/staff/mk/results/trees")).text
    await client.post("/staff/mk/results/trees/withdraw", headers=SAME)
    assert not await queries.is_public(survey_id)


async def test_an_unknown_survey_is_not_found(client: httpx.AsyncClient) -> None:
    await staff(client, NOON, "analyst")
    assert (await client.get("/staff/mk/results/gone")).status_code == 404
    assert (await client.post("/staff/mk/results/gone/publish", headers=SAME)).status_code == 404


async def test_an_analyst_downloads_csv_and_the_trail_notes_it(client: httpx.AsyncClient) -> None:
    await survey()
    await staff(client, NOON, "analyst")
    answer = await client.get("/staff/mk/results/trees/answers?file=csv&values=labels&words=ka&bom=1")
    assert 'filename="trees-ka.csv"' in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert len(rows) == 4
    assert "დიახ" in rows[1] and "'=1+1" in rows[1]
    assert await fetchval("select count(*) from audit_entry where kind = 'responses.downloaded'") == 1


async def test_an_analyst_downloads_a_workbook(client: httpx.AsyncClient) -> None:
    await survey()
    await staff(client, NOON, "analyst")
    answer = await client.get("/staff/en/results/trees/answers?file=xlsx&values=codes")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Answers", "Codebook"]
    assert book.worksheets[0].max_row == 4


@pytest.mark.parametrize("query", ["file=exe", "file=csv&words=xx"])
async def test_a_file_that_does_not_exist_is_not_found(client: httpx.AsyncClient, query: str) -> None:
    await survey()
    await staff(client, NOON, "analyst")
    assert (await client.get(f"/staff/mk/results/trees/answers?{query}")).status_code == 404
