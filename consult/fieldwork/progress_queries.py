"""Reads: what was decided about a survey in the field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consult.storage import fetch, fetchrow, fetchval


@dataclass(frozen=True, slots=True)
class Eligibility:
    """share: of eligible people among those of unknown eligibility, 0..1; the greatest where nobody decided."""

    share: float = 1.0
    reason: str = ""


async def retention_days(survey_id: UUID) -> int | None:
    """After how many days past the closing answers are erased; None: they are kept."""
    days: int | None = await fetchval("select days from survey_retention where survey = $1", survey_id)
    return days


async def eligibility(survey_id: UUID) -> Eligibility:
    row = await fetchrow("select share, reason from survey_eligibility where survey = $1", survey_id)
    return Eligibility(row["share"], row["reason"]) if row else Eligibility()


async def due(at: datetime) -> list[UUID]:
    """Closed surveys whose answers have been kept as long as was decided, and are still there."""
    rows = await fetch(
        """select r.survey from survey_retention r join survey s on s.id = r.survey
           where s.closes_at is not null and s.closes_at + make_interval(days => r.days) <= $1
             and exists (select from response where survey = r.survey)""",
        at,
    )
    return [row["survey"] for row in rows]
