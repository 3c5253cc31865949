"""What may be concluded from a table: tests, letters of columns, intervals; only where chance selected people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from consult.analysis.complex_samples.crosstab import design_shares, residuals
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_groups import design_by
from consult.analysis.complex_samples.design_shares import design_share, shares_with_intervals
from consult.analysis.complex_samples.rao_scott import design_independence
from consult.analysis.estimate import Estimate
from consult.analysis.simple_samples.letters import column_letters
from consult.charts.kinds import Note
from consult.columns.column import Coded, Masked
from consult.explorer.crossing import Crossed, Floats, Mask
from consult.explorer.state import Statistic

LEVEL, CONFIDENCE = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Findings:
    """What a table's cells carry besides their figure; arrays are (R, C), without the column of everybody.

    residual  adjusted residuals; flag: -1, 0, 1 where they are too large for chance; None without a test
    letters   per row and column; low, high: bounds of the shares, NaN where there are none
    notes     the sentences of the method
    """

    residual: Floats
    flag: NDArray[np.int64]
    letters: tuple[tuple[str, ...], ...]
    low: Floats
    high: Floats
    notes: tuple[Note, ...]


def findings(
    row: Coded, column: Coded, found: Crossed, design: Design | None, where: Mask, statistic: Statistic
) -> Findings:
    """Tests of one cross-tab of single choices. design None: residuals alone, as a description, and no flags."""
    weights, effective = found.w[:, :-1], found.effective[:-1]
    kish = float(effective.sum())
    seen = residuals(weights, level=LEVEL, base=kish) if kish else residuals(np.zeros_like(weights))
    shape = (len(row.points), len(column.points))
    nothing = np.full(shape, np.nan)
    if design is None:
        none = tuple(("",) * shape[1] for _ in range(shape[0]))
        return Findings(seen.adjusted, np.zeros(shape, dtype=np.int64), none, nothing, nothing, ())
    flag = np.where(seen.flagged, np.sign(seen.adjusted), 0).astype(np.int64)
    letters = column_letters(weights, bases=effective, people=found.base_n[:-1])
    low, high = _bounds(row, column, shape, design, where, statistic)
    test = design_independence(_codes(row), _codes(column), shape, design, where=where)
    notes = []
    if test.statistic is not None and test.p_value is not None:
        numbers = {"df1": test.df[0], "df2": test.df[1], "f": test.statistic, "p": test.p_value}
        notes.append(Note("differ" if test.p_value < LEVEL else "alike", {"p": test.p_value}))
        notes.append(Note("rao_scott", numbers))
        if test.pearson is not None and min(test.shape) > 1 and test.n:
            v = float(np.sqrt(test.pearson / (test.n * (min(test.shape) - 1))))
            notes.append(Note("cramers_v", {"v": min(1.0, v)}))
    notes += [Note("holm", {"level": LEVEL}), Note("residuals")]
    return Findings(seen.adjusted, flag, tuple(one.letters for one in letters.rows), low, high, tuple(notes))


def _bounds(
    row: Coded, column: Coded, shape: tuple[int, int], design: Design, where: Mask, statistic: Statistic
) -> tuple[Floats, Floats]:
    nothing = np.full(shape, np.nan)
    if statistic not in ("column", "row", "total"):
        return nothing, nothing
    found = design_shares(_codes(row), _codes(column), shape, design, statistic, where=where)
    if found.reason is not None or found.df < 1:
        return nothing, nothing
    known = found.given & (found.se > 0) & (found.share > 0) & (found.share < 1)
    p, se = np.where(known, found.share, 0.5), np.where(known, found.se, 0.0)
    spread = float(scipy.special.stdtrit(found.df, (1 + CONFIDENCE) / 2)) * se / (p * (1 - p))
    low, high = (scipy.special.expit(scipy.special.logit(p) + side * spread) for side in (-1, 1))
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def _codes(column: Coded) -> NDArray[np.integer]:
    """Codes of answers; the kinds of no answer become -1."""
    codes = column.codes.astype(np.int64)
    return np.where(codes < len(column.points), codes, -1)


def shares_of(column: Coded | Masked, design: Design, where: Mask) -> list[Estimate]:
    """The share of each answer with its interval, of everybody who answered."""
    k = len(column.points)
    if isinstance(column, Coded):
        return list(shares_with_intervals(_codes(column).astype(np.int64), k, design, where, confidence=CONFIDENCE))
    given = column.status == 0
    return [
        design_share(np.where(given, column.chosen(point), np.nan), design, where, confidence=CONFIDENCE)
        for point in range(k)
    ]


def means_of(values: Floats, column: Coded | None, design: Design, where: Mask) -> list[Estimate]:
    """Means with intervals, by the groups of a single choice, everybody last."""
    everybody = np.where(where, 0, -1)
    whole = design_by(values, everybody, 1, design, where).estimate(0, confidence=CONFIDENCE)
    if column is None:
        return [whole]
    k = len(column.points)
    found = design_by(values, _codes(column).astype(np.int64), k, design, where)
    return [*(found.estimate(group, confidence=CONFIDENCE) for group in range(k)), whole]
