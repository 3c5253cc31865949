"""Reads: what the explorer answers, for its page and for a chart that hangs elsewhere."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from consult.charts.kinds import Note
from consult.charts.spec import Spec
from consult.columns.frame import frame
from consult.columns.variables import Variable
from consult.errors import N_, NotFound, Problem
from consult.explorer.answers import Answers, answers
from consult.explorer.crossing import People, among
from consult.explorer.sourcing import source
from consult.explorer.state import State, from_query, read
from consult.explorer.tabulating import Asking
from consult.results import queries as results
from consult.surveys import queries as surveys
from consult.surveys.survey import State as SurveyState
from consult.surveys.survey import Survey
from consult.web.forms import Form
from consult.weighting import queries as weighting
from consult.weighting.declared import Declared

UNKNOWN_WEIGHTS = N_("There are no weights “%(name)s”. Choose some of the list.")


@dataclass(frozen=True, slots=True)
class Explored:
    """What was asked, what could not be meant, and what is answered."""

    survey: Survey
    given: Answers
    state: State
    problems: list[Problem]
    charts: list[Spec]
    people: int
    declared: Declared

    @property
    def known(self) -> Mapping[str, Variable]:
        return self.given.variables


async def explored(slug: str, form: Form, *, at: datetime) -> Explored:
    """Answer what a form asks. Raises NotFound for a survey that is not there or was never published."""
    survey = await surveys.survey(slug)
    made = await answers(await frame(survey.id, without=await results.rule_of(survey.id)))
    state, problems = read(form, made.variables)
    return await _answered(survey, made, state, problems, at)


async def spec_of(slug: str, query: str, *, at: datetime) -> Spec:
    """The first chart of a query that was kept. Raises NotFound if it has none any more."""
    survey = await surveys.survey(slug)
    made = await answers(await frame(survey.id, without=await results.rule_of(survey.id)))
    state, problems = from_query(query, made.variables)
    found = await _answered(survey, made, state, problems, at)
    if problems or not found.charts:
        raise NotFound
    return found.charts[0]


async def _answered(survey: Survey, made: Answers, state: State, problems: list[Problem], at: datetime) -> Explored:
    try:
        used = await weighting.weights_of(made.frame, state.weights)
    except NotFound:
        problems = [*problems, Problem("weights", UNKNOWN_WEIGHTS, {"name": state.weights})]
        state = dataclasses.replace(state, weights="")
        used = await weighting.weights_of(made.frame)
    where = np.ones(made.frame.n, dtype=bool)
    for one in state.where:
        where &= among(made.column(one.key), one.codes)  # type: ignore[arg-type]  # numbers were refused in reading
    is_tested = used.declared.permits_intervals or state.as_random
    equal = bool(made.frame.n == 0 or np.ptp(used.weights) == 0)
    people = People(where, None if equal else used.weights, used.design if is_tested else None)
    asked = "-".join(key for key in (*state.rows, state.columns) if key)
    key = "".join(letter if letter.isalnum() else "-" for letter in asked)
    is_closed = survey.state(at) is SurveyState.CLOSED
    from_ = source(
        survey, made, key, state.where, used.title if not used.reason else {}, used.declared, closed=is_closed
    )
    charts = Asking(made, state, people, from_, _notes(used, state)).charts() if made.frame.n else []
    return Explored(survey, made, state, problems, charts, people.count, used.declared)


def _notes(used: weighting.Weighted, state: State) -> tuple[Note, ...]:
    """What holds for every figure: whether there are tests, and weights that could not be followed."""
    notes = [Note("not_weighted")] if used.reason else []
    if not used.declared.permits_intervals:
        notes.append(Note("as_if_random" if state.as_random else "no_tests"))
    return tuple(notes)
