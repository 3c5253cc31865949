"""Staff, their roles and what a session or a link is worth: rules without a database."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from consult.errors import N_

ADMIN = "admin"

ROLES: dict[str, str] = {
    ADMIN: N_("Administrator"),
    "designer": N_("Survey designer"),
    "translator": N_("Translator"),
    "moderator": N_("Moderator"),
    "clerk": N_("Clerk"),
    "analyst": N_("Analyst"),
}
"""Every role with its name, in the order in which they are shown."""

ROLE_HINTS: dict[str, str] = {
    ADMIN: N_("Manages colleagues, sees the audit trail and may do everything else."),
    "designer": N_("Builds and publishes surveys, drafts and consultations."),
    "translator": N_("Translates what others wrote."),
    "moderator": N_("Reviews and answers comments, runs forums."),
    "clerk": N_("Enters answers from paper and phone, checks registrations at the door."),
    "analyst": N_("Reads results and downloads data."),
}

SESSION_IDLE = dt.timedelta(hours=4)
SESSION_LONGEST = dt.timedelta(hours=12)
SESSION_REFRESH = dt.timedelta(minutes=5)
ARRIVING_VALID = dt.timedelta(minutes=30)
"""How long somebody who gave the right password may take for the second factor."""
INVITATION_VALID = dt.timedelta(days=7)
RESET_VALID = dt.timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff as every handler sees them."""

    id: UUID
    name: str
    email: str
    roles: frozenset[str]
    language: str

    @property
    def is_admin(self) -> bool:
        return ADMIN in self.roles

    def may(self, *roles: str) -> bool:
        """Tell whether one of the roles is theirs; an administrator may everything, no role asked means anybody."""
        return not roles or self.is_admin or not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as an administrator sees them."""

    person: Person
    has_password: bool
    has_second_factor: bool
    is_joined: bool
    created_at: dt.datetime
    last_seen_at: dt.datetime | None
    disabled_at: dt.datetime | None

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None


def known_roles(roles: Iterable[str]) -> list[str]:
    """The roles that exist, each once, in their own order."""
    wanted = set(roles)
    return [role for role in ROLES if role in wanted]


def new_token() -> str:
    """A secret for a link or a cookie: 256 bits that fit into an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What the database keeps of a token. Fast is fine here: a random token cannot be guessed."""
    return hashlib.sha256(token.encode()).digest()


Awaited = Literal["code", "enrol"]
"""What a session still lacks before it opens anything: the code of the second factor, or setting one up."""


def awaited(roles: Iterable[str], *, has_second_factor: bool, enforced: Iterable[str]) -> Awaited | None:
    """What comes after the right password: the code of whoever has one; who must have one sets it up first."""
    if has_second_factor:
        return "code"
    return "enrol" if set(roles) & set(enforced) else None


def session_end(created_at: dt.datetime, seen_at: dt.datetime, awaits: Awaited | None = None) -> dt.datetime:
    """A session ends some hours after its last use, and in any case after a working day; a half one much earlier."""
    if awaits is not None:
        return created_at + ARRIVING_VALID
    return min(seen_at + SESSION_IDLE, created_at + SESSION_LONGEST)


def network_of(address: str) -> str:
    """The network an address stands for in sign-in limits: itself for IPv4, its /64 for IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def safe_next(path: str, language: str) -> str:
    """Return a path of our own staff pages; anything that could lead elsewhere becomes the home page."""
    home = f"/staff/{language}/"
    plain = path.isascii() and path.isprintable() and "\\" not in path and len(path) <= 500
    if plain and path.startswith("/staff/") and not path.startswith("/staff//") and "/.." not in path:
        return path
    return home
