"""Published results as JSON, read only, for programs. Described in /api."""

from __future__ import annotations

from datetime import date, datetime

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from consult.charts.chart import Chart
from consult.errors import NotFound
from consult.i18n import Text
from consult.results import queries
from consult.surveys import queries as surveys


class PublishedResults(Struct, frozen=True):
    """A survey whose results are public. responses: answers to it; url: where its results are, as data."""

    slug: str
    title: Text
    published_at: datetime
    url: str


class SurveyResults(Struct, frozen=True):
    """All published charts of a survey. snapshot names the state of the answers; shares are in [0, 1].

    left_out: answers that are not counted; left_out_because: the marks for which they are left out.
    """

    slug: str
    title: Text
    design: str
    responses: int
    first_day: date | None
    last_day: date | None
    published_at: datetime
    snapshot: str
    left_out: int
    left_out_because: tuple[str, ...]
    charts: dict[str, Chart]


@get("/api/v1/results", include_in_schema=True, tags=["results"], summary="Surveys with published results")
async def published_results() -> list[PublishedResults]:
    return [
        PublishedResults(
            found.survey.slug, found.survey.title, found.published_at, f"/api/v1/surveys/{found.survey.slug}/results"
        )
        for found in await queries.published_results()
    ]


@get("/api/v1/surveys/{slug:str}/results", include_in_schema=True, tags=["results"], summary="Results of a survey")
async def survey_results(slug: FromPath[str], now: NamedDependency[datetime]) -> SurveyResults:
    survey = await surveys.survey(slug)
    published_at = await queries.published_at(survey.id)
    if published_at is None:
        raise NotFound
    found = await queries.results_of(survey.id, at=now)
    return SurveyResults(
        survey.slug,
        found.definition.title,
        found.declared.kind,
        found.snapshot.count,
        found.snapshot.first_day,
        found.snapshot.last_day,
        published_at,
        found.snapshot.key,
        found.left.total,
        found.left.flags,
        dict(found.charts),
    )


routes = [published_results, survey_results]
