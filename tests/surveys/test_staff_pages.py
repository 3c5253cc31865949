"""The workspace's survey pages: works, stranger, wrong role, bad input."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from consult.records import queries as records
from consult.surveys import operations, queries
from consult.surveys.authoring.yaml_reading import load, write
from consult.surveys.responses import inserts
from tests.conftest import NOON, Clock
from tests.people.makers import staff
from tests.surveys.conftest import publish
from tests.surveys.makers import EVERYTHING, free, single, survey
from tests.surveys.test_operations import row

HOME = "/staff/en/surveys"
PAGES = ("", "/new", "/sample", "/sample/file", "/sample/qr.svg", "/sample/responses")


@pytest.mark.parametrize("path", PAGES)
async def test_stranger_is_sent_to_sign_in(client: httpx.AsyncClient, path: str) -> None:
    await publish()
    answer = await client.get(HOME + path)
    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["location"]


@pytest.mark.parametrize("path", PAGES)
async def test_designer_sees_every_page(client: httpx.AsyncClient, path: str) -> None:
    await publish()
    await staff(client, NOON, "designer")
    answer = await client.get(HOME + path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("act", ["checks", "dates", "close", "test", "test-end"])
async def test_analyst_changes_nothing(client: httpx.AsyncClient, act: str) -> None:
    await publish()
    await staff(client, NOON, "analyst")
    assert (await client.post(f"{HOME}/sample/{act}")).status_code == 403


async def test_survey_goes_from_file_to_open(client: httpx.AsyncClient, clock: Clock) -> None:
    person = await staff(client, NOON, "designer")
    kept = await client.post(f"{HOME}/new", files={"file": ("survey.yaml", EVERYTHING.read_bytes())})
    assert kept.headers["location"] == f"{HOME}/sample?done=imported"
    assert "Check and publish it" in (await client.get(f"{HOME}/sample")).text
    digest = re.search(r'name="hash" value="(\w+)"', (await client.get(f"{HOME}/sample/checks")).text)
    assert digest is not None
    await client.post(f"{HOME}/sample/checks", data={"hash": digest[1], "without": "1"})
    opened = await client.post(
        f"{HOME}/sample/dates", data={"opens_at": "2026-11-20T11:00", "closes_at": "2026-11-30T20:00"}
    )
    assert opened.headers["location"] == f"{HOME}/sample?done=scheduled"
    found = await queries.survey("sample")
    assert found.is_open(NOON)
    assert found.closes_at is not None and found.closes_at.isoformat() == "2026-11-30T19:00:00+00:00"
    assert (await client.get("/mk/surveys/sample")).status_code == 200
    assert {entry.actor for entry in await records.history("survey", found.id)} == {person.id}


async def test_pasted_text_is_taken_too(client: httpx.AsyncClient) -> None:
    await staff(client, NOON, "designer")
    kept = await client.post(f"{HOME}/new", data={"source": write(survey())})
    assert kept.headers["location"] == f"{HOME}/small?done=imported"


async def test_faulty_file_shows_all_faults_with_lines_and_the_text(client: httpx.AsyncClient) -> None:
    await staff(client, NOON, "designer")
    text = (
        write(survey(single(), free(show_if="colour == 'red'"))).replace("'red'", "'rot'").replace("title:", "titel:")
    )
    answer = await client.post(f"{HOME}/new", data={"source": text})
    assert answer.status_code == 422
    assert "Line 4" in answer.text
    assert "titel" in answer.text
    assert "rot" in answer.text
    assert await queries.all_surveys() == []


@pytest.mark.parametrize(
    "source", ["", "\x00", "[" * 3000, "a: !!python/object:os.system x", "<script>alert(1)</script>"]
)
async def test_hostile_file_gets_a_fault(client: httpx.AsyncClient, source: str) -> None:
    await staff(client, NOON, "designer")
    answer = await client.post(f"{HOME}/new", files={"file": ("x.yaml", source.encode())})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


async def test_wrong_dates_are_told(client: httpx.AsyncClient) -> None:
    await publish(load(EVERYTHING.read_bytes()), is_open=False)
    await staff(client, NOON, "designer")
    wrong = await client.post(f"{HOME}/sample/dates", data={"opens_at": "soon", "closes_at": ""})
    assert (wrong.status_code, 'href="#opens_at"' in wrong.text) == (422, True)
    typed = {"opens_at": "2026-11-30T11:00", "closes_at": "2026-11-20T20:00", "reason": "A holiday"}
    early = await client.post(f"{HOME}/sample/dates", data=typed)
    assert (early.status_code, 'href="#closes_at"' in early.text) == (422, True)
    assert [value for value in typed.values() if f'value="{value}"' not in early.text] == []
    for year in ("0001", "0026", "9999"):
        slip = await client.post(f"{HOME}/sample/dates", data={"opens_at": f"{year}-01-01T00:00"})
        assert (slip.status_code, 'href="#opens_at"' in slip.text) == (422, True)


async def test_survey_in_one_language_is_not_opened(client: httpx.AsyncClient) -> None:
    await publish(survey(), is_open=False)
    await staff(client, NOON, "designer")
    answer = await client.post(f"{HOME}/small/dates", data={"opens_at": "2026-11-20T11:00"})
    assert answer.status_code == 422
    assert "mk, ka" in answer.text


async def test_test_link_is_shown_and_answers_vanish(client: httpx.AsyncClient) -> None:
    await publish(is_open=False)
    await staff(client, NOON, "designer")
    await client.post(f"{HOME}/sample/test")
    key = (await queries.survey("sample")).test_key
    assert f"/en/surveys/sample/test/{key}" in (await client.get(f"{HOME}/sample")).text
    await client.post(f"{HOME}/sample/test-end")
    assert (await client.get(f"/en/surveys/sample/test/{key}")).status_code == 404


async def test_answer_is_found_by_its_code_read_and_erased(client: httpx.AsyncClient) -> None:
    survey_id = await publish(survey())
    stored = row(survey_id)
    await inserts.responses.store(stored)
    await staff(client, NOON, "clerk")
    response = await queries.response(stored.id)
    found = await client.get(f"{HOME}/small/responses", params={"code": response.code.lower()})
    address = f"{HOME}/small/responses/{stored.id}"
    assert found.headers["location"] == address
    assert "<dd>Red</dd>" in (await client.get(address)).text
    without = await client.post(f"{address}/erase", data={"reason": ""})
    assert (without.status_code, 'href="#reason"' in without.text) == (422, True)
    assert (await client.post(f"{address}/erase", data={"reason": "Asked by phone"})).status_code == 303
    assert await queries.count(survey_id) == 0
    assert (await client.get(address)).status_code == 404


async def test_unknown_code_is_told(client: httpx.AsyncClient) -> None:
    await publish(survey())
    await staff(client, NOON, "clerk")
    answer = await client.get(f"{HOME}/small/responses", params={"code": "0000-0000-00"})
    assert (answer.status_code, 'href="#code"' in answer.text) == (404, True)


async def test_answer_of_another_survey_is_not_found(client: httpx.AsyncClient) -> None:
    first = await publish(survey())
    await publish(survey(key="second"))
    stored = row(first)
    await inserts.responses.store(stored)
    await staff(client, NOON, "clerk")
    assert (await client.get(f"{HOME}/second/responses/{stored.id}")).status_code == 404


async def test_file_comes_back_as_it_was_published(client: httpx.AsyncClient) -> None:
    survey_id = await publish(survey())
    await operations.import_working_copy(definition=survey(single(), free()), at=NOON)
    await staff(client, NOON, "translator")
    assert load((await client.get(f"{HOME}/small/file?version=1")).text) == survey()
    assert load((await client.get(f"{HOME}/small/file")).text) == survey(single(), free())
    assert (await client.get(f"{HOME}/small/file?version=9")).status_code == 404
    assert (await queries.version(survey_id)).number == 1


async def test_qr_code_is_a_picture(client: httpx.AsyncClient) -> None:
    await publish()
    await staff(client, NOON, "designer")
    answer = await client.get(f"{HOME}/sample/qr.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert b"<svg" in answer.content


async def test_home_tells_designers_what_waits(client: httpx.AsyncClient) -> None:
    await publish(is_open=False)
    await staff(client, NOON, "designer")
    assert "Surveys that are not opened yet" in (await client.get("/staff/en")).text


async def test_api_lists_what_is_or_was_open(client: httpx.AsyncClient, clock: Clock) -> None:
    await publish(survey())
    await publish(survey(key="hidden"), is_open=False)
    (listed,) = (await client.get("/api/v1/surveys")).json()
    assert (listed["key"], listed["state"]) == ("small", "open")
    clock.now += timedelta(days=30)
    one = (await client.get("/api/v1/surveys/small")).json()
    assert (one["survey"]["state"], one["definition"]["consult"]) == ("closed", "survey/1")
    assert (await client.get("/api/v1/surveys/hidden")).status_code == 404
    assert (await client.get("/api/v1/surveys/nothing")).status_code == 404
