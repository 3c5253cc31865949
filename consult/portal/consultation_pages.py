"""The public page of one consultation, with everything that belongs to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.charts import showing
from consult.consultations import queries as consultations
from consult.consultations.consultation import KIND_NAMES, STATE_NAMES
from consult.consultations.papers import queries as beside
from consult.consultations.shift_operations import shifts_of
from consult.drafts import queries as drafts
from consult.errors import NotFound
from consult.forums import queries as forums
from consult.forums.afterwards.queries import minutes_of
from consult.forums.forum import STAGE_NAMES, STAGE_TAGS
from consult.i18n import Locale
from consult.portal import queries
from consult.portal.course import course_of, minimum_in_words, phase_steps
from consult.profile import Profile
from consult.results import queries as results
from consult.surveys import queries as surveys
from consult.surveys.survey import STATE_NAMES as SURVEY_STATE_NAMES
from consult.surveys.survey import State as SurveyState
from consult.surveys.survey import Survey
from consult.web import AnyRequest, page, url

CHARTS = 4


@get("/{language:str}/consultations/{slug:str}")
async def consultation_page(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    profile: NamedDependency[Profile],
) -> Response[bytes]:
    found = await consultations.consultation(slug)
    if found is None or not found.is_public:
        raise NotFound
    about = [one for one in await surveys.of_consultation(found.id) if one.state(now) is not SurveyState.DRAFT]
    public = await results.publications()
    shown = [survey for survey in about if survey.id in public]
    answered = await surveys.answered([survey.id for survey in shown])
    meetings = await forums.of_consultation(found.id)
    reported_at = await consultations.report_published_at(found.id)
    return page(
        request,
        "portal/consultation.html",
        locale=locale,
        now=now,
        consultation=found,
        kind_name=KIND_NAMES[found.kind],
        state_name=STATE_NAMES[found.state_at(now)],
        steps=phase_steps(found.phases, locale, now),
        course=course_of(found, meetings, reported_at, locale, now),
        reported_at=reported_at,
        took_part=await queries.took_part(found.id),
        arithmetic=minimum_in_words(found.first_day(profile.time_zone), locale, profile),
        shifts=(await shifts_of([found.id]))[found.id],
        drafts=await drafts.of_consultation(found.id),
        surveys=about,
        survey_states=SURVEY_STATE_NAMES,
        forums=meetings,
        minutes=await minutes_of([one.id for one in meetings]) if meetings else {},
        stages=STAGE_NAMES,
        stage_tags=STAGE_TAGS,
        papers=await beside.papers(found.id),
        history=await beside.history(found.id),
        charts=await _charts([survey for survey in shown if survey.id in answered], locale, profile),
        with_results={survey.slug for survey in shown},
    )


async def _charts(shown: list[Survey], locale: Locale, profile: Profile) -> list[Any]:
    """The headlines of the first surveys, no more than the page has room for."""
    views: list[Any] = []
    for survey in shown:
        if len(views) >= CHARTS:
            break
        for chart in (await results.headlines_of([survey]))[survey.id].charts:
            path = url(locale, "surveys", survey.slug, "results", f"{chart.source.question}.json")
            views.append(showing.view(chart, locale, profile, plotly_url=path))
    return views[:CHARTS]


routes = [consultation_page]
