"""Reads: the files that were asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from consult.errors import NotFound
from consult.results.downloads.export import Asked, Export
from consult.storage import fetch, fetchrow

SELECT = """select e.*, coalesce(p.name, '') as asked_by_name
    from result_export e left join person p on p.id = e.asked_by"""


async def exports_of(survey_id: UUID, at: dt.datetime) -> list[Export]:
    """The files of a survey that have not expired, the newest first."""
    rows = await fetch(f"{SELECT} where e.survey = $1 and e.expires_at > $2 order by e.asked_at desc", survey_id, at)
    return [_export(row) for row in rows]


async def export(export_id: UUID) -> Export:
    """Raises NotFound."""
    row = await fetchrow(f"{SELECT} where e.id = $1", export_id)
    if row is None:
        raise NotFound
    return _export(row)


def _export(row: Mapping[str, Any]) -> Export:
    return Export(
        id=row["id"],
        survey=row["survey"],
        asked=msgspec.convert(row["asked"], Asked),
        asked_by=row["asked_by"],
        asked_by_name=row["asked_by_name"],
        asked_at=row["asked_at"],
        state=row["state"],
        done=row["done"],
        total=row["total"],
        name=row["name"],
        size=row["size"],
        sha256=bytes(row["sha256"]),
        finished_at=row["finished_at"],
        expires_at=row["expires_at"],
        failure=row["failure"],
        cuts=tuple((place, kept) for place, kept in row["cuts"]),
    )
