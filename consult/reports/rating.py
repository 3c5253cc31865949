"""Scales as numbers: which question says how satisfied people are overall, which rows rate single services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.charts.chart import LONGEST_SCALE, Chart
from consult.columns.column import Coded
from consult.columns.frame import Frame
from consult.i18n import Text
from consult.surveys.definition.schema import AnyQuestion, Definition, MatrixScale, Row, Scale, Scaled, Smiley

OVERALL = "satisfaction.overall"
CONTENT = frozenset({"satisfaction", "quality"})
"""Measures of scales that say how content people are with something."""
SATISFACTION = frozenset({"satisfaction", "quality", "agreement", "effort"})
"""Measures of scales whose charts show satisfaction."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rated:
    """A row of a table question, with its ratings (n,); NaN where there is none. people: how many rated it."""

    key: str
    label: Text
    values: Floats
    points: tuple[float, float]

    @property
    def people(self) -> int:
        return int(np.count_nonzero(~np.isnan(self.values)))


def published(definition: Definition, charts: Mapping[str, Chart]) -> list[AnyQuestion]:
    """The questions that the report may compute with: public, shown, not sensitive."""
    return [
        question
        for question in definition.questions
        if question.key in charts and not charts[question.key].is_hidden and not getattr(question, "sensitive", False)
    ]


def outcome(questions: list[AnyQuestion]) -> Scale | Smiley | None:
    """The question about everything: by its concept, else the first scale of satisfaction."""
    scales = [question for question in questions if isinstance(question, Scale | Smiley)]
    named = [question for question in scales if question.concept == OVERALL]
    return next(iter([*named, *(question for question in scales if question.measure in CONTENT)]), None)


def tables(questions: list[AnyQuestion], measures: frozenset[str]) -> list[MatrixScale]:
    return [question for question in questions if isinstance(question, MatrixScale) and question.measure in measures]


def ratings(frame: Frame, key: str, question: Scaled) -> Floats:
    """(n,) the ratings from the negative to the positive end; NaN where somebody gave none."""
    column = frame.column(key)
    assert isinstance(column, Coded)  # noqa: S101 - scales are coded
    table = np.full(int(np.iinfo(column.codes.dtype).max) + 1, np.nan)
    values = np.array([float(value) for value in question.values])
    table[: len(values)] = values[::-1] if question.reversed else values
    return np.asarray(table[column.codes])


def rated(frame: Frame, question: MatrixScale, row: Row) -> Rated:
    values = ratings(frame, f"{question.key}.{row.code}", question)
    return Rated(row.code, row.text, values, (float(question.values[0]), float(question.values[-1])))


def upper(question: Scaled) -> int:
    """How many of the points count as satisfied, as the charts of results count them."""
    return question.points // 2 if question.points <= LONGEST_SCALE else 2
