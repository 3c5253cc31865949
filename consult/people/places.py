"""Browsers and networks from which somebody signed in before.

A browser gets a random mark in a cookie of the staff pages when somebody signs in with it; of a network only a keyed
hash of its larger part is kept. Two things follow. A letter tells of a sign-in from elsewhere. And whoever tries
passwords on somebody's account from outside cannot keep its owner out: tries of a known browser are counted apart.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import ipaddress
import re
from dataclasses import dataclass
from uuid import UUID, uuid4

from consult.people import letters
from consult.people.letters import Letterhead
from consult.people.person import Person, new_token, token_hash
from consult.people.posting import post
from consult.storage import execute, fetch, fetchval

KEPT = dt.timedelta(days=180)
"""After so long without use a place counts as new again."""

_MARK = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Browser:
    """What somebody signs in with: in a few words, the mark of its cookie, the keyed hash of its larger network."""

    device: str = ""
    mark: str = ""
    network: bytes = b""


SOMETHING = Browser()
"""Nothing is known of it: the command line, a test."""


def larger_network(address: str, secret: bytes) -> bytes:
    """A keyed hash of about the provider (/16, in IPv6 /32): addresses at home and on the road change by the hour."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return b""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    wide = ipaddress.ip_network((parsed, 16 if parsed.version == 4 else 32), strict=False)
    return hmac.new(secret, f"known network {wide}".encode(), hashlib.sha256).digest()


async def known(email: str, browser: Browser) -> bytes | None:
    """What tries of this browser are counted under, if the account's owner signed in with it before."""
    if not _MARK.fullmatch(browser.mark):
        return None
    found = await fetchval(
        """SELECT k.id FROM known_place k JOIN person p ON p.id = k.person
           WHERE k.kind = 'browser' AND k.mark = $1 AND lower(p.email) = lower($2) AND p.disabled_at IS NULL""",
        token_hash(browser.mark),
        email.strip(),
    )
    return None if found is None else UUID(str(found)).bytes


async def note(person: Person, browser: Browser, here: Letterhead | None, at: dt.datetime) -> str:
    """Know this browser and network from now on, and return the mark for the cookie; a letter tells what is new.

    Belongs into the transaction of the sign-in. Nobody is told of the first one ever. A mark that nobody was known by
    is not ours: a neighbouring site may have put it there to have tries of its own on the account, and it is replaced.
    """
    if browser == SOMETHING:
        return ""
    mark = browser.mark if await _is_ours(browser.mark) else new_token()
    before = await fetch("SELECT kind, mark FROM known_place WHERE person = $1", person.id)
    marks = {"browser": token_hash(mark)} | ({"network": browser.network} if browser.network else {})
    had = {row["kind"] for row in before}
    held = {(row["kind"], bytes(row["mark"])) for row in before}
    fresh = [kind for kind, one in marks.items() if kind in had and (kind, one) not in held]
    for kind, one in marks.items():
        await execute(
            """INSERT INTO known_place (id, person, kind, mark, seen_at) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (person, kind, mark) DO UPDATE SET seen_at = EXCLUDED.seen_at""",
            uuid4(),
            person.id,
            kind,
            one,
            at,
        )
    if fresh and here is not None:
        spoken = letters.language_for(person.language)
        letter = letters.new_place(
            spoken, here, name=person.name, device=browser.device, is_new_browser="browser" in fresh, at=at
        )
        await post(person, f"people.new_place:{person.id}:{at.isoformat()}", letter, at)
    return mark


async def _is_ours(mark: str) -> bool:
    """Tell whether somebody, whoever it is, is known by this mark."""
    return _MARK.fullmatch(mark) is not None and await fetchval(
        "SELECT EXISTS (SELECT FROM known_place WHERE kind = 'browser' AND mark = $1)", token_hash(mark)
    )


async def forget(person_id: UUID) -> None:
    """Know nothing of somebody's places any more: a device was lost, a password was stolen, an account has ended."""
    await execute("DELETE FROM known_place WHERE person = $1", person_id)
