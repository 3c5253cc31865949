"""Reading drafts, articles, comments and answers. Records come out, never table rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from consult.consultations import queries as consultations
from consult.consultations.consultation import Consultation
from consult.drafts.comment import Answer, Comment, Decision, Kind, Moderation, State
from consult.drafts.draft import Article, Draft, DraftVersion, Reading, WorkingCopy
from consult.storage import Slice, fetch, fetchrow, fetchval

COMMENTS_BESIDE_ARTICLE = 3
PAGE_SIZE = 25

_DRAFT = """
select d.id, d.slug, d.consultation, d.title, d.summary, d.authentic_language, d.moderation, d.closes_at, d.is_demo,
       v.number as version_number, v.published_at
from draft d
left join lateral (
    select number, published_at from draft_version where draft = d.id order by number desc limit 1
) v on true
"""
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


def _draft(row: Any, consultation: Consultation | None) -> Draft:
    return Draft(
        id=row["id"],
        slug=row["slug"],
        consultation=consultation,
        title=row["title"],
        summary=row["summary"],
        authentic_language=row["authentic_language"],
        moderation=Moderation(row["moderation"]),
        closes_at=row["closes_at"],
        is_demo=row["is_demo"],
        version_number=row["version_number"],
        published_at=row["published_at"],
    )


def _article(row: Any) -> Article:
    return Article(
        id=row["article"],
        position=row["position"],
        number=row["number"],
        label=row["label"],
        chapter=row["chapter"],
        heading=row["heading"],
        body=row["body"],
        plain_words=row["plain_words"],
    )


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


async def _drafts(condition: str, *arguments: object) -> list[Draft]:
    rows = await fetch(f"{_DRAFT} where {condition} order by v.published_at desc nulls first, d.slug", *arguments)
    ids = sorted({row["consultation"] for row in rows if row["consultation"]})
    found = await consultations.by_ids(ids) if ids else {}
    return [_draft(row, found.get(row["consultation"])) for row in rows]


async def draft(slug: str) -> Draft | None:
    """A draft of any state; a public page must ask `is_published`."""
    return next(iter(await _drafts("d.slug = $1", slug)), None)


async def draft_by_id(draft_id: UUID) -> Draft | None:
    return next(iter(await _drafts("d.id = $1", draft_id)), None)


async def all_drafts() -> list[Draft]:
    """Every draft, those without a published version first."""
    return await _drafts("true")


async def published_drafts() -> list[Draft]:
    return [found for found in await _drafts("v.number is not null") if found.is_published]


async def of_consultation(consultation_id: UUID) -> list[Draft]:
    """The published drafts of a consultation."""
    return [found for found in await _drafts("d.consultation = $1", consultation_id) if found.is_published]


async def open_drafts(at: datetime) -> list[Draft]:
    """The drafts that take comments at this moment, the one that closes first at the top."""
    found = [one for one in await published_drafts() if one.takes_comments(at)]
    return sorted(found, key=lambda one: (one.comments_end is None, one.comments_end or at, one.slug))


async def version(draft_id: UUID, number: int | None = None) -> DraftVersion | None:
    """A published version of a draft, the newest unless a number is given."""
    row = await fetchrow(
        "select id, number, preamble, memorandum, reason, published_at from draft_version "
        "where draft = $1 and ($2::integer is null or number = $2) order by number desc limit 1",
        draft_id,
        number,
    )
    return DraftVersion(**row) if row else None


async def articles(version_id: UUID) -> tuple[Article, ...]:
    rows = await fetch(
        "select article, position, number, label, chapter, heading, body, plain_words from article_text "
        "where version = $1 order by position",
        version_id,
    )
    return tuple(_article(row) for row in rows)


async def newest_articles(draft_ids: Sequence[UUID]) -> dict[UUID, list[Article]]:
    """The articles of the newest version of each draft, in their order."""
    rows = await fetch(
        "select v.draft, a.article, a.position, a.number, a.label, a.chapter, a.heading, a.body, a.plain_words "
        "from draft_version v join article_text a on a.version = v.id "
        "where v.draft = any($1::uuid[]) and not exists "
        "(select from draft_version o where o.draft = v.draft and o.number > v.number) order by v.draft, a.position",
        list(draft_ids),
    )
    found: dict[UUID, list[Article]] = {}
    for row in rows:
        found.setdefault(row["draft"], []).append(_article(row))
    return found


async def reading(slug: str, at: datetime, number: int | None = None) -> Reading | None:
    """All a reading page needs, in four statements; None while the public may not see the draft.

    number chooses an older version. Comments of all versions are there: they hang on articles, not on versions.
    """
    found = await draft(slug)
    if found is None or not found.is_published:
        return None
    rows = await fetch(
        "select v.id as version, v.number as version_number, v.preamble, v.memorandum, v.reason, v.published_at, "
        "a.article, a.position, a.number, a.label, a.chapter, a.heading, a.body, a.plain_words, "
        "(select array_agg(o.number order by o.number) from draft_version o where o.draft = v.draft) as versions "
        "from draft_version v join article_text a on a.version = v.id "
        "where v.draft = $1 and v.number = coalesce($2::integer, $3::integer) order by a.position",
        found.id,
        number,
        found.version_number,
    )
    if not rows:
        return None
    first = rows[0]
    comments = await _newest_comments(found.id)
    return Reading(
        draft=found,
        version=DraftVersion(
            id=first["version"],
            number=first["version_number"],
            preamble=first["preamble"],
            memorandum=first["memorandum"],
            reason=first["reason"],
            published_at=first["published_at"],
        ),
        articles=tuple(_article(row) for row in rows),
        comments={key: tuple(comment for comment, _ in found) for key, found in comments.items()},
        counts={key: found[0][1] for key, found in comments.items()},
        versions=tuple(first["versions"]),
    )


async def _newest_comments(draft_id: UUID) -> dict[UUID | None, list[tuple[Comment, int]]]:
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
    for row in rows:
        found.setdefault(row["article"], []).append((_comment(row), int(row["total"])))
    return found


async def working_copy(draft_id: UUID) -> WorkingCopy | None:
    row = await fetchrow("select texts, memorandum, changed_at from draft_working where draft = $1", draft_id)
    return WorkingCopy(**row) if row else None


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
    return Slice([_comment(row) for row in rows], number, int(total), size)


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
