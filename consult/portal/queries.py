"""Reading the evidence on articles. Records come out, never table rows."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from consult.charts.spec import Spec, from_builtins
from consult.portal.evidence import Evidence
from consult.results import queries as results
from consult.storage import fetch, fetchrow

_EVIDENCE = "SELECT id, draft, article, survey, question, attached_at, frozen_at, snapshot, chart FROM evidence WHERE "


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
    chart: Spec
    if row["chart"] is None:
        chart = await results.question_chart(row["survey"], row["question"])
    else:
        chart = from_builtins(row["chart"]).frozen()
    return Evidence(
        id=row["id"],
        draft=row["draft"],
        article=row["article"],
        survey=row["survey"],
        question=row["question"],
        attached_at=row["attached_at"],
        frozen_at=row["frozen_at"],
        snapshot=row["snapshot"],
        chart=chart,
    )
