"""Contacts, every field defaulted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consult.fieldwork import operations
from consult.storage import execute
from consult.surveys import published
from consult.surveys import queries as surveys
from consult.surveys.definition.schema import Definition
from tests.conftest import NOON
from tests.surveys.conftest import publish

ENABLED = ("mk", "ka", "en")


async def a_contact(survey: UUID, *, at: datetime = NOON, **values: str) -> UUID:
    given = {"name": "Ана Петрова", "email": "ana@example.org", "language": "mk", **values}
    return await operations.add_contact(survey_id=survey, values=given, language="mk", enabled=ENABLED, at=at)


async def invited_survey(definition: Definition | None = None, *, who: str = "mixed", is_open: bool = True) -> UUID:
    """A published survey that takes invitations."""
    survey = await publish(definition, is_open=is_open)
    await allow_invitations(survey, who)
    return survey


async def allow_invitations(survey: UUID, who: str = "mixed") -> None:
    await execute(
        """insert into survey_access (survey, who, sites, kiosk, kiosk_idle_s, least_seconds, network_rate, burst,
               changed_at) values ($1, $2, '[]', false, 90, 0, 1000, 1000, $3)
           on conflict (survey) do update set who = excluded.who""",
        survey,
        who,
        NOON,
    )
    published.forget((await surveys.survey_by_id(survey)).slug)
