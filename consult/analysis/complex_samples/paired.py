"""Two answers of the same person compared: the gap between what is found and what was expected."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from consult.analysis.basis.moments import Array
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import Rows, design_mean
from consult.analysis.estimate import Estimate, Reason

EXACT_BELOW = 50
"""Pairs below which Wilcoxon's test is exact, if no difference is 0 or equal to another (R's rule)."""


@dataclass(frozen=True, slots=True)
class SignedRanks:
    """Wilcoxon's signed rank test: v, the sum of the ranks of positive differences; two-sided p; None with a reason."""

    v: float | None
    p: float | None
    is_exact: bool = False
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """gap: mean of found - expected in points, with interval and SE; t and p: paired t test with gap.df, None where the
    gap has no interval; ranks: Wilcoxon's test, which knows no weights or design."""

    gap: Estimate
    t: float | None
    p: float | None
    ranks: SignedRanks


def paired_gap(
    found: ArrayLike,
    expected: ArrayLike,
    design: Design,
    where: Rows | None = None,
    *,
    confidence: float = 0.95,
    exact: bool | None = None,
) -> Gap:
    """Compare two ratings by the same people, on the same scale.

    found, expected  shape (n,); NaN is missing, and a pair that lacks a side is left out.
    exact            of Wilcoxon's test, see `signed_ranks`.

    The mean difference under the design: Student's paired test for equal weights, if nobody lacks a side. Who does
    stays in the design as outside the domain, which moves the error a little; leave such rows out before for the
    textbook's test.
    """
    difference = np.asarray(found, dtype=np.float64) - np.asarray(expected, dtype=np.float64)
    gap = design_mean(difference, design, where, confidence=confidence)
    counted = design.selected if where is None else design.selected & where
    ranks = signed_ranks(difference[counted], exact=exact)
    if gap.value is None or not gap.se or gap.df is None:
        return Gap(gap, None, None, ranks)
    t = gap.value / gap.se
    return Gap(gap, t, float(2 * scipy.special.stdtr(gap.df, -abs(t))), ranks)


def signed_ranks(difference: ArrayLike, *, exact: bool | None = None) -> SignedRanks:
    """Wilcoxon's signed rank test (Biometrics 1, 1945) of a simple random sample, as R's `wilcox.test` does it.

    difference  shape (n,); NaN is left out. Zeros are left out too.
    exact       None: exact below 50 differences without zeros and ties, else normal with correction for ties and
                continuity. True is obeyed only without zeros and ties.
    """
    d = np.asarray(difference, dtype=np.float64)
    d = d[~np.isnan(d)]
    if not len(d):
        return SignedRanks(None, None, reason=Reason.NO_ANSWERS)
    moved = d[d != 0]
    n = len(moved)
    if not n:
        return SignedRanks(0.0, 1.0)
    _, place, times = np.unique(np.abs(moved), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(times) - (times - 1) / 2)[place.reshape(-1)]
    v = float(ranks[moved > 0].sum())
    few = len(d) < EXACT_BELOW if exact is None else exact
    if few and n == len(d) and (times == 1).all():
        return SignedRanks(v, _exact(int(v), n), is_exact=True)
    centre = n * (n + 1) / 4
    variance = n * (n + 1) * (2 * n + 1) / 24 - float((times**3 - times).sum()) / 48
    z = (v - centre - math.copysign(0.5, v - centre) * (v != centre)) / math.sqrt(variance)
    return SignedRanks(v, min(1.0, float(2 * scipy.special.ndtr(-abs(z)))))


def _exact(v: int, n: int) -> float:
    """Two-sided p: sums of the ranks 1..n with every sign equally likely."""
    ways: Array = np.zeros(n * (n + 1) // 2 + 1)
    ways[0] = 1.0
    for rank in range(1, n + 1):
        ways[rank:] = ways[rank:] + ways[:-rank]
    ways /= ways.sum()
    low, high = float(ways[: v + 1].sum()), float(ways[v:].sum())
    return min(1.0, 2 * min(low, high))
