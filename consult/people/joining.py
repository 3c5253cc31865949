"""Accounts joined with those of the town's sign-in service, and signing in with them.

The first time the verified address says whose account it is; from then on only the name that the service never gives to
anybody else (sub), whatever becomes of the address. An administrator parts them again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

import asyncpg

from consult.errors import N_, Refused
from consult.people import places, queries
from consult.people.letters import Letterhead
from consult.people.person import awaited
from consult.people.places import SOMETHING, Browser
from consult.people.queries import Via
from consult.people.sessions import SignedIn, begin
from consult.records.operations import audit
from consult.storage import execute, fetch, transaction


class NoSuchAccount(Refused):
    message = N_("Nobody here has an account with your e-mail address. Ask an administrator to invite you.")


class JoinedWithAnother(Refused):
    message = N_(
        "The account with your e-mail address belongs to another account of the sign-in service. Ask an administrator "
        "to separate them."
    )


async def sign_in_from_service(
    *,
    issuer: str,
    sub: str,
    email: str,
    is_strong: bool,
    at: dt.datetime,
    enforced: Iterable[str] = (),
    browser: Browser = SOMETHING,
    here: Letterhead | None = None,
    via: Via | None = None,
) -> SignedIn:
    """Begin a session for whom the town's sign-in service vouches. Raises NoSuchAccount, JoinedWithAnother.

    is_strong: the service asked for a second factor itself, so that nobody has to set one up here on top. Whoever has
    one here is asked for its code all the same.
    """
    found = await queries.claimed(issuer=issuer, sub=sub, email=email)
    if found is None:
        raise NoSuchAccount
    if found.is_joined and not found.is_same:
        raise JoinedWithAnother
    person = found.person
    must = () if is_strong else enforced
    awaits = awaited(person.roles, has_second_factor=found.has_second_factor, enforced=must)
    async with transaction():
        if not found.is_same:
            await _join(person.id, issuer, sub, at)
        token = await begin(person.id, at, awaits=awaits, device=browser.device, via=via)
        mark = ""
        if awaits is None:
            mark = await places.note(person, browser, here, at)
            await audit(
                actor=person.id,
                kind="person.signed_in",
                record="person",
                record_id=person.id,
                after={"by": "oidc"},
                at=at,
            )
    return SignedIn(token, person, awaits, mark)


async def end_from_service(*, sub: str | None, sid: str | None, begun_by: dt.datetime, at: dt.datetime) -> int:
    """End the sessions here that began through a session at the service, or all of that person's; returns how many.

    begun_by: later ones stay, so that the same word of the service, sent again, ends nothing that came after it.
    """
    async with transaction():
        ended = await fetch(
            """DELETE FROM staff_session
               WHERE ($1::text IS NULL OR oidc_sid = $1 OR (oidc_sid IS NULL AND $2::text IS NOT NULL))
                 AND ($2::text IS NULL OR oidc_sub = $2) AND num_nonnulls($1::text, $2::text) > 0 AND created_at <= $3
               RETURNING person, awaits""",
            sid,
            sub,
            begun_by,
        )
        for row in ended:
            if row["awaits"] is None:
                await audit(
                    actor=row["person"],
                    kind="person.signed_out",
                    record="person",
                    record_id=row["person"],
                    after={"by": "oidc"},
                    at=at,
                )
    return len(ended)


async def part(*, by: UUID | None, person_id: UUID, at: dt.datetime) -> bool:
    """Let the next sign-in through the service join the account anew; returns whether it was joined at all.

    Belongs into the transaction of what the administrator does.
    """
    done = await execute(
        "UPDATE person SET oidc_issuer = NULL, oidc_sub = NULL WHERE id = $1 AND oidc_sub IS NOT NULL", person_id
    )
    if done != "UPDATE 1":
        return False
    await audit(actor=by, kind="person.parted", record="person", record_id=person_id, at=at)
    return True


async def _join(person_id: UUID, issuer: str, sub: str, at: dt.datetime) -> None:
    """Of two who come at once, one is first. Raises JoinedWithAnother."""
    try:
        done = await execute(
            """UPDATE person SET oidc_issuer = $2, oidc_sub = $3
               WHERE id = $1 AND oidc_issuer IS DISTINCT FROM $2 AND disabled_at IS NULL""",
            person_id,
            issuer,
            sub,
        )
    except asyncpg.UniqueViolationError:
        raise JoinedWithAnother from None
    if done != "UPDATE 1":
        raise JoinedWithAnother
    await audit(actor=person_id, kind="person.joined", record="person", record_id=person_id, at=at)
