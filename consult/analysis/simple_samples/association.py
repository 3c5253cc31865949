"""How strongly two answers go together: measures for categories and for ordered categories, from counts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consult.analysis.estimate import Reason


@dataclass(frozen=True, slots=True)
class Strength:
    """Association of categories without order, each in [0, 1] (phi of a 2 x 2 table in [-1, 1]).

    cramers_v       sqrt(X2/(n min(r - 1, c - 1))).
    corrected_v     the same without its upward bias in small samples (Bergsma, J Korean Stat Soc 42, 2013).
    phi             2 x 2: signed; else sqrt(X2/n), which may exceed 1.
    contingency     Pearson's C = sqrt(X2/(X2 + n)).

    All None, with ONE_GROUP, where fewer than two rows or columns have anybody in them.
    """

    cramers_v: float | None
    corrected_v: float | None
    phi: float | None
    contingency: float | None
    reason: Reason | None = None


def strength(counts: ArrayLike) -> Strength:
    """Measure association in a cross-table.

    counts  shape (r, c), >= 0: people, or for weighted data shares times the effective number of people. Empty rows
            and columns are dropped.
    """
    table = _filled(counts)
    n = float(table.sum())
    if n == 0:
        return Strength(None, None, None, None, Reason.NO_ANSWERS)
    rows, columns = table.shape
    if min(rows, columns) < 2:
        return Strength(None, None, None, None, Reason.ONE_GROUP)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    chi2 = float(((table - expected) ** 2 / expected).sum())
    phi = math.sqrt(chi2 / n)
    if table.shape == (2, 2):
        phi = math.copysign(phi, float(table[0, 0] * table[1, 1] - table[0, 1] * table[1, 0]))
    return Strength(
        min(1.0, math.sqrt(chi2 / (n * (min(rows, columns) - 1)))),
        _corrected(chi2 / n, n, rows, columns),
        phi,
        math.sqrt(chi2 / (chi2 + n)),
    )


def _corrected(phi2: float, n: float, rows: int, columns: int) -> float | None:
    if n <= 1:
        return None
    reduced = max(0.0, phi2 - (rows - 1) * (columns - 1) / (n - 1))
    down, across = rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)
    smaller = min(down, across) - 1
    return min(1.0, math.sqrt(reduced / smaller)) if smaller > 0 else None


@dataclass(frozen=True, slots=True)
class Ordinal:
    """Association of two ordered answers, each in [-1, 1]; positive where high goes with high.

    gamma       Goodman & Kruskal's: concordant minus discordant pairs, over both; ignores ties, so the highest.
    tau_b       Kendall's, with ties in the base; reaches 1 only in square tables.
    tau_c       Stuart's, for tables that are not square.
    somers_row, somers_column   Somers' d with the rows, or the columns, as what is explained.

    All None, with ONE_GROUP, where fewer than two rows or columns have anybody in them.
    """

    gamma: float | None
    tau_b: float | None
    tau_c: float | None
    somers_row: float | None
    somers_column: float | None
    reason: Reason | None = None


def ordinal(counts: ArrayLike) -> Ordinal:
    """Measure association in a cross-table whose rows and columns are both in order. counts as in `strength`."""
    table = _filled(counts)
    n = float(table.sum())
    if n == 0 or min(table.shape) < 2:
        return Ordinal(None, None, None, None, None, Reason.NO_ANSWERS if n == 0 else Reason.ONE_GROUP)
    concordant, discordant = (
        float((table * _below(table)).sum()),
        float((table * _below(table[:, ::-1])[:, ::-1]).sum()),
    )
    pairs = n * n / 2
    difference = concordant - discordant
    # Pairs that are not tied in the rows, in the columns; of weights, in which n (n - 1) has no meaning, alike.
    apart_rows = pairs - float((table.sum(axis=1) ** 2).sum()) / 2
    apart_columns = pairs - float((table.sum(axis=0) ** 2).sum()) / 2
    smaller = min(table.shape)
    return Ordinal(
        difference / (concordant + discordant) if concordant + discordant > 0 else None,
        difference / math.sqrt(apart_rows * apart_columns),
        difference / pairs * smaller / (smaller - 1),
        difference / apart_rows,
        difference / apart_columns,
    )


def _below(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sum of all cells lower down and further right of each cell."""
    sums = np.zeros_like(table)
    sums[:-1, :-1] = table[::-1, ::-1].cumsum(axis=0).cumsum(axis=1)[::-1, ::-1][1:, 1:]
    return sums


def _filled(counts: ArrayLike) -> NDArray[np.float64]:
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2 or (table < 0).any() or np.isnan(table).any():
        raise ValueError("a cross-table has two dimensions and no negative count")
    return table[np.ix_(table.sum(axis=1) > 0, table.sum(axis=0) > 0)]
