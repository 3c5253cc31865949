"""Means and quantiles."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from consult.analysis.basis.quantiles import weighted_quantile
from consult.analysis.estimate import Estimate, Reason, check_confidence

Rule = Literal["math", "school", "hf7"]


def mean(
    values: ArrayLike, counts: ArrayLike | None = None, *, confidence: float = 0.95, population: int | None = None
) -> Estimate:
    """Estimate a population's mean from a simple random sample, with Student's interval.

    values      shape (n,), the answers; NaN is a missing answer and is left out. Or, with counts, the distinct values.
    counts      shape like values, how many gave each value; whole numbers >= 0.
    confidence  coverage, between 0 and 1.
    population  its size N, for the correction sqrt(1 - n/N) of the standard error; n >= N gives SE 0.

    value, se, low, high in the unit of values; df = n - 1. n = 0: NO_ANSWERS; n = 1: no interval, ONE_ANSWER; all
    values equal: SE 0 and no interval, NO_SPREAD. The interval may leave the range of possible answers.
    Student (Biometrika 6, 1908); Cochran, Sampling Techniques, 1977, section 2.8. No weights, strata or clusters.
    """
    check_confidence(confidence)
    x, w = _table(values, counts)
    n = int(w.sum())
    if n == 0:
        return Estimate(None, 0, reason=Reason.NO_ANSWERS)
    centre = float(w @ x) / n
    if population is not None and n >= population:
        return Estimate(centre, n, 0.0, centre, centre, method="census", confidence=confidence)
    if n == 1:
        return Estimate(centre, 1, reason=Reason.ONE_ANSWER)
    variance = float(w @ (x - centre) ** 2) / (n - 1)
    if x[w > 0].min() == x[w > 0].max():
        return Estimate(float(x[w > 0][0]), n, 0.0, reason=Reason.NO_SPREAD)
    rest = 1.0 if population is None else 1 - n / population
    se = math.sqrt(variance / n * rest)
    return student(centre, se, n, n - 1, confidence)


def student(value: float, se: float, n: int, df: float, confidence: float) -> Estimate:
    """value +- t(df) se as an Estimate."""
    half = float(scipy.special.stdtrit(df, (1 + confidence) / 2)) * se
    return Estimate(value, n, se, value - half, value + half, df, "t", confidence)


def standard_deviation(values: ArrayLike, counts: ArrayLike | None = None) -> float | None:
    """Sample standard deviation (divisor n - 1) in the unit of values; None for n < 2. Arguments as in `mean`."""
    x, w = _table(values, counts)
    n = int(w.sum())
    if n < 2:
        return None
    centre = float(w @ x) / n
    return math.sqrt(float(w @ (x - centre) ** 2) / (n - 1))


def quantile(
    values: ArrayLike, p: float = 0.5, *, weights: ArrayLike | None = None, rule: Rule = "math"
) -> float | None:
    """A quantile of the answers; p = 0.5 is the median.

    values   shape (n,); NaN is a missing answer and is left out.
    p        in [0, 1].
    weights  shape (n,), >= 0; None weighs all alike. Counts of distinct values are weights too (but not for "hf7").
    rule     "math": the smallest value at which the distribution function reaches p (Hyndman & Fan type 1), R survey's
             default, always a value somebody gave. "school": type 2, the mean of two neighbours where the function
             equals p on a whole step. "hf7": linear, Excel's and R's `quantile` default (Am Stat 50, 1996, p. 361).

    None if there is no answer or all weights are 0. No interval: for that a design is needed.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p is between 0 and 1, not {p!r}")
    x, w = _table(values, weights)
    return weighted_quantile(x, w, p, rule)


def _table(values: ArrayLike, counts: ArrayLike | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x = np.asarray(values, dtype=np.float64).ravel()
    w = np.ones(x.shape) if counts is None else np.asarray(counts, dtype=np.float64).ravel()
    if w.shape != x.shape:
        raise ValueError(f"{x.size} values but {w.size} counts")
    if (w < 0).any() or np.isnan(w).any():
        raise ValueError("a count or weight is negative or missing")
    given = ~np.isnan(x)
    return x[given], w[given]
