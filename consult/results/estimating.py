"""Figures of a population from weighted answers, with the errors that the declared design gives them.

Charts of equal weights and no design need none of this: their figures follow from the counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import design_mean
from consult.analysis.complex_samples.design_scales import design_likert
from consult.analysis.complex_samples.design_shares import design_share, shares_with_intervals
from consult.analysis.estimate import Estimate, Reason
from consult.analysis.models.satisfaction import design_net_promoter
from consult.analysis.simple_samples.means import quantile
from consult.columns.column import Coded, Column, Masked, Measured
from consult.columns.reading import Columns

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Rows = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Weighing:
    """How much each answer counts.

    columns    all answers that count, also of people outside the group that is shown: they belong to the design
    design     of the rows of `columns`
    where      (n,) of whom the figures speak; only people with a weight above 0
    intervals  whether chance selected people, so that figures have margins of error
    confidence their level
    """

    columns: Columns
    design: Design
    where: Rows
    intervals: bool
    confidence: float = 0.95

    def column(self, key: str) -> Column:
        return self.columns.column(key)

    def codes(self, key: str, points: Sequence[str]) -> Codes:
        """(n,) the place of each answer among the points; -1 for no answer."""
        column = self.columns.column(key)
        assert isinstance(column, Coded)  # noqa: S101 - asked of single choices only
        place = {point: number for number, point in enumerate(points)}
        table = np.full(int(np.iinfo(column.codes.dtype).max) + 1, -1, dtype=np.int64)
        for code, point in enumerate(column.points):
            table[code] = place.get(point, -1)
        return np.asarray(table[column.codes])

    def shares(self, codes: Codes, k: int) -> tuple[Estimate, ...]:
        """How the population is distributed over k answers."""
        if self.intervals:
            return shares_with_intervals(codes, k, self.design, self.where, confidence=self.confidence)
        inside = self.where & (codes >= 0)
        sums = np.bincount(codes[inside], self.design.weights[inside], k)
        return _plain(sums, float(sums.sum()), int(inside.sum()))

    def chosen(self, key: str, could: Sequence[Rows | None]) -> tuple[Estimate, ...]:
        """The share that chose each option of several, of those who answered. could: (n,) who was offered it."""
        column = self.columns.column(key)
        assert isinstance(column, Masked)  # noqa: S101 - asked of several choices only
        answered = column.status == 0
        found = []
        for option, offered in enumerate(could):
            base = answered if offered is None else answered & offered
            found.append(self.share(column.chosen(option), base))
        return tuple(found)

    def share(self, event: Rows, base: Rows) -> Estimate:
        """The share of those in `base` for whom something is true."""
        if self.intervals:
            given = np.where(base, event, np.nan)
            return design_share(given, self.design, self.where, confidence=self.confidence)
        inside = self.where & base
        w = self.design.weights
        return _plain(np.array([w[inside & event].sum()]), float(w[inside].sum()), int(inside.sum()))[0]

    def scale(self, key: str, values: Sequence[float], boxes: int) -> tuple[Estimate, Estimate, Estimate]:
        """The shares of the highest and of the lowest values, and the mean."""
        codes = self.codes(key, [str(value) for value in values])
        if self.intervals:
            found = design_likert(
                codes, len(values), self.design, list(values), self.where, boxes=boxes, confidence=self.confidence
            )
            return found.top, found.bottom, found.mean
        base = codes >= 0
        numbers = np.array([*values, np.nan])[codes]
        return (
            self.share(codes >= len(values) - boxes, base),
            self.share(codes < boxes, base),
            self.mean(numbers),
        )

    def mean(self, x: Floats) -> Estimate:
        """The mean of numbers; NaN is no answer."""
        if self.intervals:
            return design_mean(x, self.design, self.where, confidence=self.confidence)
        inside = self.where & ~np.isnan(x)
        w = self.design.weights[inside]
        return _plain(np.array([w @ x[inside]]), float(w.sum()), int(inside.sum()))[0]

    def score(self, codes: Codes) -> Estimate:
        """The recommendation score of answers from 0 to 10."""
        x = np.where(codes >= 0, codes, np.nan).astype(np.float64)
        if self.intervals:
            return design_net_promoter(x, self.design, self.where, confidence=self.confidence).score
        return self.mean(np.where(codes < 0, np.nan, np.where(codes >= 9, 100.0, np.where(codes <= 6, -100.0, 0.0))))

    def numbers(self, key: str) -> Floats:
        """(n,) the numbers given."""
        column = self.columns.column(key)
        assert isinstance(column, Measured)  # noqa: S101 - asked of numbers only
        return np.asarray(column.values, dtype=np.float64)

    def median(self, x: Floats) -> float | None:
        return quantile(x[self.where], weights=self.design.weights[self.where])


def _plain(sums: ArrayLike, total: float, n: int) -> tuple[Estimate, ...]:
    """Sums over their total, without a margin of error."""
    found = np.asarray(sums, dtype=np.float64)
    if total <= 0:
        return tuple(Estimate(None, n, reason=Reason.NO_WEIGHT if n else Reason.NO_ANSWERS) for _ in found)
    return tuple(Estimate(float(one) / total, n, reason=Reason.NO_DESIGN) for one in found)
