"""Tests of independence of two answers in a simple random sample, from counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from consult.analysis.estimate import Reason

SMALL_EXPECTED = 5
MOST_EXACT = 100_000
"""Above so many people the exact test says the same as Pearson's, only later."""


@dataclass(frozen=True, slots=True, eq=False)
class ChiSquare:
    """Pearson's test and its relatives; figures are None exactly when there is a reason.

    statistic         Pearson's X2, without continuity correction.
    p_value           of X2 on df degrees of freedom.
    df                (r - 1)(c - 1) of the rows and columns that have anybody in them.
    likelihood_ratio  G2.
    yates, p_yates    with continuity correction, 2 x 2 tables only.
    p_fisher          exact, 2 x 2 tables of at most 100,000 people; two-sided by the tables' probabilities, as in R.
    p_simulated       by random tables with the same margins; only if asked for.
    expected          shape (r, c), counts under independence; 0 in empty rows and columns. None in an empty table.
    min_expected      the least of them, empty rows and columns apart.
    is_sparse         more than 20 % of them are under 5 (Cochran's rule): use p_fisher or p_simulated.
    """

    n: int
    statistic: float | None = None
    p_value: float | None = None
    df: int = 0
    likelihood_ratio: float | None = None
    yates: float | None = None
    p_yates: float | None = None
    p_fisher: float | None = None
    p_simulated: float | None = None
    expected: NDArray[np.float64] | None = None
    min_expected: float | None = None
    is_sparse: bool = False
    reason: Reason | None = None


def chi_square(counts: ArrayLike, *, simulate: int = 0, seed: int = 0) -> ChiSquare:
    """Test independence of rows and columns.

    counts    shape (r, c), people per cell, whole numbers >= 0.
    simulate  number of random tables for p_simulated (2,000 is R's custom), 0 for none; p = (1 + k)/(1 + simulate).
    seed      of the random tables: the same table has the same p.

    Pearson (Phil Mag 50, 1900), Yates (Suppl J R Stat Soc 1, 1934) as R's `chisq.test`: the correction is never more
    than |o - e|. Empty rows and columns are dropped. Fewer than two of either: ONE_GROUP. It knows no weights, strata
    or clusters (see `rao_scott`), and options of a multiple choice are no columns of such a table.
    """
    table = np.asarray(counts)
    if table.ndim != 2 or (table < 0).any():
        raise ValueError("a cross-table has two dimensions and no negative count")
    n = int(table.sum())
    if n == 0:
        return ChiSquare(0, reason=Reason.NO_ANSWERS)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    down, across = table.sum(axis=1) > 0, table.sum(axis=0) > 0
    seen, e = table[np.ix_(down, across)].astype(np.float64), expected[np.ix_(down, across)]
    if min(seen.shape) < 2:
        return ChiSquare(n, expected=expected, min_expected=float(e.min()), reason=Reason.ONE_GROUP)
    df = (seen.shape[0] - 1) * (seen.shape[1] - 1)
    statistic = float(((seen - e) ** 2 / e).sum())
    yates = p_yates = p_fisher = None
    if seen.shape == (2, 2):
        correction = min(0.5, float(np.abs(seen - e).min()))
        yates = float(((np.abs(seen - e) - correction) ** 2 / e).sum())
        p_yates = float(scipy.special.chdtrc(1, yates))
        p_fisher = fisher(*(int(c) for c in seen.ravel())) if n <= MOST_EXACT else None
    return ChiSquare(
        n,
        statistic,
        float(scipy.special.chdtrc(df, statistic)),
        df,
        float(2 * scipy.special.xlogy(seen, seen / e).sum()),
        yates,
        p_yates,
        p_fisher,
        _simulated(seen, e, statistic, simulate, seed) if simulate else None,
        expected,
        float(e.min()),
        float((e < SMALL_EXPECTED).mean()) > 0.2,
    )


def fisher(a: int, b: int, c: int, d: int) -> float:
    """Fisher's exact test of the table [[a, b], [c, d]], two-sided: all tables no more probable than this one.

    As R's `fisher.test` (J R Stat Soc 98, 1935). A table with an empty margin gives 1.
    """
    row, column, n = a + b, a + c, a + b + c + d
    first = np.arange(max(0, row + column - n), min(row, column) + 1)
    log = scipy.special.gammaln
    terms = -(log(first + 1) + log(row - first + 1) + log(column - first + 1) + log(n - row - column + first + 1))
    chances = np.exp(terms - terms.max())
    seen = chances[a - first[0]]
    return min(1.0, float(chances[chances <= seen * (1 + 1e-7)].sum() / chances.sum()))


def _simulated(
    seen: NDArray[np.float64], expected: NDArray[np.float64], statistic: float, draws: int, seed: int
) -> float:
    tables = scipy.stats.random_table(seen.sum(axis=1), seen.sum(axis=0)).rvs(
        draws, random_state=np.random.default_rng(seed)
    )
    found = ((tables - expected) ** 2 / expected).sum(axis=(1, 2))
    return float((1 + (found >= statistic * (1 - 1e-7)).sum()) / (1 + draws))
