"""Where one is signed in: devices, ending their sessions, and the cookie."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest
from litestar import Litestar

from consult.app import build
from consult.people import sessions
from consult.people.devices import device_of
from consult.people.places import Browser
from consult.records import queries as records
from consult.settings import Settings
from consult.storage import fetchval
from tests.conftest import Clock, skopje
from tests.people.browsing import FIREFOX, OWN, post
from tests.people.makers import HOME, PASSWORD, a_person, signed_in_as


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (FIREFOX, "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537 Chrome/140.0 Safari/537 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1", "Safari, iPhone"),
        ("curl/8", ""),
        ("<script>", ""),
    ],
)
def test_a_device_is_known_by_browser_and_system(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device


async def test_other_devices_are_listed_and_signed_out_with_the_password(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    person = await a_person(roles=["clerk"])
    for _ in range(3):
        await sessions.sign_in(
            email=person.email, password=PASSWORD, network=HOME, browser=Browser("Chrome, Android"), at=clock.now
        )
    await signed_in_as(client, person, clock.now)
    page = await client.get("/staff/en/devices")
    assert page.text.count("Chrome, Android</b>") == 3
    which = re.findall(r'name="which" type="radio" value="([0-9a-f-]{36})"', page.text)
    assert len(which) == 3
    refused = await post(client, "devices", which="", current="wrong")
    assert (refused.status_code, 'href="#current"' in refused.text) == (422, True)
    await post(client, "devices", which="nonsense", current=PASSWORD)
    assert await fetchval("SELECT count(*) FROM staff_session") == 4
    await post(client, "devices", which=which[0], current=PASSWORD)
    assert await fetchval("SELECT count(*) FROM staff_session") == 3
    assert (await post(client, "devices", current=PASSWORD)).headers["location"].endswith("?done=ended")
    assert await fetchval("SELECT count(*) FROM staff_session") == 1
    assert (await client.get("/staff/en/devices?done=ended")).status_code == 200


async def test_administrators_end_sessions_but_not_their_own(client: httpx.AsyncClient, clock: Clock) -> None:
    admin = await a_person(roles=["admin"])
    person = await a_person(roles=["clerk"])
    await sessions.sign_in(email=person.email, password=PASSWORD, network=HOME, at=clock.now)
    await sessions.sign_in(email=admin.email, password=PASSWORD, network=HOME, at=clock.now)
    await signed_in_as(client, admin, clock.now)
    await post(client, f"colleagues/{person.id}/roles", roles="clerk")
    assert await fetchval("SELECT count(*) FROM staff_session WHERE person = $1", person.id) == 1
    await post(client, f"colleagues/{person.id}/roles", roles="analyst")
    assert await fetchval("SELECT count(*) FROM staff_session WHERE person = $1", person.id) == 0
    await sessions.sign_in(email=person.email, password=PASSWORD, network=HOME, at=clock.now)
    assert "Sign out everywhere" in (await client.get(f"/staff/en/colleagues/{person.id}")).text
    await post(client, f"colleagues/{person.id}/sign-out")
    assert await fetchval("SELECT count(*) FROM staff_session WHERE person = $1", person.id) == 0
    assert (await records.history("person", person.id))[-1].kind == "person.signed_out_by_other"
    assert (await post(client, f"colleagues/{admin.id}/sign-out")).status_code == 409
    await client.post(f"/staff/en/colleagues/{admin.id}/roles", data={"roles": ["admin", "clerk"]}, headers=OWN)
    assert await fetchval("SELECT count(*) FROM staff_session WHERE person = $1", admin.id) == 1
    assert (await client.get("/staff/en/audit")).status_code == 200


async def test_over_https_the_cookie_carries_the_prefix(
    db: None, settings: Settings, clock: Clock, ways_in: Litestar
) -> None:
    application = build(replace(settings, base_url="https://consult.test"), skopje(), clock=clock, bare=ways_in)
    person = await a_person(roles=["translator"])
    transport = httpx.ASGITransport(app=application.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="https://consult.test") as browser:
        signed = await post(browser, "sign-in", email=person.email, password=PASSWORD)
        given = signed.headers["set-cookie"]
        assert given.startswith("__Secure-staff=")
        for word in ("Secure", "HttpOnly", "Path=/staff", "SameSite=strict"):
            assert word in given
        assert (await browser.get("/staff/en/account")).status_code == 200
