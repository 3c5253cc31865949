"""Surveys for programs, read only: what is or was open, and each published definition."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import NotFound
from consult.i18n import Text
from consult.surveys import queries
from consult.surveys.definition.schema import to_builtins
from consult.surveys.survey import State, Survey


class SurveySummary(msgspec.Struct, frozen=True):
    """A survey that is or was open. state: open or closed."""

    key: str
    title: Text
    summary: Text
    state: str
    opens_at: datetime
    closes_at: datetime | None
    version: int
    languages: list[str]


class PublishedSurvey(msgspec.Struct, frozen=True):
    """A survey with its newest definition, in the format of survey files."""

    survey: SurveySummary
    definition: dict[str, Any]


def summary(survey: Survey, at: datetime) -> SurveySummary:
    if survey.opens_at is None:
        raise NotFound
    return SurveySummary(
        key=survey.slug,
        title=survey.title,
        summary=survey.summary,
        state=survey.state(at).value,
        opens_at=survey.opens_at,
        closes_at=survey.closes_at,
        version=survey.version,
        languages=list(survey.languages),
    )


@get("/api/v1/surveys", include_in_schema=True, tags=["surveys"])
async def list_surveys(now: NamedDependency[datetime]) -> list[SurveySummary]:
    return [summary(survey, now) for survey in await queries.published_surveys(now)]


@get("/api/v1/surveys/{key:str}", include_in_schema=True, tags=["surveys"])
async def one_survey(key: FromPath[str], now: NamedDependency[datetime]) -> PublishedSurvey:
    survey = await queries.survey(key)
    if survey.state(now) not in (State.OPEN, State.CLOSED):
        raise NotFound
    return PublishedSurvey(summary(survey, now), to_builtins((await queries.version(survey.id)).definition))


routes = [list_surveys, one_survey]
