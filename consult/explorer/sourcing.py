"""Where the explorer's charts come from: survey, snapshot, filters and weights, in words."""

from __future__ import annotations

import numpy as np

from consult.charts.chart import Source
from consult.columns.column import Coded
from consult.columns.frame import Frame
from consult.columns.variables import Variable
from consult.errors import N_
from consult.explorer.answers import Answers
from consult.explorer.state import Filter
from consult.i18n import Text, languages
from consult.i18n import locale as locale_of
from consult.surveys.survey import Survey
from consult.weighting.declared import Declared

OR = N_("%(first)s or %(last)s")
ONLY = N_("%(question)s: %(answers)s")


def source(
    survey: Survey,
    given: Answers,
    question: str,
    filters: tuple[Filter, ...],
    weights: Text,
    declared: Declared,
    *,
    closed: bool,
) -> Source:
    """What a chart's source line says."""
    frame = given.frame
    now = frame.snapshot
    return Source(
        survey=frame.definition.title,
        slug=survey.slug,
        question=question,
        design=declared.kind,
        responses=frame.n,
        taken_at=now.taken_at,
        snapshot=now.key,
        first_day=now.first_day,
        last_day=now.last_day,
        channels=_channels(frame),
        population=declared.people,
        description=declared.description,
        state="closed" if closed else "open",
        filters=tuple(said(one, given.variables[one.key]) for one in filters),
        weights=weights,
    )


def said(filter_: Filter, variable: Variable, *, alone: bool = False) -> Text:
    """A filter in words: "Gender: woman or man"; alone: without the question."""
    found = {}
    for code in languages():
        locale = locale_of(code)
        words = [_word(variable.labels[one], code) for one in filter_.codes]
        answers = words[0] if len(words) == 1 else locale.gettext(OR, first=", ".join(words[:-1]), last=words[-1])
        found[code] = answers if alone else locale.gettext(ONLY, question=_word(variable.text, code), answers=answers)
    return found


def _word(text: Text, code: str) -> str:
    return text.get(code) or next(iter(text.values()), "")


def _channels(frame: Frame) -> dict[str, int]:
    column = frame.column("@channel")
    assert isinstance(column, Coded)  # noqa: S101 - paradata are
    counts = np.bincount(column.codes, minlength=len(column.points))
    return {point: int(count) for point, count in zip(column.points, counts, strict=False) if count}
