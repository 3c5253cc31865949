"""Reads: what the explorer answers, for its page and for a chart that hangs elsewhere."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from consult.charts.spec import Spec
from consult.columns.variables import Variable
from consult.errors import Problem
from consult.explorer.answers import Answers
from consult.explorer.selecting import Selected, opened, selected
from consult.explorer.state import State, read
from consult.explorer.tabulating import Asking
from consult.surveys.survey import Survey
from consult.web.forms import Form
from consult.weighting.declared import Declared


@dataclass(frozen=True, slots=True)
class Explored:
    """What was asked, what could not be meant, and what is answered."""

    survey: Survey
    given: Answers
    state: State
    problems: list[Problem]
    charts: list[Spec]
    who: Selected

    @property
    def known(self) -> Mapping[str, Variable]:
        return self.given.variables

    @property
    def people(self) -> int:
        return self.who.people.count

    @property
    def declared(self) -> Declared:
        return self.who.declared


async def explored(slug: str, form: Form, *, at: datetime) -> Explored:
    """Answer what a form asks. Raises NotFound for a survey that is not there or was never published."""
    survey, made = await opened(slug)
    state, problems = read(form, made.variables)
    return await _answered(survey, made, state, problems, at)


async def _answered(survey: Survey, made: Answers, state: State, problems: list[Problem], at: datetime) -> Explored:
    who = await selected(survey, made, state.selection, at)
    state = dataclasses.replace(state, weights=who.selection.weights)
    asking = Asking(made, state, who.people, who.source(*state.rows, state.columns), who.notes)
    charts = asking.charts() if made.frame.n else []
    return Explored(survey, made, state, [*problems, *who.problems], charts, who)
