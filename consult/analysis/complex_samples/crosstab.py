"""Cross-tables: shares with their standard errors, and where a table departs from independence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from consult.analysis.basis.comparisons import adjusted
from consult.analysis.basis.tables import Table
from consult.analysis.complex_samples.design import Design, LonelyStratum
from consult.analysis.complex_samples.rao_scott import cell_codes, stratified_variance
from consult.analysis.estimate import Reason

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Shares of a table with what they rest on. NaN-free: a cell without a base is masked by `given`.

    share, se   shape (r, c), in [0, 1]; 0 where `given` is False.
    given       shape (r, c); False where nobody stands in the base, so there is no share.
    base        unweighted people in the base: shape (c,) of column shares, (r,) of row shares, () of total shares.
    of          what the base is.
    df          degrees of freedom for an interval by t.
    reason      why there is no share at all (NO_ANSWERS), or no SE (LONELY_UNIT: the SEs are 0 and mean nothing).
    """

    share: Floats
    se: Floats
    given: NDArray[np.bool_]
    base: NDArray[np.int64]
    of: Literal["row", "column", "total"]
    df: float
    reason: Reason | None = None


Of = Literal["row", "column", "total"]


def table_shares(
    table: Table,
    of: Of,
    *,
    sampled: ArrayLike | None = None,
    population: ArrayLike | None = None,
) -> Shares:
    """Row, column or total shares with SE for a sample without clusters, from sums alone.

    table, sampled, population   as in `rao_scott`.

    A share is a ratio of two weighted totals; its SE is linearised (3.1 of Wolter, Introduction to Variance
    Estimation, 2007), equal to the SE of the mean of a 0/1 answer in a domain.
    """
    variance = stratified_variance(table, sampled=sampled, population=population)
    present = int((table.n.sum(axis=(1, 2)) > 0).sum())
    return shares(table.weights, table.counts, variance, of, df=float(int(table.n.sum()) - present))


def design_shares(
    row: NDArray[np.integer],
    column: NDArray[np.integer],
    shape: tuple[int, int],
    design: Design,
    of: Of,
    *,
    where: NDArray[np.bool_] | None = None,
) -> Shares:
    """The same under any design. Arguments as in `design_independence`."""
    cells = cell_codes(row, column, shape)
    inside = (cells >= 0) & design.selected
    inside = inside if where is None else inside & where
    cells, size = np.where(inside, cells, -1), shape[0] * shape[1]
    totals = np.bincount(cells[inside], design.weights[inside], minlength=size).reshape(shape)
    counts = np.bincount(cells[inside], minlength=size).reshape(shape)
    try:
        variance = design.variance_of_groups(design.weights, cells, size)
    except LonelyStratum:
        found = shares(totals, counts, np.zeros((size, size)), of, df=0.0)
        return replace(found, reason=found.reason or Reason.LONELY_UNIT)
    return shares(totals, counts, variance, of, df=float(design.df_where(inside)))


def shares(totals: ArrayLike, counts: ArrayLike, variance: Floats, of: Of, *, df: float) -> Shares:
    """Shares from weighted totals, unweighted counts, both (r, c), and the covariance of the totals' cells, flat."""
    w, n = np.asarray(totals, dtype=np.float64), np.asarray(counts, dtype=np.int64)
    axis = {"row": 1, "column": 0, "total": None}[of]
    base = np.broadcast_to(w.sum(axis=axis, keepdims=True), w.shape)
    given = base > 0
    share = np.divide(w, base, out=np.zeros_like(w), where=given)
    # cell (i, j) - share x base: the covariance of a cell with its base is a sum over the base's cells.
    four = variance.reshape(*w.shape, *w.shape)
    own = variance.diagonal().reshape(w.shape)
    with_base, of_base = _base_variance[of](four)
    spread = own - 2 * share * with_base + share**2 * of_base
    se = np.sqrt(np.clip(np.divide(spread, base**2, out=np.zeros_like(w), where=given), 0, None))
    # Rounding must not leave a shadow of uncertainty on shares of 0 and 1.
    se[(share == 0) | (share == 1)] = 0
    reason = None if n.sum() else Reason.NO_ANSWERS
    return Shares(share, se, given, np.asarray(n.sum(axis=axis)), of, df, reason)


def _by_row(four: Floats) -> tuple[Floats, Floats]:
    inner = np.einsum("ijil->ijl", four)
    return inner.sum(axis=2), np.broadcast_to(inner.sum(axis=(1, 2))[:, None], inner.shape[:2])


def _by_column(four: Floats) -> tuple[Floats, Floats]:
    inner = np.einsum("ijkj->ijk", four)
    return inner.sum(axis=2), np.broadcast_to(inner.sum(axis=(0, 2))[None, :], inner.shape[:2])


def _by_total(four: Floats) -> tuple[Floats, Floats]:
    return four.sum(axis=(2, 3)), np.full(four.shape[:2], four.sum())


_base_variance: dict[Of, Callable[[Floats], tuple[Floats, Floats]]] = {
    "row": _by_row,
    "column": _by_column,
    "total": _by_total,
}


@dataclass(frozen=True, slots=True, eq=False)
class Residuals:
    """Where a table departs from independence; all shape (r, c), 0 in empty rows and columns.

    pearson    (o - e)/sqrt(e).
    adjusted   the same over its standard error (Haberman, Biometrics 29, 1973): about standard normal.
    flagged    adjusted residuals that are too large for chance at the level, corrected for all cells of the table.
    """

    pearson: Floats
    adjusted: Floats
    flagged: NDArray[np.bool_]
    reason: Reason | None = None


def residuals(counts: ArrayLike, *, level: float | None = 0.05, base: float | None = None) -> Residuals:
    """Residuals of a cross-table.

    counts  shape (r, c), >= 0: people, or weighted totals.
    level   of the flags, by Holm over all cells; None flags |adjusted| > 2.
    base    effective number of people for weighted totals (Kish), to which they are scaled; None takes their sum.

    Fewer than two rows or columns with anybody in them: all 0, with ONE_GROUP.
    """
    table = np.asarray(counts, dtype=np.float64)
    found, standardised = np.zeros_like(table), np.zeros_like(table)
    down, across = table.sum(axis=1) > 0, table.sum(axis=0) > 0
    none = np.zeros(table.shape, dtype=bool)
    if table.sum() == 0:
        return Residuals(found, standardised, none, Reason.NO_ANSWERS)
    if down.sum() < 2 or across.sum() < 2:
        return Residuals(found, standardised, none, Reason.ONE_GROUP)
    place = np.ix_(down, across)
    seen = table[place] * (1.0 if base is None else base / table.sum())
    n = seen.sum()
    rows, columns = seen.sum(axis=1), seen.sum(axis=0)
    expected = np.outer(rows, columns) / n
    found[place] = (seen - expected) / np.sqrt(expected)
    standardised[place] = found[place] / np.sqrt(np.outer(1 - rows / n, 1 - columns / n))
    if level is None:
        return Residuals(found, standardised, np.abs(standardised) > 2)
    p = 2 * scipy.special.ndtr(-np.abs(standardised[place]))
    none[place] = np.reshape([(value or 0.0) < level for value in adjusted(p.ravel().tolist())], p.shape)
    return Residuals(found, standardised, none)
