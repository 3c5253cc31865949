"""Which answers count in public: those without the marks that staff chose to leave out when they published."""

from __future__ import annotations

from uuid import UUID

from consult.columns.frame import Frame, frame
from consult.storage import fetchval


async def rule_of(survey_id: UUID) -> tuple[str, ...]:
    """The flags whose answers the published figures leave out; none while nothing is published."""
    return tuple(await fetchval("select without from results_publication where survey = $1", survey_id) or ())


async def counted(survey_id: UUID) -> Frame:
    """The answers that count. Raises NotFound for a survey that was never published."""
    return await frame(survey_id, without=await rule_of(survey_id))
