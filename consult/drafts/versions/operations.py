"""Writing a version's articles and what became of each; only within the transaction that publishes the version."""

from datetime import datetime
from uuid import UUID, uuid4

from consult.drafts.versions.mapping import Planned
from consult.storage import execute


async def keep_articles(*, draft_id: UUID, version_id: UUID, made: Planned, at: datetime) -> None:
    """Insert the texts, and an identity for every article that is new."""
    new = {change.article.id for change in made.changes if change.old is None}
    for article in made.articles:
        if article.id in new:
            await execute("insert into article (id, draft, created_at) values ($1, $2, $3)", article.id, draft_id, at)
        await execute(
            "insert into article_text (id, version, article, position, number, label, chapter, heading, body, "
            "plain_words) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            uuid4(),
            version_id,
            article.id,
            article.position,
            article.number,
            article.label,
            article.chapter,
            article.heading,
            article.body,
            article.plain_words,
        )


async def keep_changes(*, version_id: UUID, made: Planned) -> None:
    for change in made.changes:
        await execute(
            "insert into article_change (id, version, article, what, number_before, number, changed_in, related) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8)",
            uuid4(),
            version_id,
            change.article.id,
            change.what.value,
            change.old.number if change.old else None,
            change.new.number if change.new else None,
            list(change.changed_in),
            made.related.get(change.article.id),
        )
