"""Rank tests of simple random samples, from a table of values: no row is sorted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from consult.analysis.basis.comparisons import adjusted
from consult.analysis.estimate import Reason


@dataclass(frozen=True, slots=True)
class MannWhitney:
    """Two groups compared; p-values in [0, 1].

    u                 of the first group: pairs in which it has the greater value, ties counted half.
    p_value           asymptotic, corrected for ties and continuity (R's and SPSS' tables differ: see `p_plain`).
    p_plain           the same without continuity correction (SPSS).
    superiority       U/(n m): chance that somebody of the first group has the greater value, ties half.
    rank_biserial     2 superiority - 1, in [-1, 1].
    """

    u: float | None
    p_value: float | None
    p_plain: float | None
    superiority: float | None
    rank_biserial: float | None
    n: tuple[int, int]
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class RankPair:
    """Two groups compared after a Kruskal-Wallis test, by their places.

    z, p, p_holm     Dunn's, on the ranks among all groups; z > 0 where the first group ranks higher.
    mann_whitney     p of the two groups alone, with continuity correction; mann_whitney_holm adjusted.
    """

    first: int
    second: int
    z: float
    p: float
    p_holm: float
    mann_whitney: float
    mann_whitney_holm: float


@dataclass(frozen=True, slots=True)
class KruskalWallis:
    """Several groups compared.

    statistic, df, p_value   H corrected for ties, chi-square with groups - 1; p = 1 where all values are equal.
    epsilon_squared          H (n + 1)/(n^2 - 1), in [0, 1].
    eta_squared              (H - k + 1)/(n - k): about 0 without a difference, may fall below.
    mean_ranks               per group; None for a group without anybody.
    pairs                    of the groups that have anybody.
    """

    statistic: float | None
    p_value: float | None
    df: int
    n: int
    epsilon_squared: float | None
    eta_squared: float | None
    mean_ranks: tuple[float | None, ...]
    pairs: tuple[RankPair, ...]
    reason: Reason | None = None


def value_table(values: ArrayLike, groups: NDArray[np.integer], k: int) -> NDArray[np.int64]:
    """People per distinct value, ascending, and group: shape (v, k).

    values  shape (n,); NaN is a missing answer.  groups  shape (n,), 0..k-1; others are in no group.
    """
    x = np.asarray(values, dtype=np.float64)
    kept = ~np.isnan(x) & (groups >= 0) & (groups < k)
    distinct, place = np.unique(x[kept], return_inverse=True)
    return np.bincount(place * k + groups[kept], minlength=distinct.size * k).reshape(-1, k)


def mann_whitney(counts: ArrayLike) -> MannWhitney:
    """Compare two groups by ranks (Mann & Whitney, Ann Math Stat 18, 1947).

    counts  shape (v, 2): people per value, ascending, and group. Codes of a scale are values: no row needs sorting.

    Asymptotic at any size, as R's `wilcox.test(exact = FALSE)`. A group without anybody: ONE_GROUP. All values equal:
    p = 1. No weights or design: see `design_rank_test`.
    """
    table = _table(counts)
    if table.shape[1] != 2:
        raise ValueError("two groups are compared here")
    n, m = (int(c) for c in table.sum(axis=0))
    if min(n, m) == 0:
        return MannWhitney(None, None, None, None, None, (n, m), Reason.ONE_GROUP if n + m else Reason.NO_ANSWERS)
    u = _u(table)
    superiority = u / (n * m)
    return MannWhitney(u, _p(table, u, 0.5), _p(table, u, 0), superiority, 2 * superiority - 1, (n, m))


def _u(table: NDArray[np.float64]) -> float:
    below = np.cumsum(table[:, 1]) - table[:, 1] / 2
    return float(table[:, 0] @ below)


def _p(table: NDArray[np.float64], u: float, continuity: float) -> float:
    n, m = table.sum(axis=0)
    total, ties = n + m, table.sum(axis=1)
    variance = n * m / 12 * (total + 1 - float((ties**3 - ties).sum()) / (total * (total - 1)))
    if variance <= 0:
        return 1.0
    away = max(0.0, abs(u - n * m / 2) - continuity)
    return float(2 * scipy.special.ndtr(-away / math.sqrt(variance)))


def kruskal_wallis(counts: ArrayLike) -> KruskalWallis:
    """Compare several groups by ranks (Kruskal & Wallis, JASA 47, 1952), and all pairs of them.

    counts  shape (v, k): people per value, ascending, and group.

    Pairs: Dunn (Technometrics 6, 1964) with the correction for ties, and Mann-Whitney; both adjusted by Holm over all
    pairs. Groups without anybody are dropped; fewer than two left: ONE_GROUP.
    """
    table = _table(counts)
    sizes, ties = table.sum(axis=0), table.sum(axis=1)
    n, used = int(table.sum()), np.flatnonzero(sizes > 0)
    ranks = np.cumsum(ties) - ties / 2 + 0.5
    means = [float(ranks @ table[:, g] / sizes[g]) if sizes[g] else None for g in range(table.shape[1])]
    if used.size < 2:
        reason = Reason.ONE_GROUP if n else Reason.NO_ANSWERS
        return KruskalWallis(None, None, 0, n, None, None, tuple(means), (), reason)
    df = used.size - 1
    correction = 1 - float((ties**3 - ties).sum()) / (n**3 - n)
    statistic = 0.0
    if correction > 0:
        squares = sum(float(ranks @ table[:, g]) ** 2 / sizes[g] for g in used)
        statistic = float((12 * squares / (n * (n + 1)) - 3 * (n + 1)) / correction)
    return KruskalWallis(
        statistic,
        float(scipy.special.chdtrc(df, statistic)) if correction > 0 else 1.0,
        df,
        n,
        statistic * (n + 1) / (n**2 - 1),
        (statistic - df) / (n - used.size) if n > used.size else None,
        tuple(means),
        _pairs(table, ranks, [int(g) for g in used]),
    )


def _pairs(table: NDArray[np.float64], ranks: NDArray[np.float64], used: list[int]) -> tuple[RankPair, ...]:
    n, ties, sizes = float(table.sum()), table.sum(axis=1), table.sum(axis=0)
    variance = n * (n + 1) / 12 - float((ties**3 - ties).sum()) / (12 * (n - 1))
    places = list(combinations(used, 2))
    scores, alone = [], []
    for i, j in places:
        difference = float(ranks @ table[:, i] / sizes[i] - ranks @ table[:, j] / sizes[j])
        spread = variance * (1 / sizes[i] + 1 / sizes[j])
        scores.append(difference / math.sqrt(spread) if spread > 0 else 0.0)
        pair = table[:, [i, j]]
        alone.append(_p(pair, _u(pair), 0.5))
    p = [float(2 * scipy.special.ndtr(-abs(z))) for z in scores]
    rows = zip(places, scores, p, _holm(p), alone, _holm(alone), strict=True)
    return tuple(RankPair(i, j, z, one, holm, other, other_holm) for (i, j), z, one, holm, other, other_holm in rows)


def _holm(p: list[float]) -> list[float]:
    return [value for value in adjusted(p) if value is not None]


def _table(counts: ArrayLike) -> NDArray[np.float64]:
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2 or (table < 0).any():
        raise ValueError("a table of values and groups has two dimensions and no negative count")
    return table
