"""Reading gatherings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from consult.forums.gatherings.gathering import CalledBy, Gathering
from consult.storage import fetch, fetchrow

GATHERING = """SELECT g.forum, g.settlement, g.called_by, g.supporters, g.voters, g.counted_on, g.source,
    g.call_percent, g.quorum_percent FROM forum_gathering g"""


async def gathering_of(forum_ids: Sequence[UUID]) -> dict[UUID, Gathering]:
    """Of forums that are gatherings, what is written down about them."""
    rows = await fetch(f"{GATHERING} WHERE g.forum = ANY($1::uuid[])", list(forum_ids))
    return {row["forum"]: _gathering(row) for row in rows}


async def latest_count(settlement: str) -> Gathering | None:
    """The gathering with the newest count of a settlement's voters, so that staff need not look it up again."""
    row = await fetchrow(f"{GATHERING} WHERE g.settlement = $1 ORDER BY g.counted_on DESC LIMIT 1", settlement)
    return _gathering(row) if row else None


def _gathering(row: Any) -> Gathering:
    return Gathering(**dict(row) | {"called_by": CalledBy(row["called_by"])})
