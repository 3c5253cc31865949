"""Variances by replicate weights: jackknife, balanced repeated replication, bootstrap, or columns that came with data.

Use them for statistics whose influence nobody has written down, and for data published with replicate weights; for the
rest linearisation (`design_estimates`) is faster and gives nearly the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from consult.analysis.basis.stages import Codes, Floats, Stage, as_columns, sum_by
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import Rows, given_rows
from consult.analysis.complex_samples.linear import Base, Estimates, assemble


@dataclass(frozen=True, eq=False)
class Replicates:
    """A sample with weights that vary as if it had been drawn again.

    design   the sample itself; its variance is not used.
    units    shape (n,): which row of `factors` a row of data has; None: each its own.
    factors  shape (U, R), >= 0: what multiplies the weights of each unit in each replicate.
    scale, rscales  V = scale sum_r rscales_r (theta_r - centre)(theta_r - centre)'; rscales has shape (R,).
    mse      centre at the estimate itself, instead of the replicates' mean (both are in use; R's default is the mean).
    df       degrees of freedom for t.
    """

    design: Design
    units: Codes | None
    factors: Floats
    scale: float
    rscales: Floats
    mse: bool
    df: int

    def totals(self, columns: Floats) -> Floats:
        """Weighted totals of columns, shape (n, p), in each replicate: shape (R, p)."""
        weighted = columns * self.design.weights[:, None]
        by_unit = weighted if self.units is None else sum_by(self.units, self.factors.shape[0], weighted)
        return np.asarray(self.factors.T @ by_unit)

    def weights(self, replicate: int) -> Floats:
        """Shape (n,): the weights of one replicate."""
        factors = self.factors[:, replicate]
        return self.design.weights * (factors if self.units is None else factors[self.units])

    def variance(self, thetas: Floats, estimate: Floats) -> Floats:
        """Covariance from replicates' estimates, shape (R, p). Replicates without an estimate (NaN) are left out."""
        known = np.isfinite(thetas).all(axis=1)
        thetas, rscales = thetas[known], self.rscales[known]
        if not (rscales > 0).any():
            return np.zeros((thetas.shape[1], thetas.shape[1]))
        centred = thetas - (estimate if self.mse else thetas[rscales > 0].mean(axis=0))
        return np.asarray(self.scale * (centred.T @ (centred * rscales[:, None])))


def jackknife(design: Design, *, kind: Literal["JK1", "JKn"] | None = None, mse: bool = False) -> Replicates:
    """Replicates that leave out one primary unit each (R's `as.svrepdesign`).

    kind  "JK1": for a sample without strata, the others get n/(n - 1). "JKn": the others of the stratum do so.
          None: whichever the design needs.

    Finite population corrections of the first stage enter through rscales; those of later stages are dropped, and so
    are projections: calibrate each replicate for those. A lonely unit: "adjust" leaves the stratum out and gives the
    others H/(H - 1); "certainty" and "average" make no replicate of it, the latter scales the variance up.
    """
    stage = design.stratified[0]
    if kind == "JK1" and stage.drawn.size > 1:
        raise ValueError("JK1 is for samples without strata")
    size = stage.size
    strata = np.zeros(size, dtype=np.int64) if stage.stratum is None else stage.stratum
    drawn = stage.drawn[strata]
    alone = stage.is_lonely[strata]
    left = np.ones(size) if stage.left is None else np.broadcast_to(stage.left, (size,))
    taken = np.flatnonzero((left > 0) & ((drawn > 1) | (alone & (design.lonely == "adjust"))))
    same = strata[:, None] == strata[taken][None, :]
    factors = np.where(same, (drawn / np.maximum(drawn - 1, 1))[:, None], 1.0)
    rscales = left[taken] * (drawn[taken] - 1) / drawn[taken]
    count = stage.drawn.size
    for column in np.flatnonzero(alone[taken]):
        factors[:, column] = count / (count - 1) if count > 1 else 1.0
        rscales[column] = (count - 1) / count
    factors[taken, np.arange(taken.size)] = 0
    scale = 1.0
    if design.lonely == "average" and alone.any():
        scale = size / max(taken.size, 1)
    df = max(int((stage.drawn[np.unique(strata[taken])] - 1).sum()), 0)
    return Replicates(design, _units(stage), factors, scale, rscales, mse, df)


def bootstrap(design: Design, count: int, *, seed: int, mse: bool = False) -> Replicates:
    """Bootstrap replicates of primary units (Rao & Wu, JASA 83, 1988).

    count  replicates, 500 or more for standard errors.
    seed   the same seed gives the same replicates.

    In each stratum n - 1 of n units are drawn with replacement; a unit drawn t times gets the factor
    1 - l + l t n/(n - 1) with l = sqrt(1 - f) (Rao, Wu & Yue, Surv Meth 18, 1992). Lonely units keep their weight, so
    they add nothing. Later stages and projections are not resampled.
    """
    random = np.random.default_rng(seed)
    stage = design.stratified[0]
    size = stage.size
    strata = np.zeros(size, dtype=np.int64) if stage.stratum is None else stage.stratum
    left = np.ones(size) if stage.left is None else np.broadcast_to(stage.left, (size,))
    factors = np.ones((size, count))
    for stratum, n in enumerate(stage.drawn):
        members = np.flatnonzero(strata == stratum)
        if n < 2:
            continue
        times = random.multinomial(n - 1, np.full(n, 1 / n), size=count).T
        reach = np.sqrt(left[members])[:, None]
        factors[members] = 1 - reach + reach * times * (n / (n - 1))
    df = max(int((stage.drawn - 1).sum()), 0)
    return Replicates(design, _units(stage), factors, 1 / max(count - 1, 1), np.ones(count), mse, df)


def given_replicates(
    design: Design,
    columns: ArrayLike,
    *,
    scale: float,
    rscales: ArrayLike | None = None,
    combined: bool = False,
    mse: bool = False,
) -> Replicates:
    """Replicate weights that came with the data.

    columns   shape (n, R), >= 0.
    combined  the columns are weights themselves, not factors of the sampling weights.
    scale, rscales  as the data's documentation says; rscales is 1 for each if None.

    df is the rank of the columns less 1.
    """
    factors = np.asarray(columns, dtype=np.float64)
    if factors.ndim != 2 or factors.shape[0] != design.n or (factors < 0).any() or not np.isfinite(factors).all():
        raise ValueError("replicate weights are one column of numbers >= 0 for each replicate")
    if combined:
        factors = factors / np.where(design.selected, design.weights, 1.0)[:, None]
    scales = np.ones(factors.shape[1]) if rscales is None else np.asarray(rscales, dtype=np.float64)
    weighted = factors * design.weights[:, None]
    rank = int(np.linalg.matrix_rank(weighted.T @ weighted, rtol=1e-10)) if factors.size else 1
    return Replicates(design, None, factors, scale, scales, mse, max(rank - 1, 0))


def balanced(
    design: Design, columns: ArrayLike, *, fay: float = 0.0, combined: bool = False, mse: bool = False
) -> Replicates:
    """Balanced repeated replication from given columns (McCarthy, Int Stat Rev 37, 1969).

    columns  shape (n, R): factors 2 and 0 (or 2 - fay and fay, Fay's variant), or weights if `combined`.
    fay      Fay's rho in [0, 1).
    """
    if not 0 <= fay < 1:
        raise ValueError(f"Fay's factor is in [0, 1), not {fay!r}")
    count = max(np.asarray(columns).shape[1], 1)
    return given_replicates(design, columns, scale=1 / (count * (1 - fay) ** 2), combined=combined, mse=mse)


def replicate_means(x: ArrayLike, replicates: Replicates, where: Rows | None = None) -> Estimates:
    """Estimate means of x, shape (n, p) or (n,), by replicates. NaN = missing, listwise. See `design_means`."""
    columns, inside, _ = given_rows(x, replicates.design, where)
    return _quotients(np.column_stack([columns, inside.astype(np.float64)]), inside, replicates)


def replicate_ratios(
    numerators: ArrayLike, denominator: ArrayLike, replicates: Replicates, where: Rows | None = None
) -> Estimates:
    """Estimate ratios of totals by replicates; arguments as in `design_ratios`."""
    design = replicates.design
    y = as_columns(numerators)
    below = np.asarray(denominator, dtype=np.float64)
    columns, inside, _ = given_rows(np.column_stack([y, below]), design, where)
    return _quotients(columns, inside, replicates)


def replicate_totals(x: ArrayLike, replicates: Replicates, where: Rows | None = None) -> Estimates:
    """Estimate totals of x, shape (n, p) or (n,), by replicates. See `design_totals`."""
    columns, inside, w = given_rows(x, replicates.design, where)
    totals = w @ columns
    return _result(totals, replicates.totals(columns), inside, replicates)


def replicate_statistic(function: Callable[[Floats], ArrayLike], replicates: Replicates) -> Estimates:
    """Estimate anything that can be computed from weights, once with each replicate's.

    function  takes weights of shape (n,), gives a number or p of them; NaN where there is none.
    """
    everybody = np.ones(replicates.design.n, dtype=np.bool_)
    value = np.atleast_1d(np.asarray(function(replicates.design.weights), dtype=np.float64))
    count = replicates.factors.shape[1]
    thetas = np.array([np.atleast_1d(function(replicates.weights(r))) for r in range(count)], dtype=np.float64)
    return _result(value, thetas.reshape(count, value.size), everybody, replicates)


def _quotients(columns: Floats, inside: Rows, replicates: Replicates) -> Estimates:
    """Totals of all columns but the last over that of the last."""
    sums = replicates.design.weights @ columns
    again = replicates.totals(columns)
    below = np.where(again[:, -1:] != 0, again[:, -1:], np.nan)
    value = sums[:-1] / sums[-1] if sums[-1] else np.full(sums.size - 1, np.nan)
    return _result(value, again[:, :-1] / below, inside, replicates)


def _result(value: Floats, thetas: Floats, inside: Rows, replicates: Replicates) -> Estimates:
    design = replicates.design
    base = Base.of(design, inside, value.size)
    vcov = replicates.variance(thetas, value)
    return assemble(design, value, vcov, base, df=replicates.df)


def _units(stage: Stage) -> Codes | None:
    return stage.units
