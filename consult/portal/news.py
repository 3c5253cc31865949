"""What was published lately about texts and consultations, as entries of the news feed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from consult.drafts.news import SHOWN
from consult.errors import N_
from consult.i18n import Text
from consult.storage import fetch

MOST = 100


@dataclass(frozen=True, slots=True)
class News:
    """says is a msgid with %(number)s; reason is what staff wrote about it."""

    id: UUID
    title: Text
    path: tuple[str, ...]
    at: datetime
    says: str
    number: int = 0
    reason: Text = field(default_factory=dict)


async def news(since: datetime, until: datetime) -> tuple[News, ...]:
    """New versions, released answers, moved ends and reports of a span, newest first."""
    rows = await fetch(
        f"""SELECT v.id::text AS key, d.title, d.slug, v.published_at AS at, 'version' AS what, v.number, v.reason
           FROM draft_version v JOIN draft d ON d.id = v.draft
           WHERE v.number > 1 AND v.published_at >= $1 AND v.published_at < $2 AND {SHOWN}
           UNION ALL
           SELECT 'answers:' || d.id || ':' || extract(epoch FROM r.released_at)::text, d.title, d.slug,
               r.released_at, 'answers', count(DISTINCT c.id)::int, '{{}}'::jsonb
           FROM reasoned_answer r JOIN comment c ON c.id = r.comment JOIN draft d ON d.id = c.draft
           WHERE c.state = 'published' AND r.released_at >= $1 AND r.released_at < $2 AND {SHOWN}
           GROUP BY d.id, r.released_at
           UNION ALL
           SELECT s.id::text, k.title, k.slug, s.decided_at,
               CASE WHEN s.closes_at > s.closed_at THEN 'extended' ELSE 'shortened' END, 0, s.reason
           FROM consultation_shift s JOIN consultation k ON k.id = s.consultation
           WHERE k.state <> 'draft' AND s.decided_at >= $1 AND s.decided_at < $2
           UNION ALL
           SELECT p.id::text, k.title, k.slug, p.published_at, 'report', p.number, '{{}}'::jsonb
           FROM proceedings p JOIN consultation k ON k.id = p.consultation
           WHERE k.state <> 'draft' AND p.published_at >= $1 AND p.published_at < $2
           ORDER BY 4 DESC, 1 LIMIT {MOST}""",  # noqa: S608 - constants
        since,
        until,
    )
    return tuple(
        News(
            id=uuid5(NAMESPACE_URL, row["key"]),
            title=row["title"],
            path=(PLACES[row["what"]], row["slug"], *(("report",) if row["what"] == "report" else ())),
            at=row["at"],
            says=SAYINGS[row["what"]],
            number=row["number"],
            reason=row["reason"],
        )
        for row in rows
    )


PLACES = {"version": "drafts", "answers": "drafts"} | dict.fromkeys(
    ("extended", "shortened", "report"), "consultations"
)
SAYINGS = {
    "version": N_("version %(number)s"),
    "answers": N_("new answers: %(number)s"),
    "extended": N_("the consultation has been extended"),
    "shortened": N_("the consultation has been shortened"),
    "report": N_("the report has been published"),
}
