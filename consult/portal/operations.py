"""What staff do with evidence: attach a chart to an article, freeze it, take it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from consult.charts.spec import to_builtins
from consult.drafts import queries as drafts
from consult.errors import NotFound
from consult.portal import sources
from consult.portal.evidence import AlreadyAttached, AlreadyFrozen
from consult.portal.sources import Source
from consult.records.operations import audit
from consult.storage import execute, fetchrow, fetchval, transaction
from consult.surveys import queries as surveys


async def attach(
    *, draft_id: UUID, article_id: UUID, survey_id: UUID, source: Source, by: UUID, at: datetime, frozen: bool = False
) -> UUID:
    """Put a chart beside an article, live unless frozen. Raises NotFound, AlreadyAttached, what its maker refuses."""
    async with transaction():
        draft = await drafts.draft_by_id(draft_id)
        version = await drafts.version(draft_id)
        if draft is None or version is None or article_id not in {a.id for a in await drafts.articles(version.id)}:
            raise NotFound
        await sources.chart_of(await surveys.survey_by_id(survey_id), source)
        new = await fetchval(
            "INSERT INTO evidence "
            "(id, draft, article, survey, kind, query, position, attached_at, attached_by, snapshot) "
            "SELECT $1, $2, $3, $4, $5, $6, count(*), $7, $8, '' FROM evidence WHERE article = $3 "
            "ON CONFLICT ON CONSTRAINT evidence_once DO NOTHING RETURNING id",
            uuid4(),
            draft_id,
            article_id,
            survey_id,
            source.kind,
            source.query,
            at,
            by,
        )
        if new is None:
            raise AlreadyAttached
        evidence_id = UUID(str(new))
        kept = await _frozen(evidence_id, at) if frozen else None
        after = {"article": str(article_id), "survey": str(survey_id), source.kind: source.query}
        await audit(actor=by, kind="evidence.attached", record="draft", record_id=draft_id, after=after, at=at)
        if kept is not None:
            await _note_frozen(kept, by, at)
    return evidence_id


async def freeze(*, evidence_id: UUID, by: UUID, at: datetime) -> None:
    """Keep the chart as it stands now, for ever. Raises NotFound, AlreadyFrozen, what the chart's maker refuses."""
    async with transaction():
        await _note_frozen(await _frozen(evidence_id, at), by, at)


@dataclass(frozen=True, slots=True)
class _Frozen:
    draft: UUID
    evidence: UUID
    snapshot: str


async def _frozen(evidence_id: UUID, at: datetime) -> _Frozen:
    row = await fetchrow(
        "SELECT draft, survey, kind, query, frozen_at FROM evidence WHERE id = $1 FOR UPDATE", evidence_id
    )
    if row is None:
        raise NotFound
    if row["frozen_at"] is not None:
        raise AlreadyFrozen
    survey = await surveys.survey_by_id(row["survey"])
    chart = await sources.chart_of(survey, Source(row["kind"], row["query"]))
    await execute(
        "UPDATE evidence SET frozen_at = $2, snapshot = $3, chart = $4 WHERE id = $1",
        evidence_id,
        at,
        chart.source.snapshot,
        to_builtins(chart),
    )
    return _Frozen(row["draft"], evidence_id, chart.source.snapshot)


async def _note_frozen(kept: _Frozen, by: UUID, at: datetime) -> None:
    after = {"evidence": str(kept.evidence), "snapshot": kept.snapshot}
    await audit(actor=by, kind="evidence.frozen", record="draft", record_id=kept.draft, after=after, at=at)


async def detach(*, evidence_id: UUID, by: UUID, at: datetime) -> None:
    """Take a chart away from its article; the survey's results stay as they are. Raises NotFound."""
    async with transaction():
        row = await fetchrow(
            "DELETE FROM evidence WHERE id = $1 RETURNING draft, article, survey, kind, query, snapshot", evidence_id
        )
        if row is None:
            raise NotFound
        before = {key: str(row[key]) for key in ("article", "survey", "snapshot")} | {row["kind"]: row["query"]}
        await audit(actor=by, kind="evidence.detached", record="draft", record_id=row["draft"], before=before, at=at)
