"""Tail areas of sums of chi-squares: what a test statistic follows when a design inflates each contrast differently."""

from __future__ import annotations

import math

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

SMALL = 1e-4
"""The saddlepoint formula divides by its root; nearer to 0 than this it is not used."""
WIDEST = 1000
TERMS = 8000


def satterthwaite(x: float, lambdas: ArrayLike, df: float = math.inf) -> float:
    """P(sum of lambda_i chi2(1) / (chi2(df)/df) > x) by the scaled F with the same two moments.

    x        the statistic, >= 0.
    lambdas  shape (k,), > 0 for some.
    df       degrees of freedom of the denominator; inf: no denominator.

    Satterthwaite (Biometrics Bulletin 2, 1946).
    """
    weights = np.asarray(lambdas, dtype=np.float64)
    ndf = float(weights.sum() ** 2 / (weights**2).sum())
    scaled = x / float(weights.sum())
    if math.isinf(df):
        return float(scipy.special.chdtrc(ndf, scaled * ndf))
    return float(scipy.special.fdtrc(ndf, df, scaled))


def saddlepoint(x: float, lambdas: ArrayLike, df: float = math.inf) -> float:
    """The same by the saddlepoint approximation: Kuonen (Biometrika 86, 1999), after Lugannani & Rice.

    As R survey's `pFsum` and `pchisqsum`; near the mean, where the formula breaks down, Satterthwaite's instead.
    Relative error about 1 % or less.
    """
    if x <= 0:
        return 1.0
    weights, bound = _one_sum(x, lambdas, df)
    scale = float(weights.max())
    weights, bound = weights / scale, bound / scale

    def slope(zeta: float) -> float:
        return float((weights / (1 - 2 * zeta * weights)).sum()) - bound

    low = float((1 / (2 * weights[weights < 0])).max()) * (1 - 1e-9) if (weights < 0).any() else -1.0
    while slope(low) > 0:
        low *= 2
    high = float((1 / (2 * weights[weights > 0])).min()) * (1 - 1e-9)
    if slope(high) < 0:
        return satterthwaite(x, lambdas, df)
    zeta = float(scipy.optimize.brentq(slope, low, high, xtol=1e-15, rtol=1e-14))
    if abs(zeta) < SMALL:
        return satterthwaite(x, lambdas, df)
    inner = 1 - 2 * zeta * weights
    w = math.copysign(math.sqrt(max(0.0, 2 * (zeta * bound + float(np.log(inner).sum()) / 2))), zeta)
    v = zeta * math.sqrt(float((2 * weights**2 / inner**2).sum()))
    return min(1.0, max(0.0, float(scipy.special.ndtr(-(w + math.log(v / w) / w)))))


def exact(x: float, lambdas: ArrayLike, df: float = math.inf) -> float:
    """The same as a mixture of chi-squares, or of Fs (Ruben, Ann Math Stat 33, 1962).

    Absolute error below 1e-12 while the greatest lambda is at most some 1,000 times the least; beyond that the smallest
    are counted as if they were larger, so that p comes out a little too large. df may be broken.
    """
    if x <= 0:
        return 1.0
    weights = np.asarray(lambdas, dtype=np.float64)
    weights = np.maximum(weights, weights.max() / WIDEST)
    least, terms, sums = float(weights.min()), np.empty(TERMS), np.empty(TERMS)
    base = 1 - least / weights
    power = base.copy()
    terms[0] = math.sqrt(float(np.prod(least / weights)))
    count, mass = 1, float(terms[0])
    while mass < 1 - 1e-14 and count < TERMS:
        sums[count - 1] = power.sum()
        power *= base
        terms[count] = float(terms[:count] @ sums[:count][::-1]) / (2 * count)
        mass += float(terms[count])
        count += 1
    freedom = weights.size + 2.0 * np.arange(count)
    bound = x / least
    if math.isinf(df):
        tails = scipy.special.chdtrc(freedom, bound)
    else:
        tails = scipy.special.fdtrc(freedom, df, bound / freedom)
    return min(1.0, float(terms[:count] @ tails) + max(0.0, 1 - mass) * float(tails[-1]))


def _one_sum(x: float, lambdas: ArrayLike, df: float) -> tuple[NDArray[np.float64], float]:
    """P(S / (chi2(df)/df) > x) is P(S - x/df chi2(df) > 0): weights of chi2(1), one after another, and the bound.

    A broken df counts as the next smaller whole number of terms, as in R survey.
    """
    weights = np.asarray(lambdas, dtype=np.float64)
    if math.isinf(df):
        return weights, x
    return np.concatenate([weights, np.full(max(1, math.floor(df)), -x / df)]), 0.0
