"""Reading the versions of a draft, two of them together, and what was kept about their articles."""

from uuid import UUID

from consult.drafts import queries as drafts
from consult.drafts.draft import Article, DraftVersion
from consult.storage import fetch


async def versions(draft_id: UUID) -> tuple[DraftVersion, ...]:
    """All published versions, the first at the beginning."""
    rows = await fetch(
        "select id, number, preamble, memorandum, reason, published_at from draft_version where draft = $1 "
        "order by number",
        draft_id,
    )
    return tuple(DraftVersion(**row) for row in rows)


async def articles_of_both(old: UUID, new: UUID) -> tuple[tuple[Article, ...], tuple[Article, ...]]:
    return await drafts.articles(old), await drafts.articles(new)
