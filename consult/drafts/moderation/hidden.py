"""Notes that stand where published comments were before a moderator hid them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from consult.drafts.comments.comment import REFUSALS
from consult.storage import Slice, fetch, fetchrow

if TYPE_CHECKING:
    from consult.drafts.comments.comment import Comment

MOST_ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Hidden:
    """A comment that had been published: its number, why it was hidden, and where and when it had stood."""

    number: str
    refusal: str
    reply_to: UUID | None
    was_published_at: datetime
    hidden_at: datetime

    @property
    def reason(self) -> str:
        return REFUSALS.get(self.refusal, "")

    @property
    def anchor(self) -> str:
        return f"comment-{self.number}"


@dataclass(frozen=True, slots=True)
class Notes:
    """Where the notes of one page stand: before a comment, after all of them, or among the replies to one."""

    before: Mapping[UUID, tuple[Hidden, ...]] = field(default_factory=dict)
    last: tuple[Hidden, ...] = ()
    below: Mapping[UUID, tuple[Hidden, ...]] = field(default_factory=dict)


def placed(hidden: Iterable[Hidden], shown: Sequence[Comment]) -> Notes:
    """Put each note where its comment stood among those that are shown, the newest first."""
    before: dict[UUID, tuple[Hidden, ...]] = {}
    below: dict[UUID, tuple[Hidden, ...]] = {}
    last: list[Hidden] = []
    on_page = {one.id for one in shown}
    for note in hidden:
        if note.reply_to is not None:
            if note.reply_to in on_page:
                below[note.reply_to] = (*below.get(note.reply_to, ()), note)
            continue
        older = (one.id for one in shown if one.published_at is not None and one.published_at < note.was_published_at)
        place = next(older, None)
        if place is None:
            last.append(note)
        else:
            before[place] = (*before.get(place, ()), note)
    return Notes(before, tuple(last), below)


_HIDDEN = """
select c.number, c.refusal, c.reply_to, a.was_published_at, a.at as hidden_at from comment c
join lateral (
    select m.was_published_at, m.at from moderation_act m
    where m.comment = c.id and m.act = 'hidden' order by m.at desc limit 1
) a on true
"""
_PLACE = "case when $2::uuid is not null then c.article = $2 when $3 then c.article is null else true end"


async def notes(draft_id: UUID, article_id: UUID | None, page: Slice[Comment], *, whole_draft: bool = False) -> Notes:
    """The notes for one page of the comments of an article, of the draft as a whole, or of everything."""
    newest = page.items[0].published_at if page.has_previous and page.items else None
    oldest = page.items[-1].published_at if page.has_next and page.items else None
    # The page ends where the next one begins: with the first comment that is older than its last one.
    rows = await fetch(
        f"{_HIDDEN} where c.draft = $1 and c.state = 'refused' and {_PLACE} and ("  # noqa: S608 - constants
        "c.reply_to = any($4::uuid[]) or c.reply_to is null "
        "and ($5::timestamptz is null or a.was_published_at <= $5) "
        "and ($6::timestamptz is null or a.was_published_at > coalesce((select max(x.published_at) from comment x "
        "where x.draft = $1 and x.state = 'published' and x.reply_to is null and x.published_at < $6 and "
        f"{_PLACE.replace('c.article', 'x.article')}), $6))) "
        f"order by a.was_published_at desc, c.number desc limit {MOST_ON_A_PAGE}",
        draft_id,
        article_id,
        whole_draft,
        [one.id for one in page.items],
        newest,
        oldest,
    )
    return placed([Hidden(**row) for row in rows], page.items)


async def note(number: str, draft_id: UUID) -> Hidden | None:
    """The note of one comment, if it was hidden."""
    row = await fetchrow(f"{_HIDDEN} where c.number = $1 and c.draft = $2 and c.state = 'refused'", number, draft_id)
    return Hidden(**row) if row else None
