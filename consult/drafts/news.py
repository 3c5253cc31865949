"""What is new about drafts in a span of time, for letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from consult.i18n import Text
from consult.storage import fetch


@dataclass(frozen=True, slots=True)
class DraftNews:
    """A draft with the number of its new version, or of its new answers."""

    slug: str
    title: Text
    number: int


SHOWN = (
    "(d.consultation is null or exists (select from consultation k where k.id = d.consultation and k.state <> 'draft'))"
)


async def versions_between(since: datetime, until: datetime) -> list[DraftNews]:
    """Drafts the public sees that got a version, with the newest of that time."""
    rows = await fetch(
        "select d.slug, d.title, max(v.number) as number from draft d join draft_version v on v.draft = d.id "  # noqa: S608 - a constant
        f"where v.published_at >= $1 and v.published_at < $2 and {SHOWN} group by d.id order by d.slug",
        since,
        until,
    )
    return [DraftNews(row["slug"], row["title"], row["number"]) for row in rows]


async def answers_between(since: datetime, until: datetime) -> list[DraftNews]:
    """Drafts the public sees whose comments were answered, with how many published comments."""
    rows = await fetch(
        "select d.slug, d.title, count(distinct c.id) as number from draft d join comment c on c.draft = d.id "  # noqa: S608 - a constant
        "join reasoned_answer r on r.comment = c.id "
        f"where r.released_at >= $1 and r.released_at < $2 and c.state = 'published' and {SHOWN} "
        "group by d.id order by d.slug",
        since,
        until,
    )
    return [DraftNews(row["slug"], row["title"], int(row["number"])) for row in rows]
