"""Reading stored answers in blocks, so that a survey of any size passes through little memory.

A response that a later one corrects (`supersedes`) is not read. What is remarkable about a response (`surveys.flags`)
comes with it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from consult.columns.frame import flagged
from consult.storage.replica import fetch
from consult.surveys import queries as surveys
from consult.surveys.queries import IN_FORCE
from consult.surveys.responses.flags import ALL, can_be_computed

BLOCK = 2000
CURRENT = f"{IN_FORCE} and survey = $1"
FACTS = """id, version, language, channel, day, answers, flags,
    (select contact from response_contact kept where kept.response = response.id) as contact"""


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


def without_any(flags: Collection[str], without: Collection[str]) -> bool:
    """Whether a response has none of the flags."""
    return not any(flag in without for flag in flags)


def _flags(row: Mapping[str, Any], found: Mapping[UUID, tuple[str, ...]] | None) -> tuple[str, ...]:
    if found is not None:
        return found.get(row["id"], ())
    return tuple(flag for flag in ALL if flag in row["flags"])


async def blocks(
    survey_id: UUID,
    size: int = BLOCK,
    *,
    without: Collection[str] = (),
) -> AsyncIterator[list[Answered]]:
    """All responses in an order that says nothing, `size` at a time; those with a flag of `without` are left out.

    Each block is its own query that begins after the last id of the one before, so that a slow reader holds no
    connection. What is stored meanwhile may or may not be among them.
    """
    # Flags that follow from the answers stand in the columns; without any, the stored ones are read row by row.
    definitions = [version.definition for version in await surveys.versions(survey_id)]
    found = await flagged(survey_id) if any(map(can_be_computed, definitions)) else None
    after = UUID(int=0)
    while True:
        rows = await fetch(
            f"select {FACTS} {CURRENT} and id > $2 order by id limit $3",
            survey_id,
            after,
            size,
        )
        made = (Answered(**(dict(row) | {"flags": _flags(row, found)})) for row in rows)
        if block := [answered for answered in made if without_any(answered.flags, without)]:
            yield block
        if len(rows) < size:
            return
        after = rows[-1]["id"]
