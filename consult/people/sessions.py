"""Writes of signing in: sessions, passwords and the links that set them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from consult import refusals
from consult.errors import N_, Invalid, Problem, Refused
from consult.people import breached, letters, limits, passwords, places, queries, tries
from consult.people.letters import Letterhead
from consult.people.person import (
    INVITATION_VALID,
    RESET_VALID,
    SESSION_REFRESH,
    Awaited,
    Person,
    awaited,
    new_token,
    session_end,
    token_hash,
)
from consult.people.places import SOMETHING, Browser
from consult.people.posting import post
from consult.people.queries import Session, Via
from consult.people.tries import TooManyTries, account_of
from consult.records.operations import audit
from consult.storage import execute, fetchrow, transaction


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
    """A new session: its token belongs into the cookie alone. It opens nothing before what it awaits.

    mark: what the browser is known by from now on, in a cookie of its own; empty while the session is half a one.
    """

    token: str
    person: Person
    awaits: Awaited | None = None
    mark: str = ""


async def sign_in(
    *,
    email: str,
    password: str,
    network: str,
    at: dt.datetime,
    enforced: Iterable[str] = (),
    browser: Browser = SOMETHING,
    here: Letterhead | None = None,
) -> SignedIn:
    """Begin a session, half a one where a second factor follows. Raises WrongPassword, TooManyTries.

    enforced: roles that need a second factor. An unknown address, a disabled account and a wrong password cost the same
    time and give the same answer (but for the first try of a day that is one too many). The try is counted before the
    password is looked at, so tries sent at once all count.
    """
    own = await places.known(email, browser)
    try:
        attempt = await tries.admit(purpose="sign_in", email=email, network=network, at=at, own=own)
    except TooManyTries as refused:
        if refused.of_account and here is not None:
            await tries.warn_of_siege(email, here, at)
        raise
    found = await queries.credentials(email)
    if not await passwords.fits(password, found.password_hash if found else None) or found is None:
        refusals.note("password", account=str(found.person.id) if found else None)
        raise WrongPassword
    kept = found.password_hash or ""
    fresh = await passwords.hashed(password) if passwords.is_outdated(kept) else None
    awaits = awaited(found.person.roles, has_second_factor=found.has_second_factor, enforced=enforced)
    async with transaction():
        await tries.forgive(purpose="sign_in", attempt=attempt, email=email, network=network)
        if fresh is not None:
            await execute(
                "UPDATE person SET password_hash = $2 WHERE id = $1 AND password_hash = $3",
                found.person.id,
                fresh,
                kept,
            )
        token = await begin(found.person.id, at, awaits=awaits, device=browser.device)
        mark = ""
        if awaits is None:
            mark = await places.note(found.person, browser, here, at)
            await audit(
                actor=found.person.id, kind="person.signed_in", record="person", record_id=found.person.id, at=at
            )
    return SignedIn(token, found.person, awaits, mark)


async def sign_out(*, session: Session, at: dt.datetime) -> None:
    """End a session; ending it twice changes nothing."""
    await end(session_id=session.id, at=at)


async def end(*, session_id: UUID, at: dt.datetime) -> None:
    """End the session of this id, if it still lasts."""
    async with transaction():
        ended = await fetchrow("DELETE FROM staff_session WHERE id = $1 RETURNING person, awaits", session_id)
        if ended is not None and ended["awaits"] is None:
            await audit(
                actor=ended["person"], kind="person.signed_out", record="person", record_id=ended["person"], at=at
            )


async def sign_out_others(
    *, session: Session, current: str, network: str, at: dt.datetime, only: UUID | None = None
) -> int:
    """End one's other sessions, or only one of them, and return how many. Raises WrongOwnPassword, TooManyTries."""
    person = session.person
    await confirm_password(session=session, current=current, network=network, at=at)
    async with transaction():
        done = await execute(
            "DELETE FROM staff_session WHERE person = $1 AND id <> $2 AND ($3::uuid IS NULL OR id = $3)",
            person.id,
            session.id,
            only,
        )
        ended = int(done.removeprefix("DELETE "))
        if ended:
            await audit(
                actor=person.id,
                kind="person.signed_out_others",
                record="person",
                record_id=person.id,
                after={"sessions": ended},
                at=at,
            )
    return ended


async def touch(session: Session, at: dt.datetime) -> None:
    """Let a session that is in use last longer; written at most every few minutes."""
    if session.awaits is None and at - session.seen_at >= SESSION_REFRESH:
        await execute(
            "UPDATE staff_session SET seen_at = $2, expires_at = $3 WHERE id = $1 AND seen_at < $2",
            session.id,
            at,
            session_end(session.created_at, at),
        )


async def request_reset(*, email: str, network: str, here: Letterhead, at: dt.datetime) -> None:
    """Mail a link to choose a new password, if there is such an account; nobody learns whether there is."""
    account = account_of(email)
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


async def choose_password(
    *,
    token: str,
    purpose: str,
    password: str,
    here: Letterhead,
    at: dt.datetime,
    browser: Browser = SOMETHING,
    stolen: Path | None = None,
) -> tuple[Person, str]:
    """Set a password through the link of an invitation (`invite`) or a `reset`; all sessions and links end.

    stolen: a file of passwords that were stolen somewhere, which nobody may choose.

    Returns whose it is, and the mark of the browser: whoever has the link has the mailbox, and can sign in then
    whatever others try meanwhile. Raises LinkUsedUp, Invalid, ListUnreadable.
    """
    link = await queries.open_link(token, purpose, at)
    if link is None:
        raise LinkUsedUp
    await check_password(password, link.person, here, stolen)
    fresh = await passwords.hashed(password)
    async with transaction():
        if await queries.open_link(token, purpose, at, lock=True) is None:
            raise LinkUsedUp
        await _set_password(link.person, fresh, at)
        if purpose == "reset":
            await _tell_of_change(link.person, here, at)
        mark = await places.note(link.person, browser, here, at)
        kind = "person.invitation_accepted" if purpose == "invite" else "person.password_reset"
        await audit(actor=link.person.id, kind=kind, record="person", record_id=link.person.id, at=at)
    return link.person, mark


async def change_password(
    *,
    session: Session,
    current: str,
    password: str,
    network: str,
    here: Letterhead,
    at: dt.datetime,
    browser: Browser = SOMETHING,
    stolen: Path | None = None,
) -> SignedIn:
    """Change one's own password and begin a new session; all others, all links and all known browsers end.

    Raises WrongOwnPassword, TooManyTries, Invalid.
    """
    person = session.person
    await confirm_password(session=session, current=current, network=network, at=at)
    await check_password(password, person, here, stolen)
    fresh = await passwords.hashed(password)
    async with transaction():
        await _set_password(person, fresh, at)
        token = await begin(person.id, at, device=session.device, via=session.via)
        mark = await places.note(person, browser, here, at)
        await _tell_of_change(person, here, at)
        await audit(actor=person.id, kind="person.password_changed", record="person", record_id=person.id, at=at)
    return SignedIn(token, person, mark=mark)


async def confirm_password(*, session: Session, current: str, network: str, at: dt.datetime) -> None:
    """Make sure that it is still the person who sits there. Raises WrongOwnPassword, TooManyTries."""
    person = session.person
    attempt = await tries.admit(purpose="sign_in", email=person.email, network=network, at=at, own=session.id.bytes)
    found = await queries.credentials(person.email)
    if not await passwords.fits(current, found.password_hash if found else None):
        refusals.note("password", account=str(person.id))
        raise WrongOwnPassword
    async with transaction():
        await tries.forgive(purpose="sign_in", attempt=attempt, email=person.email, network=network)


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
    """Delete ended sessions, links that cannot be used any more, tries of past days, and places not seen for long."""
    async with transaction():
        await execute("DELETE FROM staff_session WHERE expires_at <= $1", at)
        await execute("DELETE FROM one_time_link WHERE expires_at <= $1 OR used_at IS NOT NULL", at)
        await execute("DELETE FROM sign_in_attempt WHERE at < $1", at - limits.KEPT)
        await execute("DELETE FROM known_place WHERE seen_at < $1", at - places.KEPT)


async def check_password(password: str, person: Person, here: Letterhead, stolen: Path | None = None) -> None:
    """Raises Invalid for a password that is too weak or was stolen somewhere, ListUnreadable."""
    host = urlsplit(here.base_url).hostname or ""
    own = (person.name, *person.email.split("@"), *here.town.values(), host)
    found = list(passwords.problems(password, own, "password"))
    if not found and stolen is not None and await breached.is_breached(password, stolen):
        found = [Problem("password", N_("This password stands in a list of stolen passwords. Choose another one."))]
    if found:
        raise Invalid(found)


async def begin(
    person_id: UUID, at: dt.datetime, *, awaits: Awaited | None = None, device: str = "", via: Via | None = None
) -> str:
    """Add a session and return its token; what is awaited makes it half a one."""
    token = new_token()
    await execute(
        """INSERT INTO staff_session (id, token_hash, person, created_at, seen_at, expires_at, awaits, device,
                                      oidc_sub, oidc_sid, oidc_token)
           VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10)""",
        uuid4(),
        token_hash(token),
        person_id,
        at,
        session_end(at, at, awaits),
        awaits,
        device,
        via and via.sub,
        via and via.sid,
        via and via.sealed,
    )
    return token


async def _set_password(person: Person, fresh: str, at: dt.datetime) -> None:
    """Sessions end with the old password, and so does every link that could set another one."""
    await execute("UPDATE person SET password_hash = $2 WHERE id = $1", person.id, fresh)
    await execute("DELETE FROM staff_session WHERE person = $1", person.id)
    await places.forget(person.id)
    await execute("UPDATE one_time_link SET used_at = $2 WHERE person = $1 AND used_at IS NULL", person.id, at)


async def _tell_of_change(person: Person, here: Letterhead, at: dt.datetime) -> None:
    letter = letters.password_changed(letters.language_for(person.language), here, name=person.name, at=at)
    await post(person, f"people.password_changed:{person.id}:{at.isoformat()}", letter, at)
