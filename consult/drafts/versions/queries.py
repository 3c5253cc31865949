"""Reading the versions of a draft, two of them together, and what was kept about their articles."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from consult.drafts import queries as drafts
from consult.drafts.draft import Article, DraftVersion
from consult.drafts.versions.changes import What
from consult.i18n import Text
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
    """What became of one article with a version, as it was confirmed.

    related: the article its words came from or went into. label_before: its number in the version before, as written.
    """

    article: UUID
    what: What
    number_before: str | None
    number: str | None
    changed_in: tuple[str, ...]
    related: UUID | None
    label_before: Text

    @property
    def is_renumbered(self) -> bool:
        return self.what is What.MOVED and self.number_before != self.number


_CHANGE = """
select c.article, c.what, c.number_before, c.number, c.changed_in, c.related, v.number as version,
       t.number as last_number, t.label, t.heading
from article_change c
join draft_version v on v.id = c.version
join draft_version p on p.draft = v.draft and p.number = v.number - 1
left join article_text t on t.version = p.id and t.article = c.article
"""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An article that an earlier version had. version: the first without it; last: the last one with it."""

    id: UUID
    version: int
    last: int
    number: str
    label: Text
    heading: Text


@dataclass(frozen=True, slots=True)
class Published:
    """A version in the list of all of them."""

    number: int
    published_at: datetime
    reason: Text


async def history(draft_id: UUID) -> tuple[Published, ...]:
    """All versions without their texts, the newest first."""
    rows = await fetch(
        "select number, published_at, reason from draft_version where draft = $1 order by number desc", draft_id
    )
    return tuple(Published(**row) for row in rows)


async def became(draft_id: UUID, number: int) -> tuple[dict[UUID, KeptChange], tuple[LeftOut, ...]]:
    """For readers of a version: what it changed, by article, and every article that was left out until then."""
    rows = await fetch(
        f"{_CHANGE} where v.draft = $1 and (v.number = $2 or (v.number < $2 and c.what = 'removed')) "
        "order by v.number, t.position",
        draft_id,
        number,
    )
    left_out = tuple(
        LeftOut(row["article"], row["version"], row["version"] - 1, row["last_number"], row["label"], row["heading"])
        for row in rows
        if row["what"] == What.REMOVED
    )
    return {row["article"]: _kept(row) for row in rows if row["version"] == number}, left_out


async def kept_changes(version_id: UUID) -> tuple[KeptChange, ...]:
    """Those of a version, none for the first one."""
    return tuple(_kept(row) for row in await fetch(f"{_CHANGE} where c.version = $1", version_id))


async def related(draft_id: UUID, old: int, new: int) -> dict[UUID, UUID]:
    """For articles that came or went after one version and up to another: where their words came from or went."""
    rows = await fetch(
        "select c.article, c.related from article_change c join draft_version v on v.id = c.version "
        "where v.draft = $1 and v.number > $2 and v.number <= $3 and c.related is not null",
        draft_id,
        old,
        new,
    )
    return {row["article"]: row["related"] for row in rows}


def _kept(row: Any) -> KeptChange:
    return KeptChange(
        row["article"],
        What(row["what"]),
        row["number_before"],
        row["number"],
        tuple(row["changed_in"]),
        row["related"],
        row["label"] or {},
    )
