"""Changing what somebody wrote in the form, for all sessions that the form was for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consult.errors import N_, Invalid, NotFound, Problem
from consult.forums import letters, queries
from consult.forums.forum import Forum
from consult.forums.links import Links
from consult.forums.registering import LOCK
from consult.forums.registration import Registrant, Registration, State
from consult.forums.registration_operations import SessionHasBegun
from consult.mail.operations import notify_all
from consult.records.operations import audit
from consult.storage import execute, fetch, transaction


async def change_details(
    *,
    party: UUID,
    registrant: Registrant,
    language: str,
    links: Links,
    at: datetime,
    actor: UUID | None = None,
) -> None:
    """Change name, addresses, needs and the language of the letters; how many come is changed session by session.

    A new e-mail address gets the confirmation with the link, and the old one hears that it was replaced.
    Raises Invalid, NotFound, SessionHasBegun (not for staff).
    """
    async with transaction():
        sessions = [one.session for one in await queries.of_party(party)]
        await fetch(LOCK, sessions)
        living = [one for one in await queries.of_party(party) if one.is_living and one.erased_at is None]
        forum = await queries.forum_of_session(living[0].session) if living else None
        if forum is None:
            raise NotFound
        if actor is None and all(_has_begun(forum, one, at) for one in living):
            raise SessionHasBegun
        first = living[0]
        registrant.check(needs_email=actor is None and first.email is not None)
        before, after = _written(first), _asked(registrant, language)
        changed = sorted(name for name, value in after.items() if before[name] != value)
        if not changed:
            return
        if "email" in changed:
            await _check_free(forum, living, registrant)
        await execute(
            """UPDATE registration SET name = $2, email = $3, phone = $4, needs = $5, needs_note = $6, language = $7
               WHERE party = $1 AND state NOT IN ('cancelled', 'expired') AND erased_at IS NULL""",
            party,
            *after.values(),
        )
        if "email" in changed:
            await _tell(forum, first, party, links, at)
        await audit(
            actor=actor,
            kind="registration.changed",
            record="registration",
            record_id=party,
            after={"fields": changed},
            at=at,
        )


def _has_begun(forum: Forum, one: Registration, at: datetime) -> bool:
    session = forum.session(one.session)
    return session is None or session.has_begun(at)


def _written(one: Registration) -> dict[str, object]:
    return {
        "name": one.name,
        "email": one.email,
        "phone": one.phone,
        "needs": list(one.needs),
        "needs_note": one.needs_note,
        "language": one.language,
    }


def _asked(registrant: Registrant, language: str) -> dict[str, object]:
    return {
        "name": registrant.name.strip(),
        "email": registrant.address,
        "phone": registrant.phone.strip(),
        "needs": list(dict.fromkeys(registrant.needs)),
        "needs_note": registrant.needs_note.strip(),
        "language": language,
    }


async def _check_free(forum: Forum, living: list[Registration], registrant: Registrant) -> None:
    """The address may stand in no other registration for the same sessions, or the same round."""
    among = [session.id for session in forum.sessions] if forum.one_session else [one.session for one in living]
    address = registrant.address
    known = await queries.living_among(among, [address]) if address else {}
    if any(one.party != living[0].party for one in known.values()):
        raise Invalid([Problem("email", N_("This address cannot be used here. Write another one, or call us."))])


async def _tell(forum: Forum, before: Registration, party: UUID, links: Links, at: datetime) -> None:
    living = [one for one in await queries.of_party(party) if one.is_living]
    lines = [(one, await queries.position(one) if one.state is State.WAITLISTED else None) for one in living]
    await notify_all(
        [
            *letters.registered(forum, lines, links, at=at, moved=True),
            *letters.address_replaced(forum, before, links, at=at),
        ]
    )
