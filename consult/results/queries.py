"""Reads: the charts of a survey, live, and which results are public.

Columns and charts are kept in memory for the answers they were made from (see `answers.Snapshot`); a new answer makes
new ones at the next question. Whether results are public is asked every time.
"""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec

from consult.charts.chart import Chart, Source
from consult.columns.frame import Frame, frame
from consult.columns.reading import Columns
from consult.columns.snapshot import LeftOut, Snapshot
from consult.columns.united import united
from consult.errors import NotFound
from consult.results import overview
from consult.results.building import chart, has_chart, may_have_chart
from consult.results.counting import PUBLIC, Policy
from consult.storage import fetch, fetchrow, fetchval
from consult.surveys import queries as surveys
from consult.surveys.definition import AnyQuestion, Calculated, Definition
from consult.surveys.expression import names, parse
from consult.surveys.survey import State, Survey
from consult.weighting.declared import Declared
from consult.weighting.queries import design_of

MOST_KEPT = 24


@dataclass(frozen=True, slots=True)
class Results:
    """A survey's results under one policy.

    charts  question key -> chart, in the order of the questionnaire.
    texts   question key -> how many wrote or sent something; what they wrote is not here.
    spans   question key -> the first and the last day or time given; only for those who may read single answers.
    left    which answers are left out because of their flags, and how many have which.
    declared  how respondents were chosen.
    """

    survey: Survey
    definition: Definition
    snapshot: Snapshot
    charts: Mapping[str, Chart]
    texts: Mapping[str, int]
    spans: Mapping[str, tuple[str, str]]
    left: LeftOut
    declared: Declared

    @property
    def source(self) -> Source | None:
        return next((made.source for made in self.charts.values()), None)


@dataclass(frozen=True, slots=True)
class Published:
    """A survey whose results are public."""

    survey: Survey
    published_at: datetime


@dataclass(slots=True)
class _Made:
    """What was made of one snapshot of one survey."""

    columns: Columns
    results: dict[tuple[Policy, bool, str, bytes], Results] = field(default_factory=dict)


_made: OrderedDict[tuple[UUID, tuple[str, ...]], _Made] = OrderedDict()


async def published_at(survey_id: UUID) -> datetime | None:
    """When staff made the results public; None while they are not."""
    row = await fetchrow("select published_at from results_publication where survey = $1", survey_id)
    return None if row is None else row["published_at"]


async def rule_of(survey_id: UUID) -> tuple[str, ...]:
    """The flags whose answers the published figures leave out; none while nothing is published."""
    return tuple(await fetchval("select without from results_publication where survey = $1", survey_id) or ())


async def is_public(survey_id: UUID) -> bool:
    return await published_at(survey_id) is not None


async def published_results() -> list[Published]:
    """All public results, the newest first."""
    rows = await fetch("select survey, published_at from results_publication order by published_at desc, survey")
    return [Published(await surveys.survey_by_id(row["survey"]), row["published_at"]) for row in rows]


async def publications() -> dict[UUID, datetime]:
    """Which surveys' results are public since when."""
    rows = await fetch("select survey, published_at from results_publication")
    return {row["survey"]: row["published_at"] for row in rows}


async def results_of(
    survey_id: UUID, *, policy: Policy = PUBLIC, at: datetime | None = None, without: Collection[str] | None = None
) -> Results:
    """All charts of a survey. Raises NotFound for a survey that was never published.

    policy  what to hide; with PUBLIC also the questions that their author keeps from the public.
    at      the moment by which the survey counts as open or closed; None takes the database's clock.
    without flags whose answers are not counted; None takes those that the publication leaves out.

    It does not ask whether the results are public: pages do.
    """
    survey = await surveys.survey_by_id(survey_id)
    if not survey.version:
        raise NotFound
    rule = await rule_of(survey_id) if without is None else without
    now = await frame(survey_id, without=rule)
    kept = _current(now)
    is_closed = survey.state(at or now.snapshot.taken_at) is State.CLOSED
    declared = await design_of(survey_id)
    day = "" if is_closed else now.snapshot.taken_at.date().isoformat()
    key = (policy, is_closed, day, msgspec.json.encode(declared))
    made = kept.results.get(key)
    if made is None:
        while len(kept.results) > 3:
            kept.results.pop(next(iter(kept.results)))
        made = kept.results[key] = _results(survey, now, declared, policy, is_closed)
    return made


async def question_chart(survey_id: UUID, key: str, *, policy: Policy = PUBLIC, at: datetime | None = None) -> Chart:
    """One question's chart. Raises NotFound for an unknown question, one without a chart or one kept from the public.

    Staff who attach a chart to an article have made that chart public; this does not ask about the rest.
    """
    found = (await results_of(survey_id, policy=policy, at=at)).charts.get(key)
    if found is None:
        raise NotFound
    return found


async def headline_charts(survey_id: UUID) -> list[Chart]:
    """The two or three charts that say most, for a consultation's page; none while the results are not public."""
    if not await is_public(survey_id):
        return []
    found = await results_of(survey_id)
    return overview.headlines(found.charts, found.definition.results.breaks)


async def chart_choices(survey_id: UUID) -> list[tuple[str, Mapping[str, str]]]:
    """Keys and words of the questions whose chart can be attached somewhere."""
    return [(q.key, q.text) for q in published(await _definition(survey_id)) if may_have_chart(q)]


async def _definition(survey_id: UUID) -> Definition:
    versions = await surveys.versions(survey_id)
    if not versions:
        raise NotFound
    return united([version.definition for version in versions])


def _current(now: Frame) -> _Made:
    """What was made of exactly these answers so far."""
    name = (now.survey_id, now.snapshot.without)
    kept = _made.get(name)
    if kept is None or kept.columns is not now.columns:
        kept = _made[name] = _Made(now.columns)
    _made.move_to_end(name)
    while len(_made) > MOST_KEPT:
        _made.popitem(last=False)
    return kept


def _results(survey: Survey, now: Frame, declared: Declared, policy: Policy, is_closed: bool) -> Results:
    definition, columns = now.definition, now.columns
    snapshot = dataclasses.replace(now.snapshot, count=now.n)
    shown = definition.questions if policy is not PUBLIC else published(definition)
    charts = {
        question.key: chart(question, columns, _source(survey, now, declared, question.key, is_closed), policy)
        for question in shown
        if has_chart(question, columns, policy)
    }
    texts = {q.key: columns.texts[q.key] for q in shown if q.key in columns.texts and q.key not in charts}
    spans = columns.spans if policy is not PUBLIC else {}
    return Results(survey, definition, snapshot, charts, texts, spans, now.left, declared)


def published(definition: Definition) -> list[AnyQuestion]:
    """The questions whose results may be public.

    What is computed from an answer that its author keeps private, or from a sensitive one, is kept private as well.
    """
    private = {q.key for q in definition.questions if not getattr(q, "public", True) or getattr(q, "sensitive", False)}
    shown = []
    for question in definition.questions:
        if isinstance(question, Calculated) and not private.isdisjoint(names(parse(question.value))):
            private.add(question.key)
        elif getattr(question, "public", True):
            shown.append(question)
    return shown


def _source(survey: Survey, now: Frame, declared: Declared, key: str, is_closed: bool) -> Source:
    snapshot = now.snapshot
    return Source(
        survey=now.definition.title,
        slug=survey.slug,
        question=key,
        design=declared.kind,
        responses=now.n,
        taken_at=snapshot.taken_at,
        snapshot=snapshot.key,
        first_day=snapshot.first_day,
        last_day=snapshot.last_day,
        channels=now.columns.channels,
        population=declared.people,
        description=declared.description,
        state="closed" if is_closed else "open",
    )
