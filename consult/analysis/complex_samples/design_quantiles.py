"""Quantiles of a population from a sample with weights, strata, clusters, with Woodruff's intervals."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from consult.analysis.basis.quantiles import QuantileRule, Ranked
from consult.analysis.basis.stages import Floats
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import Rows, design_means
from consult.analysis.complex_samples.design_shares import ShareMethod, share_interval
from consult.analysis.complex_samples.linear import t_quantile
from consult.analysis.estimate import Estimate, Reason, check_confidence

Interval = Literal["mean", "beta", "xlogit", "asin"]


def design_quantiles(
    x: ArrayLike,
    p: ArrayLike,
    design: Design,
    where: Rows | None = None,
    *,
    rule: QuantileRule = "math",
    interval: Interval = "mean",
    confidence: float = 0.95,
) -> tuple[Estimate, ...]:
    """Estimate quantiles of a population, with intervals.

    x         shape (n,); NaN is missing.
    p         shape (m,) or a number, each in [0, 1].
    rule      see `weighted_quantile`.
    interval  how the share of people at or below the quantile is bounded before the bounds are turned back into
              values (Woodruff, JASA 47, 1952): "mean", "beta", "xlogit", "asin" as in `design_share`.

    One Estimate for each p, in the unit of x. se is the interval's width over twice the t quantile. A bound that lies
    beyond the data is None, and so is se then (BEYOND_DATA). df: units - strata among those with an answer.
    As R's `svyquantile`, except that the lowest value stands for whatever lies below its own weight.
    """
    check_confidence(confidence)
    points = [float(point) for point in np.atleast_1d(np.asarray(p, dtype=np.float64))]
    if any(not 0 <= point <= 1 for point in points):
        raise ValueError(f"p is between 0 and 1, not {p!r}")
    values = np.asarray(x, dtype=np.float64)
    inside = ~np.isnan(values)
    if where is not None:
        inside &= where
    ranked = Ranked(values[inside], design.weights[inside])
    n = int(ranked.x.size)
    if n == 0:
        reason = Reason.NO_WEIGHT if inside.any() else Reason.NO_ANSWERS
        return tuple(Estimate(None, 0, reason=reason) for _ in points)
    found = []
    for point in points:
        value = ranked.quantile(point, rule)
        found.append(_with_interval(values, value, ranked, design, inside, rule, interval, confidence))
    return tuple(found)


def design_quantile(
    x: ArrayLike,
    p: float,
    design: Design,
    where: Rows | None = None,
    *,
    rule: QuantileRule = "math",
    interval: Interval = "mean",
    confidence: float = 0.95,
) -> Estimate:
    """Estimate one quantile; p = 0.5 is the median. See `design_quantiles`."""
    return design_quantiles(x, p, design, where, rule=rule, interval=interval, confidence=confidence)[0]


def _with_interval(
    values: Floats,
    value: float,
    ranked: Ranked,
    design: Design,
    inside: Rows,
    rule: QuantileRule,
    interval: Interval,
    confidence: float,
) -> Estimate:
    n = int(ranked.x.size)
    below = np.where(inside, values <= value, np.nan)
    method: ShareMethod = interval
    means = design_means(below, design, inside)
    rows = int(np.count_nonzero(inside))
    share = share_interval(means, 0, rows, None, confidence=confidence, method=method)
    if share.method == "census":
        return Estimate(value, n, 0.0, value, value, method="census", confidence=confidence)
    if share.low is None or share.high is None:
        everybody_below = share.reason is Reason.NO_SPREAD and ranked.x[0] < ranked.x[-1]
        return Estimate(value, n, reason=Reason.BEYOND_DATA if everybody_below else share.reason, lonely=share.lonely)
    low = ranked.quantile(share.low, rule) if share.low >= 0 else None
    high = ranked.quantile(share.high, rule) if share.high <= 1 else None
    se = None
    if low is not None and high is not None:
        se = (high - low) / (2 * t_quantile((1 + confidence) / 2, means.df))
    reason = Reason.BEYOND_DATA if se is None else None
    return Estimate(value, n, se, low, high, float(means.df), interval, confidence, reason, lonely=share.lonely)
