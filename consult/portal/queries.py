"""Reading the evidence on articles, and how many took part. Records come out, never table rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from consult.charts.spec import Spec, from_builtins
from consult.errors import ConsultError
from consult.portal import sources
from consult.portal.evidence import Evidence
from consult.portal.sources import Source
from consult.storage import fetch, fetchrow
from consult.surveys import queries as surveys
from consult.surveys.queries import IN_FORCE
from consult.weighting.state import Remembered, State, states

MOST_CHARTS = 200
_charts: Remembered[Spec | None] = Remembered(MOST_CHARTS)
_EVIDENCE = (
    "SELECT id, draft, article, survey, kind, query, attached_at, frozen_at, snapshot, chart FROM evidence WHERE "
)


async def of_draft(draft_id: UUID) -> dict[UUID, list[Evidence]]:
    """The evidence of a draft by article, in the order in which staff attached it."""
    found: dict[UUID, list[Evidence]] = defaultdict(list)
    rows = await fetch(f"{_EVIDENCE} draft = $1 ORDER BY position, attached_at, id", draft_id)
    for one in await _evidence(rows):
        found[one.article].append(one)
    return dict(found)


async def of_drafts(draft_ids: list[UUID], *, most: int) -> list[Evidence]:
    """The first of what stands on several drafts, one draft after the other."""
    sql = f"{_EVIDENCE} draft = any($1::uuid[]) ORDER BY array_position($1::uuid[], draft), position, attached_at, id"
    return await _evidence(await fetch(f"{sql} LIMIT {most}", draft_ids))


async def evidence(evidence_id: UUID) -> Evidence | None:
    row = await fetchrow(f"{_EVIDENCE} id = $1", evidence_id)
    return (await _evidence([row]))[0] if row else None


@dataclass(frozen=True, slots=True)
class TookPart:
    """What people did in one consultation; people counts seats, with those whom others bring along."""

    comments: int
    answers: int
    people: int

    def __bool__(self) -> bool:
        return bool(self.comments or self.answers or self.people)


async def took_part(consultation_id: UUID) -> TookPart:
    """Published comments, answers to surveys that count, and seats taken at meetings."""
    row = await fetchrow(
        f"""SELECT (SELECT count(*) FROM comment c JOIN draft d ON d.id = c.draft
                    WHERE d.consultation = $1 AND c.state = 'published') AS comments,
                   (SELECT count(*) {IN_FORCE}
                    AND survey IN (SELECT id FROM survey WHERE consultation = $1)) AS answers,
                   (SELECT coalesce(sum(s.seats_taken), 0) FROM forum_session s JOIN forum f ON f.id = s.forum
                    WHERE f.consultation = $1 AND f.published_at IS NOT NULL) AS people""",  # noqa: S608 - a constant
        consultation_id,
    )
    return TookPart(**{name: int(value) for name, value in dict(row).items()}) if row else TookPart(0, 0, 0)


async def _evidence(rows: list[Any]) -> list[Evidence]:
    """Live charts are made anew only where something about their survey has changed."""
    live = [row for row in rows if row["chart"] is None]
    with_codes = any(row["kind"] != "question" for row in live)
    now = await states({row["survey"] for row in live}, with_codes=with_codes)
    return [
        Evidence(
            id=row["id"],
            draft=row["draft"],
            article=row["article"],
            survey=row["survey"],
            source=Source(row["kind"], row["query"]),
            attached_at=row["attached_at"],
            frozen_at=row["frozen_at"],
            snapshot=row["snapshot"],
            chart=await _shown(row, now) if row["chart"] is None else from_builtins(row["chart"]).frozen(),
        )
        for row in rows
    ]


async def _shown(row: Any, now: Mapping[UUID, State]) -> Spec | None:
    survey, source = row["survey"], Source(row["kind"], row["query"])
    return await _charts.of((survey, source), now.get(survey), partial(_live, survey, source))


async def _live(survey_id: UUID, source: Source) -> Spec | None:
    """None where the chart can no longer be made: an article is read all the same."""
    try:
        return await sources.chart_of(await surveys.survey_by_id(survey_id), source)
    except ConsultError:
        return None
