"""Tests of independence of two answers under a sampling design, from tables of sums."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from consult.analysis.basis.quadratic import exact, saddlepoint
from consult.analysis.basis.tables import Table
from consult.analysis.complex_samples.design import Design, LonelyStratum
from consult.analysis.estimate import Reason

Statistic = Literal["F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint"]


@dataclass(frozen=True, slots=True)
class Independence:
    """A test of independence; statistic and p_value are None exactly when there is a reason.

    statistic  F ("F", "Wald", "adjWald") or Pearson's X2 of the weighted shares times n (the others).
    p_value    in [0, 1]; how often a table at least as uneven arises where the two answers have nothing to do with
               each other.
    df         degrees of freedom: (numerator, denominator) of F, (k,) of a chi-square, () of a sum of chi-squares.
    pearson    X2 on the weighted shares times n; not to be looked up in a chi-square table.
    effects    the generalised design effects, one per contrast; all about 1 where the design changes nothing.
    n          people in the table, unweighted.
    shape      rows and columns that have anybody in them: empty ones count for no degree of freedom.
    method     the statistic's name.
    """

    statistic: float | None
    p_value: float | None
    df: tuple[float, ...]
    pearson: float | None
    effects: tuple[float, ...]
    n: int
    shape: tuple[int, int]
    method: Statistic
    reason: Reason | None = None


def rao_scott(
    table: Table,
    *,
    statistic: Statistic = "F",
    sampled: ArrayLike | None = None,
    population: ArrayLike | None = None,
    df: float | None = None,
) -> Independence:
    """Test independence in a sample without clusters, from n, sum w and sum w^2 per stratum and cell.

    table       of the people with both answers and of any others: the last row and column are left out, as those
                people are outside the domain.
    statistic   see `from_totals`.
    sampled     shape (strata,), people drawn in each stratum; None takes those in the table, with or without answers.
                Give it if the table was filtered: the design is that of all who were drawn.
    population  shape (strata,), people in each stratum, for the finite population correction; None or inf: none.
    df          degrees of freedom of the design; None takes people in the table minus strata.

    A stratum with a single person adds its square, as in `Design` ("adjust").
    """
    variance = stratified_variance(table, sampled=sampled, population=population)
    present = int((table.n.sum(axis=(1, 2)) > 0).sum())
    freedom = float(int(table.n.sum()) - present) if df is None else df
    return from_totals(table.weights, variance, n=int(table.counts.sum()), df=freedom, statistic=statistic)


def design_independence(
    row: NDArray[np.integer],
    column: NDArray[np.integer],
    shape: tuple[int, int],
    design: Design,
    *,
    where: NDArray[np.bool_] | None = None,
    statistic: Statistic = "F",
) -> Independence:
    """Test independence under any design: clusters, several stages, calibrated weights.

    row, column  shape (n,), codes 0..shape[0]-1 and 0..shape[1]-1; others, negative ones too, are no answers.
    where        shape (n,), the domain; None is everybody. Rows outside keep their place in the design.
    statistic    see `from_totals`.

    Whoever lacks an answer is outside the table; the degrees of freedom are those of the domain all the same, as in R.
    """
    cells = cell_codes(row, column, shape)
    inside = (cells >= 0) & design.selected
    inside = inside if where is None else inside & where
    cells = np.where(inside, cells, -1)
    size = shape[0] * shape[1]
    totals = np.bincount(cells[inside], design.weights[inside], minlength=size).reshape(shape)
    n = int(inside.sum())
    if n == 0:
        return Independence(None, None, (), None, (), 0, shape, statistic, Reason.NO_ANSWERS)
    try:
        variance = design.variance_of_groups(design.weights, cells, size)
    except LonelyStratum:
        return Independence(None, None, (), None, (), n, shape, statistic, Reason.LONELY_UNIT)
    return from_totals(totals, variance, n=n, df=float(design.df_where(where)), statistic=statistic)


def cell_codes(row: NDArray[np.integer], column: NDArray[np.integer], shape: tuple[int, int]) -> NDArray[np.int64]:
    """(n,) number of each row's cell, counted row by row; -1 where an answer is lacking."""
    rows, columns = row.astype(np.int64), column.astype(np.int64)
    given = (rows >= 0) & (rows < shape[0]) & (columns >= 0) & (columns < shape[1])
    return np.where(given, rows * shape[1] + columns, -1)


def stratified_variance(
    table: Table, *, sampled: ArrayLike | None = None, population: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Covariance of the cells' weighted totals, cells row by row: shape (rows x columns, the same).

    V = sum over strata of (1 - f) m/(m - 1) (diag(sum w^2) - s s'/m), s the cells' sums of weights, m people drawn.
    """
    strata = table.n.shape[0]
    sums = table.weight[:, :-1, :-1].reshape(strata, -1)
    squares = table.squares[:, :-1, :-1].reshape(strata, -1)
    drawn = np.asarray(table.n.sum(axis=(1, 2)) if sampled is None else sampled, dtype=np.float64)
    whole = np.full(strata, np.inf) if population is None else np.asarray(population, dtype=np.float64)
    if drawn.shape != (strata,) or whole.shape != (strata,):
        raise ValueError(f"the table has {strata} strata, but as many sizes are needed")
    used = drawn > 0
    rest = np.where(used, 1 - np.divide(drawn, whole, out=np.zeros(strata), where=used), 0.0)
    if (rest < -1e-9).any():
        raise ValueError("more people were drawn from a stratum than it has")
    rest = np.clip(rest, 0, 1)
    several = drawn > 1
    factor = np.where(several, rest * drawn / np.maximum(drawn - 1, 1), 0.0)
    shift = sums * np.sqrt(np.divide(factor, drawn, out=np.zeros(strata), where=used))[:, None]
    variance = np.diag(factor @ squares) - shift.T @ shift
    alone = np.flatnonzero(used & ~several)
    if alone.size:
        variance += (sums[alone] * rest[alone, None]).T @ sums[alone]
    return np.asarray(variance)


def from_totals(
    totals: ArrayLike, variance: NDArray[np.float64], *, n: int, df: float, statistic: Statistic = "F"
) -> Independence:
    """Test independence from weighted totals and their design-based covariance.

    totals     shape (r, c), weighted totals of the cells.
    variance   shape (r c, r c), their covariance, cells row by row.
    n          people in the table, unweighted.
    df         degrees of freedom of the design: clusters minus strata.
    statistic  "F": second-order correction of Rao & Scott (Ann Stat 12, 1984), the default.
               "Chisq": their first-order correction.
               "lincom": Pearson's X2 against its own distribution, a sum of chi-squares over one with the degrees of
               freedom of F's denominator, exactly. "saddlepoint": the same, approximated.
               "Wald": on the differences from independence (Koch, Freeman & Freeman, Int Stat Rev 43, 1975).
               "adjWald": the same with df reduced (Thomas & Rao, JASA 82, 1987). Both are liberal in large tables.

    As R survey's `svychisq`: the design effects are those of log-linear contrasts, the interactions orthogonal to both
    main effects, at the observed shares; a cell that is empty has no weight in them. Other programs use expected shares
    and get other values of F. Empty rows and columns are dropped. Fewer than two of either: ONE_GROUP; no degree of
    freedom left: TOO_FEW_UNITS; no spread, or too many empty cells: NO_SPREAD.
    """
    table = np.asarray(totals, dtype=np.float64)
    down, across = table.sum(axis=1) > 0, table.sum(axis=0) > 0
    kept = np.flatnonzero(np.outer(down, across).ravel())
    table = table[np.ix_(down, across)]
    covariance = variance[np.ix_(kept, kept)]

    def nothing(reason: Reason) -> Independence:
        return Independence(None, None, (), None, (), n, (rows, columns), statistic, reason)

    rows, columns = table.shape
    if n == 0:
        return nothing(Reason.NO_ANSWERS)
    if rows < 2 or columns < 2:
        return nothing(Reason.ONE_GROUP)
    size = (rows - 1) * (columns - 1)
    if df <= 0 or (statistic == "adjWald" and df - size + 1 <= 0):
        return nothing(Reason.TOO_FEW_UNITS)
    shares = table / table.sum()
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    pearson = float(n * ((shares - expected) ** 2 / expected).sum())
    if statistic in ("Wald", "adjWald"):
        wald = _wald(table, covariance)
        if wald is None:
            return nothing(Reason.NO_SPREAD)
        freedom = df if statistic == "Wald" else df - size + 1
        value = wald * freedom / (size * df)
        p = float(scipy.special.fdtrc(size, freedom, value))
        return Independence(value, p, (float(size), freedom), pearson, (), n, (rows, columns), statistic)
    effects = _design_effects(shares, covariance / table.sum() ** 2, n)
    if effects is None or effects.sum() <= 0:
        return nothing(Reason.NO_SPREAD)
    value, p, freedoms = _referred(pearson, effects, df, statistic)
    found = tuple(float(effect) for effect in effects)
    return Independence(value, p, freedoms, pearson, found, n, (rows, columns), statistic)


def _referred(
    pearson: float, effects: NDArray[np.float64], df: float, statistic: Statistic
) -> tuple[float, float, tuple[float, ...]]:
    total, size = float(effects.sum()), effects.size
    ndf = total**2 / float((effects**2).sum())
    if statistic == "F":
        value = pearson / total
        return value, float(scipy.special.fdtrc(ndf, ndf * df, value)), (ndf, ndf * df)
    if statistic == "Chisq":
        return pearson, float(scipy.special.chdtrc(size, pearson * size / total)), (float(size),)
    return pearson, (exact if statistic == "lincom" else saddlepoint)(pearson, effects, ndf * df), ()


def _contrasts(size: int) -> NDArray[np.float64]:
    """(size, size - 1) orthonormal columns that sum to 0 (Helmert's)."""
    columns = np.triu(np.ones((size, size - 1)))
    below = np.arange(1, size)
    columns[below, below - 1] = -below
    return np.asarray(columns / np.sqrt(below * (below + 1.0)))


def _design_effects(shares: NDArray[np.float64], covariance: NDArray[np.float64], n: int) -> NDArray[np.float64] | None:
    """Eigenvalues of (C' D^-1 C / n)^-1 C' D^-1 V D^-1 C, ascending; None if they do not exist.

    D is the diagonal of the observed shares (the inverse of an empty cell's is taken as 0), V the covariance of the
    shares. The interactions orthogonal to both main effects are the products of contrasts of rows and of columns.
    """
    p = shares.ravel()
    size = p.size
    centre = np.eye(size) - np.outer(p, np.ones(size))
    v = centre @ covariance @ centre.T
    inverse = np.divide(1.0, p, out=np.zeros(size), where=p > 0)
    c = np.kron(_contrasts(shares.shape[0]), _contrasts(shares.shape[1]))
    weighted = inverse[:, None] * c
    try:
        root = np.linalg.cholesky(c.T @ weighted / n)
    except np.linalg.LinAlgError:
        return None
    middle = scipy.linalg.solve_triangular(root, weighted.T @ v @ weighted, lower=True)
    middle = scipy.linalg.solve_triangular(root, middle.T, lower=True)
    return np.asarray(np.clip(np.linalg.eigvalsh((middle + middle.T) / 2), 0, None))


def _wald(table: NDArray[np.float64], covariance: NDArray[np.float64]) -> float | None:
    """Y' V^-1 Y for the differences Y of all cells but the first row and column from independence."""
    rows, columns = table.shape
    total, down, across = float(table.sum()), table.sum(axis=1), table.sum(axis=0)
    difference = table - np.outer(down, across) / total
    # Derivatives of the difference in the cell (i, j) by the total of the cell (k, l).
    same_row, same_column = np.eye(rows)[:, None, :, None], np.eye(columns)[None, :, None, :]
    jacobian = (
        same_row * same_column
        - same_row * (across / total)[None, :, None, None]
        - same_column * (down / total)[:, None, None, None]
        + (np.outer(down, across) / total**2)[:, :, None, None]
    )
    used = jacobian[1:, 1:].reshape(-1, table.size)
    v = used @ covariance @ used.T
    y = difference[1:, 1:].ravel()
    if np.linalg.matrix_rank(v, hermitian=True) < y.size:
        return None
    value = float(y @ np.linalg.solve(v, y))
    return value if math.isfinite(value) and value >= 0 else None
