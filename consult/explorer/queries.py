"""Reads: what the explorer answers, for its page and for a chart that hangs elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from consult.charts.spec import Spec
from consult.columns.frame import Frame, frame
from consult.columns.variables import Variable
from consult.errors import NotFound, Problem
from consult.explorer.crossing import People, among
from consult.explorer.sourcing import source
from consult.explorer.state import State, from_query, read
from consult.explorer.tabulating import Asking
from consult.results import queries as results
from consult.surveys import queries as surveys
from consult.surveys.survey import State as SurveyState
from consult.surveys.survey import Survey
from consult.web.forms import Form


@dataclass(frozen=True, slots=True)
class Explored:
    """What was asked, what could not be meant, and what is answered."""

    survey: Survey
    frame: Frame
    state: State
    problems: list[Problem]
    charts: list[Spec]
    people: int

    @property
    def known(self) -> Mapping[str, Variable]:
        return self.frame.variables


async def explored(slug: str, form: Form, *, at: datetime) -> Explored:
    """Answer what a form asks. Raises NotFound for a survey that is not there or was never published."""
    survey = await surveys.survey(slug)
    made = await frame(survey.id, without=await results.rule_of(survey.id))
    state, problems = read(form, made.variables)
    return _answered(survey, made, state, problems, at)


async def spec_of(slug: str, query: str, *, at: datetime) -> Spec:
    """The first chart of a query that was kept. Raises NotFound if it has none any more."""
    survey = await surveys.survey(slug)
    made = await frame(survey.id, without=await results.rule_of(survey.id))
    state, problems = from_query(query, made.variables)
    found = _answered(survey, made, state, problems, at)
    if problems or not found.charts:
        raise NotFound
    return found.charts[0]


def _answered(survey: Survey, made: Frame, state: State, problems: list[Problem], at: datetime) -> Explored:
    where = np.ones(made.n, dtype=bool)
    for one in state.where:
        column = made.column(one.key)
        where &= among(column, one.codes)  # type: ignore[arg-type]  # numbers were refused in reading
    people = People(where)
    key = "-".join(
        one.replace(".", "-").replace("@", "").replace(":", "-") for one in (*state.rows, state.columns) if one
    )
    from_ = source(survey, made, key, state.where, {}, closed=survey.state(at) is SurveyState.CLOSED)
    charts = Asking(made, state, people, from_).charts()
    return Explored(survey, made, state, problems, charts, people.count)
