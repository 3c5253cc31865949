"""Rank tests under a sampling design."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from consult.analysis.complex_samples.design import Design, LonelyStratum
from consult.analysis.estimate import Reason

Score = Literal["wilcoxon", "vanderWaerden", "median"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RankTest:
    """Groups compared by the mean of their rank scores.

    statistic   t of the second group less the first (two groups), or the chi-square of all differences (more).
    df          (degrees of freedom of t,), or (groups - 1, denominator) of the F that gives p.
    p_value     two-sided.
    scores      mean score per group; of "wilcoxon", the estimated share of the population with a lower value.
    """

    statistic: float | None
    p_value: float | None
    df: tuple[float, ...]
    scores: tuple[float | None, ...]
    n: int
    score: Score
    reason: Reason | None = None


def design_rank_test(
    values: ArrayLike,
    groups: NDArray[np.integer],
    k: int,
    design: Design,
    *,
    where: NDArray[np.bool_] | None = None,
    score: Score = "wilcoxon",
    ties: Literal["middle", "rows"] = "middle",
) -> RankTest:
    """Compare groups by estimated population ranks (Lumley & Scott, Aust N Z J Stat 55, 2013).

    values  shape (n,); NaN is a missing answer.
    groups  shape (n,), 0..k-1; others, such as -1, are in no group.
    where   shape (n,), the domain.
    score   of the rank r in a population of N: "wilcoxon" r/N (with more than two groups the Kruskal-Wallis test),
            "vanderWaerden" its normal quantile, "median" whether r > N/2.
    ties    "middle": all who share a value get the middle of their ranks, so the order of rows does not matter.
            "rows": the plain mean of their places one after another, which with unequal weights depends on the order
            of rows; as R survey's `svyranktest`.

    Groups without anybody are dropped: fewer than two left: ONE_GROUP. Scores that do not differ at all: NO_SPREAD.
    """
    x = np.asarray(values, dtype=np.float64)
    inside = ~np.isnan(x) & (groups >= 0) & (groups < k) & design.selected
    inside = inside if where is None else inside & where
    code = np.where(inside, groups, -1).astype(np.int64)
    w = np.where(inside, design.weights, 0.0)
    sizes = np.bincount(code[inside], w[inside], minlength=k)
    used, n = np.flatnonzero(sizes > 0), int(inside.sum())
    if used.size < 2:
        return RankTest(None, None, (), (None,) * k, n, score, Reason.ONE_GROUP if n else Reason.NO_ANSWERS)
    scores = np.zeros(x.size)
    scores[inside] = _SCORES[score](_ranks(x[inside], w[inside], ties), float(w.sum()))
    means = np.bincount(code[inside], (w * scores)[inside], minlength=k) / np.where(sizes > 0, sizes, 1)
    z = np.zeros(x.size)
    z[inside] = (w * (scores - means[code]) / np.where(sizes > 0, sizes, 1)[code])[inside]
    shown = tuple(float(m) if s > 0 else None for m, s in zip(means, sizes, strict=True))
    try:
        variance = design.variance_of_groups(z, code, k)[np.ix_(used, used)]
    except LonelyStratum:
        return RankTest(None, None, (), shown, n, score, Reason.LONELY_UNIT)
    contrast = np.hstack([-np.ones((used.size - 1, 1)), np.eye(used.size - 1)])
    return _tested(
        contrast @ means[used], contrast @ variance @ contrast.T, float(design.df_where(inside)), shown, n, score
    )


def _tested(
    difference: Floats,
    variance: Floats,
    df: float,
    scores: tuple[float | None, ...],
    n: int,
    score: Score,
) -> RankTest:
    size = difference.size
    if df - size <= 0:
        return RankTest(None, None, (), scores, n, score, Reason.TOO_FEW_UNITS)
    if np.linalg.matrix_rank(variance, hermitian=True) < size:
        return RankTest(None, None, (), scores, n, score, Reason.NO_SPREAD)
    if size == 1:
        t = float(difference[0]) / math.sqrt(float(variance[0, 0]))
        return RankTest(t, float(2 * scipy.special.stdtr(df - 1, -abs(t))), (df - 1,), scores, n, score)
    chi2 = float(difference @ np.linalg.solve(variance, difference))
    freedom = df - size
    p = float(scipy.special.fdtrc(size, freedom, chi2 / size))
    return RankTest(chi2, p, (float(size), freedom), scores, n, score)


def _ranks(x: Floats, w: Floats, ties: Literal["middle", "rows"]) -> Floats:
    """Estimated ranks in the population, above 0 and below the sum of the weights."""
    if ties == "middle":
        _, place = np.unique(x, return_inverse=True)
        mass = np.bincount(place, w)
        return np.asarray((np.cumsum(mass) - mass / 2)[place])
    order = np.argsort(x, kind="stable")
    _, place = np.unique(x[order], return_inverse=True)
    places = np.cumsum(w[order]) - w[order] / 2
    ranks = np.empty_like(x)
    ranks[order] = (np.bincount(place, places) / np.bincount(place))[place]
    return ranks


def _share_below(ranks: Floats, total: float) -> Floats:
    return ranks / total


def _normal(ranks: Floats, total: float) -> Floats:
    return np.asarray(scipy.special.ndtri(ranks / total))


def _above_median(ranks: Floats, total: float) -> Floats:
    return (ranks > total / 2).astype(np.float64)


_SCORES: dict[Score, Callable[[Floats, float], Floats]] = {
    "wilcoxon": _share_below,
    "vanderWaerden": _normal,
    "median": _above_median,
}
