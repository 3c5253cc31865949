"""A results page is made once for what it shows, and shows all that was committed before it was asked for."""

from __future__ import annotations

import asyncio
from uuid import UUID

import httpx
import pytest

from consult.app import Application
from consult.results.operations import publish_results, withdraw_results
from consult.storage import execute, fetchval
from consult.surveys import operations as surveys
from tests.conftest import NOON, Clock
from tests.results.makers import a_survey, answered, definition, question

PATH = "/en/surveys/trees/results"
YES = [{"q": "yes"}] * 7


@pytest.fixture
async def survey_id(db: None) -> UUID:
    made = await a_survey(definition(question("single")), YES)
    await publish_results(survey_id=made, at=NOON)
    return made


def made_at(application: Application) -> list[float]:
    """When the page that is kept was begun, one time for each address."""
    places = application.litestar.state.results_pages.places.values()
    return [place.kept.began for place in places if place.kept is not None]


async def test_a_page_is_made_once_for_each_state(
    survey_id: UUID, application: Application, client: httpx.AsyncClient
) -> None:
    first = await client.get(PATH)
    assert "7 answers" in first.text
    began = made_at(application)
    assert (await client.get(PATH)).text == first.text
    assert made_at(application) == began
    await answered(survey_id, [{"q": "no"}])
    assert "8 answers" in (await client.get(PATH)).text
    assert "8 answers" in (await client.get(PATH)).text
    assert len(made_at(application)) == 1
    assert "8 одговори" in (await client.get(PATH.replace("/en/", "/mk/"))).text


async def test_each_change_is_seen_by_the_next_request(
    survey_id: UUID, client: httpx.AsyncClient, clock: Clock
) -> None:
    await answered(survey_id, [{"q": "no"}] * 2)
    for change in ("erase", "rule", "close", "version"):
        before = (await client.get(PATH)).headers["etag"]
        if change == "erase":
            row = await fetchval("select id from response where answers ->> 'q' = 'no' limit 1")
            await surveys.erase_response(response_id=row, reason="asked for", at=NOON)
        elif change == "rule":
            await publish_results(survey_id=survey_id, at=NOON, without=["burst"])
        elif change == "close":
            await execute("update survey set closes_at = $1", NOON)
        else:
            await surveys.import_working_copy(definition=definition(question("single"), question("nps", "n")), at=NOON)
            await surveys.publish(survey_id=survey_id, at=NOON)
        assert (await client.get(PATH)).headers["etag"] != before, change
    await withdraw_results(survey_id=survey_id, at=NOON)
    assert (await client.get(PATH)).status_code == 404


async def test_whoever_has_the_page_gets_no_bytes(survey_id: UUID, client: httpx.AsyncClient) -> None:
    first = await client.get(PATH)
    again = await client.get(PATH, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert first.headers["cache-control"] == "public, no-cache"
    head = await client.head(PATH)
    assert (head.status_code, head.content) == (200, b"")
    plain = await client.get(PATH, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == first.text


async def test_many_visitors_at_once_share_one_page(
    survey_id: UUID, application: Application, client: httpx.AsyncClient
) -> None:
    answers = await asyncio.gather(*(client.get(PATH) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    began = made_at(application)
    await client.get(PATH)
    assert made_at(application) == began


async def test_unknown_results_are_not_found(
    survey_id: UUID, application: Application, client: httpx.AsyncClient
) -> None:
    assert (await client.get("/en/surveys/gone/results")).status_code == 404
    assert (await client.get("/xx/surveys/trees/results")).status_code == 404
