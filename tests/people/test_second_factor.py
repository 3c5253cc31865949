"""The second factor: its rules, and what is done with it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from consult.people import limits, queries, second_factor, sessions
from consult.people import second_operations as operations
from consult.people.operations import OwnAccount
from consult.people.person import ROLES, Person, awaited
from consult.people.queries import Session
from consult.people.second_factor import SecretChanged, Vault
from consult.people.second_operations import AlreadySetUp, NotSetUp, WrongCode
from consult.people.sessions import WrongOwnPassword
from consult.people.tries import TooManyTries
from consult.profile import InvalidProfile, StaffRules, load_profile
from consult.records import queries as records
from consult.settings import resource
from consult.storage import fetchval
from tests.people.makers import HERE, HOME, NOON, PASSWORD, STEP, a_person, code_of, with_second_factor
from tests.people.test_sessions import FRESH, the_link

VAULT = Vault(b"k" * 32)
ENFORCED = frozenset({"admin"})


async def arrive(person: Person, at: dt.datetime = NOON, enforced: Iterable[str] = ENFORCED) -> Session:
    """Give the right password, and return the session that begins with it."""
    signed = await sessions.sign_in(email=person.email, password=PASSWORD, network=HOME, enforced=enforced, at=at)
    session = await queries.session(signed.token, at)
    assert session is not None
    return session


async def enter(session: Session, code: str, at: dt.datetime = NOON, network: str = HOME) -> sessions.SignedIn:
    return await operations.enter_code(session=session, code=code, network=network, vault=VAULT, here=HERE, at=at)


async def set_up(session: Session, shared: str, code: str, current: str | None = None) -> operations.SetUp:
    return await operations.set_up(
        session=session, shared=shared, code=code, current=current, network=HOME, vault=VAULT, here=HERE, at=NOON
    )


async def letters_to(person: Person) -> list[str]:
    found = await fetchval(
        "SELECT array_agg(split_part(event, ':', 1) ORDER BY created_at) FROM notification WHERE recipient = $1",
        person.email,
    )
    return list(found or [])


# Rules


def test_a_code_counts_half_a_minute_early_or_late_and_once() -> None:
    shared = second_factor.new_shared()
    code, step = code_of(shared, NOON), second_factor.step_of(NOON)
    assert [second_factor.matching_step(shared, code, NOON + n * STEP) for n in (-2, -1, 0, 1, 2)] == [
        None,
        step,
        step,
        step,
        None,
    ]
    assert second_factor.matching_step(shared, code, NOON, after=step) is None
    assert second_factor.matching_step(shared, code_of(shared, NOON + STEP), NOON, after=step) == step + 1
    for typed in ("", "000000x", "٠١٢٣٤٥", "12345", "1234567"):
        assert second_factor.matching_step(shared, second_factor.digits_of(typed), NOON) is None


def test_codes_may_be_typed_with_the_spaces_they_are_shown_with() -> None:
    assert second_factor.digits_of(" 123 456 ") == "123456"
    assert second_factor.is_recovery_code("1234-5678 9012\u00a03456")
    assert not second_factor.is_app_code("1234567")


async def test_what_the_app_shares_is_sealed_for_one_account_and_one_installation(db: None) -> None:
    one, other = await a_person(), await a_person()
    sealed = VAULT.seal("SHARED", one.id)
    assert VAULT.open(sealed, one.id) == "SHARED"
    assert b"SHARED" not in sealed
    assert sealed != VAULT.seal("SHARED", one.id)
    assert "k" * 32 not in repr(VAULT)
    for vault, bytes_, whose in (
        (VAULT, sealed, other.id),
        (Vault(b"x" * 32), sealed, one.id),
        (VAULT, sealed[:-1] + b"\0", one.id),
        (VAULT, b"", one.id),
    ):
        with pytest.raises(SecretChanged):
            vault.open(bytes_, whose)
    with pytest.raises(SecretChanged):
        second_factor.from_field("ф!")


def test_who_has_one_enters_its_code_and_who_must_have_one_sets_it_up() -> None:
    def what(roles: list[str], has: bool) -> str | None:
        return awaited(roles, has_second_factor=has, enforced=ENFORCED)

    assert [what(["clerk"], False), what(["clerk"], True)] == [None, "code"]
    assert [what(["clerk", "admin"], False), what(["admin"], True)] == ["enrol", "code"]


@pytest.mark.parametrize("town", ["skopje", "telavi"])
def test_a_second_factor_is_asked_of_every_role(town: str, tmp_path: Path) -> None:
    written = resource("profiles", f"{town}.toml").read_text(encoding="utf-8")
    named = load_profile(resource("profiles", f"{town}.toml")).staff.second_factor
    assert set(named) == set(ROLES) == set(StaffRules().second_factor)
    file = tmp_path / "town.toml"
    file.write_text(written.replace('second_factor = ["admin",', 'second_factor = ["mayor",'), encoding="utf-8")
    with pytest.raises(InvalidProfile, match="staff"):
        load_profile(file)


# Operations


async def test_a_role_that_needs_a_second_factor_sets_one_up_before_anything_else(db: None) -> None:
    person = await a_person(roles=["admin"])
    earlier = await arrive(person, enforced=())
    session = await arrive(person)
    assert session.awaits == "enrol"
    shared = second_factor.new_shared()
    with pytest.raises(WrongCode):
        await set_up(session, shared, "000000" if code_of(shared, NOON) != "000000" else "111111")
    done = await set_up(session, shared, code_of(shared, NOON))
    assert len(set(done.codes)) == second_factor.RECOVERY_CODES
    whole = await queries.session(done.signed_in.token, NOON)
    assert whole is not None
    assert whole.awaits is None
    assert await fetchval("SELECT count(*) FROM staff_session WHERE id = ANY($1)", [earlier.id, session.id]) == 0
    row = await fetchval("SELECT totp_sealed || convert_to(recovery_hashes::text, 'UTF8') FROM person")
    assert shared.encode() not in row
    assert not any(code.encode() in row for code in done.codes)
    kinds = [entry.kind for entry in await records.history("person", person.id)]
    assert kinds[-2:] == ["person.second_factor_set", "person.signed_in"]
    assert await letters_to(person) == ["people.second_factor_set"]
    with pytest.raises(AlreadySetUp):
        await set_up(replace(whole, awaits="enrol"), shared, code_of(shared, NOON))


async def test_a_right_code_opens_the_door_once(db: None) -> None:
    person, shared, _ = await with_second_factor(VAULT, NOON - STEP)
    session = await arrive(person)
    assert (session.awaits, session.person) == ("code", person)
    signed = await enter(session, code_of(shared, NOON))
    whole = await queries.session(signed.token, NOON)
    assert whole is not None
    assert whole.awaits is None
    again = await arrive(person)
    with pytest.raises(WrongCode):
        await enter(again, code_of(shared, NOON))
    await enter(again, code_of(shared, NOON + STEP))
    entry = (await records.history("person", person.id))[-1]
    assert (entry.kind, entry.after) == ("person.signed_in", {"second_factor": "app"})


@pytest.mark.parametrize("kind", ["app", "recovery"])
async def test_one_code_in_two_requests_at_once_opens_one_door(db: None, kind: str) -> None:
    person, shared, codes = await with_second_factor(VAULT, NOON - STEP)
    halves = [await arrive(person), await arrive(person)]
    code = code_of(shared, NOON) if kind == "app" else codes[0]
    opened = await asyncio.gather(*(enter(half, code) for half in halves), return_exceptions=True)
    assert sorted(type(one).__name__ for one in opened) == ["SignedIn", "WrongCode"]


async def test_what_both_of_two_requests_found_right_is_used_up_by_one(db: None) -> None:
    person, _, _ = await with_second_factor(VAULT, NOON - STEP)
    for proof in (
        operations._Proof(step=second_factor.step_of(NOON)),
        operations._Proof(recovery=await a_hash(person)),
    ):
        await operations._use_up(person, proof)
        with pytest.raises(WrongCode):
            await operations._use_up(person, proof)


async def a_hash(person: Person) -> bytes:
    return bytes(await fetchval("SELECT recovery_hashes[1] FROM person WHERE id = $1", person.id))


async def test_a_recovery_code_opens_the_door_once_and_is_told_by_mail(db: None) -> None:
    person, _, codes = await with_second_factor(VAULT, NOON)
    await enter(await arrive(person), second_factor.grouped(codes[1]))
    session = await arrive(person)
    with pytest.raises(WrongCode):
        await enter(session, codes[1])
    await enter(session, codes[0])
    kept = await queries.second_factor(person.id)
    assert kept is not None
    assert kept.recovery_hashes == ()
    assert await letters_to(person) == ["people.second_factor_recovery"]  # one letter for one moment


async def test_codes_cannot_be_tried_out(db: None) -> None:
    person, shared, _ = await with_second_factor(VAULT, NOON - 5 * STEP)
    session = await arrive(person)
    wrong = "000000" if code_of(shared, NOON) != "000000" else "111111"
    for number in range(limits.CODES):
        with pytest.raises(WrongCode):
            await enter(session, wrong, network=f"192.0.2.{number // (limits.PAIR - 1)}")
    with pytest.raises(TooManyTries):
        await enter(session, code_of(shared, NOON), network="192.0.2.99")
    with pytest.raises(TooManyTries):
        await enter(await arrive(person), code_of(shared, NOON))
    later = NOON + limits.WINDOW + STEP
    await enter(await arrive(person, later), code_of(shared, later), later)


async def test_half_a_session_ends_soon_and_is_no_session(db: None) -> None:
    person, _, _ = await with_second_factor(VAULT, NOON)
    signed = await sessions.sign_in(email=person.email, password=PASSWORD, network=HOME, at=NOON)
    assert await queries.session(signed.token, NOON + dt.timedelta(minutes=29)) is not None
    assert await queries.session(signed.token, NOON + dt.timedelta(minutes=31)) is None
    assert await queries.sessions_of(person, NOON) == []
    kinds = [entry.kind for entry in await records.history("person", person.id)]
    assert "person.signed_in" not in kinds


async def test_changing_it_takes_password_and_code(db: None) -> None:
    person, shared, codes = await with_second_factor(VAULT, NOON - STEP, roles=["admin"])
    session = replace(await arrive(person), awaits=None)
    proof = {"session": session, "network": HOME, "vault": VAULT, "at": NOON}
    with pytest.raises(WrongOwnPassword):
        await operations.new_recovery_codes(**proof, current="not mine", code=codes[0])  # type: ignore[arg-type]
    with pytest.raises(WrongCode):
        await operations.new_recovery_codes(**proof, current=PASSWORD, code="123")  # type: ignore[arg-type]
    fresh = await operations.new_recovery_codes(**proof, current=PASSWORD, code=codes[0])  # type: ignore[arg-type]
    assert set(fresh).isdisjoint(codes)
    with pytest.raises(WrongCode):
        await enter(await arrive(person), codes[1])
    signed = await operations.remove(
        **proof,  # type: ignore[arg-type]
        current=PASSWORD,
        code=code_of(shared, NOON),
        enforced=ENFORCED,
        here=HERE,
    )
    assert signed.awaits == "enrol"
    assert await fetchval("SELECT count(*) FROM staff_session") == 1
    assert await queries.second_factor(person.id) is None
    with pytest.raises(NotSetUp):
        await operations.new_recovery_codes(**proof, current=PASSWORD, code=fresh[0])  # type: ignore[arg-type]


async def test_an_administrator_resets_what_is_lost(db: None) -> None:
    admin = await a_person(roles=["admin"])
    person, _, _ = await with_second_factor(VAULT, NOON)
    await arrive(person)
    with pytest.raises(OwnAccount):
        await operations.reset(by=person.id, person_id=person.id, here=HERE, at=NOON)
    assert await operations.reset(by=admin.id, person_id=person.id, here=HERE, at=NOON)
    assert not await operations.reset(by=None, person_id=person.id, here=HERE, at=NOON)
    assert await fetchval("SELECT count(*) FROM staff_session WHERE person = $1", person.id) == 0
    assert await letters_to(person) == ["people.second_factor_reset"]
    entry = (await records.history("person", person.id))[-1]
    assert (entry.actor, entry.kind) == (admin.id, "person.second_factor_reset")
    assert (await arrive(person)).awaits is None


async def test_a_new_password_through_the_mail_goes_round_no_second_factor(db: None) -> None:
    person, _, _ = await with_second_factor(VAULT, NOON)
    await sessions.request_reset(email=person.email, network=HOME, here=HERE, at=NOON)
    await sessions.choose_password(
        token=await the_link("reset"), purpose="reset", password=FRESH, here=HERE, at=NOON + STEP
    )
    signed = await sessions.sign_in(email=person.email, password=FRESH, network=HOME, at=NOON + STEP)
    assert signed.awaits == "code"
