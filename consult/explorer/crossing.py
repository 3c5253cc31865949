"""Counting answers by groups: numbers of people and sums of weights, for every kind of question on either side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from consult.analysis.basis.tables import Asked, tabulate
from consult.analysis.complex_samples.design import Design
from consult.columns.column import Coded, Masked, Measured

Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
Choices: TypeAlias = Coded | Masked


@dataclass(frozen=True, slots=True)
class People:
    """Who is counted, and how much each counts. where: (n,) bool; weights: (n,), None weighs all alike.

    design  how they were selected, where that permits tests and intervals; else None.
    """

    where: Mask
    weights: Floats | None = None
    design: Design | None = None

    @property
    def count(self) -> int:
        return int(self.where.sum())

    def sums(self, chosen: Mask) -> tuple[int, float, float]:
        """Number, weight and squared weight of the people counted who are in `chosen`."""
        both = chosen & self.where
        n = int(both.sum())
        if self.weights is None:
            return n, float(n), float(n)
        w = self.weights[both]
        return n, float(w.sum()), float(w @ w)


@dataclass(frozen=True, slots=True)
class Crossed:
    """Choices (rows) by groups (columns), the last column being everybody.

    n, w      (R, C + 1), people who gave the answer, and their weights.
    base_n, base_w  (C + 1,), people of the group who answered the question, and their weights.
    effective       (C + 1,), as how many people of equal weight they count (Kish): (sum w)^2 / sum w^2.
    """

    n: NDArray[np.int64]
    w: Floats
    base_n: NDArray[np.int64]
    base_w: Floats
    effective: Floats


def is_answered(column: Choices | Measured) -> Mask:
    """(n,), whether there is an answer: "don't know" is none."""
    return column.codes < len(column.points) if isinstance(column, Coded) else column.status == 0


def chose(column: Choices, point: int) -> Mask:
    """(n,), whether the person gave this answer."""
    return np.asarray(column.codes == point) if isinstance(column, Coded) else column.chosen(point)


def among(column: Choices, codes: tuple[str, ...]) -> Mask:
    """(n,), whether the person gave one of these answers."""
    found = np.zeros(len(is_answered(column)), dtype=bool)
    for code in codes:
        found |= chose(column, column.points.index(code))
    return found


def crossed(row: Choices, column: Choices | None, people: People) -> Crossed:
    """Count a question's answers by the groups of another one; None counts everybody only.

    People without an answer to `column` are in no group, but among everybody.
    """
    if isinstance(row, Coded) and (column is None or isinstance(column, Coded)):
        return _both_coded(row, column, people)
    groups = [] if column is None else [chose(column, point) for point in range(len(column.points))]
    answered = is_answered(row)
    members = [*(group & answered for group in groups), answered]
    cells = np.array(
        [[people.sums(chose(row, point) & group) for group in members] for point in range(len(row.points))]
    )
    bases = np.array([people.sums(group) for group in members])
    return _crossed(cells[..., 0], cells[..., 1], bases[:, 0], bases[:, 1], bases[:, 2])


def _crossed(n: Floats, w: Floats, base_n: Floats, base_w: Floats, squares: Floats) -> Crossed:
    effective = np.divide(base_w**2, squares, out=np.zeros_like(base_w), where=squares > 0)
    return Crossed(n.astype(np.int64), w, base_n.astype(np.int64), base_w, effective)


def _both_coded(row: Coded, column: Coded | None, people: People) -> Crossed:
    axes = {"row": (_unsigned(row), max(1, len(row.points)))}
    if column is not None:
        axes["column"] = (_unsigned(column), max(1, len(column.points)))
    by = Asked("row", "column" if column is not None else None)
    alone = Asked("row")
    found = tabulate(axes, list(dict.fromkeys((by, alone))), weights=people.weights, where=people.where)
    total = found[alone]
    parts = [total] if column is None else [found[by], total]
    n = np.concatenate([part.counts for part in parts], axis=1).astype(np.float64)
    w = np.concatenate([part.weights for part in parts], axis=1)
    squares = np.concatenate([part.weights_squared for part in parts], axis=1)
    return _crossed(n, w, n.sum(axis=0), w.sum(axis=0), squares.sum(axis=0))


def _unsigned(column: Coded) -> NDArray[np.unsignedinteger]:
    codes: NDArray[np.unsignedinteger] = column.codes  # type: ignore[assignment]  # the store has no signed codes
    return codes


@dataclass(frozen=True, slots=True)
class Averages:
    """Means by groups, the last being everybody. n, mean: (C + 1,); a mean is NaN where nobody answered."""

    n: NDArray[np.int64]
    mean: Floats


def values_of(column: Coded | Measured) -> Floats:
    """(n,), the number given; a scale's points are numbers. NaN is no answer."""
    if isinstance(column, Measured):
        return np.asarray(column.values, dtype=np.float64)
    points = np.array([*(float(point) for point in column.points), np.nan])
    return np.asarray(points[np.minimum(column.codes, len(column.points)).astype(np.intp)])


def averages(values: Floats, column: Choices | None, people: People) -> Averages:
    """Means of numbers by the groups of a question."""
    given = ~np.isnan(values) & people.where
    groups = [] if column is None else [chose(column, point) & given for point in range(len(column.points))]
    counts, means = [], []
    for group in (*groups, given):
        x = values[group]
        w = None if people.weights is None else people.weights[group]
        total = float(x.size) if w is None else float(w.sum())
        counts.append(x.size)
        means.append(float(x.sum() if w is None else w @ x) / total if total > 0 else np.nan)
    return Averages(np.array(counts, dtype=np.int64), np.array(means))
