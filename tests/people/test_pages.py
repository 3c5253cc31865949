from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest

from consult.app import build
from consult.people import limits, queries, waiting
from consult.people.person import Person
from consult.people.waiting import Waiting
from consult.profile import load_profile
from consult.records.operations import audit
from consult.settings import Settings, resource
from consult.storage import engine, execute, fetchval
from tests.conftest import Clock
from tests.people.makers import PASSWORD, a_person, staff
from tests.people.test_sessions import FRESH, the_link

OWN = {"sec-fetch-site": "same-origin"}


async def post(client: httpx.AsyncClient, path: str, **data: object) -> httpx.Response:
    return await client.post(f"/staff/en/{path}", data=data, headers=OWN)


async def sign_in(client: httpx.AsyncClient, email: str, password: str = PASSWORD, **more: str) -> httpx.Response:
    return await post(client, "sign-in", email=email, password=password, **more)


# Signing in and out


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_the_sign_in_page_speaks_every_language(client: httpx.AsyncClient, language: str) -> None:
    answer = await client.get(f"/staff/{language}/sign-in")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


async def test_signing_in_sets_a_strict_cookie_for_staff_pages_and_leads_back(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    person = await a_person(roles=["translator"])
    asked = await client.get("/staff/en/devices?done=")
    page = await client.get(asked.headers["location"])
    (following,) = re.findall(r'name="next" value="([^"]+)"', page.text)
    assert following == "/staff/en/devices?done="
    answer = await sign_in(client, person.email, next=following)
    assert (answer.status_code, answer.headers["location"]) == (303, following)
    cookie = answer.headers.get_list("set-cookie")[0].lower()
    assert cookie.startswith("staff=")
    assert {"httponly", "samesite=strict", "path=/staff"} <= {part.strip() for part in cookie.split(";")}
    assert "secure" not in cookie
    assert "max-age" not in cookie
    assert (await client.get(following)).status_code == 200


async def test_the_cookie_is_secure_where_the_site_is(db: None, settings: Settings, clock: Clock) -> None:
    secure = replace(settings, base_url="https://consult.test")
    made = build(secure, load_profile(resource("profiles", "skopje.toml")), clock=clock)
    person = await a_person()
    transport = httpx.ASGITransport(app=made.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="https://consult.test") as browser:
        answer = await sign_in(browser, person.email)
    assert "secure" in answer.headers["set-cookie"].lower()


async def test_signing_in_again_ends_the_earlier_session(client: httpx.AsyncClient, clock: Clock) -> None:
    person = await staff(client, clock.now, "clerk")
    assert (await sign_in(client, person.email)).status_code == 303
    assert await fetchval("SELECT count(*) FROM staff_session") == 1
    assert (await client.get("/staff/en/")).status_code == 303


@pytest.mark.parametrize("following", ["https://evil.example/", "//evil.example", "/en/", "/staff\\@evil.example"])
async def test_signing_in_never_leads_out(client: httpx.AsyncClient, following: str) -> None:
    person = await a_person(roles=["translator"])
    answer = await sign_in(client, person.email, next=following)
    assert answer.headers["location"] == "/staff/en/"


async def test_a_wrong_password_keeps_the_address_and_not_the_password(client: httpx.AsyncClient) -> None:
    person = await a_person()
    answers = [await sign_in(client, email, "wrong password!") for email in (person.email, "stranger@example.org")]
    for answer, email in zip(answers, (person.email, "stranger@example.org"), strict=True):
        assert answer.status_code == 422
        assert "The e-mail address or the password is wrong." in answer.text
        assert f'value="{email}"' in answer.text
        assert "wrong password!" not in answer.text
        assert "set-cookie" not in answer.headers
    assert answers[0].text.replace(person.email, "") == answers[1].text.replace("stranger@example.org", "")


async def test_too_many_tries_get_a_clear_page(client: httpx.AsyncClient) -> None:
    person = await a_person()
    for _ in range(limits.PAIR):
        await sign_in(client, person.email, "wrong password!")
    answer = await sign_in(client, person.email)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "900"
    assert "You can try again in 15 min." in answer.text


async def test_spaces_around_a_password_belong_to_it(client: httpx.AsyncClient) -> None:
    person = await a_person(password="  three green tramways ")
    assert (await sign_in(client, person.email, "three green tramways")).status_code == 422
    assert (await sign_in(client, person.email, "  three green tramways ")).status_code == 303


async def test_signing_out_ends_the_session_and_the_cookie(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "clerk")
    answer = await post(client, "sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/en/sign-in?done=signed-out")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    assert await fetchval("SELECT count(*) FROM staff_session") == 0
    page = await client.get(answer.headers["location"])
    assert "You have signed out." in page.text
    assert (await client.get("/staff/en/")).status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", "x" * 43, "x" * 5000, "ф" * 43])
async def test_a_made_up_cookie_is_no_session(client: httpx.AsyncClient, cookie: str) -> None:
    answer = await client.get("/staff/en/", headers=[(b"cookie", f"staff={cookie}".encode())])
    assert answer.status_code == 303


async def test_a_session_ends_after_hours_without_use(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "clerk")
    clock.now += dt.timedelta(hours=3)
    assert (await client.get("/staff/en/")).status_code == 200
    clock.now += dt.timedelta(hours=3)
    assert (await client.get("/staff/en/")).status_code == 200
    clock.now += dt.timedelta(hours=5)
    assert (await client.get("/staff/en/")).status_code == 303


async def test_the_short_address_leads_home_in_ones_own_language(client: httpx.AsyncClient, clock: Clock) -> None:
    assert (await client.get("/staff")).headers["location"] == "/staff/mk/"
    assert (await client.get("/staff", headers={"accept-language": "ka"})).headers["location"] == "/staff/ka/"
    await staff(client, clock.now, "clerk", language="en")
    assert (await client.get("/staff", headers={"accept-language": "ka"})).headers["location"] == "/staff/en/"


# Passwords


async def test_a_forgotten_password_is_replaced_through_a_mailed_link(client: httpx.AsyncClient) -> None:
    person = await a_person()
    answers = [await post(client, "forgotten-password", email=email) for email in (person.email, "who@example.org", "")]
    assert {(a.status_code, a.headers["location"]) for a in answers} == {
        (303, "/staff/en/forgotten-password?done=mailed")
    }
    assert "is on its way" in (await client.get(answers[0].headers["location"])).text
    key = await the_link()
    page = await client.get(f"/staff/en/new-password?key={key}")
    assert person.email in page.text
    weak = await post(client, "new-password", key=key, password="password1234")
    assert weak.status_code == 422
    assert "Many people use this password" in weak.text
    done = await post(client, "new-password", key=key, password=FRESH)
    assert done.headers["location"] == "/staff/en/sign-in?done=chosen"
    assert (await sign_in(client, person.email, FRESH)).status_code == 303
    for again in (await client.get(f"/staff/en/new-password?key={key}"), await post(client, "new-password", key=key)):
        assert again.status_code == 409
        assert "This link was used already or is too old." in again.text


@pytest.mark.parametrize("path", ["welcome", "new-password"])
@pytest.mark.parametrize("key", ["", "x", "ф", "x" * 4000])
async def test_a_made_up_link_opens_nothing(client: httpx.AsyncClient, path: str, key: str) -> None:
    assert (await client.get(f"/staff/en/{path}", params={"key": key})).status_code == 409
    assert (await post(client, path, key=key, password=FRESH)).status_code == 409


async def test_ones_own_password_is_changed_with_the_present_one(client: httpx.AsyncClient, clock: Clock) -> None:
    person = await staff(client, clock.now, "clerk")
    await execute("UPDATE staff_session SET created_at = created_at - interval '1 second'")
    wrong = await post(client, "account/password", current="not this one", password=FRESH)
    assert (wrong.status_code, "This is not your present password." in wrong.text) == (422, True)
    weak = await post(client, "account/password", current=PASSWORD, password="short")
    assert (weak.status_code, "at least 12 characters" in weak.text) == (422, True)
    assert FRESH not in wrong.text
    done = await post(client, "account/password", current=PASSWORD, password=FRESH)
    assert done.headers["location"] == "/staff/en/account?done=changed"
    assert (await client.get("/staff/en/account")).status_code == 303
    client.headers["cookie"] = done.headers["set-cookie"].partition(";")[0]
    assert "has been changed" in (await client.get(done.headers["location"])).text
    assert await fetchval("SELECT count(*) FROM staff_session WHERE person = $1", person.id) == 1


async def test_ones_own_name_and_language_are_changed(client: httpx.AsyncClient, clock: Clock) -> None:
    person = await staff(client, clock.now, "clerk")
    done = await post(client, "account", name="Goran D.", language="ka")
    assert done.headers["location"] == "/staff/ka/account?done=saved"
    assert (await queries.person(person.id)).name == "Goran D."
    wrong = await post(client, "account", name="", language="xx")
    assert wrong.status_code == 422
    assert 'href="#name"' in wrong.text


# Colleagues


async def test_a_colleague_is_invited_and_accepts(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "admin")
    page = await client.get("/staff/en/colleagues/invite")
    assert page.text.count('name="roles"') == 6
    sent = await post(
        client, "colleagues/invite", name="Eva <b>", email="eva@example.org", roles=["clerk", "analyst"], language="mk"
    )
    assert sent.headers["location"] == "/staff/en/colleagues?done=invited"
    listed = await client.get(sent.headers["location"])
    assert "Eva &lt;b&gt;" in listed.text
    assert "invited" in listed.text

    key = await the_link("invite")
    client.headers.pop("cookie")
    welcome = await client.get(f"/staff/mk/welcome?key={key}")
    assert "eva@example.org" in welcome.text
    assert (await post(client, "welcome", key=key, password=FRESH)).status_code == 303
    assert (await sign_in(client, "eva@example.org", FRESH)).status_code == 303


async def test_a_wrong_invitation_keeps_what_was_typed(client: httpx.AsyncClient, clock: Clock) -> None:
    admin = await staff(client, clock.now, "admin")
    wrong = await post(client, "colleagues/invite", name="Eva", email="nonsense", language="xx")
    assert wrong.status_code == 422
    for place in ("email", "roles", "language"):
        assert f'href="#{place}"' in wrong.text
    assert 'value="Eva"' in wrong.text
    taken = await post(client, "colleagues/invite", name="Eva", email=admin.email, roles=["clerk"], language="en")
    assert (taken.status_code, "There is already an account" in taken.text) == (422, True)
    assert await fetchval("SELECT count(*) FROM notification") == 0


async def test_an_account_is_changed_disabled_and_enabled(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "admin")
    person = await a_person(roles=["clerk"], name="Eva Ilieva")
    place = f"colleagues/{person.id}"
    assert (await post(client, f"{place}/roles", roles=["analyst"])).status_code == 303
    assert (await queries.person(person.id)).roles == frozenset({"analyst"})
    none = await post(client, f"{place}/roles")
    assert (none.status_code, "Choose at least one role." in none.text) == (422, True)
    assert (await post(client, f"{place}/disable")).status_code == 303
    page = await client.get(f"/staff/en/{place}?done=disabled")
    assert "The account has been disabled." in page.text
    assert "Roles changed" in page.text
    assert (await post(client, f"{place}/enable")).status_code == 303
    assert (await post(client, f"{place}/invitation")).status_code == 303
    assert await fetchval("SELECT count(*) FROM notification WHERE recipient = $1", person.email) == 1


async def test_the_last_administrator_stays(client: httpx.AsyncClient, clock: Clock) -> None:
    admin = await staff(client, clock.now, "admin")
    refused = await post(client, f"colleagues/{admin.id}/roles", roles=["clerk"])
    assert (refused.status_code, "at least one administrator" in refused.text) == (409, True)
    own = await post(client, f"colleagues/{admin.id}/disable")
    assert (own.status_code, "your own account" in own.text) == (409, True)


async def test_an_unknown_colleague_is_not_found(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "admin")
    for path in (str(uuid4()), "nobody"):
        assert (await client.get(f"/staff/en/colleagues/{path}")).status_code == 404
    assert (await post(client, f"colleagues/{uuid4()}/roles", roles=["clerk"])).status_code == 404


# Home and audit trail


async def test_the_home_page_lists_what_waits_for_this_person(
    client: httpx.AsyncClient, application: object, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_person(password=None)
    await staff(client, clock.now, "clerk", name="Goran")
    page = await client.get("/staff/en/")
    assert "Hello, Goran" in page.text
    assert "Nothing waits for you at the moment." in page.text
    assert "colleagues" not in page.text
    await staff(client, clock.now, "admin")
    page = await client.get("/staff/en/")
    assert "Invitations that were not accepted yet: <b>1</b>" in page.text
    assert 'href="/staff/en/colleagues"' in page.text


async def test_only_what_waits_and_what_one_may_do_is_listed(db: None, clock: Clock) -> None:
    async def one(person: Person, at: dt.datetime) -> list[Waiting]:
        return [Waiting("Comments", 3, "comments", frozenset({"moderator"})), Waiting("Drafts", 0, "drafts")]

    async def other(person: Person, at: dt.datetime) -> list[Waiting]:
        return [Waiting("Answers", 2, "answers", frozenset({"clerk"})), Waiting("News", 1, "news")]

    async def labels(*roles: str) -> list[str]:
        found = await waiting.all_for(await a_person(roles=roles), clock.now, [one, other])
        return [line.label for line in found]

    assert await labels("moderator") == ["Comments", "News"]
    assert await labels("clerk") == ["Answers", "News"]
    assert await labels("admin") == ["Comments", "Answers", "News"]


async def test_the_audit_trail_is_listed_filtered_paged_and_checked(client: httpx.AsyncClient, clock: Clock) -> None:
    admin = await staff(client, clock.now, "admin", name="Ana Petrova")
    for number in range(60):
        await audit(
            actor=admin.id,
            kind="draft.changed",
            record="draft",
            record_id=f"d{number}",
            at=clock.now + dt.timedelta(days=number),
            before={"title": "Old <i>"},
            after={"title": "New"},
            reason="Session",
        )
    await audit(actor=None, kind="person.added", record="person", record_id=admin.id, at=clock.now)
    page = await client.get("/staff/en/audit")
    assert "61 entries" in page.text
    assert "Account added" in page.text
    assert "Old &lt;i&gt;" in page.text
    assert "the system" in page.text
    assert 'rel="next"' in page.text
    assert (await client.get("/staff/en/audit?page=2&kind=draft.changed")).text.count("<time") == 10

    async def entries(query: str) -> int:
        return (await client.get(f"/staff/en/audit?{query}")).text.count("<time")

    assert await entries("kind=person.added") == 1
    assert await entries(f"actor={admin.id}&until=2026-11-21") == 2
    assert await entries("since=2027-01-18") == 1
    for nonsense in (
        "actor=x&since=yesterday&until=9999-12-31&page=-1",
        "since=0001-01-01",
        "page=99999999999",
        "page=x",
        "kind=%00",
    ):
        assert (await client.get(f"/staff/en/audit?{nonsense}")).status_code == 200
    assert "All 61 entries fit together" in (await client.get("/staff/en/audit?verify=1")).text


async def test_staff_pages_ask_few_questions_of_the_database(
    client: httpx.AsyncClient, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    real = engine.connection

    @asynccontextmanager
    async def counted() -> AsyncIterator[Any]:
        asked.append(1)
        async with real() as free:
            yield free

    admin = await staff(client, clock.now, "admin")
    for number in range(30):
        await a_person(name=f"Colleague {number}", password=None)
        await audit(actor=admin.id, kind="person.added", record="person", record_id=str(uuid4()), at=clock.now)
    monkeypatch.setattr(engine, "connection", counted)
    for path in ("", "colleagues", f"colleagues/{admin.id}", "colleagues/invite", "account", "audit"):
        asked.clear()
        assert (await client.get(f"/staff/en/{path}")).status_code == 200
        most = 16 if path == "" else 8  # the first page asks every domain what waits
        assert 1 <= len(asked) <= most, path
