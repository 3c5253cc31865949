"""Reading what doors have noted. Records come out, never table rows."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from consult.forums.door.checkin import Arrival, Conflict, Outcome
from consult.storage import fetch

AROUND = timedelta(hours=18)


async def arrivals(session_id: UUID) -> list[Arrival]:
    """Who is inside, in order of arrival; what was taken back is not among them."""
    rows = await fetch(
        """SELECT id, registration, people, voters, door, came_at, is_wrong, reason FROM arrival
           WHERE session = $1 AND undone_at IS NULL ORDER BY came_at, id""",
        session_id,
    )
    return [Arrival(**dict(row)) for row in rows]


async def outcomes(act_ids: Iterable[UUID]) -> dict[UUID, Outcome]:
    """What came of acts that were received already."""
    rows = await fetch("SELECT id, outcome FROM door_act WHERE id = ANY($1::uuid[])", list(act_ids))
    return {row["id"]: Outcome(row["outcome"]) for row in rows}


async def conflicts(session_id: UUID) -> list[Conflict]:
    """The acts that did not fit and wait for a person, the oldest first."""
    rows = await fetch(
        """SELECT d.id, d.outcome, d.registration, coalesce(r.name, '') AS name, d.code, d.people, d.door, d.acted_at,
               coalesce(a.door, '') AS other_door, a.came_at AS other_at
           FROM door_act d LEFT JOIN registration r ON r.id = d.registration
           LEFT JOIN arrival a ON a.registration = d.registration AND a.id <> d.id AND a.undone_at IS NULL
           WHERE d.session = $1 AND d.settled IS NULL AND d.outcome NOT IN ('noted', 'nothing')
           ORDER BY d.acted_at, d.id""",
        session_id,
    )
    return [Conflict(**dict(row) | {"outcome": Outcome(row["outcome"])}) for row in rows]


async def parties_near(at: datetime) -> list[tuple[UUID, UUID]]:
    """(session, party) of everybody who is registered for a session around now."""
    rows = await fetch(
        """SELECT r.session, r.party FROM registration r JOIN forum_session s ON s.id = r.session
           WHERE s.starts_at < $2 AND s.ends_at > $1 ORDER BY s.starts_at""",
        at - AROUND,
        at + AROUND,
    )
    return [(row["session"], row["party"]) for row in rows]
