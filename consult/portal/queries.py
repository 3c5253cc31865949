"""Reading the evidence on articles. Records come out, never table rows."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from consult.charts.spec import Spec, from_builtins
from consult.errors import ConsultError
from consult.portal import sources
from consult.portal.evidence import Evidence
from consult.portal.sources import Source
from consult.storage import fetch, fetchrow
from consult.surveys import queries as surveys

_EVIDENCE = (
    "SELECT id, draft, article, survey, kind, query, attached_at, frozen_at, snapshot, chart FROM evidence WHERE "
)


async def of_draft(draft_id: UUID) -> dict[UUID, list[Evidence]]:
    """The evidence of a draft by article, in the order in which staff attached it."""
    found: dict[UUID, list[Evidence]] = defaultdict(list)
    for row in await fetch(f"{_EVIDENCE} draft = $1 ORDER BY position, attached_at, id", draft_id):
        found[row["article"]].append(await _evidence(row))
    return dict(found)


async def evidence(evidence_id: UUID) -> Evidence | None:
    row = await fetchrow(f"{_EVIDENCE} id = $1", evidence_id)
    return await _evidence(row) if row else None


async def _evidence(row: Any) -> Evidence:
    source = Source(row["kind"], row["query"])
    kept = row["chart"]
    return Evidence(
        id=row["id"],
        draft=row["draft"],
        article=row["article"],
        survey=row["survey"],
        source=source,
        attached_at=row["attached_at"],
        frozen_at=row["frozen_at"],
        snapshot=row["snapshot"],
        chart=await _live(row["survey"], source) if kept is None else from_builtins(kept).frozen(),
    )


async def _live(survey_id: UUID, source: Source) -> Spec | None:
    """None where the chart can no longer be made: an article is read all the same."""
    try:
        return await sources.chart_of(await surveys.survey_by_id(survey_id), source)
    except ConsultError:
        return None
