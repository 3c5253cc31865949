"""Makers of accounts: every field has a default."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
import pyotp
from argon2 import PasswordHasher

from consult.people import second_factor
from consult.people.letters import Letterhead
from consult.people.person import Person, new_token, token_hash
from consult.people.second_factor import Vault
from consult.storage import execute

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
PASSWORD = "three green tramways"
TOWN = {"mk": "Град Скопје", "ka": "ქალაქი სკოპიე", "en": "City of Skopje"}
HERE = Letterhead("https://consult.example.org", TOWN)
HOME = "192.0.2.10"
STEP = dt.timedelta(seconds=30)

_cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_numbers = count(1)


async def a_person(
    *,
    roles: Iterable[str] = ("moderator",),
    name: str = "Goran Dimov",
    email: str | None = None,
    language: str = "en",
    password: str | None = PASSWORD,
    disabled_at: dt.datetime | None = None,
) -> Person:
    """Insert an account, with a quick hash of its password."""
    person = Person(uuid4(), name, email or f"person{next(_numbers)}@example.org", frozenset(roles), language)
    await execute(
        """INSERT INTO person (id, email, name, roles, language, password_hash, created_at, disabled_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        person.id,
        person.email,
        name,
        list(roles),
        language,
        _cheap.hash(password) if password is not None else None,
        NOON,
        disabled_at,
    )
    return person


async def with_second_factor(vault: Vault, since: dt.datetime, **fields: Any) -> tuple[Person, str, tuple[str, ...]]:
    """Insert an account with a second factor, whose code at `since` was used up; two recovery codes."""
    person = await a_person(**fields)
    shared, codes, salt = second_factor.new_shared(), ("1" * 16, "2" * 16), b"s" * 16
    await execute(
        """UPDATE person SET totp_sealed = $2, totp_since = $3, totp_step = $4, recovery_salt = $5,
                             recovery_hashes = $6 WHERE id = $1""",
        person.id,
        vault.seal(shared, person.id),
        since,
        second_factor.step_of(since),
        salt,
        [second_factor.recovery_hash(code, salt) for code in codes],
    )
    return person, shared, codes


def code_of(shared: str, at: dt.datetime) -> str:
    """What the app of a second factor shows at a moment."""
    return pyotp.TOTP(shared).at(at)


async def a_session(person: Person | UUID, at: dt.datetime) -> str:
    """Sign a person in past the password, and return the token for the cookie."""
    token = new_token()
    await execute(
        """INSERT INTO staff_session (id, token_hash, person, created_at, seen_at, expires_at)
           VALUES ($1, $2, $3, $4, $4, $5)""",
        uuid4(),
        token_hash(token),
        person.id if isinstance(person, Person) else person,
        at,
        at + dt.timedelta(hours=4),
    )
    return token


async def signed_in_as(client: httpx.AsyncClient, person: Person, at: dt.datetime) -> None:
    """Make a test browser one in which this person is signed in; it posts from our own pages."""
    client.headers["cookie"] = f"staff={await a_session(person, at)}"
    client.headers["sec-fetch-site"] = "same-origin"


async def staff(client: httpx.AsyncClient, at: dt.datetime, *roles: str, **fields: Any) -> Person:
    """Make an account with these roles and sign it in: `await staff(client, clock.now, "moderator")`."""
    person = await a_person(roles=roles, **fields)
    await signed_in_as(client, person, at)
    return person
