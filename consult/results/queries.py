"""Reads: the charts of a survey, live, and which results are public.

Columns and charts are kept in memory for the answers they were made from (see `answers.Snapshot`); a new answer makes
new ones at the next question. Whether results are public is asked every time.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from consult.errors import NotFound
from consult.results import overview
from consult.results.answers import Snapshot, blocks, snapshot
from consult.results.building import PUBLIC, Policy, chart, has_chart
from consult.results.chart import Chart, Source
from consult.results.columns import Columns, Decoding
from consult.results.united import united
from consult.storage import fetch, fetchrow
from consult.surveys import queries as surveys
from consult.surveys.definition import Definition, Free
from consult.surveys.survey import State, Survey

MOST_KEPT = 24


@dataclass(frozen=True, slots=True)
class Results:
    """A survey's results under one policy.

    charts  question key -> chart, in the order of the questionnaire.
    texts   question key -> how many wrote something; what they wrote is not here.
    """

    survey: Survey
    definition: Definition
    snapshot: Snapshot
    charts: Mapping[str, Chart]
    texts: Mapping[str, int]

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
    results: dict[tuple[Policy, bool, str], Results] = field(default_factory=dict)


_kept: OrderedDict[UUID, _Kept] = OrderedDict()
_locks: dict[UUID, asyncio.Lock] = {}


async def published_at(survey_id: UUID) -> datetime | None:
    """When staff made the results public; None while they are not."""
    row = await fetchrow("select published_at from results_publication where survey = $1", survey_id)
    return None if row is None else row["published_at"]


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


async def results_of(survey_id: UUID, *, policy: Policy = PUBLIC, at: datetime | None = None) -> Results:
    """All charts of a survey. Raises NotFound for a survey that was never published.

    policy  what to hide; with PUBLIC also the questions that their author keeps from the public.
    at      the moment by which the survey counts as open or closed; None takes the database's clock.

    It does not ask whether the results are public: pages do.
    """
    survey = await surveys.survey_by_id(survey_id)
    if not survey.version:
        raise NotFound
    now = await snapshot(survey_id)
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
    definition = await _definition(survey_id)
    return [(q.key, q.text) for q in definition.questions if has_chart(q) and getattr(q, "public", True)]


async def _definition(survey_id: UUID) -> Definition:
    versions = await surveys.versions(survey_id)
    if not versions:
        raise NotFound
    return united([version.definition for version in versions])


async def _current(survey: Survey, now: Snapshot) -> _Kept:
    """Columns of exactly these answers, made by one reader at a time."""
    async with _locks.setdefault(survey.id, asyncio.Lock()):
        kept = _kept.get(survey.id)
        if kept is None or kept.snapshot.key != now.key or kept.versions != survey.version:
            definition = await _definition(survey.id)
            decoding = Decoding(definition)
            async for block in blocks(survey.id):
                for answered in block:
                    decoding.add(answered.answers, answered.channel)
                await asyncio.sleep(0)
            kept = _kept[survey.id] = _Kept(now, survey.version, definition, decoding.columns())
        _kept.move_to_end(survey.id)
        while len(_kept) > MOST_KEPT:
            _locks.pop(_kept.popitem(last=False)[0], None)
        return kept


def _results(survey: Survey, kept: _Kept, now: Snapshot, policy: Policy, is_closed: bool) -> Results:
    definition, columns = kept.definition, kept.columns
    shown = [q for q in definition.questions if policy is not PUBLIC or getattr(q, "public", True)]
    charts = {
        question.key: chart(question, columns, _source(survey, kept, now, question.key, is_closed), policy)
        for question in shown
        if has_chart(question)
    }
    texts = {question.key: columns.texts.get(question.key, 0) for question in shown if isinstance(question, Free)}
    return Results(survey, definition, now, charts, texts)


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
