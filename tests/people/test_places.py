"""Browsers and networks known from before: what a letter tells, and that nobody is locked out for ever."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import httpx
import pytest

from consult.people import limits, operations, places, queries, second_operations, sessions
from consult.people.places import Browser, larger_network
from consult.people.second_factor import Vault
from consult.people.sessions import SignedIn, WrongPassword
from consult.people.tries import TooManyTries
from consult.storage import execute, fetch, fetchval
from tests.conftest import Clock
from tests.people.browsing import FIREFOX, OWN
from tests.people.makers import HERE, HOME, NOON, PASSWORD, a_person, code_of, with_second_factor

SECRET = b"s" * 32
FAR = "198.51.100.7"
MINUTE = dt.timedelta(minutes=1)
VAULT = Vault(SECRET)
AT_HOME = Browser("Firefox, Windows", network=larger_network(HOME, SECRET))


async def sign_in(
    email: str, browser: Browser, password: str = PASSWORD, *, network: str = HOME, at: dt.datetime = NOON
) -> SignedIn:
    return await sessions.sign_in(email=email, password=password, network=network, browser=browser, here=HERE, at=at)


async def letters() -> list[str]:
    return [row["event"].split(":")[0] for row in await fetch("SELECT event FROM notification ORDER BY created_at")]


async def test_a_letter_tells_of_a_new_browser_and_of_a_new_network_but_not_of_the_first(db: None) -> None:
    person = await a_person(language="mk")
    mark = (await sign_in(person.email, AT_HOME)).mark
    known = replace(AT_HOME, mark=mark)
    assert (await sign_in(person.email, known, at=NOON + MINUTE)).mark == mark
    assert await letters() == []
    elsewhere = replace(known, network=larger_network(FAR, SECRET))
    await sign_in(person.email, elsewhere, at=NOON + 2 * MINUTE)
    await sign_in(person.email, elsewhere, at=NOON + 3 * MINUTE)
    assert await letters() == ["people.new_place"]
    await sign_in(person.email, replace(AT_HOME, device="Chrome, Android"), at=NOON + 4 * MINUTE)
    assert await letters() == ["people.new_place"] * 2
    body = await fetchval("SELECT body_text FROM notification ORDER BY created_at DESC LIMIT 1")
    assert "Chrome, Android" in body
    assert "/staff/mk/forgotten-password" in body
    await execute("UPDATE known_place SET seen_at = $1", NOON)
    await sessions.forget(at=NOON + places.KEPT + MINUTE)
    assert await fetchval("SELECT count(*) FROM known_place") == 0


async def test_one_browser_serves_two_colleagues_and_is_known_for_each_alone(db: None) -> None:
    ana, eva = await a_person(), await a_person()
    known = replace(AT_HOME, mark=(await sign_in(ana.email, AT_HOME)).mark)
    assert await places.known(ana.email.upper(), known) is not None
    assert await places.known(eva.email, known) is None
    assert (await sign_in(eva.email, known)).mark == known.mark
    assert await places.known(eva.email, known) is not None
    planted = replace(AT_HOME, mark="A" * 43)  # by a neighbouring site, which could try on with it for ever
    assert (await sign_in(ana.email, planted)).mark not in {planted.mark, known.mark}
    assert await places.known(ana.email, planted) is None
    for made_up in ("", "x" * 43, "\x00", "y" * 5000):
        assert await places.known(ana.email, replace(known, mark=made_up)) is None
    admin = await a_person(roles=["admin"])
    await operations.sign_out_everywhere(by=admin, person_id=ana.id, at=NOON)
    assert await places.known(ana.email, known) is None


async def test_a_whole_world_that_tries_does_not_lock_the_owner_out(db: None) -> None:
    """Neither from everywhere nor out of the same network, with the password as with the code."""
    person, shared, _ = await with_second_factor(VAULT, NOON - dt.timedelta(hours=1))
    half = await sign_in(person.email, AT_HOME)

    async def by_code(signed: SignedIn, browser: Browser, at: dt.datetime) -> SignedIn:
        session = await queries.session(signed.token, at)
        assert session is not None
        return await second_operations.enter_code(
            session=session, code=code_of(shared, at), network=HOME, vault=VAULT, here=HERE, browser=browser, at=at
        )

    known = replace(AT_HOME, mark=(await by_code(half, AT_HOME, NOON)).mark)
    at = NOON + 2 * MINUTE
    for purpose, many in (("sign_in", limits.NETWORK + limits.ACCOUNT), ("code", limits.NETWORK)):
        await execute(
            """INSERT INTO sign_in_attempt (purpose, account, network, at)
               SELECT $1, sha256($2::text::bytea), CASE WHEN n % 2 = 0 THEN $3 ELSE n::text END, $4
               FROM generate_series(1, 2 * $5::int) AS n""",
            purpose,
            person.email,
            HOME,
            at,
            many,
        )
    for network in (HOME, FAR):
        with pytest.raises(TooManyTries):
            await sign_in(person.email, AT_HOME, network=network, at=at)
    assert await letters() == ["people.siege"]  # once a day
    await execute("DELETE FROM notification")
    with pytest.raises(TooManyTries):
        await sign_in(person.email, AT_HOME, at=at)
    assert await letters() == []  # nor is it looked for any more, so that all such tries cost the same
    with pytest.raises(WrongPassword):
        await sign_in(person.email, known, "wrong password!", at=at)
    whole = await by_code(await sign_in(person.email, known, at=at), known, at)
    session = await queries.session(whole.token, at)
    assert session is not None
    fresh = await sessions.change_password(
        session=session,
        current=PASSWORD,
        password="seven blue umbrellas",
        network=HOME,
        here=HERE,
        browser=known,
        at=at,
    )
    assert fresh.mark != known.mark  # whoever has the old one, and not the new password, stands outside again


async def test_a_new_password_by_mail_lets_a_new_browser_in_during_a_siege(db: None) -> None:
    person = await a_person()
    await execute(
        """INSERT INTO sign_in_attempt (purpose, account, network, at)
           SELECT 'sign_in', sha256($1::text::bytea), n::text, $2 FROM generate_series(1, $3) AS n""",
        person.email,
        NOON,
        limits.ACCOUNT,
    )
    with pytest.raises(TooManyTries):
        await sign_in(person.email, AT_HOME)
    token, _ = await sessions.make_link(person.id, "reset", NOON)
    fresh = "seven blue umbrellas"
    _, mark = await sessions.choose_password(
        token=token, purpose="reset", password=fresh, here=HERE, browser=AT_HOME, at=NOON
    )
    assert (await sign_in(person.email, replace(AT_HOME, mark=mark), fresh)).person == person


async def test_a_known_browser_has_few_tries_of_its_own(db: None) -> None:
    person = await a_person()
    known = replace(AT_HOME, mark=(await sign_in(person.email, AT_HOME)).mark)
    for _ in range(limits.PAIR):
        with pytest.raises(WrongPassword):
            await sign_in(person.email, known, "wrong password!")
    with pytest.raises(TooManyTries):
        await sign_in(person.email, known)
    await sign_in(person.email, AT_HOME)  # what was tried there counts only there
    await sign_in(person.email, known, at=NOON + limits.WINDOW)


async def test_wrong_codes_after_the_right_password_are_told_once(db: None) -> None:
    person, shared, _ = await with_second_factor(VAULT, NOON - dt.timedelta(hours=1))
    session = await queries.session((await sign_in(person.email, AT_HOME)).token, NOON)
    assert session is not None
    for number in range(1, limits.PAIR + 1):
        with pytest.raises(second_operations.WrongCode):
            await second_operations.enter_code(
                session=session, code="12345", network=HOME, vault=VAULT, here=HERE, at=NOON
            )
        assert len(await letters()) == (number >= limits.WRONG_CODES)
    assert await letters() == ["people.wrong_codes"]
    with pytest.raises(TooManyTries):
        await second_operations.enter_code(
            session=session, code=code_of(shared, NOON), network=HOME, vault=VAULT, here=HERE, at=NOON
        )


async def test_a_network_of_ipv6_is_one_however_many_addresses_it_has(client: httpx.AsyncClient) -> None:
    """Through the pages: the addresses of one /64 share their tries, and so does an IPv4 address in IPv6's clothes."""
    person = await a_person()
    app = client._transport.app  # type: ignore[attr-defined]
    for addresses in (
        [f"2001:db8:1:2::{number:x}" for number in range(1, limits.PAIR + 2)],
        ["192.0.2.77", "::ffff:192.0.2.77"] * 3,
    ):
        statuses = []
        for address in addresses[: limits.PAIR + 1]:
            transport = httpx.ASGITransport(app=app, client=(address, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://consult.test", headers=OWN) as there:
                sent = {"email": person.email, "password": "wrong password!"}
                statuses.append((await there.post("/staff/en/sign-in", data=sent)).status_code)
        assert statuses == [422] * limits.PAIR + [429]


async def test_the_browser_keeps_its_mark_when_it_signs_out(client: httpx.AsyncClient, clock: Clock) -> None:
    person = await a_person(roles=["translator"])
    sent = {"email": person.email, "password": PASSWORD}
    signed = await client.post("/staff/en/sign-in", data=sent, headers={**OWN, "user-agent": FIREFOX})
    cookies = [one for one in signed.headers.get_list("set-cookie") if one.startswith("staff-browser=")]
    assert len(cookies) == 1
    assert all(
        part in cookies[0].lower() for part in ("httponly", "path=/staff", "samesite=strict", "max-age=15552000")
    )
    mark = client.cookies["staff-browser"]
    await client.post("/staff/en/sign-out", headers=OWN)
    assert client.cookies.get("staff-browser") == mark
    await client.post("/staff/en/sign-in", data=sent, headers={**OWN, "user-agent": FIREFOX})
    assert await fetchval("SELECT count(*) FROM known_place WHERE kind = 'browser'") == 1
    assert await fetchval("SELECT count(*) FROM notification") == 0
    assert await fetchval("SELECT count(*) FROM sign_in_attempt WHERE own IS NOT NULL") == 1
