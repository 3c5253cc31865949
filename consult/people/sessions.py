"""Writes of signing in: sessions, tries and their limits, passwords and the links that set them."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from uuid import UUID, uuid4

from consult.errors import N_, Invalid, Problem, Refused, TooMany
from consult.mail.operations import notify
from consult.people import letters, limits, passwords, queries
from consult.people.letters import Installation, Letter
from consult.people.person import (
    INVITATION_VALID,
    RESET_VALID,
    SESSION_REFRESH,
    Person,
    new_token,
    session_end,
    token_hash,
)
from consult.people.queries import Session
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction


class TooManyTries(TooMany):
    message = N_("There were too many failed attempts. You can try again in %(minutes)s min.")


class WrongPassword(Invalid):
    message = N_("The e-mail address or the password is wrong.")

    def __init__(self, place: str = "password") -> None:
        super().__init__([Problem(place, self.message)])


class WrongOwnPassword(Invalid):
    message = N_("This is not your present password.")

    def __init__(self) -> None:
        super().__init__([Problem("current", self.message)])


class LinkUsedUp(Refused):
    message = N_("This link was used already or is too old. Ask for a new one.")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its token belongs into the cookie and is kept nowhere else."""

    token: str
    person: Person


async def sign_in(*, email: str, password: str, network: str, at: dt.datetime) -> SignedIn:
    """Begin a session. Raises WrongPassword, TooManyTries.

    An unknown address, a disabled account and a wrong password cost the same time and give the same answer. The try is
    counted before the password is looked at, so tries sent at once all count.
    """
    attempt = await _count_try(email, network, at)
    found = await queries.credentials(email)
    if not await passwords.fits(password, found.password_hash if found else None) or found is None:
        raise WrongPassword
    kept = found.password_hash or ""
    fresh = await passwords.hashed(password) if passwords.is_outdated(kept) else None
    async with transaction():
        await _tries_are_forgiven(attempt, email, network)
        if fresh is not None:
            await execute(
                "UPDATE person SET password_hash = $2 WHERE id = $1 AND password_hash = $3",
                found.person.id,
                fresh,
                kept,
            )
        token = await _begin(found.person.id, at)
        await audit(found.person.id, "person.signed_in", "person", found.person.id, at=at)
    return SignedIn(token, found.person)


async def sign_out(*, session: Session, at: dt.datetime) -> None:
    """End a session; ending it twice changes nothing."""
    async with transaction():
        if await execute("DELETE FROM staff_session WHERE id = $1", session.id) == "DELETE 1":
            await audit(session.person.id, "person.signed_out", "person", session.person.id, at=at)


async def touch(session: Session, at: dt.datetime) -> None:
    """Let a session that is in use last longer; written at most every few minutes."""
    if at - session.seen_at >= SESSION_REFRESH:
        await execute(
            "UPDATE staff_session SET seen_at = $2, expires_at = $3 WHERE id = $1 AND seen_at < $2",
            session.id,
            at,
            session_end(session.created_at, at),
        )


async def request_reset(*, email: str, network: str, here: Installation, at: dt.datetime) -> None:
    """Mail a link to choose a new password, if there is such an account; nobody learns whether there is."""
    account = _account(email)
    async with transaction():
        await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 20))", account.hex())
        of_account, of_network = await queries.recent_mails(account, network, at)
        await execute(
            "INSERT INTO sign_in_attempt (purpose, account, network, at) VALUES ('reset', $1, $2, $3)",
            account,
            network,
            at,
        )
        person = await queries.active_by_email(email)
        if person is None or of_account >= limits.MAILS or of_network >= limits.NETWORK:
            return
        token, link_id = await make_link(person.id, "reset", at)
        spoken = letters.language_for(person.language)
        letter = letters.reset(
            spoken,
            here,
            name=person.name,
            link=f"{here.base_url}/staff/{spoken.code}/new-password?key={token}",
            until=at + RESET_VALID,
        )
        await post(person, f"people.reset:{link_id}", letter, at)


async def choose_password(*, token: str, purpose: str, password: str, here: Installation, at: dt.datetime) -> Person:
    """Set a password through the link of an invitation (`invite`) or a `reset`; all sessions end, the link is used up.

    Raises LinkUsedUp, Invalid.
    """
    link = await queries.open_link(token, purpose, at)
    if link is None:
        raise LinkUsedUp
    check_password(password, link.person, here)
    fresh = await passwords.hashed(password)
    async with transaction():
        if await queries.open_link(token, purpose, at, lock=True) is None:
            raise LinkUsedUp
        await execute("UPDATE one_time_link SET used_at = $2 WHERE id = $1", link.id, at)
        await _set_password(link.person, fresh)
        if purpose == "reset":
            await _tell_of_change(link.person, here, at)
        kind = "person.invitation_accepted" if purpose == "invite" else "person.password_reset"
        await audit(link.person.id, kind, "person", link.person.id, at=at)
    return link.person


async def change_password(
    *, session: Session, current: str, password: str, network: str, here: Installation, at: dt.datetime
) -> str:
    """Change one's own password and return the token of a new session; every other one ends.

    Raises WrongOwnPassword, TooManyTries, Invalid.
    """
    person = session.person
    attempt = await _count_try(person.email, network, at)
    found = await queries.credentials(person.email)
    if not await passwords.fits(current, found.password_hash if found else None):
        raise WrongOwnPassword
    check_password(password, person, here)
    fresh = await passwords.hashed(password)
    async with transaction():
        await _tries_are_forgiven(attempt, person.email, network)
        await _set_password(person, fresh)
        token = await _begin(person.id, at)
        await _tell_of_change(person, here, at)
        await audit(person.id, "person.password_changed", "person", person.id, at=at)
    return token


async def make_link(person_id: UUID, purpose: str, at: dt.datetime) -> tuple[str, UUID]:
    """Make a link of this purpose the person's only one; returns its secret and its id."""
    token, link_id = new_token(), uuid4()
    valid = INVITATION_VALID if purpose == "invite" else RESET_VALID
    await execute(
        "UPDATE one_time_link SET used_at = $3 WHERE person = $1 AND purpose = $2 AND used_at IS NULL",
        person_id,
        purpose,
        at,
    )
    await execute(
        """INSERT INTO one_time_link (id, token_hash, person, purpose, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        link_id,
        token_hash(token),
        person_id,
        purpose,
        at,
        at + valid,
    )
    return token, link_id


async def forget(*, at: dt.datetime) -> None:
    """Delete ended sessions, links that cannot be used any more, and tries of past days."""
    async with transaction():
        await execute("DELETE FROM staff_session WHERE expires_at <= $1", at)
        await execute("DELETE FROM one_time_link WHERE expires_at <= $1 OR used_at IS NOT NULL", at)
        await execute("DELETE FROM sign_in_attempt WHERE at < $1", at - limits.KEPT)


def check_password(password: str, person: Person, here: Installation, place: str = "password") -> None:
    """Raises Invalid for a password that is too weak."""
    own = (person.name, person.email.partition("@")[0], *here.town.values())
    found = list(passwords.problems(password, own, place))
    if found:
        raise Invalid(found)


async def post(person: Person, event: str, letter: Letter, at: dt.datetime) -> None:
    await notify(
        recipient_email=person.email,
        event=event,
        language=letters.language_for(person.language).code,
        subject=letter.subject,
        body_text=letter.body,
        at=at,
    )


async def _count_try(email: str, network: str, at: dt.datetime) -> int:
    """Note a try as failed until it succeeds. Raises TooManyTries."""
    account = _account(email)
    async with transaction():
        await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 20))", account.hex())
        minutes = limits.minutes_to_wait(await queries.failures(account, network, at), at)
        if minutes:
            raise TooManyTries(retry_after_s=minutes * 60, minutes=minutes)
        return int(
            await fetchval(
                """INSERT INTO sign_in_attempt (purpose, account, network, at) VALUES ('sign_in', $1, $2, $3)
                   RETURNING id""",
                account,
                network,
                at,
            )
        )


async def _tries_are_forgiven(attempt: int, email: str, network: str) -> None:
    await execute("UPDATE sign_in_attempt SET succeeded = true WHERE id = $1", attempt)
    await execute(
        "DELETE FROM sign_in_attempt WHERE purpose = 'sign_in' AND account = $1 AND network = $2 AND NOT succeeded",
        _account(email),
        network,
    )


async def _begin(person_id: UUID, at: dt.datetime) -> str:
    token = new_token()
    await execute(
        """INSERT INTO staff_session (id, token_hash, person, created_at, seen_at, expires_at)
           VALUES ($1, $2, $3, $4, $4, $5)""",
        uuid4(),
        token_hash(token),
        person_id,
        at,
        session_end(at, at),
    )
    return token


async def _set_password(person: Person, fresh: str) -> None:
    await execute("UPDATE person SET password_hash = $2 WHERE id = $1", person.id, fresh)
    await execute("DELETE FROM staff_session WHERE person = $1", person.id)


async def _tell_of_change(person: Person, here: Installation, at: dt.datetime) -> None:
    letter = letters.password_changed(letters.language_for(person.language), here, name=person.name, at=at)
    await post(person, f"people.password_changed:{person.id}:{at.isoformat()}", letter, at)


def _account(email: str) -> bytes:
    return hashlib.sha256(email.strip().lower().encode()).digest()
