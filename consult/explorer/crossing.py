"""Counting answers by groups: numbers of people and sums of weights, for every kind of question on either side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from consult.analysis.tables import Asked, tabulate
from consult.columns.column import Coded, Masked, Measured

Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
Answers: TypeAlias = Coded | Masked


@dataclass(frozen=True, slots=True)
class People:
    """Who is counted, and how much each counts. where: (n,) bool; weights: (n,), None weighs all alike."""

    where: Mask
    weights: Floats | None = None

    @property
    def count(self) -> int:
        return int(self.where.sum())

    def sums(self, chosen: Mask) -> tuple[int, float]:
        """Number and weight of the people counted who are in `chosen`."""
        both = chosen & self.where
        n = int(both.sum())
        return n, float(n) if self.weights is None else float(self.weights[both].sum())


@dataclass(frozen=True, slots=True)
class Crossed:
    """Answers (rows) by groups (columns), the last column being everybody.

    n, w      (R, C + 1), people who gave the answer, and their weights.
    base_n, base_w  (C + 1,), people of the group who answered the question, and their weights.
    """

    n: NDArray[np.int64]
    w: Floats
    base_n: NDArray[np.int64]
    base_w: Floats


def is_answered(column: Answers | Measured) -> Mask:
    """(n,), whether there is an answer: "don't know" is none."""
    return column.codes < len(column.points) if isinstance(column, Coded) else column.status == 0


def chose(column: Answers, point: int) -> Mask:
    """(n,), whether the person gave this answer."""
    return np.asarray(column.codes == point) if isinstance(column, Coded) else column.chosen(point)


def among(column: Answers, codes: tuple[str, ...]) -> Mask:
    """(n,), whether the person gave one of these answers."""
    found = np.zeros(len(is_answered(column)), dtype=bool)
    for code in codes:
        found |= chose(column, column.points.index(code))
    return found


def crossed(row: Answers, column: Answers | None, people: People) -> Crossed:
    """Count a question's answers by the groups of another one; None counts everybody only.

    People without an answer to `column` are in no group, but among everybody.
    """
    if isinstance(row, Coded) and (column is None or isinstance(column, Coded)):
        return _both_coded(row, column, people)
    groups = [] if column is None else [chose(column, point) for point in range(len(column.points))]
    answered = is_answered(row)
    members = [*(group & answered for group in groups), answered]
    cells = [[people.sums(chose(row, point) & group) for group in members] for point in range(len(row.points))]
    bases = [people.sums(group) for group in members]
    return Crossed(
        np.array([[n for n, _ in line] for line in cells], dtype=np.int64).reshape(len(cells), len(members)),
        np.array([[w for _, w in line] for line in cells], dtype=np.float64).reshape(len(cells), len(members)),
        np.array([n for n, _ in bases], dtype=np.int64),
        np.array([w for _, w in bases], dtype=np.float64),
    )


def _both_coded(row: Coded, column: Coded | None, people: People) -> Crossed:
    axes = {"row": (_unsigned(row), max(1, len(row.points)))}
    if column is not None:
        axes["column"] = (_unsigned(column), max(1, len(column.points)))
    by = Asked("row", "column" if column is not None else None)
    alone = Asked("row")
    found = tabulate(axes, list(dict.fromkeys((by, alone))), weights=people.weights, where=people.where)
    total = found[alone]
    parts = [(total.counts, total.weights)] if column is None else [
        (found[by].counts, found[by].weights), (total.counts, total.weights)
    ]  # fmt: skip
    n = np.concatenate([counts for counts, _ in parts], axis=1)
    w = np.concatenate([weights for _, weights in parts], axis=1)
    return Crossed(n, w, n.sum(axis=0), w.sum(axis=0))


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


def averages(values: Floats, column: Answers | None, people: People) -> Averages:
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
