"""Writes: accounts and what they may do. Signing in and passwords are in sessions.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg

from consult.errors import N_, Invalid, Problem, Refused
from consult.i18n import languages
from consult.mail.message import BadAddress, email_address
from consult.people import joining, letters, passwords, places, queries, sessions
from consult.people.letters import Letterhead
from consult.people.person import INVITATION_VALID, Person, known_roles
from consult.people.posting import post
from consult.people.sessions import make_link
from consult.records.operations import audit
from consult.storage import execute, fetch, transaction


class LastAdministrator(Refused):
    message = N_("There must be at least one administrator. Make a colleague administrator first.")


class OwnAccount(Refused):
    message = N_("You cannot do this to your own account. Ask another administrator.")


class AlreadyColleague(Invalid):
    message = N_("There is already an account with this e-mail address.")

    def __init__(self) -> None:
        super().__init__([Problem("email", self.message)])


async def add_staff(
    *,
    email: str,
    name: str,
    roles: Iterable[str],
    language: str,
    at: dt.datetime,
    password: str | None = None,
    here: Letterhead | None = None,
    stolen: Path | None = None,
) -> UUID:
    """Add an account from the command line or a demonstration. Raises Invalid, AlreadyColleague.

    Without a password nobody can sign in with it until a link (invitation_link) has been used.
    """
    found = _checked(email, name, roles, language)
    fresh = None
    if password is not None:
        await sessions.check_password(password, found, here or Letterhead("", {}), stolen)
        fresh = await passwords.hashed(password)
    async with transaction():
        await _insert(found, fresh, at)
        await audit(
            actor=None,
            kind="person.added",
            record="person",
            record_id=found.id,
            after={"roles": known_roles(roles)},
            at=at,
        )
    return found.id


async def invitation_link(*, person_id: UUID, here: Letterhead, at: dt.datetime) -> str:
    """Make a link with which a person chooses the first password; it ends every earlier one. Raises NoSuchPerson."""
    async with transaction():
        person = await queries.person(person_id)
        token, _ = await make_link(person.id, "invite", at)
        await audit(actor=None, kind="person.link_made", record="person", record_id=person.id, at=at)
    return _address(here, person, token)


async def invite(
    *, by: Person, email: str, name: str, roles: Iterable[str], language: str, here: Letterhead, at: dt.datetime
) -> UUID:
    """Add a colleague and mail an invitation. Raises Invalid, AlreadyColleague."""
    found = _checked(email, name, roles, language)
    async with transaction():
        await _insert(found, None, at)
        await _mail_invitation(by, found, here, at)
        await audit(
            actor=by.id,
            kind="person.invited",
            record="person",
            record_id=found.id,
            after={"roles": known_roles(found.roles)},
            at=at,
        )
    return found.id


async def invite_again(*, by: Person, person_id: UUID, here: Letterhead, at: dt.datetime) -> None:
    """Mail a new invitation to somebody who has not chosen a password yet; others are left alone."""
    async with transaction():
        colleague = await queries.colleague(person_id)
        if colleague.has_password or not colleague.is_active:
            return
        await _mail_invitation(by, colleague.person, here, at)
        await audit(actor=by.id, kind="person.invited_again", record="person", record_id=person_id, at=at)


async def change_roles(
    *, by: Person, person_id: UUID, roles: Iterable[str], at: dt.datetime, keep: UUID | None = None
) -> None:
    """Give a colleague exactly these roles, at once; their sessions end, but for the one to keep.

    New roles may need a second factor, which is asked for when somebody signs in. Raises Invalid, NoSuchPerson,
    LastAdministrator.
    """
    wanted = _checked_roles(roles)
    async with transaction():
        await _lock_admins(person_id)
        before = await queries.person(person_id)
        if known_roles(before.roles) == wanted:
            return
        await execute("UPDATE person SET roles = $2 WHERE id = $1", person_id, wanted)
        await _keep_an_admin()
        await execute("DELETE FROM staff_session WHERE person = $1 AND id IS DISTINCT FROM $2", person_id, keep)
        await audit(
            actor=by.id,
            kind="person.roles_changed",
            record="person",
            record_id=person_id,
            before={"roles": known_roles(before.roles)},
            after={"roles": wanted},
            at=at,
        )


async def disable(*, by: Person, person_id: UUID, at: dt.datetime) -> None:
    """End an account: sessions and links end too, what was done stays. Raises OwnAccount, LastAdministrator."""
    if by.id == person_id:
        raise OwnAccount
    async with transaction():
        await _lock_admins(person_id)
        done = await execute("UPDATE person SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL", person_id, at)
        if done == "UPDATE 0":
            await queries.person(person_id)
            return
        await _keep_an_admin()
        await execute("DELETE FROM staff_session WHERE person = $1", person_id)
        await execute("UPDATE one_time_link SET used_at = $2 WHERE person = $1 AND used_at IS NULL", person_id, at)
        await places.forget(person_id)
        await joining.part(by=by.id, person_id=person_id, at=at)
        await audit(actor=by.id, kind="person.disabled", record="person", record_id=person_id, at=at)


async def sign_out_everywhere(*, by: Person, person_id: UUID, at: dt.datetime) -> None:
    """End every session of a colleague, who can sign in again: a device was lost. Raises OwnAccount, NoSuchPerson."""
    if by.id == person_id:
        raise OwnAccount
    async with transaction():
        await queries.person(person_id)
        await places.forget(person_id)
        if await execute("DELETE FROM staff_session WHERE person = $1", person_id) != "DELETE 0":
            await audit(actor=by.id, kind="person.signed_out_by_other", record="person", record_id=person_id, at=at)


async def enable(*, by: Person, person_id: UUID, at: dt.datetime) -> None:
    """Open a disabled account again, with a new password to be chosen. Raises NoSuchPerson."""
    async with transaction():
        done = await execute(
            "UPDATE person SET disabled_at = NULL, password_hash = NULL WHERE id = $1 AND disabled_at IS NOT NULL",
            person_id,
        )
        if done == "UPDATE 0":
            await queries.person(person_id)
            return
        await audit(actor=by.id, kind="person.enabled", record="person", record_id=person_id, at=at)


async def change_account(*, by: Person, name: str, language: str, at: dt.datetime) -> None:
    """Change one's own name and language. Raises Invalid."""
    problems = [*_name_problems(name), *_language_problems(language)]
    if problems:
        raise Invalid(problems)
    async with transaction():
        await execute("UPDATE person SET name = $2, language = $3 WHERE id = $1", by.id, name.strip(), language)
        await audit(actor=by.id, kind="person.account_changed", record="person", record_id=by.id, at=at)


def _checked(email: str, name: str, roles: Iterable[str], language: str) -> Person:
    """Make a new person of what was typed, or raise Invalid with everything that is wrong."""
    problems = [*_name_problems(name)]
    address = ""
    try:
        address = email_address(email)
    except BadAddress as refused:
        problems += refused.problems
    wanted: list[str] = []
    try:
        wanted = _checked_roles(roles)
    except Invalid as refused:
        problems += refused.problems
    problems += _language_problems(language)
    if problems:
        raise Invalid(problems)
    return Person(uuid4(), name.strip(), address, frozenset(wanted), language)


def _checked_roles(roles: Iterable[str]) -> list[str]:
    asked = list(roles)
    wanted = known_roles(asked)
    if not wanted or len(wanted) < len(set(asked)):
        raise Invalid([Problem("roles", N_("Choose at least one role."))])
    return wanted


def _name_problems(name: str) -> list[Problem]:
    clean = name.strip()
    if not clean:
        return [Problem("name", N_("Write the name."))]
    if len(clean) > 120 or not clean.isprintable():
        return [Problem("name", N_("Write the name in one line of at most 120 characters."))]
    return []


def _language_problems(language: str) -> list[Problem]:
    return [] if language in languages() else [Problem("language", N_("Choose a language."))]


async def _insert(person: Person, password_hash: str | None, at: dt.datetime) -> None:
    try:
        await execute(
            """INSERT INTO person (id, email, name, roles, language, password_hash, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)""",
            person.id,
            person.email,
            person.name,
            known_roles(person.roles),
            person.language,
            password_hash,
            at,
        )
    except asyncpg.UniqueViolationError as taken:
        raise AlreadyColleague from taken


async def _mail_invitation(by: Person, person: Person, here: Letterhead, at: dt.datetime) -> None:
    token, link_id = await make_link(person.id, "invite", at)
    letter = letters.invitation(
        letters.language_for(person.language),
        here,
        name=person.name,
        inviter=by.name,
        link=_address(here, person, token),
        until=at + INVITATION_VALID,
    )
    await post(person, f"people.invite:{link_id}", letter, at)


async def _lock_admins(person_id: UUID) -> None:
    """Let one change of administrators happen after the other: two could otherwise remove each other."""
    await fetch("SELECT id FROM person WHERE 'admin' = ANY(roles) OR id = $1 ORDER BY id FOR UPDATE", person_id)


async def _keep_an_admin() -> None:
    if not await queries.active_admins():
        raise LastAdministrator


def _address(here: Letterhead, person: Person, token: str) -> str:
    return f"{here.base_url}/staff/{letters.language_for(person.language).code}/welcome?key={token}"
