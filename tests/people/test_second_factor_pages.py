"""The second factor on its pages: setting it up, entering codes, changing it."""

from __future__ import annotations

import re

import httpx
from litestar import Litestar

from consult.app import Application, build
from consult.people import second_factor
from consult.people.second_factor import Vault
from consult.profile import load_profile
from consult.settings import Settings, resource, secret_key
from tests.conftest import Clock
from tests.people.browsing import FIREFOX, hidden, post
from tests.people.makers import PASSWORD, STEP, a_person, code_of, signed_in_as


async def test_the_whole_way_of_an_administrator(client: httpx.AsyncClient, clock: Clock) -> None:
    person = await a_person(roles=["admin"])
    client.headers["user-agent"] = FIREFOX
    signed = await post(client, "sign-in", email=person.email, password=PASSWORD, next="/staff/en/audit")
    assert signed.headers["location"] == "/staff/en/second-factor?next=%2Fstaff%2Fen%2Faudit"
    for path in ("audit", "account", "devices", "code", ""):
        kept_out = await client.get(f"/staff/en/{path}")
        assert (kept_out.status_code, kept_out.headers["location"].partition("?")[0]) == (
            303,
            "/staff/en/second-factor",
        )
    page = await client.get(signed.headers["location"])
    assert "c-person" not in page.text or "Sign out" not in page.text
    sealed, following = hidden("sealed", page.text), hidden("next", page.text)
    shown = re.search(r'<span class="c-code c-code--key">([A-Z2-7 ]+)</span>', page.text)
    assert shown is not None
    shared = shown[1].replace(" ", "")
    assert 'src="data:image/svg+xml' in page.text
    wrong = await post(client, "second-factor", sealed=sealed, code="12", next=following)
    assert (wrong.status_code, "This code is wrong" in wrong.text) == (422, True)
    assert shown[1] in wrong.text
    forged = await post(client, "second-factor", sealed="AAAA", code="12")
    assert forged.status_code == 409
    done = await post(client, "second-factor", sealed=sealed, code=code_of(shared, clock.now), next=following)
    assert done.status_code == 200
    codes = re.findall(r"<code>([\d ]+)</code>", done.text)
    assert len(codes) == 10
    assert 'href="/staff/en/audit"' in done.text
    assert (await client.get("/staff/en/audit")).status_code == 200
    assert "Firefox, Linux" in (await client.get("/staff/en/devices")).text

    await post(client, "sign-out")
    clock.now += STEP * 3
    signed = await post(client, "sign-in", email=person.email, password=PASSWORD)
    assert signed.headers["location"] == "/staff/en/code"
    assert (await client.get("/staff/en/second-factor")).headers["location"].startswith("/staff/en/code")
    assert (await client.get("/staff/en/code")).status_code == 200
    wrong = await post(client, "code", code="abc")
    assert (wrong.status_code, 'href="#code"' in wrong.text) == (422, True)
    opened = await post(client, "code", code=code_of(shared, clock.now))
    assert opened.headers["location"] == "/staff/en/"
    assert (await client.get("/staff/en/code")).headers["location"] == "/staff/en/"
    assert (await post(client, "code", code="1")).headers["location"] == "/staff/en/"
    page = await client.get("/staff/en/second-factor")
    assert "Recovery codes left" in page.text
    fresh = await post(client, "second-factor/change", action="codes", current=PASSWORD, code=codes[0])
    assert fresh.text.count("<code>") == 10
    refused = await post(client, "second-factor/change", action="remove", current="wrong", code=codes[1])
    assert (refused.status_code, "not your present password" in refused.text) == (422, True)
    fresh_codes = re.findall(r"<code>([\d ]+)</code>", fresh.text)
    removed = await post(client, "second-factor/change", action="remove", current=PASSWORD, code=fresh_codes[0])
    assert removed.headers["location"] == "/staff/en/second-factor?done=removed"
    assert (await client.get("/staff/en/")).headers["location"] == "/staff/en/second-factor"


async def test_others_may_have_one_and_need_their_password_for_it(
    client: httpx.AsyncClient, clock: Clock, settings: Settings
) -> None:
    person = await a_person(roles=["clerk"])
    await signed_in_as(client, person, clock.now)
    page = await client.get("/staff/en/second-factor")
    sealed = hidden("sealed", page.text)
    shared = Vault(secret_key(settings)).open(second_factor.from_field(sealed), person.id)
    code = code_of(shared, clock.now)
    assert (await post(client, "second-factor", sealed=sealed, code=code)).status_code == 422
    done = await post(client, "second-factor", sealed=sealed, code=code, current=PASSWORD)
    assert (done.status_code, done.text.count("<code>")) == (200, 10)
    admin = await a_person(roles=["admin"])
    await signed_in_as(client, admin, clock.now)
    page = await client.get(f"/staff/en/colleagues/{person.id}")
    assert "Reset the second factor" in page.text
    reset = await post(client, f"colleagues/{person.id}/second-factor")
    assert reset.headers["location"].endswith("?done=second-factor")
    assert "Second factor reset" in (await client.get(reset.headers["location"])).text
    assert (await post(client, f"colleagues/{admin.id}/second-factor")).status_code == 409


async def test_the_demonstration_asks_for_no_second_factor(
    db: None, settings: Settings, clock: Clock, ways_in: Litestar
) -> None:
    profile = load_profile(resource("profiles", "skopje.toml"))
    application: Application = build(settings, profile, clock=clock, is_demo=True, bare=ways_in)
    person = await a_person(roles=["admin"])
    transport = httpx.ASGITransport(app=application.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://consult.test") as browser:
        signed = await post(browser, "sign-in", email=person.email, password=PASSWORD)
        assert signed.headers["location"] == "/staff/en/"
        assert (await browser.get("/staff/en/audit")).status_code == 200
