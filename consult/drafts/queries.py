"""Reading drafts, versions and articles. Records come out, never table rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from consult.consultations import queries as consultations
from consult.consultations.consultation import Consultation
from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import Moderation
from consult.drafts.draft import Article, Draft, DraftVersion, Reading, WorkingCopy
from consult.errors import NotFound
from consult.storage import fetch, fetchrow

_DRAFT = """
select d.id, d.slug, d.consultation, d.title, d.summary, d.authentic_language, d.moderation, d.closes_at, d.is_demo,
       v.number as version_number, v.published_at
from draft d
left join lateral (
    select number, published_at from draft_version where draft = d.id order by number desc limit 1
) v on true
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


async def _drafts(condition: str, *arguments: object) -> list[Draft]:
    rows = await fetch(f"{_DRAFT} where {condition} order by v.published_at desc nulls first, d.slug", *arguments)
    ids = sorted({row["consultation"] for row in rows if row["consultation"]})
    found = await consultations.by_ids(ids) if ids else {}
    return [_draft(row, found.get(row["consultation"])) for row in rows]


async def draft(slug: str) -> Draft | None:
    """A draft of any state; a public page must ask `is_published`."""
    return next(iter(await _drafts("d.slug = $1", slug)), None)


async def the_draft(slug: str) -> Draft:
    """Raises NotFound."""
    found = await draft(slug)
    if found is None:
        raise NotFound
    return found


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
    """All a reading page needs, in a few statements; None while the public may not see the draft.

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
    articles = tuple(_article(row) for row in rows)
    newest = await comments.newest(found.id, first["version"], {article.id: article.body for article in articles})
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
        articles=articles,
        comments={key: tuple(comment for comment, _ in found) for key, found in newest.items()},
        counts={key: found[0][1] for key, found in newest.items()},
        versions=tuple(first["versions"]),
    )


async def working_copy(draft_id: UUID) -> WorkingCopy | None:
    row = await fetchrow("select texts, memorandum, changed_at from draft_working where draft = $1", draft_id)
    return WorkingCopy(**row) if row else None
