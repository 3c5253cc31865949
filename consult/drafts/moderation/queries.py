"""What is covered, what was hidden, and what moderators did. Records come out, never table rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from consult.drafts.moderation.queue import OTHER_LANGUAGES, Filter
from consult.drafts.moderation.redaction import Redaction, shown
from consult.i18n import languages
from consult.storage import Slice, fetch, fetchval

if TYPE_CHECKING:
    from consult.drafts.comments.comment import Comment


@dataclass(frozen=True, slots=True)
class Counted:
    """A line of the public log: how often one thing was done for one reason in one month."""

    month: datetime
    act: str
    reason: str
    count: int


_STATUS = {
    "submitted": "c.state = 'submitted'",
    "unchecked": "c.state = 'published' and c.moderated_at is null",
    "published": "c.state = 'published'",
    "refused": "c.state = 'refused'",
    "hidden": "c.state = 'refused' and exists "
    "(select 1 from moderation_act m where m.comment = c.id and m.act = 'hidden')",
    "unanswered": "c.state = 'published' and not exists (select 1 from reasoned_answer r where r.comment = c.id)",
    "prepared": "exists (select 1 from reasoned_answer r where r.comment = c.id and r.released_at is null)",
    "all": "true",
}
_NEWEST_FIRST = {"published", "refused", "hidden", "all"}


async def queue(wanted: Filter, *, number: int = 1, size: int = 50) -> Slice[UUID]:
    """The ids of one page of the queue. What waits for something comes oldest first, everything else newest first."""
    conditions, arguments = _conditions(wanted)
    way = "desc" if wanted.status in _NEWEST_FIRST else "asc"
    where = " and ".join(conditions)
    total = int(await fetchval(f"select count(*) from comment c where {where}", *arguments))  # noqa: S608 - constants
    skipped, wanted_here = Slice.offset(number, size), max(0, min(size, total - Slice.offset(number, size)))
    if skipped > total // 2:  # nearer to the end, so counted from there
        way, skipped = "asc" if way == "desc" else "desc", total - skipped - wanted_here
    # The page is found in the index alone, then its rows are read.
    rows = await fetch(
        "select c.id, c.submitted_at, c.number from comment c where c.number in "  # noqa: S608 - constants
        f"(select c.number from comment c where {where} order by c.submitted_at {way}, c.number {way} "
        f"limit {wanted_here} offset {max(0, skipped)})",
        *arguments,
    )
    is_newest_first = wanted.status in _NEWEST_FIRST
    ordered = sorted(rows, key=lambda row: (row["submitted_at"], row["number"]), reverse=is_newest_first)
    return Slice([row["id"] for row in ordered], number, total, size)


def _conditions(wanted: Filter) -> tuple[list[str], list[object]]:
    """Only what is asked for stands in the statement, so that the index for it is used."""
    conditions = [_STATUS[wanted.status]]
    arguments: list[object] = []

    def given(condition: str, value: object) -> None:
        arguments.append(value)
        conditions.append(condition.format(f"${len(arguments)}"))

    if wanted.draft is not None:
        given("c.draft = {}", wanted.draft)
    if wanted.article == "0":
        conditions.append("c.article is null")
    elif wanted.article:
        given(
            "exists (select 1 from article_text a where a.version = c.version and a.article = c.article "
            "and a.number = {})",
            wanted.article,
        )
    if wanted.kind:
        given("c.kind = {}", wanted.kind)
    if wanted.language == OTHER_LANGUAGES:
        given("c.language <> all({}::text[])", list(languages()))
    elif wanted.language:
        given("c.language = {}", wanted.language)
    if wanted.before is not None:
        given("c.submitted_at < {}", wanted.before)
    return conditions, arguments


async def waiting_counts() -> tuple[int, int]:
    """How many comments wait for a check before, and how many after publication."""
    waiting = await fetchval("select count(*) from comment where state = 'submitted'")
    unchecked = await fetchval("select count(*) from comment where state = 'published' and moderated_at is null")
    return int(waiting), int(unchecked)


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
    return [_covered(one, covers[one.id]) if one.id in covers else one for one in found]


def _covered(comment: Comment, redactions: Sequence[Redaction]) -> Comment:
    """The original words leave the record altogether, so that no page can show them by mistake."""
    words = shown(comment.text, redactions, comment.letters_in)
    return replace(comment, text=words, shown=words)


async def log(draft_id: UUID, zone: str) -> list[Counted]:
    """The public log of a draft, the newest month first: counts by what was done and why, no texts and no names."""
    rows = await fetch(
        "select date_trunc('month', at, $2) as month, act, reason, count(*) as count from moderation_act "
        "where draft = $1 group by 1, 2, 3 order by 1 desc, 2, 4 desc, 3",
        draft_id,
        zone,
    )
    return [Counted(row["month"], row["act"], row["reason"], int(row["count"])) for row in rows]
