"""What becomes of a place after it was taken (registering.py): changes, offers, attendance, reminders, forgetting.

The session row is locked first, always in the order of ids.
"""

from datetime import datetime, timedelta
from uuid import UUID

from consult.errors import N_, NotFound, Refused
from consult.forums import letters, queries
from consult.forums.forum import Forum, ForumSession
from consult.forums.forum import State as ForumState
from consult.forums.links import Links
from consult.forums.registration import (
    KEPT_AFTER,
    MOST_COMPANIONS,
    Registration,
    State,
    due_reminders,
    next_in_line,
    offer_until,
)
from consult.records.operations import audit
from consult.storage import execute, fetch, fetchval, transaction

RECORD = "registration"
LOCK_IF_FREE = "SELECT id FROM forum_session WHERE id = $1 FOR UPDATE SKIP LOCKED"


class SessionHasBegun(Refused):
    message = N_("The session has begun, so the registration no longer changes.")


class OfferOver(Refused):
    message = N_("This offer is no longer open. You are welcome to register again.")


class NoRoom(Refused):
    message = N_("There are not enough free places for so many people. Your registration stays as it was.")


class NotPossible(Refused):
    message = N_("A registration in this state cannot be changed in that way.")


async def cancel(*, registration_id: UUID, links: Links, at: datetime, actor: UUID | None = None) -> None:
    """Give a place back, or leave the waiting list; a second time changes nothing. The next in line get offers.

    Raises NotFound, SessionHasBegun (not for staff), NotPossible.
    """
    async with transaction():
        registration, forum, session = await _locked(registration_id)
        if not registration.is_living:
            return
        if not registration.may_become(State.CANCELLED):
            raise NotPossible
        if actor is None and session.has_begun(at):
            raise SessionHasBegun
        await execute(
            "UPDATE registration SET state = 'cancelled', cancelled_at = $2, offered_until = NULL WHERE id = $1",
            registration.id,
            at,
        )
        if registration.takes_seats:
            await release(session_id=session.id, seats=registration.seats)
        await letters.cancelled(forum, registration, links, at=at)
        await promote(forum=forum, session_id=session.id, links=links, at=at)
        await _audit(actor, "registration.cancelled", registration, at=at, after={"state": "cancelled"})


async def accept_offer(*, registration_id: UUID, links: Links, at: datetime, actor: UUID | None = None) -> None:
    """Take the offered place; a second time changes nothing. Raises NotFound, OfferOver."""
    async with transaction():
        registration, forum, _ = await _locked(registration_id)
        if registration.state is State.CONFIRMED:
            return
        until = registration.offered_until
        if until is None or at >= until:
            raise OfferOver
        await execute(
            "UPDATE registration SET state = 'confirmed', offered_until = NULL WHERE id = $1", registration.id
        )
        taken = await queries.registration(registration.id)
        await letters.accepted(forum, taken or registration, links, at=at)
        await _audit(actor, "registration.accepted", registration, at=at, after={"state": "confirmed"})


async def change_party(
    *, registration_id: UUID, companions: int, links: Links, at: datetime, actor: UUID | None = None
) -> None:
    """Bring fewer people or more: more only where places are free and nobody waits, or while waiting oneself.

    Raises NotFound, SessionHasBegun, NotPossible, NoRoom.
    """
    async with transaction():
        registration, forum, session = await _locked(registration_id)
        if not registration.is_living or not 0 <= companions <= MOST_COMPANIONS:
            raise NotPossible
        if session.has_begun(at):
            raise SessionHasBegun
        more = companions - registration.companions
        if not more:
            return
        if registration.takes_seats and more > session.free:
            raise NoRoom
        await execute(
            "UPDATE registration SET companions = $2, seats = $2 + 1 WHERE id = $1", registration.id, companions
        )
        if registration.takes_seats and more > 0:
            await _take(session.id, more)
        elif registration.takes_seats:
            await release(session_id=session.id, seats=-more)
        await promote(forum=forum, session_id=session.id, links=links, at=at)
        after = {"companions": companions}
        before = {"companions": registration.companions}
        await _audit(actor, "registration.changed", registration, at=at, before=before, after=after)


async def mark(*, registration_id: UUID, state: State, actor: UUID, at: datetime) -> None:
    """Write down who came; the places stay counted. Raises NotFound, NotPossible."""
    async with transaction():
        registration, _, _ = await _locked(registration_id)
        if registration.state is state:
            return
        if state not in {State.ATTENDED, State.NO_SHOW, State.CONFIRMED} or not registration.may_become(state):
            raise NotPossible
        await execute("UPDATE registration SET state = $2 WHERE id = $1", registration.id, state)
        before, after = {"state": registration.state}, {"state": state}
        await _audit(actor, "registration.marked", registration, at=at, before=before, after=after)


async def expire_offers(*, links: Links, at: datetime) -> int:
    """End the offers whose time is over and offer the places to the next. Returns how many ended.

    A session that is busy is left to the next run.
    """
    due = await fetch("SELECT DISTINCT session FROM registration WHERE state = 'offered' AND offered_until <= $1", at)
    ended = 0
    for row in due:
        async with transaction():
            if await fetchval(LOCK_IF_FREE, row["session"]) is not None:
                ended += await _expire_in(row["session"], links, at)
    return ended


async def _expire_in(session_id: UUID, links: Links, at: datetime) -> int:
    forum = await queries.forum_of_session(session_id)
    if forum is None:
        return 0
    over = [
        one
        for one in await queries.registrations(session_id)
        if one.offered_until is not None and one.offered_until <= at
    ]
    for one in over:
        await execute("UPDATE registration SET state = 'expired', offered_until = NULL WHERE id = $1", one.id)
        await release(session_id=session_id, seats=one.seats)
        await letters.expired(forum, one, links, at=at)
    await promote(forum=forum, session_id=session_id, links=links, at=at)
    for one in over:
        await _audit(None, "registration.expired", one, at=at, after={"state": "expired"})
    return len(over)


async def promote(*, forum: Forum, session_id: UUID, links: Links, at: datetime) -> None:
    """Offer free places to the first in line. The caller holds the session's lock."""
    session = await queries.session(session_id)
    if session is None or not session.waiting or forum.state is not ForumState.PUBLISHED:
        return
    until = offer_until(at, session.starts_at, timedelta(hours=forum.offer_hours))
    if until is None:
        return
    waiting = {one.id: one for one in await queries.waitlisted(session_id)}
    line = [(one.id, one.seats) for one in waiting.values()]
    for chosen in next_in_line(
        line, limit=session.limit, seats_taken=session.seats_taken, smaller_may_pass=forum.smaller_may_pass
    ):
        await _take(session_id, waiting[chosen].seats)
        await execute("UPDATE registration SET state = 'offered', offered_until = $2 WHERE id = $1", chosen, until)
        offered = await queries.registration(chosen)
        if offered is not None:
            await letters.offered(forum, offered, links, at=at)


async def remind(*, links: Links, at: datetime) -> int:
    """Write to everybody who has a place, as long before as the organiser wishes. Returns how many sessions.

    Each reminder of a session is sent once; if several are due at once, the nearest alone.
    """
    due = await fetch(
        """SELECT s.id FROM forum_session s JOIN forum f ON f.id = s.forum
           WHERE f.state = 'published' AND s.starts_at > $1 AND EXISTS (
               SELECT 1 FROM unnest(f.remind_before) AS t (hours)
               WHERE s.starts_at - make_interval(hours => t.hours) <= $1 AND t.hours <> ALL (s.reminded))""",
        at,
    )
    for row in due:
        async with transaction():
            if await fetchval(LOCK_IF_FREE, row["id"]) is None:
                continue
            forum = await queries.forum_of_session(row["id"])
            session = forum.session(row["id"]) if forum else None
            if forum is None or session is None:
                continue
            now_due = due_reminders(forum.remind_before, session.reminded, session.starts_at, at)
            for one in await queries.registrations(session.id) if now_due else ():
                if one.state is State.CONFIRMED:
                    await letters.reminder(forum, one, links, hours=min(now_due), at=at)
            sent = sorted({*session.reminded, *now_due})
            await execute("UPDATE forum_session SET reminded = $2 WHERE id = $1", session.id, sent)
    return len(due)


async def forget(*, at: datetime) -> int:
    """Erase who came, some time after the session: what remains are places and states. Returns how many."""
    done = await execute(
        """UPDATE registration r SET name = '', email = NULL, phone = '', needs = '{}', needs_note = '', erased_at = $1
           FROM forum_session s WHERE s.id = r.session AND s.ends_at <= $2 AND r.erased_at IS NULL""",
        at,
        at - KEPT_AFTER,
    )
    return int(done.rpartition(" ")[2])


async def release(*, session_id: UUID, seats: int) -> None:
    """Count places as free again; a wished lower capacity follows. The caller holds the session's lock."""
    await execute(
        """UPDATE forum_session SET seats_taken = seats_taken - $2,
               capacity = CASE WHEN wished_capacity IS NULL THEN capacity
                               ELSE greatest(wished_capacity, seats_taken - $2) END,
               wished_capacity = CASE WHEN seats_taken - $2 > wished_capacity THEN wished_capacity END
           WHERE id = $1""",
        session_id,
        seats,
    )


async def _take(session_id: UUID, seats: int) -> None:
    await execute("UPDATE forum_session SET seats_taken = seats_taken + $2 WHERE id = $1", session_id, seats)


async def _locked(registration_id: UUID) -> tuple[Registration, Forum, ForumSession]:
    """Lock the session of a registration, then read what stands now."""
    await fetch(
        "SELECT id FROM forum_session WHERE id = (SELECT session FROM registration WHERE id = $1) FOR UPDATE",
        registration_id,
    )
    registration = await queries.registration(registration_id)
    if registration is None:
        raise NotFound
    forum = await queries.forum_of_session(registration.session)
    session = forum.session(registration.session) if forum else None
    if forum is None or session is None:
        raise NotFound
    return registration, forum, session


async def _audit(
    actor: UUID | None,
    kind: str,
    registration: Registration,
    *,
    at: datetime,
    before: object = None,
    after: object = None,
) -> None:
    await audit(actor=actor, kind=kind, record=RECORD, record_id=registration.id, before=before, after=after, at=at)
