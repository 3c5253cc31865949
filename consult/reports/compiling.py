"""From a survey's answers to a report: everything is asked for here, and nothing of it is said yet.

What may be published decides: all charts and tables obey results.counting.PUBLIC, and questions whose results their
author keeps from the public are in no part of the report.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from uuid import UUID

import msgspec

from consult.charts.chart import Source
from consult.charts.kinds import Intervals, Line, Measure, Scatter, Value, Wave
from consult.columns.frame import Frame
from consult.columns.published import counted
from consult.columns.variables import said
from consult.errors import N_
from consult.fieldwork import mailing_queries, progress, progress_queries
from consult.i18n import languages
from consult.i18n import locale as locale_of
from consult.indices import queries as standing_indices
from consult.indices.charts import line
from consult.reports import mapping, rating, wordings
from consult.reports.groups import by_group
from consult.reports.report import Absent, Conduct, Measured, Report, Response, Texts, Weights, Written
from consult.results import overview
from consult.results.counting import PUBLIC
from consult.results.queries import Results, results_of
from consult.surveys import queries as surveys
from consult.surveys.definition.schema import AnyQuestion
from consult.surveys.responses import response_counts
from consult.surveys.survey import Survey
from consult.weighting import queries as weighting
from consult.weighting.queries import Weighted
from consult.weighting.recipe import Recipe
from consult.weighting.weighing import relative

FEWEST_DAYS, FEWEST_FOR_DAYS = 3, 30
"""A chart of the days needs so many days and answers."""
PER_DAY = N_("Answers per day")
NO_INDEX = N_("No standing index is measured in this survey.")
NO_ANSWERS = N_("Nobody has answered yet.")
NO_SCALE = N_("The questionnaire has no scale of satisfaction.")


async def compiled(survey_id: UUID, *, key: bytes, at: dt.datetime, texts: Texts | None = None) -> Report:
    """Gather the report of a survey as its answers stand at `at`. Raises NotFound for one that was never published.

    key  by which invitations are recognised (fieldwork.links).
    """
    survey = await surveys.survey_by_id(survey_id)
    results = await results_of(survey_id, at=at)
    now = await counted(survey_id)
    used = await weighting.weights_of(now, weighting.DEFAULT)
    absent: list[Absent] = []
    source = results.source
    questions = rating.published(results.definition, results.charts)
    drivers: Intervals | Absent = Absent("drivers", NO_ANSWERS)
    importance: Scatter | Absent = Absent("importance", NO_ANSWERS)
    breaks: list[Intervals] = []
    texts_written: tuple[Written, ...] = ()
    if source is not None and now.n:
        given = mapping.Ratings(now, questions)
        found = await asyncio.to_thread(mapping.drivers, given, used)
        drivers = mapping.driver_chart(found, given, used, source)
        importance = mapping.importance_map(now, questions, found, given, used, source)
        breaks = _breaks(now, results, questions, given, used, source)
        texts_written = await wordings.written(now, results, source)
    standing = await _indices(survey, at)
    if not standing:
        absent.append(Absent("indices", NO_INDEX))
    absent += [one for one in (importance, drivers) if isinstance(one, Absent)]
    satisfaction = tuple(
        chart for chart in results.charts.values() if chart.kind == "nps" or chart.measure in rating.SATISFACTION
    )
    if not satisfaction:
        absent.append(Absent("satisfaction", NO_SCALE))
    return Report(
        survey=survey,
        definition=results.definition,
        made_at=at,
        texts=texts or Texts(),
        conduct=await _conduct(survey, now, used),
        response=await _response(survey, key, results),
        charts=dict(results.charts),
        headlines=tuple(overview.headlines(results.charts, results.definition.results.breaks)),
        indices=standing,
        satisfaction=satisfaction,
        importance=None if isinstance(importance, Absent) else importance,
        drivers=None if isinstance(drivers, Absent) else drivers,
        written=texts_written,
        breaks=tuple(breaks),
        absent=tuple(absent),
    )


def _breaks(
    now: Frame,
    results: Results,
    questions: list[AnyQuestion],
    given: mapping.Ratings,
    used: Weighted,
    source: Source,
) -> list[Intervals]:
    """The overall question by each question by which staff let results be divided."""
    if given.question is None:
        return []
    by = {question.key: question for question in questions}
    asked = [by[key] for key in results.definition.results.breaks if key in by]
    made = [by_group(now, given.question, one, used, source) for one in asked]
    return [one for one in made if one is not None]


async def _indices(survey: Survey, at: dt.datetime) -> tuple[Measured, ...]:
    """The standing indices that this survey measures, each with its series."""
    found = []
    for index, wave in await standing_indices.of_survey(survey):
        if wave.estimate.n < PUBLIC.base:
            continue
        waves = [one for one in await standing_indices.series(index, at=at) if one.estimate.n >= PUBLIC.base]
        series = line(index, waves, await standing_indices.versions(index.id), at=at)
        found.append(Measured(index, wave, series))
    return tuple(found)


async def _conduct(survey: Survey, now: Frame, used: Weighted) -> Conduct:
    weights = None
    if used.declared.permits_intervals or used.key:
        kish, shown = used.found.cost, relative(used.weights)
        recipe = (await weighting.weight_set(survey.id, used.key)).recipe if used.key else Recipe()
        weights = Weights(
            name=used.name,
            margins=tuple((margin.title, margin.source) for margin in recipe.margins if margin.variable),
            deff=kish.deff,
            n_eff=kish.n_eff,
            lowest=float(shown.min()) if shown.size else 1.0,
            highest=float(shown.max()) if shown.size else 1.0,
            failed=bool(used.key and used.reason),
        )
    return Conduct(used.declared, now.snapshot, now.n, now.left, survey.version, weights)


async def _response(survey: Survey, key: bytes, results: Results) -> Response:
    found = await response_counts.by_day(survey.id)
    total = sum(one.count for one in found)
    invited = await mailing_queries.frame_counts(survey.id, key)
    eligibility = await progress_queries.eligibility(survey.id)
    turned_away = progress.turned_away(survey, await response_counts.tallies(survey.id))
    days = progress.days(found, max((one.day for one in found), default=results.snapshot.taken_at.date()))
    return Response(
        total=total,
        days=_days(days, results) if len(days) >= FEWEST_DAYS and total >= FEWEST_FOR_DAYS else None,
        channels=tuple(progress.parts(found, "channel")),
        languages=tuple(progress.parts(found, "language")),
        invited=invited if invited.invited else None,
        rates=progress.rates(invited, eligibility.share, turned_away),
        eligibility=eligibility.share,
        eligibility_reason=eligibility.reason,
    )


def _days(days: list[progress.Day], results: Results) -> Line | None:
    """How many answers came on each day."""
    if results.source is None:
        return None
    waves = tuple(
        Wave(
            key=one.day.isoformat(),
            label={code: locale_of(code).date(one.day, "day") for code in languages()},
            figure=Value(float(one.count)),
            base=one.count,
            on=one.day,
        )
        for one in days
    )
    source = msgspec.structs.replace(results.source, question="days", weights={})
    return Line(title=said(PER_DAY), source=source, base=results.snapshot.count, measure=Measure("count"), waves=waves)
