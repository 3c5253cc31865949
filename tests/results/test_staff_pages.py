"""Results in the workspace: who may see, publish and download."""

from typing import Any

import httpx
import pytest

from consult.results import queries
from tests.people.makers import staff
from tests.results.makers import NOON, a_survey, definition, question

SAME = {"sec-fetch-site": "same-origin"}
ANSWERS: list[dict[str, Any]] = [{"q": "yes", "hidden": "no", "words": "=1+1"}] * 3


async def survey() -> Any:
    questions = [question("single"), question("single", "hidden", public=False), question("text", "words")]
    return await a_survey(definition(*questions), ANSWERS)


@pytest.mark.parametrize("path", ["results", "results/trees", "results/trees/downloads"])
async def test_strangers_are_led_to_the_door(client: httpx.AsyncClient, path: str) -> None:
    await survey()
    answer = await client.get(f"/staff/mk/{path}")
    assert answer.status_code in (302, 303)
    assert "sign-in" in answer.headers["location"]


async def test_a_moderator_may_not_see_unpublished_results(client: httpx.AsyncClient) -> None:
    await survey()
    await staff(client, NOON, "moderator")
    assert (await client.get("/staff/mk/results/trees")).status_code == 403


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
