"""Reading comments and their answers. Records come out, never table rows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from consult.drafts.answers.answer import Answer, Decision
from consult.drafts.comments.comment import Comment, Kind, State
from consult.drafts.moderation.queries import overlaid
from consult.storage import Slice, fetch, fetchrow, fetchval

COMMENTS_BESIDE_ARTICLE = 3
PAGE_SIZE = 25

_COMMENT = """
select c.id, c.number, c.draft, c.version, v.number as version_number, c.article, a.number as article_number,
       a.label as article_label, a.heading as article_heading, c.language, c.kind, c.text, c.name, c.email, c.state,
       c.refusal, c.supports, c.submitted_at, c.published_at, c.moderated_at, c.erased_at,
       r.decision, r.reason, r.decided_at, r.released_at
from comment c
join draft_version v on v.id = c.version
left join article_text a on a.version = c.version and a.article = c.article
left join reasoned_answer r on r.comment = c.id
"""


def _comment(row: Any) -> Comment:
    answer = None
    if row["decision"] is not None:
        answer = Answer(Decision(row["decision"]), row["reason"], row["decided_at"], row["released_at"])
    return Comment(
        id=row["id"],
        number=row["number"],
        draft=row["draft"],
        version=row["version"],
        version_number=row["version_number"],
        article=row["article"],
        article_number=row["article_number"],
        article_label=row["article_label"] or {},
        article_heading=row["article_heading"] or {},
        language=row["language"],
        kind=Kind(row["kind"]),
        text=row["text"],
        name=row["name"],
        email=row["email"],
        state=State(row["state"]),
        refusal=row["refusal"],
        supports=row["supports"],
        submitted_at=row["submitted_at"],
        published_at=row["published_at"],
        moderated_at=row["moderated_at"],
        erased_at=row["erased_at"],
        answer=answer,
    )


async def newest(draft_id: UUID) -> dict[UUID | None, list[tuple[Comment, int]]]:
    """The newest published comments of each article, each with the number of all of that article."""
    ranked = (
        "select q.*, row_number() over w as place, count(*) over (partition by q.article) as total "  # noqa: S608 - constants
        f"from ({_COMMENT} where c.draft = $1 and c.state = 'published') q "
        "window w as (partition by q.article order by q.published_at desc, q.number desc)"
    )
    rows = await fetch(
        f"select * from ({ranked}) ranked where place <= $2 order by published_at desc, number desc",  # noqa: S608 - constants
        draft_id,
        COMMENTS_BESIDE_ARTICLE,
    )
    found: dict[UUID | None, list[tuple[Comment, int]]] = {}
    for one, row in zip(await overlaid([_comment(row) for row in rows]), rows, strict=True):
        found.setdefault(row["article"], []).append((one, int(row["total"])))
    return found


async def comment(comment_id: UUID) -> Comment | None:
    """A comment of any state, by the identity that only its author and the staff know."""
    row = await fetchrow(f"{_COMMENT} where c.id = $1", comment_id)
    return _comment(row) if row else None


async def comment_by_number(number: str) -> Comment | None:
    row = await fetchrow(f"{_COMMENT} where c.number = $1", number)
    return _comment(row) if row else None


async def published_comments(
    draft_id: UUID, article_id: UUID | None = None, *, whole_draft: bool = False, number: int = 1, size: int = PAGE_SIZE
) -> Slice[Comment]:
    """One page of the published comments: of an article, of the draft as a whole, or (neither given) of everything."""
    condition = (
        "c.draft = $1 and c.state = 'published' and "
        "case when $2::uuid is not null then c.article = $2 when $3 then c.article is null else true end"
    )
    rows = await fetch(
        f"{_COMMENT} where {condition} order by c.published_at desc, c.number desc limit $4 offset $5",
        draft_id,
        article_id,
        whole_draft,
        size,
        Slice.offset(number, size),
    )
    total = await fetchval(f"select count(*) from comment c where {condition}", draft_id, article_id, whole_draft)  # noqa: S608 - a constant
    return Slice(await overlaid([_comment(row) for row in rows]), number, int(total), size)


async def queue(
    *,
    draft_id: UUID | None = None,
    article_number: str = "",
    status: str = "submitted",
    number: int = 1,
    size: int = PAGE_SIZE,
) -> Slice[Comment]:
    """What moderators see, the oldest first. status: submitted, published, refused, unanswered, prepared, all."""
    condition = (
        "($1::uuid is null or c.draft = $1) and ($2 = '' or coalesce(a.number, '0') = $2) and "
        "case $3 when 'all' then true when 'unanswered' then c.state = 'published' and r.id is null "
        "when 'prepared' then r.id is not null and r.released_at is null else c.state = $3 end"
    )
    rows = await fetch(
        f"{_COMMENT} where {condition} order by c.submitted_at, c.number limit $4 offset $5",
        draft_id,
        article_number,
        status,
        size,
        Slice.offset(number, size),
    )
    total = await fetchval(
        "select count(*) from comment c "  # noqa: S608 - a constant
        "left join article_text a on a.version = c.version and a.article = c.article "
        f"left join reasoned_answer r on r.comment = c.id where {condition}",
        draft_id,
        article_number,
        status,
    )
    return Slice([_comment(row) for row in rows], number, int(total), size)


async def waiting_count() -> int:
    return int(await fetchval("select count(*) from comment where state = 'submitted'"))


async def counts_by_state(draft_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """For each draft how many comments are submitted, published, refused, answered (released), prepared."""
    rows = await fetch(
        "select c.draft, count(*) filter (where c.state = 'submitted') as submitted, "
        "count(*) filter (where c.state = 'published') as published, "
        "count(*) filter (where c.state = 'refused') as refused, "
        "count(*) filter (where r.released_at is not null) as answered, "
        "count(*) filter (where r.id is not null and r.released_at is null) as prepared "
        "from comment c left join reasoned_answer r on r.comment = c.id "
        "where c.draft = any($1::uuid[]) group by c.draft",
        list(draft_ids),
    )
    names = ("submitted", "published", "refused", "answered", "prepared")
    found = {row["draft"]: {name: int(row[name]) for name in names} for row in rows}
    return {one: found.get(one, dict.fromkeys(names, 0)) for one in draft_ids}
