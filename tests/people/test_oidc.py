"""Signing in through a sign-in service: against a certified provider, and against one that lies."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from consult.app import Application
from consult.people import oidc
from consult.people.oidc import AddressNotVerified, Journey, Service, SignInFailed, TooLongAway
from consult.people.oidc_pages import service_of
from consult.people.second_factor import Vault
from consult.records import queries as records
from consult.settings import InvalidSettings, Settings
from consult.storage import fetchval
from tests.conftest import Clock
from tests.people.makers import a_person
from tests.people.service import BACK, CLIENT, SECRET, way_back

NOW = 1_800_000_000
JOURNEY = Journey("state", "nonce", "v" * 64, "en", "/staff/en/account", NOW)
VAULT = Vault(b"k" * 32)


async def test_a_colleague_signs_in_through_the_service(browser: httpx.AsyncClient) -> None:
    person = await a_person(roles=["translator"], email="ana@example.org")
    back = await way_back(browser, "ana@example.org", "/staff/en/devices")
    arrived = await browser.get(back)
    assert (arrived.status_code, arrived.headers["refresh"]) == (200, "0; url=/staff/en/devices")
    assert "samesite=strict" in arrived.headers["set-cookie"].lower()
    assert (await browser.get("/staff/en/devices")).status_code == 200
    entry = (await records.history("person", person.id))[-1]
    assert (entry.kind, entry.after) == ("person.signed_in", {"by": "oidc"})
    assert (await browser.get(back)).status_code == 409  # its cookie is gone, and its code is used up


async def test_the_session_before_ends_though_its_cookie_does_not_come_back(browser: httpx.AsyncClient) -> None:
    person = await a_person(roles=["translator"], email="ana@example.org")
    await browser.get(await way_back(browser, "ana@example.org"))
    earlier = await fetchval("SELECT id FROM staff_session")
    back = await way_back(browser, "ana@example.org")
    browser.cookies.delete("staff")  # strict: a browser does not send it on the way back from the service's site
    assert (await browser.get(back)).status_code == 200
    assert await fetchval("SELECT count(*) FILTER (WHERE id <> $1) = count(*) FROM staff_session", earlier)
    kinds = [entry.kind for entry in await records.history("person", person.id)]
    assert (len(kinds), kinds.count("person.signed_out")) == (4, 1)


async def test_the_browser_is_known_again_though_its_cookie_does_not_come_back(browser: httpx.AsyncClient) -> None:
    await a_person(roles=["translator"], email="ana@example.org")
    await browser.get(await way_back(browser, "ana@example.org"))
    mark = browser.cookies["staff-browser"]
    back = await way_back(browser, "ana@example.org")
    browser.cookies.delete("staff-browser")  # strict, as above
    assert (await browser.get(back)).cookies["staff-browser"] == mark
    assert await fetchval("SELECT count(*) FROM known_place WHERE kind = 'browser'") == 1
    assert await fetchval("SELECT count(*) FROM notification") == 0


async def test_only_our_own_button_leads_to_the_service(browser: httpx.AsyncClient, settings: Settings) -> None:
    del browser.headers["sec-fetch-site"]
    ours = {"referer": f"{settings.base_url}/staff/en/sign-in"}
    for headers in ({"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, ours):
        begun = await browser.get("/staff/en/oidc", headers=headers)
        assert "code_challenge" in begun.headers["location"], headers
    browser.cookies.clear()
    theirs = {"referer": "https://evil.example/staff/"}
    for headers in ({"sec-fetch-site": "cross-site"}, {**ours, "sec-fetch-site": "same-site"}, theirs, {}):
        refused = await browser.get("/staff/en/oidc", headers=headers)
        assert (refused.status_code, refused.headers["location"]) == (303, "/staff/en/sign-in"), headers
        assert "set-cookie" not in refused.headers


async def test_who_needs_a_second_factor_needs_it_here_too(browser: httpx.AsyncClient) -> None:
    await a_person(roles=["admin"], email="admin@example.org")
    arrived = await browser.get(await way_back(browser, "admin@example.org"))
    assert arrived.headers["refresh"] == "0; url=/staff/en/second-factor"
    assert (await browser.get("/staff/en/audit")).headers["location"].startswith("/staff/en/second-factor")


async def test_the_service_makes_no_accounts(browser: httpx.AsyncClient) -> None:
    await a_person(email="gone@example.org", disabled_at=dt.datetime.now(dt.UTC))
    await a_person(email="unverified@example.org")
    for email, says in (
        ("stranger@example.org", "Ask an administrator to invite you."),
        ("gone@example.org", "Ask an administrator to invite you."),
        ("unverified@example.org", "does not confirm your e-mail address"),
    ):
        refused = await browser.get(await way_back(browser, email), headers={"accept-language": "ka"})
        assert (refused.status_code, says in refused.text) == (409, True), email  # in the language that they came from
        assert 'href="/staff/ka/"' in refused.text
    assert await fetchval("SELECT count(*) FROM staff_session") == 0


async def test_another_browser_or_a_changed_answer_gets_nowhere(browser: httpx.AsyncClient, clock: Clock) -> None:
    await a_person(email="ana@example.org")
    back = await way_back(browser, "ana@example.org")
    cookies = dict(browser.cookies)
    browser.cookies.clear()
    assert (await browser.get(back)).status_code == 409
    browser.cookies.update(cookies)
    for wrong in (re.sub("state=[^&]+", "state=other", back), re.sub("code=[^&]+", "code=other", back)):
        assert (await browser.get(wrong)).status_code == 409
    assert (await browser.get(BACK, params={"error": "access_denied"})).status_code == 409
    clock.now += dt.timedelta(minutes=11)
    assert (await browser.get(back)).status_code == 409
    assert await fetchval("SELECT count(*) FROM staff_session") == 0


async def test_a_service_that_is_away_is_said(browser: httpx.AsyncClient, served: Application) -> None:
    service: Service = served.litestar.state.sign_in_service
    service.issuer = "http://127.0.0.1:9"
    answer = await browser.get("/staff/en/oidc")
    assert (answer.status_code, "Sign in with your password" in answer.text) == (503, True)


async def test_without_a_service_there_is_no_way_to_it(client: httpx.AsyncClient) -> None:
    assert (await client.get("/staff/en/oidc")).status_code == 404
    assert (await client.get("/staff/oidc/callback?code=x&state=y")).status_code == 404
    assert "town hall" not in (await client.get("/staff/en/sign-in")).text


# A service that lies


def claims(**changed: object) -> dict[str, Any]:
    right: dict[str, Any] = {
        "iss": "https://id.example.org",
        "aud": CLIENT,
        "sub": "1",
        "exp": NOW + 300,
        "iat": NOW,
        "nonce": "nonce",
        "email": "ana@example.org",
        "email_verified": True,
    }
    return {name: value for name, value in {**right, **changed}.items() if value is not None}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> tuple[Service, RSAKey, dict[str, Any]]:
    """A service whose answers the test writes: its key, and the token that it gives next."""
    key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
    given: dict[str, Any] = {}
    metadata = {
        "issuer": "https://id.example.org",
        "authorization_endpoint": "https://id.example.org/auth",
        "token_endpoint": "https://id.example.org/token",
        "jwks_uri": "https://id.example.org/keys",
    }

    def answer(request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/token":
                return httpx.Response(200, json=given)
            case "/keys":
                return httpx.Response(200, json=KeySet([key]).as_dict(private=False))
            case _:
                return httpx.Response(200, json=metadata | given)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", _answering(answer))
    return Service("https://id.example.org", CLIENT, SECRET, BACK), key, given


def _answering(answer: Any) -> Any:
    async def handle(_: object, request: httpx.Request) -> httpx.Response:
        found: httpx.Response = answer(request)
        return found

    return handle


async def identity(
    service: tuple[Service, RSAKey, dict[str, Any]], told: dict[str, Any], **header: str
) -> oidc.Identity:
    own, key, given = service
    given["id_token"] = jwt.encode({"alg": "RS256", "kid": "1", **header}, told, key)
    return await own.identity(JOURNEY, {"state": "state", "code": "c"}, NOW)


async def test_a_right_token_says_who_it_is(service: tuple[Service, RSAKey, dict[str, Any]]) -> None:
    found = await identity(service, claims())
    assert (found.sub, found.email, found.is_strong, found.sid) == ("1", "ana@example.org", False, None)
    assert (await identity(service, claims(sid="s"))).sid == "s"
    assert (await identity(service, claims(amr=["pwd", "mfa"]))).is_strong
    assert (await identity(service, claims(aud=[CLIENT, "other"], azp=CLIENT))).email == "ana@example.org"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"aud": "other"},
        {"aud": ["other", "third"]},
        {"aud": [CLIENT, "other"]},
        {"azp": "other"},
        {"exp": NOW - 120},
        {"exp": None},
        {"exp": "soon"},
        {"iat": NOW + 3600},
        {"nonce": "other"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": "ѝ"},
        {"aud": 7},
        {"aud": [7]},
        {"aud": {"a": 1}},
    ],
    ids=str,
)
async def test_a_wrong_token_is_refused(
    service: tuple[Service, RSAKey, dict[str, Any]], changed: dict[str, object]
) -> None:
    with pytest.raises(SignInFailed):
        await identity(service, claims(**changed))


@pytest.mark.parametrize(
    "keys", ["{}", '{"keys": 1}', '{"keys": [{"kty": []}]}', '{"keys": [{"kty": "EC", "crv": 1}]}']
)
async def test_keys_that_are_none_are_refused(
    service: tuple[Service, RSAKey, dict[str, Any]], monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    given = httpx.AsyncHTTPTransport.handle_async_request

    async def handle(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=keys) if request.url.path == "/keys" else await given(transport, request)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle)
    with pytest.raises(SignInFailed):
        await identity(service, claims())


async def test_every_address_of_the_service_is_as_safe_as_its_name(
    service: tuple[Service, RSAKey, dict[str, Any]],
) -> None:
    own, _, given = service
    given["userinfo_endpoint"] = "http://id.example.org/me"
    with pytest.raises(SignInFailed):
        await own.way_out(JOURNEY)


async def test_a_token_that_is_not_signed_by_the_service_is_refused(
    service: tuple[Service, RSAKey, dict[str, Any]],
) -> None:
    own, _, given = service
    other = RSAKey.generate_key(2048, {"kid": "1"})
    none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."
    for token in (jwt.encode({"alg": "RS256", "kid": "1"}, claims(), other), none, "", "a.b.c"):
        given["id_token"] = token
        with pytest.raises(SignInFailed):
            await own.identity(JOURNEY, {"state": "state", "code": "c"}, NOW)
    with pytest.raises(AddressNotVerified):
        await identity(service, claims(email_verified=None))
    for answered in ({"state": "state"}, {"state": "state", "code": "c", "iss": "https://evil.example"}):
        with pytest.raises(SignInFailed):
            await own.identity(JOURNEY, answered, NOW)


def test_the_journey_is_sealed_and_ends() -> None:
    cookie = oidc.sealed(JOURNEY, VAULT)
    assert oidc.unsealed(cookie, VAULT, NOW + 599) == JOURNEY
    for wrong, now in ((cookie, NOW + 601), ("", NOW), (cookie[:-4] + "AAA=", NOW), ("ф", NOW)):
        with pytest.raises(TooLongAway):
            oidc.unsealed(wrong, VAULT, now)


def test_the_service_is_named_by_a_safe_address() -> None:
    assert Settings.from_env({"CONSULT_OIDC_ISSUER": "https://id.example.org"}).oidc_issuer == "https://id.example.org"
    with pytest.raises(InvalidSettings):
        Settings.from_env({"CONSULT_OIDC_ISSUER": "http://id.example.org"})
    with pytest.raises(oidc.NotSetUp):
        service_of(Settings(oidc_issuer="https://id.example.org", oidc_client_id=CLIENT))
    assert service_of(Settings()) is None
