"""Writes of the second factor: setting one up, entering a code, fresh recovery codes, taking it away."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from consult import refusals
from consult.errors import N_, Invalid, NotAllowed, Problem, Refused
from consult.people import joining, letters, limits, places, queries, second_factor, sessions, tries
from consult.people.letters import Letterhead
from consult.people.operations import OwnAccount
from consult.people.person import Awaited, Person, awaited
from consult.people.places import SOMETHING, Browser
from consult.people.posting import post
from consult.people.queries import Session
from consult.people.second_factor import Kept, Recovery, Vault
from consult.people.sessions import SignedIn, begin
from consult.records.operations import audit
from consult.storage import execute, transaction


class WrongCode(Invalid):
    message = N_("This code is wrong, or it was used already. Wait for the next code of your app and type that one.")

    def __init__(self) -> None:
        super().__init__([Problem("code", self.message)])


class AlreadySetUp(Refused):
    message = N_("This account has a second factor already. To change the phone, remove the old one first.")


class NotSetUp(Refused):
    message = N_("This account has no second factor.")


@dataclass(frozen=True, slots=True)
class SetUp:
    """A second factor that works from now on: the session that replaces all earlier ones, and the recovery codes."""

    signed_in: SignedIn
    codes: tuple[str, ...]


async def set_up(
    *,
    session: Session,
    shared: str,
    code: str,
    current: str | None,
    network: str,
    vault: Vault,
    here: Letterhead,
    at: dt.datetime,
    browser: Browser = SOMETHING,
) -> SetUp:
    """Take a second factor into use once a code of it proves that the app has it; all other sessions end.

    current: the password once more, where the session is older than the password's last use; None right after it.
    Raises WrongCode, WrongOwnPassword, TooManyTries, AlreadySetUp, NotAllowed.
    """
    person = session.person
    if session.awaits == "code" or (current is None and session.awaits is None):
        raise NotAllowed
    if current is not None:
        await sessions.confirm_password(session=session, current=current, network=network, at=at)
    own = session.id.bytes if session.awaits is None else await places.known(person.email, browser)
    attempt = await tries.admit(purpose="code", email=person.email, network=network, at=at, most=limits.CODES, own=own)
    step = second_factor.matching_step(shared, second_factor.digits_of(code), at)
    if step is None:
        raise WrongCode
    fresh = await second_factor.new_recovery()
    async with transaction():
        await tries.forgive(purpose="code", attempt=attempt, email=person.email, network=network)
        await _store(person, vault.seal(shared, person.id), step, fresh, at)
        await execute("DELETE FROM staff_session WHERE person = $1", person.id)
        token = await begin(person.id, at, device=session.device, via=session.via)
        mark = await places.note(person, browser, here, at)
        await _tell(person, "set", here, at)
        await audit(actor=person.id, kind="person.second_factor_set", record="person", record_id=person.id, at=at)
        if session.awaits is not None:
            await audit(actor=person.id, kind="person.signed_in", record="person", record_id=person.id, at=at)
    return SetUp(SignedIn(token, person, mark=mark), fresh.codes)


async def enter_code(
    *,
    session: Session,
    code: str,
    network: str,
    vault: Vault,
    here: Letterhead,
    at: dt.datetime,
    browser: Browser = SOMETHING,
) -> SignedIn:
    """Make a half session a whole one, with a code of the app or a recovery code.

    Raises WrongCode, TooManyTries, NotAllowed for a session that awaits no code.
    """
    person = session.person
    if session.awaits != "code":
        raise NotAllowed
    own = await places.known(person.email, browser)
    attempt = await tries.admit(purpose="code", email=person.email, network=network, at=at, most=limits.CODES, own=own)
    try:
        by = await _check(person, code, vault, at)
    except WrongCode:
        await tries.warn_of_codes(person, here, at)
        raise
    async with transaction():
        await _use_up(person, by)
        await tries.forgive(purpose="code", attempt=attempt, email=person.email, network=network)
        await execute("DELETE FROM staff_session WHERE id = $1", session.id)
        token = await begin(person.id, at, device=session.device, via=session.via)
        mark = await places.note(person, browser, here, at)
        if by.recovery is not None:
            await _tell(person, "recovery", here, at)
        await audit(
            actor=person.id,
            kind="person.signed_in",
            record="person",
            record_id=person.id,
            after={"second_factor": "app" if by.recovery is None else "recovery_code"},
            at=at,
        )
    return SignedIn(token, person, mark=mark)


async def new_recovery_codes(
    *, session: Session, current: str, code: str, network: str, vault: Vault, at: dt.datetime
) -> tuple[str, ...]:
    """Replace all recovery codes by fresh ones. Raises WrongOwnPassword, WrongCode, TooManyTries, NotSetUp."""
    person = session.person
    by, attempt = await _prove(session, current, code, network, vault, at)
    fresh = await second_factor.new_recovery()
    async with transaction():
        await _use_up(person, by)
        await tries.forgive(purpose="code", attempt=attempt, email=person.email, network=network)
        await execute(
            "UPDATE person SET recovery_salt = $2, recovery_hashes = $3 WHERE id = $1",
            person.id,
            fresh.salt,
            list(fresh.hashes),
        )
        await audit(actor=person.id, kind="person.recovery_codes_made", record="person", record_id=person.id, at=at)
    return fresh.codes


async def remove(
    *,
    session: Session,
    current: str,
    code: str,
    network: str,
    vault: Vault,
    enforced: frozenset[str],
    here: Letterhead,
    at: dt.datetime,
) -> SignedIn:
    """Take one's own second factor away, to set up another one; whoever must have one does so before anything else.

    All sessions end but the new one. Raises WrongOwnPassword, WrongCode, TooManyTries, NotSetUp.
    """
    person = session.person
    by, attempt = await _prove(session, current, code, network, vault, at)
    awaits: Awaited | None = awaited(person.roles, has_second_factor=False, enforced=enforced)
    async with transaction():
        await _use_up(person, by)
        await tries.forgive(purpose="code", attempt=attempt, email=person.email, network=network)
        await _clear(person.id)
        token = await begin(person.id, at, awaits=awaits, device=session.device, via=session.via)
        await _tell(person, "removed", here, at)
        await audit(actor=person.id, kind="person.second_factor_removed", record="person", record_id=person.id, at=at)
    return SignedIn(token, person, awaits)


async def reset(*, by: UUID | None, person_id: UUID, here: Letterhead, at: dt.datetime) -> bool:
    """Take a colleague's second factor away, because phone and recovery codes are lost; their sessions end.

    The account is also parted from that of the sign-in service. by is None on the command line. Returns whether there
    was either. Raises NoSuchPerson, OwnAccount.
    """
    if by == person_id:
        raise OwnAccount
    async with transaction():
        person = await queries.person(person_id)
        has_one = await queries.second_factor(person_id, lock=True) is not None
        was_joined = await joining.part(by=by, person_id=person_id, at=at)
        if not has_one and not was_joined:
            return False
        await _clear(person_id)
        await places.forget(person_id)
        await _tell(person, "reset" if has_one else "parted", here, at)
        if has_one:
            await audit(actor=by, kind="person.second_factor_reset", record="person", record_id=person_id, at=at)
    return True


@dataclass(frozen=True, slots=True)
class _Proof:
    """What a right code was: a step of the app, or a kept hash of a recovery code."""

    step: int | None = None
    recovery: bytes | None = None


async def _prove(
    session: Session, current: str, code: str, network: str, vault: Vault, at: dt.datetime
) -> tuple[_Proof, int]:
    if await queries.second_factor(session.person.id) is None:
        raise NotSetUp
    await sessions.confirm_password(session=session, current=current, network=network, at=at)
    attempt = await tries.admit(
        purpose="code", email=session.person.email, network=network, at=at, most=limits.CODES, own=session.id.bytes
    )
    return await _check(session.person, code, vault, at), attempt


async def _check(person: Person, code: str, vault: Vault, at: dt.datetime) -> _Proof:
    kept = await queries.second_factor(person.id)
    if kept is None:
        raise NotSetUp
    proof = await _proof(kept, person, second_factor.digits_of(code), vault, at)
    if proof is None:
        refusals.note("code", account=str(person.id))
        raise WrongCode
    return proof


async def _proof(kept: Kept, person: Person, digits: str, vault: Vault, at: dt.datetime) -> _Proof | None:
    if second_factor.is_app_code(digits):
        shared = vault.open(kept.sealed, person.id)
        step = second_factor.matching_step(shared, digits, at, after=kept.last_step)
        return None if step is None else _Proof(step=step)
    if second_factor.is_recovery_code(digits):
        found = await second_factor.matching_recovery(kept, digits)
        return None if found is None else _Proof(recovery=found)
    return None


async def _use_up(person: Person, proof: _Proof) -> None:
    """A code works once: of two requests with the same one, the second finds it used. Raises WrongCode."""
    if proof.recovery is None:
        done = await execute("UPDATE person SET totp_step = $2 WHERE id = $1 AND totp_step < $2", person.id, proof.step)
    else:
        done = await execute(
            """UPDATE person SET recovery_hashes = array_remove(recovery_hashes, $2)
               WHERE id = $1 AND $2 = ANY(recovery_hashes)""",
            person.id,
            proof.recovery,
        )
    if done != "UPDATE 1":
        raise WrongCode


async def _store(person: Person, sealed: bytes, step: int, fresh: Recovery, at: dt.datetime) -> None:
    done = await execute(
        """UPDATE person SET totp_sealed = $2, totp_since = $3, totp_step = $4, recovery_salt = $5,
                             recovery_hashes = $6 WHERE id = $1 AND totp_sealed IS NULL""",
        person.id,
        sealed,
        at,
        step,
        fresh.salt,
        list(fresh.hashes),
    )
    if done != "UPDATE 1":
        raise AlreadySetUp


async def _clear(person_id: UUID) -> None:
    await execute(
        """UPDATE person SET totp_sealed = NULL, totp_since = NULL, totp_step = NULL, recovery_salt = NULL,
                             recovery_hashes = '{}' WHERE id = $1""",
        person_id,
    )
    await execute("DELETE FROM staff_session WHERE person = $1", person_id)


async def _tell(person: Person, what: letters.FactorNews, here: Letterhead, at: dt.datetime) -> None:
    letter = letters.second_factor(letters.language_for(person.language), here, name=person.name, what=what, at=at)
    await post(person, f"people.second_factor_{what}:{person.id}:{at.isoformat()}", letter, at)
