"""Very many answers at once: nobody is refused, nothing is lost, and what was asked for is told by a mark."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import altcha
import httpx
import pytest

from consult.app import build
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.storage import fetch
from consult.surveys import queries
from consult.surveys.access import DEFAULTS
from consult.surveys.admission.challenges import WAIT_S, Challenges
from consult.surveys.staff import access_operations
from tests.conftest import NOON, Clock
from tests.surveys.conftest import hidden, publish
from tests.surveys.makers import free, survey

PATH = "/en/surveys/small"
CHALLENGES = Challenges(b"a secret of this town hall")
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


async def strict(**limits: Any) -> UUID:
    survey_id = await publish(survey(free("wish")))
    access = replace(DEFAULTS, **{"least_seconds": 0, **limits})
    await access_operations.set_access(survey_id=survey_id, access=access, at=NOON)
    return survey_id


async def send(client: httpx.AsyncClient, wish: str = "Shade", **more: str) -> httpx.Response:
    fields = hidden((await client.get(PATH)).text)
    return await client.post(PATH, data={**fields, "wish": wish, "_go": "next", **more})


def kept(page: httpx.Response) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in FIELD.findall(page.text)}


async def flags() -> list[list[str]]:
    return sorted(row["flags"] for row in await fetch("select flags from response"))


def solved(work: str) -> str:
    challenge = altcha.Challenge.from_dict(json.loads(work))
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


async def test_beyond_the_networks_limit_a_wait_keeps_everything(client: httpx.AsyncClient, clock: Clock) -> None:
    await strict(network_rate=5)
    for _ in range(5):
        assert (await send(client)).status_code == 200
    page = await send(client, "Shade & <b>benches</b>\nat the bus stop")
    assert page.status_code == 429
    assert "Wait 15 seconds" in page.text
    fields = kept(page)
    assert fields["wish"] == "Shade & <b>benches</b>\nat the bus stop"
    clock.now += timedelta(seconds=WAIT_S - 5)
    early = await client.post(PATH, data={**fields, "_go": "next"})
    assert (early.status_code, "Wait 5 seconds" in early.text) == (429, True)
    clock.now += timedelta(seconds=5)
    through = await client.post(PATH, data={**kept(early), "_go": "next"})
    assert through.status_code == 200
    assert "&lt;b&gt;benches" in through.text
    assert await flags() == [[]] * 5 + [["burst"]]


async def test_browser_that_does_the_work_need_not_wait(client: httpx.AsyncClient) -> None:
    survey_id = await strict(burst=5)
    for _ in range(5):
        await send(client)
    page = await send(client)
    work = re.search(r'data-work="([^"]+)"', page.text)
    assert page.status_code == 429 and work is not None
    payload = solved(html.unescape(work[1]))
    through = await client.post(PATH, data={**kept(page), "_altcha": payload, "_go": "next"})
    assert through.status_code == 200
    assert (await flags())[-1] == ["burst"]
    other = await send(client, _altcha=payload)
    assert other.status_code == 429, "a solution is worth one answer"
    assert await queries.count(survey_id) == 6


async def test_filled_honeypot_waits_and_is_marked(client: httpx.AsyncClient, clock: Clock) -> None:
    await strict()
    page = await send(client, _website="https://spam.example")
    assert page.status_code == 429
    clock.now += timedelta(seconds=WAIT_S)
    assert (await client.post(PATH, data={**kept(page), "_go": "next"})).status_code == 200
    assert await flags() == [["honeypot", "burst"]]


async def test_fast_answer_is_stored_and_marked(client: httpx.AsyncClient, clock: Clock) -> None:
    await strict(least_seconds=4)
    assert (await send(client)).status_code == 200
    fields = hidden((await client.get(PATH)).text)
    clock.now += timedelta(seconds=4)
    assert (await client.post(PATH, data={**fields, "wish": "x", "_go": "next"})).status_code == 200
    assert await flags() == [[], ["too_fast"]]


async def test_answers_that_were_filled_in_before_are_not_too_fast(client: httpx.AsyncClient) -> None:
    survey_id = await publish(survey(free("wish"), editable=True))
    access = replace(DEFAULTS, least_seconds=4)
    await access_operations.set_access(survey_id=survey_id, access=access, at=NOON)
    receipt = await send(client)
    own = re.search(r'href="(/en/[^"]*/answers/[^"]+)"', receipt.text)
    assert own is not None
    fields = hidden((await client.get(f"{own[1]}/change")).text)
    assert (await client.post(PATH, data={**fields, "wish": "x", "_go": "next"})).status_code == 200
    assert await flags() == [[], ["too_fast"]]


async def test_limit_of_a_network_is_its_own(application: Any, client: httpx.AsyncClient) -> None:
    await strict(network_rate=5)
    for _ in range(6):
        await send(client)
    away = httpx.ASGITransport(app=application.asgi, client=("198.51.100.9", 1234))
    async with httpx.AsyncClient(transport=away, base_url="http://consult.test") as neighbour:
        assert (await send(neighbour)).status_code == 200
    assert (await send(client)).status_code == 429


async def test_nothing_is_asked_for_where_it_is_switched_off(db: None, settings: Settings, clock: Clock) -> None:
    profile = load_profile(resource("profiles", "skopje.toml"))
    transport = httpx.ASGITransport(app=build(replace(settings, abuse=False), profile, clock=clock).asgi)
    await strict(network_rate=5, burst=5, least_seconds=60)
    async with httpx.AsyncClient(transport=transport, base_url="http://consult.test") as browser:
        answers = [await send(browser, _website="x") for _ in range(8)]
    assert {answer.status_code for answer in answers} == {200}
    assert await flags() == [[]] * 8


@pytest.mark.parametrize("payload", ["", "x", "e30=", "bnVsbA==", "W10=", "eyJjaGFsbGVuZ2UiOiAxfQ==", "A" * 5000])
def test_what_is_no_solution_is_none(payload: str) -> None:
    assert not CHALLENGES.is_solved(uuid4(), payload, NOON)


def test_solution_is_for_one_response_and_half_an_hour() -> None:
    response = uuid4()
    payload = solved(CHALLENGES.work(response, NOON))
    assert CHALLENGES.is_solved(response, payload, NOON)
    assert not CHALLENGES.is_solved(uuid4(), payload, NOON)
    assert not CHALLENGES.is_solved(response, payload, NOON + timedelta(minutes=31))
    assert not Challenges(b"another").is_solved(response, payload, NOON)


def test_note_of_waiting_is_for_one_response_and_half_an_hour() -> None:
    response = uuid4()
    note = CHALLENGES.wait(response, NOON)
    assert CHALLENGES.seconds_left(response, note, NOON) == WAIT_S
    assert CHALLENGES.seconds_left(response, note, NOON + timedelta(seconds=WAIT_S)) == 0
    for other in (uuid4(),):
        assert CHALLENGES.seconds_left(other, note, NOON) is None
    assert CHALLENGES.seconds_left(response, note, NOON + timedelta(minutes=31)) is None
    assert CHALLENGES.seconds_left(response, f"1.{note.partition('.')[2]}", NOON) is None
    assert CHALLENGES.seconds_left(response, "x", NOON) is None
