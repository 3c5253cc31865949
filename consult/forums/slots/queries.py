"""Reading officials, times, terms and requests. Records come out, never table rows."""

# ruff: noqa: S608 - statements are put together from the constants of this module only

from datetime import datetime
from typing import Any
from uuid import UUID

from consult.forums.slots.allocation import Rule, Tie
from consult.forums.slots.slot import REMEMBERED, Channel, Official, Slot, SlotRequest, State, Terms
from consult.storage import Slice, fetch, fetchrow, fetchval

SLOT = """SELECT s.id, s.forum, s.official, o.name AS official_name, o.office AS official_office, s.starts_at,
    s.ends_at, s.place, s.topic, s.language, s.has_interpreter, s.capacity, s.taken, s.cancelled_at
    FROM forum_slot s JOIN forum_official o ON o.number = s.official"""
TERMS = """SELECT t.forum, t.rule, t.tie, t.opens_at, t.closes_at, t.topics, t.note, t.seed, t.seed_hash, t.frozen_at,
    t.allocated_at FROM forum_slots t"""
REQUEST = """SELECT r.id, r.forum, r.number, r.state, r.slot, r.name, r.email, r.phone, r.language, r.topic, r.text,
    r.prior, r.channel, r.heard_before, r.rank, r.answer, r.answered_at, r.created_at, r.erased_at
    FROM forum_slot_request r"""
IN_ORDER = "ORDER BY coalesce(r.rank, r.number), r.number"


async def officials(*, only_active: bool = False) -> list[Official]:
    where = "WHERE is_active" if only_active else ""
    rows = await fetch(f"SELECT number, name, office, is_active FROM forum_official {where} ORDER BY number")
    return [Official(**dict(row)) for row in rows]


async def terms(forum_id: UUID) -> Terms | None:
    row = await fetchrow(f"{TERMS} WHERE t.forum = $1", forum_id)
    if row is None:
        return None
    topics = tuple(row["topics"])
    return Terms(**dict(row) | {"rule": Rule(row["rule"]), "tie": Tie(row["tie"]), "topics": topics})


async def slots(forum_id: UUID) -> list[Slot]:
    """All times of a forum in order of time, those called off among them."""
    rows = await fetch(f"{SLOT} WHERE s.forum = $1 ORDER BY s.starts_at, s.official", forum_id)
    return [Slot(**dict(row)) for row in rows]


async def slot(slot_id: UUID) -> Slot | None:
    row = await fetchrow(f"{SLOT} WHERE s.id = $1", slot_id)
    return Slot(**dict(row)) if row else None


async def request(request_id: UUID) -> SlotRequest | None:
    row = await fetchrow(f"{REQUEST} WHERE r.id = $1", request_id)
    return _request(row) if row else None


async def request_of_token(token_hash: bytes) -> SlotRequest | None:
    row = await fetchrow(f"{REQUEST} WHERE r.token_hash = $1", token_hash)
    return _request(row) if row else None


async def living_of(forum_id: UUID, email: str) -> SlotRequest | None:
    """The request of an address that is neither settled nor cancelled nor over."""
    row = await fetchrow(
        f"{REQUEST} WHERE r.forum = $1 AND lower(r.email) = lower($2) AND r.state IN ('noted', 'given', 'waiting')",
        forum_id,
        email,
    )
    return _request(row) if row else None


async def in_state(forum_id: UUID, *states: State) -> list[SlotRequest]:
    """The requests of a forum in these states, in the order in which times are given."""
    sql = f"{REQUEST} WHERE r.forum = $1 AND r.state = ANY($2::text[]) {IN_ORDER}"
    return [_request(row) for row in await fetch(sql, forum_id, [state.value for state in states])]


async def of_slot(slot_id: UUID) -> list[SlotRequest]:
    return [_request(row) for row in await fetch(f"{REQUEST} WHERE r.slot = $1 {IN_ORDER}", slot_id)]


async def requests(forum_id: UUID, *, number: int = 1, size: int = 50) -> Slice[SlotRequest]:
    """What staff see: every request, in the order in which times are given."""
    total = await fetchval("SELECT count(*) FROM forum_slot_request WHERE forum = $1", forum_id)
    sql = f"{REQUEST} WHERE r.forum = $1 {IN_ORDER} LIMIT $2 OFFSET $3"
    items = [_request(row) for row in await fetch(sql, forum_id, size, Slice.offset(number, size))]
    return Slice(items=items, number=number, total=int(total), size=size)


async def order_made(forum_id: UUID) -> list[SlotRequest]:
    """The requests that took part in the order, as it was made."""
    rows = await fetch(f"{REQUEST} WHERE r.forum = $1 AND r.rank IS NOT NULL ORDER BY r.rank", forum_id)
    return [_request(row) for row in rows]


async def counts(forum_id: UUID) -> dict[State, int]:
    rows = await fetch("SELECT state, count(*) AS number FROM forum_slot_request WHERE forum = $1 GROUP BY 1", forum_id)
    return {State(row["state"]): int(row["number"]) for row in rows}


async def position(waiting: SlotRequest) -> int:
    """The place in the waiting line, counted from 1."""
    line = await in_state(waiting.forum, State.WAITING)
    return next((number for number, one in enumerate(line, start=1) if one.id == waiting.id), len(line))


async def heard_before(forum_id: UUID, at: datetime) -> set[UUID]:
    """Which requests come from somebody who was received within the last two years."""
    rows = await fetch(
        """SELECT r.id FROM forum_slot_request r WHERE r.forum = $1
           AND EXISTS (SELECT 1 FROM forum_heard h WHERE h.contact = ANY(r.contacts) AND h.heard_at > $2)""",
        forum_id,
        at - REMEMBERED,
    )
    return {row["id"] for row in rows}


async def due(at: datetime) -> list[UUID]:
    """The forums whose times are to be given now."""
    rows = await fetch(
        """SELECT t.forum FROM forum_slots t JOIN forum f ON f.id = t.forum
           WHERE f.state = 'published' AND t.frozen_at IS NOT NULL AND t.allocated_at IS NULL AND t.closes_at <= $1""",
        at,
    )
    return [row["forum"] for row in rows]


async def over(at: datetime) -> list[UUID]:
    """The forums all of whose times have begun while requests still wait."""
    rows = await fetch(
        """SELECT t.forum FROM forum_slots t WHERE t.allocated_at IS NOT NULL
           AND EXISTS (SELECT 1 FROM forum_slot_request r WHERE r.forum = t.forum AND r.state = 'waiting')
           AND NOT EXISTS (SELECT 1 FROM forum_slot s
                           WHERE s.forum = t.forum AND s.cancelled_at IS NULL AND s.starts_at > $1)""",
        at,
    )
    return [row["forum"] for row in rows]


async def called_off() -> list[UUID]:
    """The cancelled forums whose requests have not been ended yet."""
    rows = await fetch(
        """SELECT DISTINCT r.forum FROM forum_slot_request r JOIN forum f ON f.id = r.forum
           WHERE f.state = 'cancelled' AND r.state IN ('noted', 'given', 'waiting')"""
    )
    return [row["forum"] for row in rows]


async def to_mark(at: datetime) -> int:
    """How many appointments of the last month are over and nobody has noted who came."""
    return int(
        await fetchval(
            """SELECT count(*) FROM forum_slot_request r JOIN forum_slot s ON s.id = r.slot
               WHERE r.state = 'given' AND s.ends_at <= $1 AND s.ends_at > $1 - interval '30 days'""",
            at,
        )
    )


def _request(row: Any) -> SlotRequest:
    return SlotRequest(**dict(row) | {"state": State(row["state"]), "channel": Channel(row["channel"])})
