"""Reading stored answers in blocks, so that a survey of any size passes through little memory.

The only place in this domain that knows how responses lie in the database. A response that a later one corrects
(`supersedes`) is not read.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from consult.storage import fetch, fetchrow

BLOCK = 2000
CURRENT = """from response r where r.survey = $1
    and not exists (select from response later where later.survey = $1 and later.supersedes = r.id)"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Which answers there are: the same key means the same answers. taken_at is the database's clock."""

    count: int
    digest: int
    first_day: date | None
    last_day: date | None
    taken_at: datetime

    @property
    def key(self) -> str:
        return f"{self.count}-{self.digest & (2**64 - 1):016x}"


@dataclass(frozen=True, slots=True)
class Answered:
    """One response as it is stored: answers by codes."""

    id: UUID
    version: int
    language: str
    channel: str
    day: date
    answers: dict[str, Any]


async def snapshot(survey_id: UUID) -> Snapshot:
    """Look which answers there are, without reading them."""
    row = await fetchrow(
        "select count(*) as count, coalesce(bit_xor(hashtextextended(r.id::text, 0)), 0) as digest,"
        f" min(r.day) as first_day, max(r.day) as last_day, now() as taken_at {CURRENT}",
        survey_id,
    )
    assert row is not None  # noqa: S101 - an aggregate always has its row
    return Snapshot(**dict(row))


async def blocks(survey_id: UUID, size: int = BLOCK) -> AsyncIterator[list[Answered]]:
    """All responses in an order that says nothing, `size` at a time.

    Each block is its own query that begins after the last id of the one before, so that a slow reader holds no
    connection. What is stored meanwhile may or may not be among them.
    """
    after = UUID(int=0)
    while True:
        rows = await fetch(
            f"select r.id, r.version, r.language, r.channel, r.day, r.answers {CURRENT}"
            " and r.id > $2 order by r.id limit $3",
            survey_id,
            after,
            size,
        )
        if rows:
            yield [Answered(**dict(row)) for row in rows]
        if len(rows) < size:
            return
        after = rows[-1]["id"]
