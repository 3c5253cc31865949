"""Reads: sheets that wait to be keyed a second time or to be settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from consult.errors import NotFound
from consult.storage import fetch, fetchrow, fetchval


@dataclass(frozen=True, slots=True)
class Sheet:
    """state: once (keyed by one person), differs (keyed twice, not alike), stored. response: the id it will get.

    first, second: as they were typed.
    """

    id: UUID
    survey: UUID
    version: int
    number: str
    channel: str
    language: str
    day: date
    state: str
    response: UUID | None
    first: Mapping[str, str] | None
    second: Mapping[str, str] | None
    first_by: UUID
    second_by: UUID | None


async def is_double(survey_id: UUID) -> bool:
    """Whether every sheet of paper is keyed by two people."""
    return bool(await fetchval("select is_double from entry_setting where survey = $1", survey_id))


async def waiting(survey_id: UUID) -> list[Sheet]:
    """Sheets that are not stored yet, those that differ first."""
    rows = await fetch(
        "select * from keyed_sheet where survey = $1 and state <> 'stored' order by state, length(number), number",
        survey_id,
    )
    return [_sheet(row) for row in rows]


async def stored(survey_id: UUID) -> int:
    return int(await fetchval("select count(*) from keyed_sheet where survey = $1 and state = 'stored'", survey_id))


async def sheet(sheet_id: UUID, survey_id: UUID) -> Sheet:
    """A sheet that is not stored yet. Raises NotFound."""
    row = await fetchrow(
        "select * from keyed_sheet where id = $1 and survey = $2 and state <> 'stored'", sheet_id, survey_id
    )
    if row is None:
        raise NotFound
    return _sheet(row)


async def numbered(survey_id: UUID, number: str) -> Sheet | None:
    row = await fetchrow("select * from keyed_sheet where survey = $1 and number = $2 for update", survey_id, number)
    return None if row is None else _sheet(row)


async def next_number(survey_id: UUID) -> int:
    """The least number above all numbers that are in use."""
    return 1 + int(
        await fetchval(
            "select coalesce(max(number::bigint), 0) from keyed_sheet where survey = $1 and number ~ '^[0-9]{1,9}$'",
            survey_id,
        )
    )


def _sheet(row: Mapping[str, Any]) -> Sheet:
    return Sheet(**dict(row))
