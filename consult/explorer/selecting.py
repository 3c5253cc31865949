"""Who is counted and with which weights: the part of a question that all views of the explorer share."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from consult.charts.chart import Source
from consult.charts.kinds import Note
from consult.columns.published import counted
from consult.errors import N_, NotFound, Problem
from consult.explorer.answers import Answers, answers
from consult.explorer.crossing import People, among
from consult.explorer.sourcing import source
from consult.explorer.state import Selection
from consult.surveys import queries as surveys
from consult.surveys.survey import State as SurveyState
from consult.surveys.survey import Survey
from consult.weighting import queries as weighting
from consult.weighting.declared import Declared
from consult.weighting.queries import Weighted

UNKNOWN_WEIGHTS = N_("There are no weights “%(name)s”. Choose some of the list.")


@dataclass(frozen=True, slots=True)
class Selected:
    """The people that a selection counts. problems: what of the selection there is not, which is left out of it."""

    survey: Survey
    given: Answers
    selection: Selection
    used: Weighted
    people: People
    at: datetime
    problems: list[Problem]

    @property
    def declared(self) -> Declared:
        return self.used.declared

    @property
    def notes(self) -> tuple[Note, ...]:
        """What holds for every figure: whether there are tests, and weights that could not be followed."""
        notes = [Note("not_weighted")] if self.used.reason else []
        if not self.declared.permits_intervals:
            notes.append(Note("as_if_random" if self.selection.as_random else "no_tests"))
        return tuple(notes)

    def source(self, *keys: str) -> Source:
        """What a chart of these questions says about where it comes from."""
        asked = "-".join(key for key in keys if key)
        name = "".join(letter if letter.isalnum() else "-" for letter in asked)
        weights = {} if self.used.reason else self.used.title
        closed = self.survey.state(self.at) is SurveyState.CLOSED
        return source(self.survey, self.given, name, self.selection.where, weights, self.declared, closed=closed)


async def opened(slug: str) -> tuple[Survey, Answers]:
    """A survey and its answers. Raises NotFound for a survey that is not there or was never published."""
    survey = await surveys.survey(slug)
    return survey, await answers(await counted(survey.id))


async def selected(survey: Survey, given: Answers, selection: Selection, at: datetime) -> Selected:
    """Find the people and their weights."""
    problems: list[Problem] = []
    try:
        used = await weighting.weights_of(given.frame, selection.weights)
    except NotFound:
        problems.append(Problem("weights", UNKNOWN_WEIGHTS, {"name": selection.weights}))
        selection = dataclasses.replace(selection, weights="")
        used = await weighting.weights_of(given.frame)
    n = given.frame.n
    where = np.ones(n, dtype=bool)
    for one in selection.where:
        where &= among(given.column(one.key), one.codes)  # type: ignore[arg-type]  # numbers were refused in reading
    is_tested = used.declared.permits_intervals or selection.as_random
    equal = bool(n == 0 or np.ptp(used.weights) == 0)
    people = People(where, None if equal else used.weights, used.design if is_tested else None)
    return Selected(survey, given, selection, used, people, at, problems)
