from __future__ import annotations

import asyncio
import datetime as dt
import re
from typing import Literal

import asyncpg
import pytest
from argon2 import PasswordHasher

from consult.errors import Invalid
from consult.people import limits, passwords, queries, sessions
from consult.people.person import INVITATION_VALID, RESET_VALID, SESSION_IDLE, token_hash
from consult.people.sessions import LinkUsedUp, WrongOwnPassword, WrongPassword
from consult.people.tries import TooManyTries
from consult.records import queries as records
from consult.storage import execute, fetch, fetchrow, fetchval
from tests.people.makers import HERE, HOME, NOON, PASSWORD, a_person, a_session

FRESH = "seven blue umbrellas"
LATER = NOON + dt.timedelta(minutes=1)


async def sign_in(
    email: str, password: str = PASSWORD, *, network: str = HOME, at: dt.datetime = NOON
) -> sessions.SignedIn:
    return await sessions.sign_in(email=email, password=password, network=network, at=at)


async def sessions_of(person: object) -> int:
    return int(await fetchval("SELECT count(*) FROM staff_session WHERE person = $1", person))


async def the_link(purpose: str = "reset") -> str:
    body = await fetchval(
        "SELECT body_text FROM notification WHERE event LIKE $1 ORDER BY created_at DESC", f"people.{purpose}:%"
    )
    found = re.search(r"key=(\S+)", body)
    assert found is not None
    return found[1]


async def test_the_right_password_begins_a_session_of_which_only_a_hash_is_kept(db: None) -> None:
    person = await a_person(roles=["clerk"])
    signed_in = await sign_in(f"  {person.email.upper()} ")
    session = await queries.session(signed_in.token, NOON)
    assert session is not None
    assert session.person == signed_in.person == person
    row = await fetchrow("SELECT token_hash, expires_at FROM staff_session")
    assert row["token_hash"] == token_hash(signed_in.token)
    assert row["expires_at"] == NOON + SESSION_IDLE
    assert [entry.kind for entry in await records.history("person", person.id)] == ["person.signed_in"]


async def test_an_outdated_hash_is_renewed_at_sign_in(db: None) -> None:
    person = await a_person()
    before = await fetchval("SELECT password_hash FROM person")
    await sign_in(person.email)
    after = await fetchval("SELECT password_hash FROM person")
    assert "m=8," in before
    assert "m=65536," in after
    await sign_in(person.email)


async def test_unknown_disabled_invited_and_wrong_get_the_same_answer(db: None) -> None:
    known = await a_person()
    disabled = await a_person(disabled_at=NOON)
    invited = await a_person(password=None)
    answers = []
    for email, password in [
        (known.email, "not the password"),
        (disabled.email, PASSWORD),
        (invited.email, PASSWORD),
        ("stranger@example.org", PASSWORD),
        ("", ""),
        ("x" * 5000, "y" * 5000),
    ]:
        with pytest.raises(WrongPassword) as refused:
            await sign_in(email, password, network=f"net {email[:9]}")
        answers.append([(p.place, p.message) for p in refused.value.problems])
    assert all(answer == answers[0] for answer in answers)
    assert await fetchval("SELECT count(*) FROM staff_session") == 0


async def test_no_password_runs_out(db: None) -> None:
    person = await a_person()
    assert (await sign_in(person.email, at=NOON + dt.timedelta(days=7_000))).person == person


async def test_argon_runs_for_strangers_too(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, kept: str | bytes, password: str | bytes) -> Literal[True]:
            verified.append(str(kept))
            return super().verify(kept, password)

    monkeypatch.setattr(passwords, "_hasher", Watched())
    with pytest.raises(WrongPassword):
        await sign_in("stranger@example.org")
    assert len(verified) == 1
    assert verified[0].startswith("$argon2id$v=19$m=65536")


async def test_after_some_mistakes_one_has_to_wait_even_with_the_right_password(db: None) -> None:
    person = await a_person()
    for _ in range(limits.PAIR):
        with pytest.raises(WrongPassword):
            await sign_in(person.email, "wrong password!")
    with pytest.raises(TooManyTries) as refused:
        await sign_in(person.email, at=NOON + dt.timedelta(minutes=5))
    assert refused.value.parameters == {"minutes": 10}
    assert refused.value.retry_after_s == 600
    await sign_in(person.email, network="198.51.100.7")
    await sign_in(person.email, at=NOON + limits.WINDOW)


async def test_tries_at_once_all_count(db: None) -> None:
    person = await a_person()
    results = await asyncio.gather(
        *(sign_in(person.email, "wrong password!") for _ in range(limits.PAIR + 4)), return_exceptions=True
    )
    assert sum(isinstance(result, WrongPassword) for result in results) == limits.PAIR
    assert sum(isinstance(result, TooManyTries) for result in results) == 4


async def test_a_network_that_tries_many_accounts_has_to_wait(db: None) -> None:
    person = await a_person()
    await execute(
        """INSERT INTO sign_in_attempt (purpose, account, network, at)
           SELECT 'sign_in', sha256(n::text::bytea), $1, $2 FROM generate_series(1, $3) AS n""",
        HOME,
        NOON,
        limits.NETWORK,
    )
    with pytest.raises(TooManyTries):
        await sign_in(person.email)
    await sign_in(person.email, network="198.51.100.7")


async def test_success_forgives_earlier_mistakes(db: None) -> None:
    person = await a_person()
    for _ in range(3):
        for _ in range(limits.PAIR - 1):
            with pytest.raises(WrongPassword):
                await sign_in(person.email, "wrong password!")
        await sign_in(person.email)
    assert await sessions_of(person.id) == 3


async def test_a_session_slides_ends_and_dies_with_its_account(db: None) -> None:
    person = await a_person()
    token = (await sign_in(person.email)).token
    session = await queries.session(token, NOON)
    assert session is not None
    await sessions.touch(session, NOON + dt.timedelta(minutes=1))
    assert await fetchval("SELECT seen_at FROM staff_session") == NOON
    await sessions.touch(session, NOON + dt.timedelta(hours=3))
    assert await queries.session(token, NOON + dt.timedelta(hours=6)) is not None
    assert await queries.session(token, NOON + dt.timedelta(hours=7)) is None
    await execute("UPDATE person SET disabled_at = now()")
    assert await queries.session(token, NOON) is None
    assert await queries.session("", NOON) is None


async def test_signing_out_ends_the_session_once(db: None) -> None:
    person = await a_person()
    token = (await sign_in(person.email)).token
    session = await queries.session(token, NOON)
    assert session is not None
    await sessions.sign_out(session=session, at=LATER)
    await sessions.sign_out(session=session, at=LATER)
    assert await queries.session(token, LATER) is None
    kinds = [entry.kind for entry in await records.history("person", person.id)]
    assert kinds == ["person.signed_in", "person.signed_out"]


async def test_a_reset_link_is_mailed_in_the_persons_language_and_works_once(db: None) -> None:
    person = await a_person(language="mk")
    old = await a_session(person, NOON)
    await sessions.request_reset(email=person.email.upper(), network=HOME, here=HERE, at=NOON)
    mail = await fetchrow("SELECT * FROM notification")
    assert (mail["recipient"], mail["language"]) == (person.email, "mk")
    assert "https://consult.example.org/staff/mk/new-password?key=" in mail["body_text"]
    token = await the_link()
    assert await fetchval("SELECT count(*) FROM one_time_link WHERE token_hash = $1", token_hash(token)) == 1

    await sessions.choose_password(token=token, purpose="reset", password=FRESH, here=HERE, at=LATER)
    assert await queries.session(old, LATER) is None
    with pytest.raises(LinkUsedUp):
        await sessions.choose_password(token=token, purpose="reset", password=FRESH, here=HERE, at=LATER)
    with pytest.raises(WrongPassword):
        await sign_in(person.email)
    await sign_in(person.email, FRESH)
    events = {row["event"].partition(":")[0] for row in await fetch("SELECT event FROM notification")}
    assert events == {"people.reset", "people.password_changed"}


async def test_nobody_learns_whether_an_account_exists(db: None) -> None:
    await a_person(email="disabled@example.org", disabled_at=NOON)
    for email in ("stranger@example.org", "disabled@example.org", "", "no address"):
        await sessions.request_reset(email=email, network=HOME, here=HERE, at=NOON)
    assert await fetchval("SELECT count(*) FROM notification") == 0


async def test_a_mailbox_cannot_be_flooded(db: None) -> None:
    person = await a_person()
    for number in range(limits.MAILS + 5):
        await sessions.request_reset(email=person.email, network=f"net {number}", here=HERE, at=NOON)
    assert await fetchval("SELECT count(*) FROM notification") == limits.MAILS
    await sessions.request_reset(email=person.email, network=HOME, here=HERE, at=NOON + limits.MAILS_WINDOW)
    assert await fetchval("SELECT count(*) FROM notification") == limits.MAILS + 1


async def test_a_newer_link_ends_the_older_one(db: None) -> None:
    person = await a_person()
    await sessions.request_reset(email=person.email, network=HOME, here=HERE, at=NOON)
    first = await the_link()
    await sessions.request_reset(email=person.email, network=HOME, here=HERE, at=LATER)
    with pytest.raises(LinkUsedUp):
        await sessions.choose_password(token=first, purpose="reset", password=FRESH, here=HERE, at=LATER)


async def test_a_link_expires_and_serves_one_purpose(db: None) -> None:
    person = await a_person()
    for purpose, other, valid in (("reset", "invite", RESET_VALID), ("invite", "reset", INVITATION_VALID)):
        token, _ = await sessions.make_link(person.id, purpose, NOON)
        with pytest.raises(LinkUsedUp):
            await sessions.choose_password(token=token, purpose=other, password=FRESH, here=HERE, at=LATER)
        with pytest.raises(LinkUsedUp):
            await sessions.choose_password(token=token, purpose=purpose, password=FRESH, here=HERE, at=NOON + valid)
        await sessions.choose_password(token=token, purpose=purpose, password=FRESH, here=HERE, at=LATER)


async def test_a_weak_password_keeps_the_link_usable(db: None) -> None:
    person = await a_person(password=None)
    token, _ = await sessions.make_link(person.id, "invite", NOON)
    with pytest.raises(Invalid) as refused:
        await sessions.choose_password(token=token, purpose="invite", password="short", here=HERE, at=LATER)
    assert [problem.place for problem in refused.value.problems] == ["password"]
    await sessions.choose_password(token=token, purpose="invite", password=FRESH, here=HERE, at=LATER)
    await sign_in(person.email, FRESH)


async def test_two_clicks_at_once_set_one_password(db: None) -> None:
    person = await a_person(password=None)
    token, _ = await sessions.make_link(person.id, "invite", NOON)
    results = await asyncio.gather(
        *(
            sessions.choose_password(token=token, purpose="invite", password=FRESH, here=HERE, at=LATER)
            for _ in range(3)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(result, LinkUsedUp) for result in results) == 2
    assert [result[0] for result in results if isinstance(result, tuple)] == [person]


async def test_changing_ones_password_ends_every_other_session(db: None) -> None:
    person = await a_person()
    stranger = await a_session(await a_person(), NOON)
    other = await a_session(person, NOON)
    mine = await queries.session(await a_session(person, NOON), NOON)
    assert mine is not None
    with pytest.raises(WrongOwnPassword):
        await sessions.change_password(
            session=mine, current="not mine at all", password=FRESH, network=HOME, here=HERE, at=NOON
        )
    with pytest.raises(Invalid):
        await sessions.change_password(
            session=mine, current=PASSWORD, password="password1234", network=HOME, here=HERE, at=NOON
        )
    fresh = await sessions.change_password(
        session=mine, current=PASSWORD, password=FRESH, network=HOME, here=HERE, at=NOON
    )
    assert await queries.session(other, NOON) is None
    assert await queries.session(fresh.token, NOON) is not None
    assert await queries.session(stranger, NOON) is not None
    assert await sessions_of(person.id) == 1
    assert [entry.kind for entry in await records.history("person", person.id)] == ["person.password_changed"]


async def test_a_new_password_ends_every_link_that_could_set_another(db: None) -> None:
    person = await a_person()
    mine = await queries.session(await a_session(person, NOON), NOON)
    assert mine is not None
    older = {purpose: (await sessions.make_link(person.id, purpose, NOON))[0] for purpose in ("invite", "reset")}
    await sessions.change_password(session=mine, current=PASSWORD, password=FRESH, network=HOME, here=HERE, at=NOON)
    for purpose, token in older.items():
        with pytest.raises(LinkUsedUp):
            await sessions.choose_password(token=token, purpose=purpose, password=PASSWORD, here=HERE, at=NOON)
    invitation, _ = await sessions.make_link(person.id, "invite", NOON)
    reset, _ = await sessions.make_link(person.id, "reset", NOON)
    await sessions.choose_password(token=reset, purpose="reset", password="seven brown chestnuts", here=HERE, at=NOON)
    with pytest.raises(LinkUsedUp):
        await sessions.choose_password(token=invitation, purpose="invite", password=FRESH, here=HERE, at=NOON)


async def test_what_is_over_is_forgotten(db: None) -> None:
    person = await a_person()
    await a_session(person, NOON)
    await sessions.make_link(person.id, "reset", NOON)
    with pytest.raises(WrongPassword):
        await sign_in(person.email, "wrong password!")
    await sessions.forget(at=NOON + dt.timedelta(hours=1))
    assert [
        await fetchval(f"SELECT count(*) FROM {t}") for t in ("staff_session", "one_time_link", "sign_in_attempt")
    ] == [1, 1, 1]
    await sessions.forget(at=NOON + dt.timedelta(days=2))
    assert [
        await fetchval(f"SELECT count(*) FROM {t}") for t in ("staff_session", "one_time_link", "sign_in_attempt")
    ] == [0, 0, 0]


async def test_the_database_keeps_addresses_unique_and_roles_known(db: None) -> None:
    person = await a_person(email="ana@example.org")
    with pytest.raises(asyncpg.UniqueViolationError):
        await a_person(email="ANA@Example.org")
    for change in ("roles = '{mayor}'", "roles = '{NULL}'", "name = ' '", "email = 'x'", "password_hash = 'plain'"):
        with pytest.raises(asyncpg.CheckViolationError):
            await execute(f"UPDATE person SET {change} WHERE id = $1", person.id)
