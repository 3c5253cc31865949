"""Writing down which comments changed an article of a version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from consult.drafts import queries as drafts
from consult.drafts.answers import effect_queries
from consult.drafts.answers.effects import ChangedArticle, changed_articles
from consult.errors import N_, NotFound, Refused
from consult.records.operations import audit
from consult.storage import execute, transaction

RECORD = "draft"


class NotAccepted(Refused):
    message = N_(
        "Only a comment that was accepted, at least partly, and made on an earlier version can have led to this."
    )


async def note_effects(
    *,
    draft_id: UUID,
    version_number: int,
    article_id: UUID,
    chosen: Iterable[tuple[int, UUID]],
    actor: UUID | None,
    at: datetime,
) -> None:
    """Say which comments led to which changed passages of an article: exactly these (place, comment) from now on.

    The words are kept as they stand in the authentic text. Raises NotFound, NotAccepted.
    """
    async with transaction():
        draft = await drafts.draft_by_id(draft_id)
        version = await drafts.version(draft_id, version_number)
        before = await drafts.version(draft_id, version_number - 1)
        if draft is None or version is None or before is None:
            raise NotFound
        # Two colleagues who note the same article wait for each other.
        await execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"effects:{version.id}:{article_id}")
        changed = changed_articles(
            await drafts.articles(before.id), await drafts.articles(version.id), draft.authentic_language
        )
        article = next((one for one in changed if one.id == article_id), None)
        if article is None:
            raise NotFound
        wanted = set(chosen)
        known = (await effect_queries.noted(version.id)).get(article_id, set())
        accepted = {one.id: one.number for one in await effect_queries.candidates(draft_id, version_number)}
        for place, comment in sorted(wanted - known):
            if comment not in accepted or not 0 <= place < len(article.passages):
                raise NotAccepted
            await _insert(version.id, article, place, comment, actor=actor, at=at)
        for place, comment in sorted(known - wanted):
            await execute(
                "delete from comment_effect where version = $1 and article = $2 and place = $3 and comment = $4",
                version.id,
                article_id,
                place,
                comment,
            )
        if wanted != known:
            numbers = sorted({accepted[comment] for _, comment in wanted if comment in accepted})
            after = {"version": version_number, "article": article.number, "numbers": numbers}
            await audit(actor=actor, kind="answer.effects_noted", record=RECORD, record_id=draft_id, after=after, at=at)


async def _insert(
    version_id: UUID, article: ChangedArticle, place: int, comment: UUID, *, actor: UUID | None, at: datetime
) -> None:
    """Note one effect with the words themselves."""
    passage = article.passages[place]
    await execute(
        "insert into comment_effect (id, comment, version, article, place, before, deleted, inserted, "
        "after, noted_at, noted_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        uuid4(),
        comment,
        version_id,
        article.id,
        place,
        passage.before,
        passage.deleted,
        passage.inserted,
        passage.after,
        at,
        actor,
    )
