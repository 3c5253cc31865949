"""A survey on a device in a public place: who gets in, what arrives, and what of a visitor who has gone is kept."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from consult.fieldwork import kiosk
from consult.settings import Settings, secret_key
from consult.surveys import operations, queries
from consult.surveys.access import kiosk_key
from consult.surveys.definition import schema as d
from consult.surveys.staff import access_operations
from tests.conftest import NOON
from tests.people.makers import staff
from tests.surveys.conftest import publish
from tests.surveys.makers import free, number, page, single, survey, text

ASKED = survey(
    pages=(
        page(single("colour", required=True), key="one"),
        page(number("age", min=0, max=120), key="two", show_if="colour == 'red'"),
    ),
    key="sample",
)


async def a_kiosk(settings: Settings, definition: d.Definition = ASKED) -> str:
    """The address of the kiosk of a survey that is open."""
    survey_id = await publish(definition)
    found = await queries.survey_by_id(survey_id)
    await access_operations.set_access(survey_id=survey_id, access=replace(found.access, kiosk=True), at=NOON)
    return f"/en/surveys/{definition.key}/kiosk/{kiosk_key(secret_key(settings), survey_id)}"


async def an_id(client: httpx.AsyncClient, address: str) -> dict[str, str]:
    told = (await client.get(f"{address}/ids")).json()
    assert len(set(told["ids"])) == kiosk.POOL
    return {"_id": told["ids"][0], "_version": str(told["version"])}


async def arrived() -> list[tuple[dict[str, object], str]]:
    found = await queries.survey("sample")
    return [(answers, channel) for _, answers, channel, *_ in await queries.answers(found.id)]


async def test_whoever_has_the_address_gets_in_while_it_is_switched_on(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    address = await a_kiosk(settings)
    shown = await client.get(address)
    assert shown.status_code == 200
    assert 'name="colour"' in shown.text
    assert 'name="age"' in shown.text
    assert (await client.get(address[:-1] + "0")).status_code == 404
    found = await queries.survey("sample")
    await access_operations.set_access(survey_id=found.id, access=replace(found.access, kiosk=False), at=NOON)
    for path in (address, f"{address}/ids"):
        assert (await client.get(path)).status_code == 404
    assert (await client.post(f"{address}/answers", data={})).status_code == 404


async def test_answers_of_a_kiosk_arrive_once(client: httpx.AsyncClient, settings: Settings) -> None:
    address = await a_kiosk(settings)
    sent = {**await an_id(client, address), "colour": "red", "age": "30"}
    first = await client.post(f"{address}/answers", data=sent)
    again = await client.post(f"{address}/answers", data=sent)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["code"] == again.json()["code"] != ""
    assert await arrived() == [({"colour": "red", "age": 30}, "kiosk")]


async def test_problems_are_told_while_the_visitor_is_there(client: httpx.AsyncClient, settings: Settings) -> None:
    address = await a_kiosk(settings)
    refused = await client.post(
        f"{address}/answers", data={**await an_id(client, address), "colour": "red", "age": "x"}
    )
    assert refused.status_code == 422
    assert [problem["place"] for problem in refused.json()["problems"]] == ["age"]
    assert await arrived() == []


async def test_of_a_visitor_who_has_gone_the_sound_answers_are_kept(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    address = await a_kiosk(settings)
    late = {**await an_id(client, address), "colour": "red", "age": "500", "_late": "1"}
    assert (await client.post(f"{address}/answers", data=late)).json()["state"] == "stored"
    assert await arrived() == [({"colour": "red", "age": None}, "kiosk")]


async def test_ids_that_were_not_signed_here_store_nothing(client: httpx.AsyncClient, settings: Settings) -> None:
    address = await a_kiosk(settings)
    given = await an_id(client, address)
    for wrong in ({"_id": ""}, {"_id": given["_id"][:-2] + "xx"}, {"_version": "9"}, {"_version": "x"}):
        refused = await client.post(f"{address}/answers", data={**given, "colour": "red", **wrong})
        assert refused.status_code == (200 if wrong == {"_version": "x"} else 409)
    assert len(await arrived()) == 1


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        (survey(pages=(page(single("a"), key="one"), page(free("b", text=text("Why ${a}?")), key="two"))),
         kiosk.ASKS_SERVER),
        (survey(d.Photo(key="photo", text=text("A photo"))), kiosk.TAKES_FILES),
    ],
)  # fmt: skip
async def test_what_needs_a_server_in_between_has_no_kiosk(
    client: httpx.AsyncClient, settings: Settings, definition: d.Definition, sentence: str
) -> None:
    assert kiosk.obstacles(definition) == [sentence]
    shown = await client.get(await a_kiosk(settings, definition))
    assert shown.status_code == 409
    assert sentence in shown.text


async def test_staff_find_the_address_where_they_switched_it_on(client: httpx.AsyncClient, settings: Settings) -> None:
    address = await a_kiosk(settings)
    await staff(client, NOON, "designer")
    assert address in (await client.get("/staff/en/surveys/sample/access")).text


async def test_a_closed_survey_has_no_kiosk_and_its_worker_is_a_script(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    address = await a_kiosk(settings)
    await operations.close(survey_id=(await queries.survey("sample")).id, at=NOON)
    assert (await client.get(address)).status_code == 404
    worker = await client.get("/kiosk-worker.js")
    assert worker.headers["service-worker-allowed"] == "/"
    assert worker.headers["content-type"].startswith("text/javascript")
