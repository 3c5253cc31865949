"""What is done at the door. Sending an act twice is harmless; the session's row is locked, as for registrations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums import queries as forums
from consult.forums.door import queries
from consult.forums.door.checkin import (
    GOOD,
    INSIDE_ALL_THE_SAME,
    LONGEST_DOOR,
    LONGEST_REASON,
    MOST_ACTS,
    MOST_PEOPLE,
    Act,
    Kind,
    Outcome,
    Settled,
    acted_at,
    digits,
    outcome_of,
)
from consult.forums.door.codes import code_of
from consult.forums.links import Links
from consult.forums.registration import KEPT_AFTER, Registration, State
from consult.records.operations import audit
from consult.storage import execute, fetch, fetchrow, fetchval, transaction

RECORD = "forum_session"


class TooMuchAtOnce(Refused):
    message = N_("So much cannot be taken at once.")


class DoorNotClosed(Refused):
    message = N_("The session has not begun yet: people may still come.")


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of an act; registration is the one that the code or the id meant."""

    act: UUID
    outcome: Outcome
    registration: UUID | None


@dataclass(frozen=True, slots=True)
class Hall:
    """What is known of a session while its acts are taken: registrations of the forum by id and by code."""

    session: UUID
    known: Mapping[UUID, Registration]
    by_code: Mapping[str, Sequence[Registration]]

    def meant(self, act: Act) -> Registration | None:
        """Whom an act is about: by id, or by code, where the session's own registration goes before others."""
        if act.registration is not None:
            return self.known.get(act.registration)
        found = sorted(self.by_code.get(digits(act.code), ()), key=lambda one: one.session != self.session)
        own = [one for one in found if one.session == self.session]
        return found[0] if found and len(own) < 2 else None


async def note(*, session_id: UUID, acts: Sequence[Act], links: Links, actor: UUID | None, at: datetime) -> list[Noted]:
    """Take what doors have done, in the order in which it was done. Raises NotFound, TooMuchAtOnce.

    An act that was taken before changes nothing and gives its outcome again. What does not fit changes nothing either,
    unless the act is forced: then the people are inside, and the conflict is kept until somebody settles it.
    """
    if not acts:
        return []
    if len(acts) > MOST_ACTS:
        raise TooMuchAtOnce
    async with transaction():
        await _lock(session_id)
        hall = await _hall(session_id, links, coded=any(act.code for act in acts))
        seen = await queries.outcomes(act.id for act in acts)
        noted = []
        for act in sorted(acts, key=lambda one: one.acted_at):
            meant = hall.meant(act)
            outcome = seen.get(act.id)
            if outcome is None:
                if meant is not None:  # an act before this one may have changed it
                    state = await fetchval("SELECT state FROM registration WHERE id = $1", meant.id)
                    meant = replace(meant, state=State(state))
                outcome = await _take(act, meant, hall, actor, at)
                seen[act.id] = outcome
            noted.append(Noted(act.id, outcome, meant.id if meant else None))
        fresh = [one for one in noted if one.outcome is not Outcome.NOTHING]
        if fresh:
            after = {"acts": [{"id": one.act, "outcome": one.outcome} for one in fresh]}
            await audit(actor=actor, kind="door.noted", record=RECORD, record_id=session_id, after=after, at=at)
        return noted


async def settle(*, session_id: UUID, act_id: UUID, how: Settled, actor: UUID | None, at: datetime) -> UUID:
    """Say what a conflict was; a second time changes nothing. Returns the session. Raises NotFound."""
    async with transaction():
        row = await fetchrow("SELECT * FROM door_act WHERE id = $1 AND session = $2", act_id, session_id)
        if row is None or Outcome(row["outcome"]) in GOOD:
            raise NotFound
        await _lock(row["session"])
        settled = await fetchrow(
            "UPDATE door_act SET settled = $2, settled_at = $3 WHERE id = $1 AND settled IS NULL RETURNING id",
            act_id,
            how,
            at,
        )
        if settled is None:
            return UUID(str(row["session"]))
        if how is Settled.WRONGLY and row["outcome"] == Outcome.TWICE:
            await execute(
                """INSERT INTO arrival (id, session, people, door, came_at, is_wrong, reason)
                   VALUES ($1, $2, $3, $4, $5, true, '') ON CONFLICT DO NOTHING""",
                act_id,
                row["session"],
                row["people"],
                row["door"],
                row["acted_at"],
            )
        elif how is Settled.WRONGLY:
            await execute("UPDATE arrival SET is_wrong = true WHERE id = $1", act_id)
        elif how is Settled.MISTAKE:
            await execute("UPDATE arrival SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL", act_id, at)
        after = {"act": act_id, "outcome": row["outcome"], "settled": how}
        await audit(actor=actor, kind="door.settled", record=RECORD, record_id=row["session"], after=after, at=at)
        return UUID(str(row["session"]))


async def mark_wrong(*, session_id: UUID, arrival_id: UUID, reason: str, actor: UUID | None, at: datetime) -> UUID:
    """Record that somebody was wrongly admitted; they stay counted in the hall. Returns the session.

    Raises Invalid, NotFound.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid([Problem("reason", N_("Write in a few words why this was wrong."))])
    async with transaction():
        row = await fetchrow(
            "UPDATE arrival SET is_wrong = true, reason = $3 "
            "WHERE id = $1 AND session = $2 AND undone_at IS NULL RETURNING session",
            arrival_id,
            session_id,
            reason.strip(),
        )
        if row is None:
            raise NotFound
        await audit(
            actor=actor,
            kind="door.wrongly_admitted",
            record=RECORD,
            record_id=row["session"],
            after={"arrival": arrival_id},
            at=at,
        )
        return UUID(str(row["session"]))


async def close_door(session_id: UUID, *, actor: UUID | None, at: datetime) -> int:
    """Note that everybody who has a place and is not inside did not come. Returns how many. Raises DoorNotClosed."""
    async with transaction():
        await _lock(session_id)
        session = await forums.session(session_id)
        if session is None or not session.has_begun(at):
            raise DoorNotClosed
        rows = await fetch(
            "UPDATE registration SET state = 'no_show' WHERE session = $1 AND state = 'confirmed' RETURNING id",
            session_id,
        )
        if rows:
            await audit(
                actor=actor,
                kind="door.closed",
                record=RECORD,
                record_id=session_id,
                after={"no_show": len(rows)},
                at=at,
            )
        return len(rows)


async def forget(*, at: datetime) -> None:
    """Erase codes and what was written about people, when registrations are erased: figures and times remain."""
    before = at - KEPT_AFTER
    await execute(
        """UPDATE door_act d SET code = '' FROM forum_session s
           WHERE s.id = d.session AND s.ends_at <= $1 AND d.code <> ''""",
        before,
    )
    await execute(
        """UPDATE arrival a SET reason = '' FROM forum_session s
           WHERE s.id = a.session AND s.ends_at <= $1 AND a.reason <> ''""",
        before,
    )


async def _lock(session_id: UUID) -> None:
    if await fetchrow("SELECT id FROM forum_session WHERE id = $1 FOR UPDATE", session_id) is None:
        raise NotFound


async def _hall(session_id: UUID, links: Links, *, coded: bool) -> Hall:
    forum = await forums.forum_of_session(session_id)
    everybody: list[Registration] = []
    for session in forum.sessions if forum else ():
        everybody += await forums.registrations(session.id)
    by_code: dict[str, list[Registration]] = {}
    for one in everybody if coded else ():
        by_code.setdefault(code_of(links, one.party), []).append(one)
    return Hall(session_id, {one.id: one for one in everybody}, by_code)


async def _take(act: Act, meant: Registration | None, hall: Hall, actor: UUID | None, at: datetime) -> Outcome:
    """Do one act that is new, and keep it unless it did nothing. The caller holds the session's lock."""
    if act.kind is Kind.UNDO:
        outcome = await _undo(meant, act.registration, hall, at)
        people = 1
    else:
        people = min(max(act.people or (meant.seats if meant else 1), 1), MOST_PEOPLE)
        outcome = Outcome.NOTED
        if act.kind is Kind.ARRIVE:
            outcome = outcome_of(meant, session=hall.session, is_inside=await _is_inside(meant))
        if outcome not in GOOD and not act.is_forced:
            return outcome
        if outcome is Outcome.NOTED or outcome in INSIDE_ALL_THE_SAME:
            await _let_in(act, meant, outcome, people, hall, at)
    await execute(
        """INSERT INTO door_act (id, session, act, registration, code, people, voters, door, acted_at, received_at,
               actor, outcome)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)""",
        act.id,
        hall.session,
        act.kind,
        meant.id if meant else None,
        digits(act.code)[:40],
        people,
        min(max(act.voters, 0), people),
        act.door.strip()[:LONGEST_DOOR],
        acted_at(act.acted_at, at),
        at,
        actor,
        outcome,
    )
    return outcome


async def _is_inside(registration: Registration | None) -> bool:
    """Whether a party was checked in, and staff have not said since that it is not here."""
    if registration is None or registration.state in {State.CONFIRMED, State.HELD, State.OFFERED, State.NO_SHOW}:
        return False
    held = "SELECT 1 FROM arrival WHERE registration = $1 AND undone_at IS NULL"
    return registration.state is State.ATTENDED or await fetchrow(held, registration.id) is not None


async def _let_in(
    act: Act, meant: Registration | None, outcome: Outcome, people: int, hall: Hall, at: datetime
) -> None:
    own = meant.id if meant is not None and meant.session == hall.session else None
    if own is not None:
        await execute("UPDATE arrival SET undone_at = $2 WHERE registration = $1 AND undone_at IS NULL", own, at)
    await execute(
        """INSERT INTO arrival (id, session, registration, people, voters, door, came_at, reason)
           VALUES ($1, $2, $3, $4, $5, $6, $7, '')""",
        act.id,
        hall.session,
        own,
        people,
        min(max(act.voters, 0), people),
        act.door.strip()[:LONGEST_DOOR],
        acted_at(act.acted_at, at),
    )
    if outcome is Outcome.NOTED and own is not None:
        await execute("UPDATE registration SET state = 'attended', offered_until = NULL WHERE id = $1", own)


async def _undo(meant: Registration | None, arrival_id: UUID | None, hall: Hall, at: datetime) -> Outcome:
    """Take an entry back: of a registration, or of people without one (by the arrival's own id)."""
    row = await fetchrow(
        """UPDATE arrival SET undone_at = $3 WHERE session = $2 AND undone_at IS NULL
           AND (registration = $1 OR (id = $1 AND registration IS NULL)) RETURNING id""",
        arrival_id,
        hall.session,
        at,
    )
    back = meant is not None and meant.session == hall.session and meant.state is State.ATTENDED
    if back and meant is not None:
        await execute("UPDATE registration SET state = 'confirmed' WHERE id = $1", meant.id)
    return Outcome.NOTED if row is not None or back else Outcome.NOTHING
