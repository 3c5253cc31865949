"""From what an analyst asks to charts: which figures, of whom, with which weights.

A question by groups is one matrix; several questions with the same answers, such as the rows of a table question, are
one matrix as well where there are no groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from consult.analysis.estimate import Reason
from consult.charts.chart import Source
from consult.charts.kinds import Band, Cell, Column, Dot, Group, Grouped, Heat, Intervals, Measure, Note, Value
from consult.charts.spec import Spec
from consult.columns.column import Coded, Masked, Measured
from consult.columns.variables import Variable, said
from consult.errors import N_
from consult.explorer.answers import Answers
from consult.explorer.crossing import Averages, Choices, Crossed, Floats, People, averages, crossed, values_of
from consult.explorer.inference import Findings, findings, means_of, shares_of
from consult.explorer.state import State, expanded
from consult.i18n import Text
from consult.surveys.definition.schema import MatrixScale, Nps, Scaled

EVERYBODY = N_("Everybody")
MEAN = N_("Mean")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Question:
    """One row of what is asked: a variable, its column, and its numbers where it has a mean."""

    variable: Variable
    column: Coded | Masked | Measured
    values: Floats | None


class Asking:
    """One question of an analyst to a survey's answers. weights: (n,) or None."""

    def __init__(
        self, given: Answers, state: State, people: People, source: Source, notes: tuple[Note, ...] = ()
    ) -> None:
        self.notes = notes
        self.given, self.state, self.people, self.source = given, state, people, source
        self.by = given.variables.get(state.columns)
        column = given.column(state.columns) if self.by else None
        self.groups: Choices | None = None if isinstance(column, Measured) else column
        self.has_scale = {q.key for q in given.frame.definition.questions if isinstance(q, Scaled | Nps | MatrixScale)}

    def charts(self) -> list[Spec]:
        """One chart for each question, or one matrix for all of them; none if nothing is asked."""
        asked = [self._question(one) for key in self.state.rows for one in expanded(key, self.given.variables)]
        if self.state.statistic == "mean":
            asked = [one for one in asked if one.values is not None]
            return [self._means(asked)] if asked else []
        grid = [one for one in asked if isinstance(one.column, Coded)]
        if self.by is None and len(grid) > 1 and len({one.variable.points for one in grid}) == 1:
            rest = [one for one in asked if one not in grid]
            return [self._grid(grid), *(chart for one in rest for chart in self._alone(one))]
        return [chart for one in asked for chart in self._alone(one)]

    def _question(self, variable: Variable) -> Question:
        column = self.given.column(variable.key)
        has_mean = isinstance(column, Measured) or variable.question in self.has_scale
        values = values_of(column) if has_mean and not isinstance(column, Masked) else None
        return Question(variable, column, values)

    def _alone(self, one: Question) -> Iterator[Spec]:
        if isinstance(one.column, Measured):
            yield self._means([one])
        elif self.by is None:
            yield self._shares(one, crossed(one.column, None, self.people))
        else:
            yield self._matrix(one, crossed(one.column, self.groups, self.people))

    def _shares(self, one: Question, found: Crossed) -> Spec:
        """One question of everybody, as bars."""
        base = int(found.base_n[0])
        counts = self.state.statistic == "count"
        values = tuple(
            Value(float(n) if counts else _share(w, found.base_w[0]), low, high, int(n))
            for n, w, (low, high) in zip(found.n[:, 0], found.w[:, 0], self._intervals(one), strict=True)
        )
        group = Group(key="all", label=said(EVERYBODY), base=base, values=values, is_total=True)
        return Grouped(
            title=one.variable.text,
            source=self.source,
            base=base,
            measure=Measure("count" if counts else "share"),
            answers=tuple(one.variable.labels[point] for point in one.variable.points),
            groups=(group,),
            several=isinstance(one.column, Masked),
            notes=(*self.notes, *self._bounded(values)),
            reason=None if base else Reason.NO_ANSWERS,
        )

    def _bounded(self, values: Iterable[Value]) -> tuple[Note, ...]:
        """How intervals were found, where there are any."""
        return (Note("logit"),) if any(value.low is not None for value in values) else ()

    def _intervals(self, one: Question) -> Iterable[tuple[float | None, float | None]]:
        """Bounds of the shares of a question's answers; None where chance selected nobody, and of numbers of people."""
        people, column = self.people, one.column
        if people.design is None or self.state.statistic == "count" or isinstance(column, Measured):
            return repeat((None, None), len(one.variable.points))
        return [(found.low, found.high) for found in shares_of(column, people.design, people.where)]

    def _matrix(self, one: Question, found: Crossed) -> Spec:
        """A cross-tab: answers down, groups across, everybody at the right."""
        assert self.by is not None  # noqa: S101 - charts() asked
        tested = self._tested(one, found)
        rows = tuple(
            Band(
                key=point,
                label=one.variable.labels[point],
                cells=self._cells(found, i, tested),
                base=int(found.n[i, -1]),
            )
            for i, point in enumerate(one.variable.points)
        )
        base = int(found.base_n[-1])
        return Heat(
            title=one.variable.text,
            source=self.source,
            base=base,
            measure=Measure("count" if self.state.statistic == "count" else "share"),
            rows=rows,
            columns=self._columns(found.base_n),
            across=self.state.statistic if self.state.statistic in ("column", "row", "total") else "none",
            shade=self.state.shade if tested is not None else "value",
            tested=self.people.design is not None,
            notes=self.notes + (tested.notes if tested else ()),
            row_title=one.variable.short,
            column_title=self.by.text,
            several=isinstance(one.column, Masked) or isinstance(self.groups, Masked),
            reason=None if base else Reason.NO_ANSWERS,
        )

    def _tested(self, one: Question, found: Crossed) -> Findings | None:
        """Tests and residuals; only of single choices on both sides, where nobody stands in two cells."""
        if not isinstance(one.column, Coded) or not isinstance(self.groups, Coded):
            return None
        people = self.people
        return findings(one.column, self.groups, found, people.design, people.where, self.state.statistic)

    def _cells(self, found: Crossed, i: int, tested: Findings | None) -> tuple[Cell, ...]:
        """The cells of a row, everybody's last."""
        divisors = self._divisors(found)
        cells = []
        for j in range(found.n.shape[1]):
            value, n = _figure(self.state, found.n[i, j], found.w[i, j], divisors[i, j]), int(found.n[i, j])
            if tested is None or j == found.n.shape[1] - 1:
                cells.append(Cell(value, n))
            else:
                low, high = _known(tested.low[i, j]), _known(tested.high[i, j])
                flag = (0, 1, -1)[int(tested.flag[i, j])]
                residual = float(tested.residual[i, j])
                cells.append(Cell(value, n, residual, flag, tested.letters[i][j], low, high))  # type: ignore[arg-type]
        return tuple(cells)

    def _divisors(self, found: Crossed) -> Floats:
        """What each cell's weight is a share of."""
        if self.state.statistic == "row":
            return np.broadcast_to(found.w[:, -1:], found.w.shape)
        if self.state.statistic == "total":
            return np.full(found.w.shape, found.base_w[-1])
        return np.broadcast_to(found.base_w, found.w.shape)

    def _columns(self, bases: NDArray[np.int64]) -> tuple[Column, ...]:
        assert self.by is not None  # noqa: S101
        points = self.by.points
        groups = [
            Column(key=point, label=self.by.labels[point], base=int(base), letter=letter)
            for point, base, letter in zip(points, bases, letters(len(points)), strict=False)
        ]
        return (*groups, Column(key="all", label=said(EVERYBODY), base=int(bases[-1]), is_total=True))

    def _grid(self, asked: list[Question]) -> Spec:
        """Several questions with the same answers, one below the other, everybody's shares across."""
        rows = []
        for one in asked:
            assert isinstance(one.column, Coded)  # noqa: S101 - charts() asked
            found = crossed(one.column, None, self.people)
            cells = tuple(
                Cell(_figure(self.state, n, w, found.base_w[0]), int(n), low=low, high=high)
                for n, w, (low, high) in zip(found.n[:, 0], found.w[:, 0], self._intervals(one), strict=True)
            )
            variable = one.variable
            rows.append(Band(key=variable.key, label=variable.short, cells=cells, base=int(found.base_n[0])))
        first = asked[0].variable
        shared = self._heading(asked)
        base = max((row.base or 0 for row in rows), default=0)
        return Heat(
            title=shared,
            source=self.source,
            base=base,
            measure=Measure("count" if self.state.statistic == "count" else "share"),
            rows=tuple(rows),
            columns=tuple(Column(key=point, label=first.labels[point]) for point in first.points),
            across="none" if self.state.statistic == "count" else "row",
            row_title=shared,
            notes=self.notes,
            reason=None if base else Reason.NO_ANSWERS,
        )

    def _heading(self, asked: list[Question]) -> dict[str, str]:
        """The words of the question whose rows these are, or of the first one."""
        keys = {one.variable.question for one in asked}
        own = next((q.text for q in self.given.frame.definition.questions if q.key in keys), {})
        return dict(own) if len(keys) == 1 else dict(self.given.frame.definition.title)

    def _means(self, asked: list[Question]) -> Spec:
        """Means: dots of one question by groups or of several questions, a matrix of several questions by groups."""
        found = [self._averages(one.values) for one in asked if one.values is not None]
        measure = Measure("number", name=said(MEAN), digits=2)
        if self.by is not None and len(asked) > 1:
            return self._matrix_of_means(asked, found, measure)
        rows: list[Dot] = []
        if self.by is None:
            for one, average in zip(asked, found, strict=True):
                rows.append(_dot(one.variable.key, one.variable.short, average[-1]))
        else:
            bases = np.array([figure.n or 0 for figure in found[0]])
            for column, figure in zip(self._columns(bases), found[0], strict=True):
                rows.append(_dot(column.key, column.label, figure, is_total=column.is_total))
        base = max(average[-1].n or 0 for average in found)
        return Intervals(
            title=asked[0].variable.text if len(asked) == 1 else self._heading(asked),
            source=self.source,
            base=base,
            measure=measure,
            rows=tuple(rows),
            notes=self.notes,
            reason=None if base else Reason.NO_ANSWERS,
        )

    def _averages(self, values: Floats) -> list[Value]:
        """Means by groups, everybody's last, with intervals where people were selected by chance."""
        people = self.people
        if people.design is not None and not isinstance(self.groups, Masked):
            found = means_of(values, self.groups, people.design, people.where)
            return [Value(one.value, one.low, one.high, one.n, reason=one.reason) for one in found]
        plain = averages(values, self.groups, people)
        return [_mean(plain, place) for place in range(len(plain.n))]

    def _matrix_of_means(self, asked: list[Question], found: list[list[Value]], measure: Measure) -> Spec:
        assert self.by is not None  # noqa: S101 - _means() asked
        rows = []
        for one, average in zip(asked, found, strict=True):
            cells = tuple(Cell(it.value, it.n, low=it.low, high=it.high) for it in average)
            rows.append(Band(key=one.variable.key, label=one.variable.short, cells=cells, base=average[-1].n))
        bases = np.max([[figure.n or 0 for figure in average] for average in found], axis=0)
        return Heat(
            title=self._heading(asked),
            source=self.source,
            base=int(bases[-1]),
            measure=measure,
            rows=tuple(rows),
            columns=self._columns(bases),
            across="none",
            column_title=self.by.text,
            notes=self.notes,
            reason=None if bases[-1] else Reason.NO_ANSWERS,
        )


def letters(count: int) -> list[str]:
    """Names of columns as spreadsheets have them: A to Z, AA ..."""
    return [(LETTERS[i // 26 - 1] if i >= 26 else "") + LETTERS[i % 26] for i in range(count)]


def _figure(state: State, n: object, w: float, divisor: float) -> float | None:
    return float(n) if state.statistic == "count" else _share(w, divisor)  # type: ignore[arg-type]


def _share(w: float, divisor: float) -> float | None:
    return float(w / divisor) if divisor > 0 else None


def _known(bound: float) -> float | None:
    return None if np.isnan(bound) else float(bound)


def _dot(key: str, label: Text, figure: Value, *, is_total: bool = False) -> Dot:
    return Dot(key=key, label=label, figure=figure, base=figure.n or 0, is_total=is_total)


def _mean(average: Averages, place: int) -> Value:
    n, mean = int(average.n[place]), float(average.mean[place])
    missing = np.isnan(mean)
    return Value(None if missing else mean, n=n, reason=Reason.NO_ANSWERS if missing else None)
