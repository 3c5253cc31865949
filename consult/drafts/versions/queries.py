"""Reading the versions of a draft, two of them together, and what was kept about their articles."""

from dataclasses import dataclass
from uuid import UUID

from consult.drafts import queries as drafts
from consult.drafts.draft import Article, DraftVersion
from consult.drafts.versions.changes import What
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


@dataclass(frozen=True, slots=True)
class KeptChange:
    """What became of one article with a version, as it was confirmed. related: where its words came from or went."""

    article: UUID
    what: What
    number_before: str | None
    number: str | None
    changed_in: tuple[str, ...]
    related: UUID | None


async def kept_changes(version_id: UUID) -> tuple[KeptChange, ...]:
    """Those of a version, none for the first one."""
    rows = await fetch(
        "select article, what, number_before, number, changed_in, related from article_change where version = $1",
        version_id,
    )
    return tuple(
        KeptChange(
            row["article"],
            What(row["what"]),
            row["number_before"],
            row["number"],
            tuple(row["changed_in"]),
            row["related"],
        )
        for row in rows
    )
