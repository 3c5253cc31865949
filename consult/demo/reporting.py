"""Seeding the words of staff in reports."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from consult.demo import content
from consult.demo.days import Calendar
from consult.reports import operations, queries
from consult.surveys import queries as surveys


async def seed_reports(town: content.Town, *, calendar: Calendar, staff: Mapping[str, UUID]) -> None:
    """Write the texts that are missing; what staff have changed meanwhile stays."""
    for one in town.reports:
        survey = await surveys.survey(one.survey)
        if (await queries.texts(survey.id)).introduction:
            continue
        await operations.write_texts(
            survey_id=survey.id,
            introduction=one.introduction,
            conclusions=one.conclusions,
            at=calendar.at,
            person=staff["analyst"],
        )
