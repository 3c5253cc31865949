"""Seeding codes: what an analyst has made of the answers to an open question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from consult.coding import operations, queries
from consult.demo import content
from consult.demo.days import Calendar
from consult.surveys import queries as surveys
from consult.textmatch.letters import key


async def seed_coding(town: content.Town, *, calendar: Calendar, staff: Mapping[str, UUID]) -> None:
    """Make the codes of questions that have none yet, and give them to the answers that have their words."""
    known = {survey.slug: survey.id for survey in await surveys.all_surveys()}
    for one in town.answers.coding:
        survey_id = known[one.survey]
        if await queries.code_frame(survey_id, one.question) is None:
            await _coded(survey_id, one, calendar, staff["analyst"])


async def _coded(survey_id: UUID, one: content.Coding, calendar: Calendar, analyst: UUID) -> None:
    what: dict[str, Any] = {"survey_id": survey_id, "question": one.question}
    written = [found async for block in queries.blocks(survey_id, one.question) for found in block]
    keys = {found.response: key(found.words) for found in written}
    for code in one.codes:
        made = await operations.add_code(**what, label=code.label, at=calendar.at, person=analyst)
        wanted = [key(words) for words in code.words]
        meant = [response for response, own in keys.items() if any(words in own for words in wanted)]
        await operations.assign(**what, responses=meant, keys=[made.key], at=calendar.at, person=analyst)
