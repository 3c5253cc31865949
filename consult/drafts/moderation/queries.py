"""What is covered, what was hidden, and what moderators did. Records come out, never table rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from consult.drafts.moderation.redaction import Redaction, shown
from consult.storage import fetch

if TYPE_CHECKING:
    from consult.drafts.comments.comment import Comment


@dataclass(frozen=True, slots=True)
class Hidden:
    """A note that stands where a published comment was: its number, why, and when it had been published."""

    number: str
    reason: str
    was_published_at: datetime
    hidden_at: datetime

    @property
    def anchor(self) -> str:
        return f"comment-{self.number}"


@dataclass(frozen=True, slots=True)
class Counted:
    """A line of the public log: how often one thing was done for one reason in one month."""

    month: datetime
    act: str
    reason: str
    count: int


async def redactions_of(comment_ids: Sequence[UUID]) -> dict[UUID, tuple[Redaction, ...]]:
    """The covers in force of some comments, in the order of their places."""
    rows = await fetch(
        "select id, comment, begins, ends, reason, made_at from comment_redaction "
        "where comment = any($1::uuid[]) and withdrawn_at is null order by begins, made_at, id",
        list(comment_ids),
    )
    found: dict[UUID, tuple[Redaction, ...]] = {}
    for row in rows:
        found[row["comment"]] = (*found.get(row["comment"], ()), Redaction(**row))
    return found


async def overlaid(found: Sequence[Comment]) -> list[Comment]:
    """Comments as everybody may read them: whoever shows the words of one to the public takes them from here."""
    covers = await redactions_of([one.id for one in found])
    return [
        replace(one, shown=shown(one.text, covers[one.id], one.letters_in)) if one.id in covers else one
        for one in found
    ]


async def hidden_comments(
    draft_id: UUID,
    article_id: UUID | None = None,
    *,
    whole_draft: bool = False,
    after: datetime | None = None,
    until: datetime | None = None,
) -> list[Hidden]:
    """The notes of hidden comments that had been published in (after, until], the newest first."""
    rows = await fetch(
        "select c.number, c.refusal as reason, a.was_published_at, a.at as hidden_at from comment c "
        "join lateral (select m.was_published_at, m.at from moderation_act m "
        "where m.comment = c.id and m.act = 'hidden' order by m.at desc limit 1) a on true "
        "where c.draft = $1 and c.state = 'refused' and "
        "case when $2::uuid is not null then c.article = $2 when $3 then c.article is null else true end "
        "and ($4::timestamptz is null or a.was_published_at > $4) "
        "and ($5::timestamptz is null or a.was_published_at <= $5) "
        "order by a.was_published_at desc, c.number desc limit 200",
        draft_id,
        article_id,
        whole_draft,
        after,
        until,
    )
    return [Hidden(**row) for row in rows]


async def log(draft_id: UUID, zone: str) -> list[Counted]:
    """The public log of a draft, the newest month first: counts by what was done and why, no texts and no names."""
    rows = await fetch(
        "select date_trunc('month', at, $2) as month, act, reason, count(*) as count from moderation_act "
        "where draft = $1 group by 1, 2, 3 order by 1 desc, 2, 4 desc, 3",
        draft_id,
        zone,
    )
    return [Counted(row["month"], row["act"], row["reason"], int(row["count"])) for row in rows]
