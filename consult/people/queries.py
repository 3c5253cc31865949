"""Reads: people, their sessions, their links, and failed tries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from consult.errors import NotFound
from consult.people import limits
from consult.people.limits import Failures
from consult.people.person import Awaited, Colleague, Person, token_hash
from consult.people.second_factor import Kept
from consult.storage import fetch, fetchrow, fetchval

PERSON = "p.id, p.name, p.email, p.roles, p.language"
COLLEAGUE = f"""SELECT {PERSON}, p.password_hash IS NOT NULL AS has_password,
    p.totp_sealed IS NOT NULL AS has_second_factor, p.oidc_sub IS NOT NULL AS is_joined, p.created_at, p.disabled_at,
    (SELECT max(s.seen_at) FROM staff_session s WHERE s.person = p.id) AS last_seen_at FROM person p"""  # noqa: S608 - fixed columns


class NoSuchPerson(NotFound):
    pass


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in compares with; password_hash is None for whoever may not sign in."""

    person: Person
    password_hash: str | None
    has_second_factor: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """Whose account somebody at the sign-in service may be. is_joined: with an account there; is_same: with theirs."""

    person: Person
    has_second_factor: bool
    is_joined: bool
    is_same: bool


@dataclass(frozen=True, slots=True)
class Via:
    """The session at the sign-in service through which one here began. sealed: what that service said then."""

    sub: str
    sid: str | None
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in, or half way in: awaits tells what is missing."""

    id: UUID
    person: Person
    created_at: dt.datetime
    seen_at: dt.datetime
    awaits: Awaited | None = None
    device: str = ""
    via: Via | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link that can still be used."""

    id: UUID
    person: Person
    expires_at: dt.datetime


async def person(person_id: UUID) -> Person:
    """An account, disabled or not. Raises NoSuchPerson."""
    row = await fetchrow(f"SELECT {PERSON} FROM person p WHERE p.id = $1", person_id)  # noqa: S608 - fixed columns
    if row is None:
        raise NoSuchPerson
    return _person(row)


async def active_by_email(email: str) -> Person | None:
    row = await fetchrow(
        f"SELECT {PERSON} FROM person p WHERE lower(p.email) = lower($1) AND p.disabled_at IS NULL",  # noqa: S608 - fixed columns
        email.strip(),
    )
    return None if row is None else _person(row)


async def claimed(*, issuer: str, sub: str, email: str) -> Claimed | None:
    """The account of somebody at the sign-in service: the one that is joined with theirs, else that of the address."""
    row = await fetchrow(
        f"""SELECT {PERSON}, p.totp_sealed IS NOT NULL AS has_second_factor,
                   coalesce(p.oidc_issuer = $1, false) AS is_joined,
                   coalesce(p.oidc_issuer = $1 AND p.oidc_sub = $2, false) AS is_same
            FROM person p
            WHERE p.disabled_at IS NULL AND (p.oidc_issuer = $1 AND p.oidc_sub = $2 OR lower(p.email) = lower($3))
            ORDER BY is_same DESC LIMIT 1""",  # noqa: S608 - fixed columns
        issuer,
        sub,
        email.strip(),
    )
    return None if row is None else Claimed(_person(row), row["has_second_factor"], row["is_joined"], row["is_same"])


async def colleague(person_id: UUID) -> Colleague:
    """Raises NoSuchPerson."""
    row = await fetchrow(f"{COLLEAGUE} WHERE p.id = $1", person_id)
    if row is None:
        raise NoSuchPerson
    return _colleague(row)


async def colleagues() -> list[Colleague]:
    """Everybody, active accounts first, by name."""
    return [
        _colleague(row) for row in await fetch(f"{COLLEAGUE} ORDER BY p.disabled_at IS NOT NULL, lower(p.name), p.id")
    ]


async def names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of accounts, for lists that hold ids."""
    rows = await fetch("SELECT id, name FROM person WHERE id = ANY($1::uuid[])", [i for i in set(ids) if i is not None])
    return {row["id"]: row["name"] for row in rows}


async def credentials(email: str) -> Credentials | None:
    row = await fetchrow(
        f"""SELECT {PERSON}, CASE WHEN p.disabled_at IS NULL THEN p.password_hash END AS password_hash,
                   p.totp_sealed IS NOT NULL AS has_second_factor
            FROM person p WHERE lower(p.email) = lower($1)""",  # noqa: S608 - fixed columns
        email.strip(),
    )
    return None if row is None else Credentials(_person(row), row["password_hash"], row["has_second_factor"])


async def session(token: str, at: dt.datetime) -> Session | None:
    """The session a cookie stands for; None when it has ended or the account is disabled."""
    row = await fetchrow(
        f"""SELECT {PERSON}, s.id AS session_id, s.created_at, s.seen_at, s.awaits, s.device,
                   s.oidc_sub, s.oidc_sid, s.oidc_token
            FROM staff_session s JOIN person p ON p.id = s.person
            WHERE s.token_hash = $1 AND s.expires_at > $2 AND p.disabled_at IS NULL""",  # noqa: S608 - fixed columns
        token_hash(token),
        at,
    )
    return None if row is None else _session(row)


async def sessions_of(person: Person, at: dt.datetime) -> list[Session]:
    """Where somebody is signed in, the one used last first."""
    rows = await fetch(
        """SELECT s.id AS session_id, s.created_at, s.seen_at, s.awaits, s.device FROM staff_session s
           WHERE s.person = $1 AND s.expires_at > $2 AND s.awaits IS NULL ORDER BY s.seen_at DESC, s.id""",
        person.id,
        at,
    )
    return [
        Session(row["session_id"], person, row["created_at"], row["seen_at"], row["awaits"], row["device"])
        for row in rows
    ]


async def second_factor(person_id: UUID, *, lock: bool = False) -> Kept | None:
    """What is kept of somebody's second factor; None where there is none."""
    row = await fetchrow(
        f"""SELECT totp_sealed, totp_since, totp_step, recovery_salt, recovery_hashes FROM person
            WHERE id = $1 AND totp_sealed IS NOT NULL {"FOR UPDATE" if lock else ""}""",  # noqa: S608 - fixed text
        person_id,
    )
    if row is None:
        return None
    sealed, since, step, salt, hashes = row
    return Kept(sealed, since, step, salt, tuple(hashes))


async def open_link(token: str, purpose: str, at: dt.datetime, *, lock: bool = False) -> Link | None:
    """The link a token stands for; None when it was used, has expired or the account is disabled."""
    row = await fetchrow(
        f"""SELECT {PERSON}, l.id AS link_id, l.expires_at FROM one_time_link l JOIN person p ON p.id = l.person
            WHERE l.token_hash = $1 AND l.purpose = $2 AND l.used_at IS NULL AND l.expires_at > $3
              AND p.disabled_at IS NULL {"FOR UPDATE OF l" if lock else ""}""",  # noqa: S608 - fixed text
        token_hash(token),
        purpose,
        at,
    )
    return None if row is None else Link(row["link_id"], _person(row), row["expires_at"])


async def failures(
    purpose: str, account: bytes, network: str, at: dt.datetime, *, own: bytes | None = None
) -> Failures:
    """own: the tries of this alone, under `pair`; else everybody's, without those of what is surely the owner's."""
    if own is not None:
        row = await fetchrow(
            """SELECT count(*) AS many, min(at) AS since FROM sign_in_attempt
               WHERE purpose = $1 AND account = $2 AND own = $3 AND NOT succeeded AND at > $4""",
            purpose,
            account,
            own,
            at - limits.WINDOW,
        )
        return Failures(row["many"], 0, 0, row["since"], None, None)
    row = await fetchrow(
        """SELECT count(*) FILTER (WHERE account = $1 AND network = $2) AS pair,
                  count(*) FILTER (WHERE account = $1) AS account,
                  count(*) FILTER (WHERE network = $2) AS network,
                  min(at) FILTER (WHERE account = $1 AND network = $2) AS pair_since,
                  min(at) FILTER (WHERE account = $1) AS account_since,
                  min(at) FILTER (WHERE network = $2) AS network_since
           FROM sign_in_attempt
           WHERE purpose = $4 AND own IS NULL AND NOT succeeded AND at > $3 AND (account = $1 OR network = $2)""",
        account,
        network,
        at - limits.WINDOW,
        purpose,
    )
    return Failures(**dict(row))


async def wrong_codes(account: bytes, at: dt.datetime) -> int:
    """How many codes of somebody's second factor were wrong lately, wherever they were typed."""
    return int(
        await fetchval(
            """SELECT count(*) FROM sign_in_attempt
               WHERE purpose = 'code' AND account = $1 AND NOT succeeded AND at > $2""",
            account,
            at - limits.WINDOW,
        )
    )


async def recent_mails(account: bytes, network: str, at: dt.datetime) -> tuple[int, int]:
    """How many reset links were asked for lately: for this account, and from this network."""
    row = await fetchrow(
        """SELECT count(*) FILTER (WHERE account = $1) AS account, count(*) FILTER (WHERE network = $2) AS network
           FROM sign_in_attempt WHERE purpose = 'reset' AND at > $3 AND (account = $1 OR network = $2)""",
        account,
        network,
        at - limits.MAILS_WINDOW,
    )
    return row["account"], row["network"]


async def active_admins() -> int:
    return int(await fetchval("SELECT count(*) FROM person WHERE disabled_at IS NULL AND 'admin' = ANY(roles)"))


def _person(row: Mapping[str, Any]) -> Person:
    return Person(row["id"], row["name"], row["email"], frozenset(row["roles"]), row["language"])


def _session(row: Mapping[str, Any]) -> Session:
    via = None if row["oidc_token"] is None else Via(row["oidc_sub"], row["oidc_sid"], row["oidc_token"])
    return Session(
        row["session_id"], _person(row), row["created_at"], row["seen_at"], row["awaits"], row["device"], via
    )


def _colleague(row: Mapping[str, Any]) -> Colleague:
    return Colleague(
        person=_person(row),
        has_password=row["has_password"],
        has_second_factor=row["has_second_factor"],
        is_joined=row["is_joined"],
        created_at=row["created_at"],
        last_seen_at=row["last_seen_at"],
        disabled_at=row["disabled_at"],
    )
