"""Seeding reports: the consultations that have ended and whose outcome is written get theirs, published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from consult.consultations import queries as consultations
from consult.demo import content
from consult.demo.days import Calendar
from consult.proceedings import operations, queries
from consult.profile import Profile

AFTER = timedelta(minutes=5)


async def seed_proceedings(
    town: content.Town, ids: Mapping[str, UUID], *, profile: Profile, calendar: Calendar, staff: Mapping[str, UUID]
) -> None:
    """Compile and publish the reports that are missing."""
    for one in town.consultations:
        if one.outcome is None or await queries.of_consultation(ids[one.slug]):
            continue
        found = await consultations.by_id(ids[one.slug])
        if found is None or found.closes_at is None:
            continue
        at = calendar.at - AFTER
        number = await operations.compile_report(
            consultation_id=found.id, profile=profile, reason={}, actor=staff["designer"], at=at
        )
        made = await queries.one(found.id, number)
        if made is not None:
            await operations.make_files(proceedings_id=made.id, profile=profile, at=at)
            await operations.publish_report(
                consultation_id=found.id, number=number, languages=profile.languages, actor=staff["admin"], at=at
            )
