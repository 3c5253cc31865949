"""Contacts, every field defaulted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consult.fieldwork import operations
from tests.conftest import NOON

ENABLED = ("mk", "ka", "en")


async def a_contact(survey: UUID, *, at: datetime = NOON, **values: str) -> UUID:
    given = {"name": "Ана Петрова", "email": "ana@example.org", "language": "mk", **values}
    return await operations.add_contact(survey_id=survey, values=given, language="mk", enabled=ENABLED, at=at)
