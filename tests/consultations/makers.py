"""Consultations for tests: every field has a default."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from consult.consultations import operations, queries
from consult.consultations.consultation import Consultation, Phase
from consult.consultations.operations import Content

ZONE = "Europe/Skopje"
WRITTEN = datetime(2026, 11, 1, 9, tzinfo=UTC)
DURING = datetime(2026, 11, 20, 12, tzinfo=UTC)
AFTER = datetime(2026, 12, 14, 12, tzinfo=UTC)

CONTENT = Content(
    slug="trees",
    kind="regulation",
    title={"mk": "Дрвореди и зелени површини", "ka": "ხეივნები და მწვანე სივრცეები", "en": "Tree rows and green areas"},
    summary={"mk": "Кој ги полева дрвјата?", "ka": "ვინ რწყავს ხეებს?", "en": "Who waters the trees?"},
    authentic_language="mk",
    opens_on=date(2026, 11, 3),
    last_on=date(2026, 12, 12),
    answers_due=date(2027, 1, 15),
    phases=(
        Phase("1", {"mk": "Коментари", "ka": "კომენტარები", "en": "Comments"}, date(2026, 11, 3), date(2026, 12, 12)),
        Phase("2", {"mk": "Одговори", "ka": "პასუხები", "en": "Answers"}, None, date(2027, 1, 15)),
    ),
)


def content(**changes: Any) -> Content:
    return replace(CONTENT, **changes)


async def a_consultation(*, published: bool = True, at: datetime = WRITTEN, **changes: Any) -> Consultation:
    """A consultation open from 3 November to 12 December 2026."""
    made = await operations.create_consultation(content(**changes), minimum_days=20, time_zone=ZONE, actor=None, at=at)
    if published:
        await operations.publish_consultation(made, actor=None, at=at)
    return await the_consultation(made)


async def the_consultation(consultation_id: UUID) -> Consultation:
    found = await queries.by_id(consultation_id)
    assert found is not None
    return found


def form_of(made: Content = CONTENT, /, **fields: str) -> Mapping[str, str]:
    """The fields that a browser posts for this content."""
    values = {
        "slug": made.slug,
        "kind": made.kind,
        "authentic_language": made.authentic_language,
        "opens_on": made.opens_on.isoformat() if made.opens_on else "",
        "last_on": made.last_on.isoformat() if made.last_on else "",
        "answers_due": made.answers_due.isoformat() if made.answers_due else "",
        "short_reason": made.short_reason,
    }
    for place in ("title", "summary", "plain_words", "legal_basis", "contact"):
        for language, text in getattr(made, place).items():
            values[f"{place}-{language}"] = text
    for number, phase in enumerate(made.phases, start=1):
        for language, text in phase.label.items():
            values[f"phase-{number}-{language}"] = text
        values[f"phase-{number}-starts"] = phase.starts.isoformat() if phase.starts else ""
        values[f"phase-{number}-ends"] = phase.ends.isoformat() if phase.ends else ""
    return {**values, **fields}
