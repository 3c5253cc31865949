"""What is refused for safety's sake leaves a line in the log: what, where and whose account, and never without end."""

from __future__ import annotations

import json
import logging

import httpx
import pytest

from consult import refusals
from consult.cli.logs import JsonLines
from consult.refusals import MOST, SPAN_S, Ration
from tests.conftest import Clock
from tests.people.makers import a_person, signed_in_as

OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture(autouse=True)
def fresh_rations() -> None:
    refusals._rations.clear()


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    told = [json.loads(JsonLines().format(one)) for one in caplog.records if one.name == "consult.refusals"]
    caplog.clear()
    return [{name: value for name, value in one.items() if name not in {"at", "level", "logger"}} for one in told]


def test_an_attacker_gets_no_more_lines_than_the_ration() -> None:
    ration = Ration()
    assert [ration.take(float(second % 50)) for second in range(1_000)] == [0] * MOST + [None] * (1_000 - MOST)
    assert ration.take(SPAN_S) == 1_000 - MOST
    assert ration.take(SPAN_S) == 0


async def test_refusals_are_told_without_what_was_sent(
    client: httpx.AsyncClient, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "consult.refusals")
    refused = {"message": "refused"}
    await client.post("/mk/anything?key=secret", content=b"a=1", headers={"origin": "https://evil.example"})
    assert lines(caplog) == [
        {**refused, "why": "another site's form", "method": "POST", "route": "-", "status": 403},
    ]
    clerk = await a_person(roles=("clerk",))
    typed = {"email": clerk.email, "password": "a wrong password"}
    assert (await client.post("/staff/en/sign-in", data=typed, headers=OURS)).status_code == 422
    unknown = typed | {"email": "nobody@example.org"}
    assert (await client.post("/staff/en/sign-in", data=unknown, headers=OURS)).status_code == 422
    assert lines(caplog) == [
        {**refused, "why": "password", "account": str(clerk.id)},
        {**refused, "why": "password", "account": None},
    ]
    await signed_in_as(client, clerk, clock.now)
    assert (await client.get("/staff/en/colleagues?q=private")).status_code == 403
    route = "/staff/{language}/colleagues"
    assert lines(caplog) == [
        {**refused, "why": "access", "account": str(clerk.id), "method": "GET", "route": route, "status": 403},
    ]
    assert (await client.get("/mk/nothing-here")).status_code == 404
    assert lines(caplog) == []
