"""Reads: the charts of a survey, live, and which results are public.

Columns and charts are kept in memory for the answers they were made from (see `answers.Snapshot`); a new answer makes
new ones at the next question. Whether results are public is asked every time.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from consult.charts.chart import Chart, Source
from consult.columns.answers import LeftOut, Snapshot, blocks, marks, snapshot
from consult.columns.column import Columns, Decoding
from consult.columns.united import united
from consult.errors import NotFound
from consult.results import overview
from consult.results.building import chart, has_chart, may_have_chart
from consult.results.counting import PUBLIC, Policy
from consult.storage import fetch, fetchrow, fetchval
from consult.surveys import queries as surveys
from consult.surveys.definition import AnyQuestion, Calculated, Definition
from consult.surveys.expression import names, parse
from consult.surveys.flags import ALL
from consult.surveys.survey import State, Survey

MOST_KEPT = 24


@dataclass(frozen=True, slots=True)
class Results:
    """A survey's results under one policy.

    charts  question key -> chart, in the order of the questionnaire.
    texts   question key -> how many wrote or sent something; what they wrote is not here.
    spans   question key -> the first and the last day or time given; only for those who may read single answers.
    left    which answers are left out because of their flags, and how many have which.
    """

    survey: Survey
    definition: Definition
    snapshot: Snapshot
    charts: Mapping[str, Chart]
    texts: Mapping[str, int]
    spans: Mapping[str, tuple[str, str]]
    left: LeftOut

    @property
    def source(self) -> Source | None:
        return next((made.source for made in self.charts.values()), None)


@dataclass(frozen=True, slots=True)
class Published:
    """A survey whose results are public."""

    survey: Survey
    published_at: datetime


@dataclass(slots=True)
class _Kept:
    """What was made from one snapshot of one survey."""

    snapshot: Snapshot
    versions: int
    definition: Definition
    columns: Columns
    left: LeftOut
    results: dict[tuple[Policy, bool, str], Results] = field(default_factory=dict)


Named: TypeAlias = tuple[UUID, tuple[str, ...]]
_kept: OrderedDict[Named, _Kept] = OrderedDict()
_locks: dict[Named, asyncio.Lock] = {}


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
    chosen = tuple(flag for flag in ALL if flag in rule)
    now = dataclasses.replace(await snapshot(survey_id), without=chosen)
    kept = await _current(survey, now)
    is_closed = survey.state(at or now.taken_at) is State.CLOSED
    key = (policy, is_closed, "" if is_closed else now.taken_at.date().isoformat())
    made = kept.results.get(key)
    if made is None:
        while len(kept.results) > 3:
            kept.results.pop(next(iter(kept.results)))
        made = kept.results[key] = _results(survey, kept, now, policy, is_closed)
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


async def _current(survey: Survey, now: Snapshot) -> _Kept:
    """Columns of exactly these answers, made by one reader at a time."""
    name = (survey.id, now.without)
    async with _locks.setdefault(name, asyncio.Lock()):
        kept = _kept.get(name)
        if kept is None or kept.snapshot.key != now.key or kept.versions != survey.version:
            definition = await _definition(survey.id)
            decoding = Decoding(definition, {v.number: v.definition for v in await surveys.versions(survey.id)})
            async for block in blocks(survey.id, without=now.without):
                for answered in block:
                    decoding.add(answered.answers, answered.channel, answered.version)
                await asyncio.sleep(0)
            _, left = await marks(survey.id, now.without)
            kept = _kept[name] = _Kept(now, survey.version, definition, decoding.columns(), left)
        _kept.move_to_end(name)
        while len(_kept) > MOST_KEPT:
            _locks.pop(_kept.popitem(last=False)[0], None)
        return kept


def _results(survey: Survey, kept: _Kept, now: Snapshot, policy: Policy, is_closed: bool) -> Results:
    definition, columns = kept.definition, kept.columns
    now = dataclasses.replace(now, count=columns.n)
    shown = definition.questions if policy is not PUBLIC else published(definition)
    charts = {
        question.key: chart(question, columns, _source(survey, kept, now, question.key, is_closed), policy)
        for question in shown
        if has_chart(question, columns, policy)
    }
    texts = {q.key: columns.texts[q.key] for q in shown if q.key in columns.texts and q.key not in charts}
    spans = columns.spans if policy is not PUBLIC else {}
    return Results(survey, definition, now, charts, texts, spans, kept.left)


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


def _source(survey: Survey, kept: _Kept, now: Snapshot, key: str, is_closed: bool) -> Source:
    design = kept.definition.design
    return Source(
        survey=kept.definition.title,
        slug=survey.slug,
        question=key,
        design=design.kind,
        responses=kept.columns.n,
        taken_at=now.taken_at,
        snapshot=now.key,
        first_day=now.first_day,
        last_day=now.last_day,
        channels=dict(kept.columns.channels),
        population=design.population,
        description=design.description,
        state="closed" if is_closed else "open",
    )
