"""Key drivers: how much each of several ratings contributes to explaining an overall one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from consult.analysis.basis.moments import Array, Moments, complete, correlation, moments, percentiles, resampled, rows
from consult.analysis.estimate import Reason, check_confidence

EXACT_UP_TO = 12
"""Drivers up to which every one of the 2^p subsets is looked at."""
COLLINEAR = 1e-9
"""A driver of which less than this share of its variance is its own repeats the drivers before it."""

Measure = Literal["lmg", "johnson"]


@dataclass(frozen=True, slots=True)
class Driver:
    """One driver's part; the parts of all sum to R^2 for `importance` (lmg or johnson), and for pratt.

    importance   the published figure, by the result's `measure`; se, low, high by bootstrap, None without.
    share        importance / R^2, in [0, 1].
    lmg          gain in R^2 averaged over all orders of entering; None above EXACT_UP_TO drivers.
    johnson      relative weight.
    first, last  R^2 alone; gain in R^2 when it enters after all others.
    beta         standardised coefficient; betasq its square; pratt beta x correlation (may be negative).
    vif          variance inflation 1/(1 - R^2 on the others), >= 1; above 5 to 10 its beta means little.
    """

    name: str
    importance: float
    share: float
    se: float | None
    low: float | None
    high: float | None
    lmg: float | None
    johnson: float
    first: float
    last: float
    beta: float
    betasq: float
    pratt: float
    vif: float


@dataclass(frozen=True, slots=True)
class KeyDrivers:
    """drivers in the order given, without the dropped; n complete rows; r_squared in [0, 1], not adjusted.

    constant    names of drivers left out because everybody rated them alike.
    collinear   names left out because drivers before them determine them wholly.
    resamples   bootstrap resamples behind the intervals (those in which every variable varied).
    reason      why there are no drivers; then everything else is empty.
    """

    n: int
    r_squared: float | None = None
    drivers: tuple[Driver, ...] = ()
    measure: Measure | None = None
    constant: tuple[str, ...] = ()
    collinear: tuple[str, ...] = ()
    confidence: float | None = None
    resamples: int = 0
    reason: Reason | None = None


def key_drivers(
    outcome: ArrayLike,
    ratings: ArrayLike,
    names: Sequence[str],
    *,
    weights: ArrayLike | None = None,
    resamples: int = 0,
    confidence: float = 0.95,
    seed: int = 20_230_417,
) -> KeyDrivers:
    """Split the R^2 of a linear regression of `outcome` over the ratings.

    outcome    shape (n,); an ordinal scale of 5 and more points counts as linear.
    ratings    shape (n, p), one column per name. A row with any NaN is left out (listwise).
    weights    shape (n,), >= 0: correlations are weighted. Strata and clusters are not known here.
    resamples  bootstrap draws of rows for the percentile intervals, 0 for none; seed makes them repeatable.

    Up to 12 drivers the importance is LMG = Shapley value (Lindeman, Merenda & Gold 1980; Gromping, J Stat Software 17,
    2006), exact over all subsets; above, Johnson's relative weights (Multivariate Behavioral Research 35, 2000, p. 1).
    Raw betas are given but are no measure of importance. An association, never proof that improving a driver would
    raise the outcome. n <= p + 1 complete rows: TOO_FEW_ANSWERS. The outcome does not vary: NO_SPREAD; no driver
    varies: NO_SPREAD_IN_ITEM.
    """
    check_confidence(confidence)
    table, w = rows(np.column_stack((np.asarray(outcome, dtype=np.float64), np.asarray(ratings))), weights)
    if table.shape[1] != len(names) + 1:
        raise ValueError(f"{table.shape[1] - 1} drivers but {len(names)} names")
    table, w = complete(table, w)
    if not len(table):
        return KeyDrivers(0, reason=Reason.NO_ANSWERS)
    if len(table) < 3:
        return KeyDrivers(len(table), reason=Reason.TOO_FEW_ANSWERS)
    found = moments(table, w)
    if found.constant[0]:
        return KeyDrivers(found.n, reason=Reason.NO_SPREAD)
    kept, constant, collinear = _usable(found)
    dropped = tuple(names[j] for j in constant), tuple(names[j] for j in collinear)
    if not kept:
        return KeyDrivers(found.n, None, (), None, *dropped, reason=Reason.NO_SPREAD_IN_ITEM)
    if found.n <= len(kept) + 1:
        return KeyDrivers(found.n, None, (), None, *dropped, reason=Reason.TOO_FEW_ANSWERS)
    columns = [0, *(j + 1 for j in kept)]
    measure: Measure = "lmg" if len(kept) <= EXACT_UP_TO else "johnson"
    drawn = _drawn(table[:, columns], w, measure, resamples, seed)
    r = correlation(found.covariance[np.ix_(columns, columns)])
    r_squared, drivers = _drivers(r, [names[j] for j in kept], measure, drawn, confidence)
    used = 0 if drawn is None else len(drawn)
    return KeyDrivers(found.n, r_squared, drivers, measure, *dropped, confidence if used else None, used)


def _usable(found: Moments) -> tuple[list[int], list[int], list[int]]:
    """Drivers that vary and are no sum of those before them; those that do not vary; those that are such a sum."""
    constant = [int(j) for j in np.flatnonzero(found.constant[1:])]
    kept: list[int] = []
    collinear: list[int] = []
    for j in range(len(found.mean) - 1):
        if j in constant:
            continue
        chosen = [k + 1 for k in (*kept, j)]
        r = correlation(found.covariance[np.ix_(chosen, chosen)])
        own = 1.0
        if kept:
            own = 1 - float(r[-1, :-1] @ np.linalg.solve(r[:-1, :-1], r[:-1, -1]))
        (kept if own > COLLINEAR else collinear).append(j)
    return kept, constant, collinear


def _drivers(
    r: Array, names: Sequence[str], measure: Measure, drawn: Array | None, confidence: float
) -> tuple[float, tuple[Driver, ...]]:
    among, with_outcome = r[1:, 1:], r[0, 1:]
    inverse = np.linalg.inv(among)
    vif = np.diag(inverse)
    beta = inverse @ with_outcome
    r_squared = float(np.clip(beta @ with_outcome, 0, 1))
    johnson = relative_weights(r)
    lmg = shapley(r) if measure == "lmg" else None
    importance = johnson if lmg is None else lmg
    low, high = (None, None) if drawn is None else percentiles(drawn, confidence)
    se = None if drawn is None else drawn.std(axis=0, ddof=1)
    share = importance / r_squared if r_squared > 0 else np.full(len(names), 1 / len(names))
    return r_squared, tuple(
        Driver(
            name=name,
            importance=float(importance[j]),
            share=float(share[j]),
            se=None if se is None else float(se[j]),
            low=None if low is None else float(low[j]),
            high=None if high is None else float(high[j]),
            lmg=None if lmg is None else float(lmg[j]),
            johnson=float(johnson[j]),
            first=float(with_outcome[j] ** 2),
            last=float(beta[j] ** 2 / vif[j]),
            beta=float(beta[j]),
            betasq=float(beta[j] ** 2),
            pratt=float(beta[j] * with_outcome[j]),
            vif=float(vif[j]),
        )
        for j, name in enumerate(names)
    )


def shapley(r: Array) -> Array:
    """LMG of correlation matrices (…, p + 1, p + 1), outcome first: (…, p), summing to R^2. p up to about 15.

    The gain in R^2 averaged over the orders of entering (Lindeman, Merenda & Gold, Introduction to Bivariate and
    Multivariate Analysis, 1980, p. 119 ff.), as R's relaimpo has it.

    All 2^p subsets at once: each step takes the next driver and either leaves it out or sweeps it out of the rest,
    which doubles the matrices and makes them one smaller. What is left of the outcome's variance is 1 - R^2 of the
    subset. So the cost is that of 2^p numbers, not of 2^p equations.
    """
    p = r.shape[-1] - 1
    lead = r.shape[:-2]
    # The outcome moves behind the drivers, so that a step always sweeps the first row.
    order = [*range(1, p + 1), 0]
    state = r[..., order, :][..., order].reshape(-1, 1, p + 1, p + 1)
    for _ in range(p):
        pivot, across, rest = state[..., :1, :1], state[..., :1, 1:], state[..., 1:, 1:]
        # In a resample a driver may repeat others: it then explains nothing more.
        gain = np.where(pivot > COLLINEAR, 1 / np.maximum(pivot, COLLINEAR), 0.0)
        swept = rest - gain * np.swapaxes(across, -1, -2) * across
        state = np.stack((rest, swept), axis=2).reshape(len(state), -1, *rest.shape[-2:])
    explained = (1 - state[..., 0, 0]).reshape(-1, *(2,) * p)
    sizes = np.indices((2,) * (p - 1)).sum(axis=0) if p > 1 else np.array(0)
    weight = np.array([math.factorial(s) * math.factorial(p - 1 - s) / math.factorial(p) for s in range(p)])[sizes]
    parts = [
        ((np.take(explained, 1, axis=j + 1) - np.take(explained, 0, axis=j + 1)) * weight).reshape(len(explained), -1)
        for j in range(p)
    ]
    return np.stack([part.sum(axis=1) for part in parts], axis=1).reshape(*lead, p)


def relative_weights(r: Array) -> Array:
    """Johnson's relative weights of correlation matrices (…, p + 1, p + 1), outcome first: (…, p), summing to R^2.

    Multivariate Behavioral Research 35, 2000, p. 1. Thomas, Zumbo, Kwan & Schweitzer (ibid. 49, 2014, p. 329)
    hold its derivation to be flawed: it is used where the exact LMG would cost too much.

    The drivers are replaced by the nearest uncorrelated variables; what those explain is shared out by how strongly
    each driver is tied to each of them. One eigen-decomposition, any p.
    """
    values, vectors = np.linalg.eigh(r[..., 1:, 1:])
    root = np.sqrt(np.maximum(values, COLLINEAR))
    turned = np.swapaxes(vectors, -1, -2)
    ties = (vectors * root[..., None, :]) @ turned
    beta = (vectors / root[..., None, :]) @ turned @ r[..., 1:, :1]
    return np.asarray((ties**2 @ beta**2)[..., 0])


def _drawn(table: Array, w: Array, measure: Measure, resamples: int, seed: int) -> Array | None:
    """Importance (B, p) in bootstrap resamples, those in which every variable varies."""
    if not resamples:
        return None
    _, drawn = resampled(table, w, resamples, seed)
    spread = np.diagonal(drawn, axis1=-2, axis2=-1)
    drawn = drawn[(spread > 1e-12 * table.var(axis=0)).all(axis=1)]
    if len(drawn) < 2:
        return None
    # 2^p numbers per resample: as many resamples at once as fit into some 60 MB.
    step = max(1, 2_000_000 >> (table.shape[1] - 1)) if measure == "lmg" else len(drawn)
    split = shapley if measure == "lmg" else relative_weights
    return np.concatenate([split(correlation(drawn[k : k + step])) for k in range(0, len(drawn), step)])
