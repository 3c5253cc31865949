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
from functools import partial
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from consult.analysis.complex_samples.design import Design
from consult.charts.chart import Chart, Source
from consult.columns.frame import Frame, frame
from consult.columns.published import counted, rule_of
from consult.columns.reading import Columns
from consult.columns.snapshot import LeftOut, Snapshot
from consult.columns.united import united
from consult.errors import NotFound
from consult.results import overview
from consult.results.building import chart, has_chart, may_have_chart
from consult.results.counting import CONFIDENCE, PUBLIC, Policy, is_sensitive
from consult.results.estimating import Weighing
from consult.results.groups import Break, Group, breaks, members, said, withheld
from consult.storage import Slice, fetch, fetchrow, fetchval
from consult.surveys import queries as surveys
from consult.surveys.conditions.expression import names, parse
from consult.surveys.definition.schema import AnyQuestion, Calculated, Definition, Hidden
from consult.surveys.survey import State, Survey
from consult.weighting.declared import Declared
from consult.weighting.queries import DEFAULT, Weighted, weights_of
from consult.weighting.state import Remembered, states

PUBLICATIONS = "select survey, published_at from results_publication"
MOST_KEPT = 24
MOST_HEADLINES = 200
MOST_OF_ONE = 60
"""Results of one survey that are kept: its groups, for the public and for staff."""
FEW = 200_000
"""Answers that are counted at once; more go to a thread."""


@dataclass(frozen=True, slots=True)
class Results:
    """A survey's results under one policy, of all people or of one group.

    group   of whom they speak: a break and one of its codes; None for all.
    used    the weights, and the design that was declared.

    charts  question key -> chart, in the order of the questionnaire.
    texts   question key -> how many wrote or sent something; what they wrote is not here.
    spans   question key -> the first and the last day or time given; only for those who may read single answers.
    withheld  questions whose charts are kept back for this group, because they are sensitive.
    came    how many came which way, in which language, on which day: @channel, @language, @day.
    left    which answers are left out because of their flags, and how many have which.
    """

    survey: Survey
    definition: Definition
    snapshot: Snapshot
    charts: Mapping[str, Chart]
    texts: Mapping[str, int]
    spans: Mapping[str, tuple[str, str]]
    left: LeftOut
    used: Weighted
    came: Mapping[str, Mapping[str, int]]
    group: Group | None = None
    withheld: frozenset[str] = frozenset()

    @property
    def declared(self) -> Declared:
        """How respondents were chosen."""
        return self.used.declared

    @property
    def source(self) -> Source | None:
        return next((made.source for made in self.charts.values()), None)


@dataclass(frozen=True, slots=True)
class Published:
    """A survey whose results are public."""

    survey: Survey
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Headlines:
    """The two or three charts that say most, and how many answered."""

    charts: list[Chart]
    answers: int


@dataclass(slots=True)
class _Made:
    """What was made of one snapshot of one survey."""

    columns: Columns
    breaks: list[Break] | None = None
    results: dict[tuple[object, ...], Results] = field(default_factory=dict)


_made: OrderedDict[tuple[UUID, tuple[str, ...]], _Made] = OrderedDict()
_headlines: Remembered[Headlines] = Remembered(MOST_HEADLINES)


async def published_at(survey_id: UUID) -> datetime | None:
    """When staff made the results public; None while they are not."""
    row = await fetchrow("select published_at from results_publication where survey = $1", survey_id)
    return None if row is None else row["published_at"]


async def is_public(survey_id: UUID) -> bool:
    return await published_at(survey_id) is not None


async def published_results() -> list[Published]:
    """All public results, the newest first."""
    rows = await fetch(f"{PUBLICATIONS} order by published_at desc, survey")
    known = {one.id: one for one in await surveys.some_surveys([row["survey"] for row in rows])}
    return [Published(known[row["survey"]], row["published_at"]) for row in rows]


async def some_published(*, number: int, size: int) -> Slice[Published]:
    """One page of them."""
    total = int(await fetchval("select count(*) from results_publication"))
    sql = f"{PUBLICATIONS} order by published_at desc, survey limit $1 offset $2"
    rows = await fetch(sql, size, Slice.offset(number, size))
    known = {one.id: one for one in await surveys.some_surveys([row["survey"] for row in rows])}
    return Slice([Published(known[row["survey"]], row["published_at"]) for row in rows], number, total, size)


async def publications() -> dict[UUID, datetime]:
    """Which surveys' results are public since when."""
    rows = await fetch(PUBLICATIONS)
    return {row["survey"]: row["published_at"] for row in rows}


async def public_slugs() -> set[str]:
    """The surveys whose results are public."""
    rows = await fetch("select s.slug from results_publication p join survey s on s.id = p.survey")
    return {row["slug"] for row in rows}


async def results_of(
    survey_id: UUID,
    *,
    policy: Policy = PUBLIC,
    at: datetime | None = None,
    without: Collection[str] | None = None,
    group: Group | None = None,
) -> Results:
    """All charts of a survey, weighted as published results are. Raises NotFound for a survey never published.

    policy  what to hide; with PUBLIC also the questions that their author keeps from the public.
    at      the moment by which the survey counts as open or closed; None takes the database's clock.
    without flags whose answers are not counted; None takes those that the publication leaves out.
    group   only of these people. NotFound for a group that may not be shown; see `breaks_of`.

    It does not ask whether the results are public: pages do.
    """
    return await _results(await surveys.survey_by_id(survey_id), policy, at, without, group)


async def _results(
    survey: Survey, policy: Policy, at: datetime | None, without: Collection[str] | None, group: Group | None
) -> Results:
    if not survey.version:
        raise NotFound
    now = await frame(survey.id, without=await rule_of(survey.id) if without is None else without)
    used = await weights_of(now, DEFAULT)
    kept = _current(now)
    is_closed = survey.state(at or now.snapshot.taken_at) is State.CLOSED
    day = "" if is_closed else now.snapshot.taken_at.date().isoformat()
    weights = (used.key, used.name, msgspec.json.encode(used.declared))
    key = (policy, is_closed, day, group, weights)
    made = kept.results.get(key)
    if made is None or made.used.found is not used.found:
        do = _Making(survey, now, used, policy, is_closed, group)
        made = await asyncio.to_thread(do.results) if now.n > FEW else do.results()
        while len(kept.results) >= MOST_OF_ONE:
            kept.results.pop(next(iter(kept.results)))
        kept.results[key] = made
    return made


async def breaks_of(survey_id: UUID) -> list[Break]:
    """What the public may see results by, with the groups that are large enough. Raises NotFound."""
    now = await counted(survey_id)
    kept = _current(now)
    if kept.breaks is None:
        kept.breaks = breaks(now, published(now.definition), PUBLIC.base)
    return kept.breaks


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
    return (await headlines_of([await surveys.survey_by_id(survey_id)]))[survey_id].charts


async def headlines_of(those: Collection[Survey]) -> dict[UUID, Headlines]:
    """The headlines of surveys whose results are known to be public."""
    now = await states([survey.id for survey in those])
    return {
        survey.id: await _headlines.of(survey.id, now.get(survey.id), partial(_headlines_of, survey))
        for survey in those
    }


async def _headlines_of(survey: Survey) -> Headlines:
    found = await _results(survey, PUBLIC, None, None, None)
    return Headlines(overview.headlines(found.charts, found.definition.results.breaks), found.snapshot.count)


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


@dataclass(frozen=True, slots=True)
class _Making:
    """What results are made from."""

    survey: Survey
    now: Frame
    used: Weighted
    policy: Policy
    is_closed: bool
    group: Group | None

    def results(self) -> Results:
        definition = self.now.definition
        shown = definition.questions if self.policy is not PUBLIC else published(definition)
        mine = self._members()
        weighing = self._weighing(mine)
        counted = mine if weighing is None else weighing.where
        columns = self.now.columns if counted is None or counted.all() else self.now.columns.among(counted)
        few: Mapping[str, frozenset[str]] = {}
        private: frozenset[str] = frozenset()
        if self.group is not None:
            private = frozenset(q.key for q in shown if is_sensitive(q) or q.key == self.group.key)
            few = withheld(self.now, shown, self.group, self.policy.base)
        charts = {
            question.key: chart(
                question, columns, self._source(question.key, columns), self.policy, weighing, few.get(question.key, ())
            )
            for question in shown
            if question.key not in private and has_chart(question, columns, self.policy)
        }
        texts, spans = {}, {}
        if self.group is None:
            texts = {q.key: columns.texts[q.key] for q in shown if q.key in columns.texts and q.key not in charts}
            spans = columns.spans if self.policy is not PUBLIC else {}
        snapshot = dataclasses.replace(self.now.snapshot, count=columns.n)
        return Results(
            self.survey,
            definition,
            snapshot,
            charts,
            texts,
            spans,
            self.now.left,
            self.used,
            _came(columns),
            self.group,
            private,
        )

    def _members(self) -> NDArray[np.bool_] | None:
        return None if self.group is None else members(self.now, self.group)

    def _weighing(self, mine: NDArray[np.bool_] | None) -> Weighing | None:
        """How the answers are weighed; None where all count the same and chance chose each person alike."""
        design = self.used.design
        if not design.n or _is_simple(design):
            return None
        where = design.weights > 0
        permits = self.used.declared.permits_intervals
        return Weighing(self.now.columns, design, where if mine is None else where & mine, permits, CONFIDENCE)

    def _source(self, key: str, columns: Columns) -> Source:
        declared, snapshot, group = self.used.declared, self.now.snapshot, self.group
        return Source(
            survey=self.now.definition.title,
            slug=self.survey.slug,
            question=key,
            design=declared.kind,
            responses=columns.n,
            taken_at=snapshot.taken_at,
            snapshot=snapshot.key,
            first_day=snapshot.first_day,
            last_day=snapshot.last_day,
            channels=columns.channels,
            population=declared.people if group is None else None,
            description=declared.description,
            state="closed" if self.is_closed else "open",
            filters=() if group is None else (said(group, self.now.variables[group.key]),),
            weights={} if self.used.reason else self.used.title,
        )


def _came(columns: Columns) -> dict[str, dict[str, int]]:
    found = {fact: columns.frequencies(fact) for fact in ("@channel", "@language", "@day")}
    return {fact: dict(zip(one.points, one.counts, strict=True)) for fact, one in found.items()}


def _is_simple(design: Design) -> bool:
    """Whether figures follow from counts alone: every answer counts the same, without strata or clusters."""
    is_equal = bool(np.ptp(design.weights) == 0)
    return is_equal and design.strata is None and not design.stages and not design.projections


def published(definition: Definition) -> list[AnyQuestion]:
    """The questions whose results may be public.

    What is computed from an answer that its author keeps private, or from a sensitive one, is kept private as well; so
    is what comes with a link and has no list of codes: anybody can write anything into it.
    """
    private = {q.key for q in definition.questions if not getattr(q, "public", True) or getattr(q, "sensitive", False)}
    shown = []
    for question in definition.questions:
        is_derived = isinstance(question, Calculated) and not private.isdisjoint(names(parse(question.value)))
        if is_derived or (isinstance(question, Hidden) and not question.options):
            private.add(question.key)
        elif getattr(question, "public", True):
            shown.append(question)
    return shown
