"""Reading stored answers in blocks, so that a survey of any size passes through little memory.

The only place in this domain that knows how responses lie in the database. A response that a later one corrects
(`supersedes`) is not read. What is remarkable about a response (`surveys.flags`) comes with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from consult.storage import fetch, fetchrow
from consult.surveys.flagging import flagged
from consult.surveys.flags import ALL
from consult.surveys.queries import IN_FORCE

BLOCK = 2000
CURRENT = f"{IN_FORCE} and survey = $1"
FACTS = """id, version, language, channel, day, answers,
    (select contact from response_contact kept where kept.response = response.id) as contact"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Which answers are counted: the same key means the same answers. taken_at is the database's clock.

    without  flags whose answers are left out, in their order.
    """

    count: int
    digest: int
    first_day: date | None
    last_day: date | None
    taken_at: datetime
    without: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return "-".join((f"{self.count}-{self.digest & (2**64 - 1):016x}", *self.without))


@dataclass(frozen=True, slots=True)
class Answered:
    """One response as it is stored: answers by codes."""

    id: UUID
    version: int
    language: str
    channel: str
    day: date
    answers: dict[str, Any]
    flags: tuple[str, ...] = ()
    contact: UUID | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Which flags leave answers out, how many answers have each of them, and how many are left out in all."""

    flags: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    total: int = 0


async def snapshot(survey_id: UUID) -> Snapshot:
    """Look which answers there are, without reading them."""
    row = await fetchrow(
        "select count(*) as count, coalesce(bit_xor(hashtextextended(id::text, 0)), 0) as digest,"
        f" min(day) as first_day, max(day) as last_day, now() as taken_at {CURRENT}",
        survey_id,
    )
    assert row is not None  # noqa: S101 - an aggregate always has its row
    return Snapshot(**dict(row))


async def marks(survey_id: UUID, without: Collection[str] = ()) -> tuple[Mapping[UUID, tuple[str, ...]], LeftOut]:
    """The flags of all responses that have any, and which of them `without` leaves out."""
    found = await flagged(survey_id)
    counts = Counter(flag for own in found.values() for flag in own)
    total = sum(1 for own in found.values() if not without_any(own, without))
    return found, LeftOut(tuple(flag for flag in ALL if flag in without), counts, total)


def without_any(flags: Collection[str], without: Collection[str]) -> bool:
    """Whether a response has none of the flags."""
    return not any(flag in without for flag in flags)


async def blocks(survey_id: UUID, size: int = BLOCK, *, without: Collection[str] = ()) -> AsyncIterator[list[Answered]]:
    """All responses in an order that says nothing, `size` at a time; those with a flag of `without` are left out.

    Each block is its own query that begins after the last id of the one before, so that a slow reader holds no
    connection. What is stored meanwhile may or may not be among them.
    """
    found, _ = await marks(survey_id)
    after = UUID(int=0)
    while True:
        rows = await fetch(
            f"select {FACTS} {CURRENT} and id > $2 order by id limit $3",
            survey_id,
            after,
            size,
        )
        made = (Answered(**dict(row), flags=found.get(row["id"], ())) for row in rows)
        if block := [answered for answered in made if without_any(answered.flags, without)]:
            yield block
        if len(rows) < size:
            return
        after = rows[-1]["id"]
