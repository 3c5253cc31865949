"""What staff do with evidence: attach a chart to an article, freeze it, take it away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from consult.charts.spec import to_builtins
from consult.drafts import queries as drafts
from consult.errors import NotFound
from consult.portal.evidence import AlreadyAttached, AlreadyFrozen
from consult.records.operations import audit
from consult.results import queries as results
from consult.storage import execute, fetchrow, fetchval, transaction


async def attach(*, draft_id: UUID, article_id: UUID, survey_id: UUID, question: str, by: UUID, at: datetime) -> UUID:
    """Put the chart of a question beside an article, live. Raises NotFound, AlreadyAttached."""
    async with transaction():
        draft = await drafts.draft_by_id(draft_id)
        version = await drafts.version(draft_id)
        if draft is None or version is None or article_id not in {a.id for a in await drafts.articles(version.id)}:
            raise NotFound
        await results.question_chart(survey_id, question)
        new = await fetchval(
            "INSERT INTO evidence (id, draft, article, survey, question, position, attached_at, attached_by, snapshot) "
            "SELECT $1, $2, $3, $4, $5, count(*), $6, $7, '' FROM evidence WHERE article = $3 "
            "ON CONFLICT ON CONSTRAINT evidence_once DO NOTHING RETURNING id",
            uuid4(),
            draft_id,
            article_id,
            survey_id,
            question,
            at,
            by,
        )
        if new is None:
            raise AlreadyAttached
        after = {"article": str(article_id), "survey": str(survey_id), "question": question}
        await audit(actor=by, kind="evidence.attached", record="draft", record_id=draft_id, after=after, at=at)
        return UUID(str(new))


async def freeze(*, evidence_id: UUID, by: UUID, at: datetime) -> None:
    """Keep the chart as it stands now, for ever. Raises NotFound, AlreadyFrozen."""
    async with transaction():
        row = await fetchrow(
            "SELECT draft, survey, question, frozen_at FROM evidence WHERE id = $1 FOR UPDATE", evidence_id
        )
        if row is None:
            raise NotFound
        if row["frozen_at"] is not None:
            raise AlreadyFrozen
        chart = await results.question_chart(row["survey"], row["question"])
        await execute(
            "UPDATE evidence SET frozen_at = $2, snapshot = $3, chart = $4 WHERE id = $1",
            evidence_id,
            at,
            chart.source.snapshot,
            to_builtins(chart),
        )
        after = {"evidence": str(evidence_id), "snapshot": chart.source.snapshot}
        await audit(actor=by, kind="evidence.frozen", record="draft", record_id=row["draft"], after=after, at=at)


async def detach(*, evidence_id: UUID, by: UUID, at: datetime) -> None:
    """Take a chart away from its article; the survey's results stay as they are. Raises NotFound."""
    async with transaction():
        row = await fetchrow(
            "DELETE FROM evidence WHERE id = $1 RETURNING draft, article, survey, question, snapshot", evidence_id
        )
        if row is None:
            raise NotFound
        before = {key: str(row[key]) for key in ("article", "survey", "question", "snapshot")}
        await audit(actor=by, kind="evidence.detached", record="draft", record_id=row["draft"], before=before, at=at)
