"""Reading answers in work, what is released, and the figures of a draft. Records come out, never table rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from consult.drafts.answers.answer import Decision, Work
from consult.drafts.answers.readiness import Coverage, Readiness
from consult.storage import Slice, fetch, fetchrow, fetchval

NEEDS_ANSWER = "c.state = 'published' and c.reply_to is null"
"""Which comments the town hall owes an answer (alias c): replies of residents to each other may have one."""

COUNTED = f"""(
    with taken_up as (
        select c.id, c.draft, c.article, c.version, {NEEDS_ANSWER} as needs_answer from comment c where c.id in (
            select comment from reasoned_answer where released_at is null or is_current
            union select comment from comment_assignment)
    )
    select id, draft, article, version, needs_answer, 1 as n from taken_up
    union all
    select null, draft, article, version, true, -1 from taken_up where needs_answer
    union all
    select null, c.draft, c.article, c.version, true, count(*) from comment c
        where {NEEDS_ANSWER} group by c.draft, c.article, c.version
)"""  # noqa: S608 - constants
"""Comments to be counted by sum(n): each that has an answer, one in work or a unit, and how many others a place has.

The others are all of the place less those: an index alone counts them, for there may be 100,000.
"""

_WORK = """
select r.id, r.comment, r.decision, r.reason, r.decided_at, r.decided_by, r.sent_at, r.sent_by, r.reviewed_at,
       r.reviewed_by, r.released_at, r.note, r.together, r.corrects, r.correction
from reasoned_answer r
"""


async def in_work(comment_id: UUID) -> Work | None:
    """The answer, or its correction, that is not released yet."""
    row = await fetchrow(f"{_WORK} where r.comment = $1 and r.released_at is null", comment_id)
    return _work(row) if row else None


async def all_in_work(comment_ids: Sequence[UUID]) -> dict[UUID, Work]:
    """The same for several comments."""
    rows = await fetch(f"{_WORK} where r.comment = any($1::uuid[]) and r.released_at is null", list(comment_ids))
    return {row["comment"]: _work(row) for row in rows}


async def released(comment_id: UUID) -> Work | None:
    """The released answer that stands for a comment; what it corrected is not this one."""
    row = await fetchrow(f"{_WORK} where r.comment = $1 and r.released_at is not null and r.is_current", comment_id)
    return _work(row) if row else None


async def written_together(work: Work) -> list[Work]:
    """The answers that were written as one and are not released yet: at least this one."""
    if work.together is None:
        return [work]
    rows = await fetch(f"{_WORK} where r.together = $1 and r.released_at is null order by r.comment", work.together)
    return [_work(row) for row in rows]


async def readiness(draft_id: UUID, *, takes_comments: bool = False) -> Readiness:
    """Where the comments of a draft stand, in one statement."""
    row = await fetchrow(
        "select coalesce(sum(c.n) filter (where k.id is null and r.id is null), 0) as missing, "  # noqa: S608 - a constant
        "count(*) filter (where k.id is null and r.sent_at is null and r.id is not null) as drafted, "
        "count(*) filter (where k.id is null and r.sent_at is not null and r.reviewed_at is null) as in_review, "
        "count(*) filter (where k.id is null and r.reviewed_at is not null) as reviewed, "
        "count(*) filter (where k.id is not null) as released, "
        "count(*) filter (where k.id is not null and r.reviewed_at is not null) as corrections, "
        "count(*) filter (where k.id is not null and r.id is not null and r.reviewed_at is null) "
        "as corrections_in_work "
        f"from {COUNTED} c {_BOTH} where c.draft = $1 and (c.needs_answer or k.id is not null or r.id is not null)",
        draft_id,
    )
    return Readiness(**{name: int(value) for name, value in row.items()}, takes_comments=takes_comments)


_BOTH = (
    "left join reasoned_answer r on r.comment = c.id and r.released_at is null "
    "left join reasoned_answer k on k.comment = c.id and k.released_at is not null and k.is_current"
)


async def answered(draft_id: UUID, *, number: int = 1, size: int = 50) -> Slice[UUID]:
    """One page of the published comments that have a released answer, by their numbers."""
    where = (
        "from comment c join reasoned_answer k on k.comment = c.id and k.released_at is not null and k.is_current "
        "where c.draft = $1 and c.state = 'published'"
    )
    rows = await fetch(
        f"select c.id {where} order by c.number limit $2 offset $3",
        draft_id,
        size,
        Slice.offset(number, size),
    )
    total = await fetchval(f"select count(*) {where}", draft_id)
    return Slice([row["id"] for row in rows], number, int(total), size)


async def coverage(draft_id: UUID) -> Coverage:
    """What became of the comments of a draft, for pages, reports and programs."""
    return (await coverages([draft_id]))[draft_id]


async def coverages(draft_ids: Sequence[UUID]) -> dict[UUID, Coverage]:
    """Coverage of several drafts in one statement."""
    decisions = ", ".join(f"count(*) filter (where k.decision = '{one.value}') as {one.value}" for one in Decision)
    rows = await fetch(
        f"select c.draft, sum(c.n) as comments, count(k.id) as answered, {decisions}, "  # noqa: S608 - constants
        "count(*) filter (where k.decision in ('accepted', 'partly') and exists "
        "(select from comment_effect e where e.comment = c.id)) as leading_to_text "
        f"from {COUNTED} c "
        "left join reasoned_answer k on k.comment = c.id and k.released_at is not null and k.is_current "
        "where c.draft = any($1::uuid[]) and c.needs_answer group by c.draft",
        list(draft_ids),
    )
    names = ("comments", "answered", *(one.value for one in Decision), "leading_to_text")
    found = {row["draft"]: Coverage(**{name: int(row[name]) for name in names}) for row in rows}
    return {one: found.get(one, Coverage()) for one in draft_ids}


def _work(row: Any) -> Work:
    return Work(**{**dict(row), "decision": Decision(row["decision"])})
