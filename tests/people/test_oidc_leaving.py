"""Signing out here and at the sign-in service, whichever side it begins on."""

from __future__ import annotations

import asyncio
import datetime as dt
import html
import re
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from consult.app import Application
from consult.people import oidc
from consult.people.oidc import Ended, Service, SignInFailed
from consult.people.person import token_hash
from consult.records import queries as records
from consult.storage import execute, fetchval
from tests.conftest import Clock
from tests.people.makers import a_person, a_session
from tests.people.service import CLIENT, LEFT, Provider, at_the_service, way_back
from tests.people.test_oidc import NOW, claims, service

END = f"/session/end?client_id={CLIENT}&post_logout_redirect_uri={LEFT}"
FORM = {"content-type": "application/x-www-form-urlencoded"}
EVENTS: dict[str, object] = {oidc.LOGOUT_EVENT: {}}

__all__ = ["service"]


@pytest.fixture
async def there() -> AsyncIterator[httpx.AsyncClient]:
    """The same person's browser, at the service."""
    async with httpx.AsyncClient(timeout=60) as client:
        yield client


def leads_to(page: httpx.Response) -> str:
    found = re.search('http-equiv="refresh" content="0; url=([^"]+)"', page.text)
    assert found is not None
    return html.unescape(found[1])


async def open_sessions() -> int:
    return int(await fetchval("SELECT count(*) FROM staff_session"))


async def test_signing_out_here_signs_out_at_the_service_and_comes_back(
    browser: httpx.AsyncClient, there: httpx.AsyncClient, provider: Provider
) -> None:
    await a_person(roles=["translator"], email="ana@example.org")
    await browser.get(await way_back(browser, "ana@example.org", there=there))
    kept = bytes(await fetchval("SELECT oidc_token FROM staff_session"))
    assert b"ey" not in kept[:20]  # sealed, no readable token
    left = await browser.post("/staff/en/sign-out")
    assert (left.status_code, await open_sessions()) == (200, 0)
    away = leads_to(left)
    assert not any("id_token_hint" in value for value in left.headers.values())  # a proxy takes only so much of them
    assert away.startswith(f"{provider.issuer}/session/end?")
    asked = parse_qs(urlsplit(away).query)
    assert asked["post_logout_redirect_uri"] == [LEFT]
    assert asked["id_token_hint"][0].count(".") == 2
    back = await at_the_service(there, away, "", LEFT)
    arrived = await browser.get(back)
    assert arrived.headers["location"] == "/staff/en/sign-in?done=signed-out"
    assert (await browser.get("/staff/en/devices")).status_code == 303


async def test_signing_out_at_the_service_signs_out_here_through_the_back_channel(
    browser: httpx.AsyncClient, there: httpx.AsyncClient, provider: Provider
) -> None:
    person = await a_person(roles=["translator"], email="ana@example.org")
    provider.told.clear()
    await browser.get(await way_back(browser, "ana@example.org", there=there))
    with_password = await a_session(person, dt.datetime.now(dt.UTC))
    assert (await browser.get("/staff/en/devices")).status_code == 200
    await at_the_service(there, provider.issuer + END, "", LEFT)
    (told,) = provider.told
    answer = await browser.post("/oidc/logout", content=told, headers={**FORM, "sec-fetch-site": "none"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert (await browser.get("/staff/en/devices")).status_code == 303
    assert await open_sessions() == 1  # what began with the password is none of the service's
    assert await fetchval("SELECT token_hash FROM staff_session") == token_hash(with_password)
    entry = (await records.history("person", person.id))[-1]
    assert (entry.kind, entry.after) == ("person.signed_out", {"by": "oidc"})
    assert (await browser.post("/oidc/logout", content=told, headers=FORM)).status_code == 200


async def test_a_word_of_the_service_sent_again_later_ends_nothing_new(
    browser: httpx.AsyncClient, there: httpx.AsyncClient, provider: Provider, clock: Clock
) -> None:
    await a_person(roles=["translator"], email="ana@example.org")
    provider.told.clear()
    await browser.get(await way_back(browser, "ana@example.org", there=there))
    await at_the_service(there, provider.issuer + END, "", LEFT)
    await execute("UPDATE staff_session SET created_at = created_at + interval '2 minutes'")
    assert (await browser.post("/oidc/logout", content=provider.told[0], headers=FORM)).status_code == 200
    assert await open_sessions() == 1
    clock.now += dt.timedelta(minutes=10)
    assert (await browser.post("/oidc/logout", content=provider.told[0], headers=FORM)).status_code == 400


async def test_only_the_service_ends_sessions_and_forgeries_ask_it_nothing(
    browser: httpx.AsyncClient, served: Application
) -> None:
    await a_person(roles=["translator"], email="ana@example.org")
    await browser.get(await way_back(browser, "ana@example.org"))
    key = RSAKey.generate_key(2048, {"kid": "1"})
    told = {"iss": "x", "aud": CLIENT, "sub": "ana@example.org", "iat": time.time(), "exp": time.time() + 60}
    forged = jwt.encode({"alg": "RS256", "kid": "1", "typ": "logout+jwt"}, {**told, "events": EVENTS}, key)
    known: Service = served.litestar.state.sign_in_service
    (own,) = {one["kid"] for one in known._keys["keys"] if one["kty"] == "RSA"}
    forged_again = jwt.encode({"alg": "RS256", "kid": own}, {**told, "events": EVENTS}, key)
    asked = known._asked = known._tried = known._asked - oidc.ANEW_S - 1
    for token in (forged_again, "", "a.b.c", "e30.e30.e30"):
        answer = await browser.post("/oidc/logout", data={"logout_token": token}, headers={"sec-fetch-site": "none"})
        assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
    assert (await open_sessions(), known._asked) == (1, asked)
    when = []
    for _ in range(3):  # this one could be right: it is asked about, and the next ones are not
        answer = await browser.post("/oidc/logout", data={"logout_token": forged}, headers={"sec-fetch-site": "none"})
        when.append(known._asked)
        assert answer.status_code == 400
    assert asked < when[0] == when[2]


async def test_whoever_began_with_the_password_leaves_as_before_and_so_when_the_service_is_away(
    browser: httpx.AsyncClient, served: Application
) -> None:
    person = await a_person(roles=["translator"], email="ana@example.org")
    await browser.get(await way_back(browser, "ana@example.org"))
    known: Service = served.litestar.state.sign_in_service
    known.issuer, known._metadata = "http://127.0.0.1:9", None
    left = await browser.post("/staff/en/sign-out")
    assert (left.status_code, left.headers["location"]) == (303, "/staff/en/sign-in?done=signed-out")
    browser.cookies.set("staff", await a_session(person, dt.datetime.now(dt.UTC)), path="/staff")
    assert (await browser.post("/staff/en/sign-out")).status_code == 303
    assert await open_sessions() == 0


async def test_without_a_service_nobody_ends_sessions_from_outside(client: httpx.AsyncClient) -> None:
    assert (await client.post("/oidc/logout", data={"logout_token": "x"})).status_code == 404
    assert (await client.get("/staff/oidc/signed-out")).status_code == 404


def word(**changed: object) -> dict[str, Any]:
    """A right logout token, changed."""
    return claims(**{"nonce": None, "email": None, "email_verified": None, "events": EVENTS, "jti": "1", **changed})


async def test_a_right_word_says_what_has_ended(service: tuple[Service, RSAKey, dict[str, Any]]) -> None:
    own, key, _ = service
    for header in ({"typ": "logout+jwt"}, {"typ": "JWT"}, {}):
        token = jwt.encode({"alg": "RS256", "kid": "1", **header}, word(sid="s"), key)
        assert await own.ended(token, NOW) == Ended("1", "s", NOW + oidc.LEEWAY_S)


async def test_a_word_signed_with_a_new_key_is_taken_at_once_and_asked_about_once(
    service: tuple[Service, RSAKey, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    own, key, _ = service
    await own.ended(jwt.encode({"alg": "RS256", "kid": "1"}, word(), key), NOW)
    new = RSAKey.generate_key(2048, {"kid": "2"})
    given, asked = httpx.AsyncHTTPTransport.handle_async_request, []

    async def handle(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        await asyncio.sleep(0)
        if request.url.path == "/keys":
            return httpx.Response(200, json=KeySet([key, new]).as_dict(private=False))
        return await given(transport, request)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle)
    own._tried -= oidc.ANEW_S + 1
    token = jwt.encode({"alg": "RS256", "kid": "2"}, word(), new)
    found = await asyncio.gather(*(own.ended(token, NOW) for _ in range(5)))
    assert (len(set(found)), len(asked), asked.count("/keys")) == (1, 2, 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"aud": "other"},
        {"iat": NOW - 400},
        {"exp": NOW - 120},
        {"events": None},
        {"events": {"other": {}}},
        {"events": {oidc.LOGOUT_EVENT: 1}},
        {"nonce": "nonce"},
        {"sub": None},
        {"sid": 7},
    ],
    ids=str,
)
async def test_a_wrong_word_ends_nothing(
    service: tuple[Service, RSAKey, dict[str, Any]], changed: dict[str, object]
) -> None:
    own, key, _ = service
    for header, told in (({"typ": "logout+jwt"}, word(**changed)), ({"typ": "at+jwt"}, word())):
        token = jwt.encode({"alg": "RS256", "kid": "1", **header}, told, key)
        with pytest.raises(SignInFailed):
            await own.ended(token, NOW)
