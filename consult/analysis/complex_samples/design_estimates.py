"""Means, totals, ratios, variances of a population from a sample with weights, strata, clusters: by linearisation.

Everything here takes a `Design` and keeps it whole: rows outside a domain and rows without an answer have influence 0
but keep their unit and stratum (Binder, Int Stat Rev 51, 1983). R's survey package (`svymean`, `svytotal`, `svyratio`,
`svyvar`, `svycontrast`) gives the same figures. For equal weights and no design, `means` and `proportions` are simpler.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consult.analysis.basis.stages import Floats, as_columns
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.linear import VALUELESS, Base, Estimates, assemble, variance_of
from consult.analysis.estimate import Estimate, Reason

Rows = NDArray[np.bool_]


def design_means(x: ArrayLike, design: Design, where: Rows | None = None, *, replacement: bool = False) -> Estimates:
    """Estimate the means of several variables, with their covariances.

    x            shape (n, p) or (n,); NaN is a missing answer. Rows with any of the p missing are left out of all
                 (listwise), and stay in the design.
    where        shape (n,), the domain; None is everybody.
    replacement  the design effect's simple random sample is one with replacement; else one without, from a population
                 of sum w, and there is no effect where weights do not add up to more than n.

    values in the unit of x. u = (x - mean)/sum w; df = units - strata inside `where`.
    """
    columns, inside, w = given_rows(x, design, where)
    base = Base.of(design, inside, columns.shape[1])
    total = max(float(base.weight[0]), 0.0)
    if not total:
        return _nothing(design, base, where)
    means = (w @ columns) / total
    centred = columns - means
    vcov = variance_of(design, centred * (w / total)[:, None])
    deff = None if vcov is None else np.diag(vcov) / _simple(w @ centred**2, base, replacement=replacement)
    return assemble(design, means, vcov, base, df=design.df_where(where), deff=deff)


def design_totals(x: ArrayLike, design: Design, where: Rows | None = None, *, replacement: bool = False) -> Estimates:
    """Estimate the totals of several variables over the population: sum w x, u = x. Arguments as in `design_means`.

    Weights have to add up to the population. A missing answer counts as if the person were not there: totals of
    variables that few people answered are too low by their share, unlike means.
    """
    columns, inside, w = given_rows(x, design, where)
    base = Base.of(design, inside, columns.shape[1])
    total = max(float(base.weight[0]), 0.0)
    if not total:
        return _nothing(design, base, where)
    weighted = columns * w[:, None]
    sums = weighted.sum(axis=0)
    vcov = variance_of(design, weighted)
    spread = w @ (columns - sums / total) ** 2
    deff = None if vcov is None else np.diag(vcov) / (_simple(spread, base, replacement=replacement) * total**2)
    return assemble(design, sums, vcov, base, df=design.df_where(where), deff=deff)


def design_mean(x: ArrayLike, design: Design, where: Rows | None = None, *, confidence: float = 0.95) -> Estimate:
    """Estimate the mean of one variable, x of shape (n,), with its t interval; see `design_means`."""
    return design_means(x, design, where).estimate(confidence=confidence)


def design_total(x: ArrayLike, design: Design, where: Rows | None = None, *, confidence: float = 0.95) -> Estimate:
    """Estimate the total of one variable, x of shape (n,), with its t interval; see `design_totals`."""
    return design_totals(x, design, where).estimate(confidence=confidence)


def design_ratios(
    numerators: ArrayLike, denominator: ArrayLike, design: Design, where: Rows | None = None
) -> Estimates:
    """Estimate ratios of totals, sum w y / sum w x, with their covariances.

    numerators   shape (n, p) or (n,); denominator: shape (n,). NaN is missing; rows with any missing are left out.

    u = (y - R x)/sum w x. A denominator that adds up to 0 gives no ratio (NO_BASE).
    """
    y = as_columns(numerators)
    columns, inside, w = given_rows(np.column_stack([y, np.asarray(denominator, dtype=np.float64)]), design, where)
    base = Base.of(design, inside, y.shape[1])
    below = float(w @ columns[:, -1])
    if base.weight[0] <= 0:
        return _nothing(design, base, where)
    if below == 0:
        return _nothing(design, base, where, Reason.NO_BASE)
    ratios = (w @ columns[:, :-1]) / below
    vcov = variance_of(design, (columns[:, :-1] - ratios * columns[:, -1:]) * (w / below)[:, None])
    return assemble(design, ratios, vcov, base, df=design.df_where(where))


def design_ratio(
    numerator: ArrayLike,
    denominator: ArrayLike,
    design: Design,
    where: Rows | None = None,
    *,
    confidence: float = 0.95,
) -> Estimate:
    """Estimate one ratio of totals with its t interval; see `design_ratios`."""
    return design_ratios(numerator, denominator, design, where).estimate(confidence=confidence)


def design_variance(x: ArrayLike, design: Design, where: Rows | None = None, *, confidence: float = 0.95) -> Estimate:
    """Estimate the variance of a variable in the population, in its squared unit.

    n/(n - 1) sum w (x - mean)^2 / sum w, u = (n/(n - 1) (x - mean)^2 - variance)/sum w: R's `svyvar`, which takes the
    mean as known, and whose n counts missing answers too. One answer has no variance (ONE_ANSWER).
    """
    columns, inside, w = given_rows(x, design, where)
    base = Base.of(design, inside)
    n, total = int(base.n[0]), float(base.weight[0])
    if total <= 0:
        return _nothing(design, base, where).estimate(confidence=confidence)
    if n == 1:
        return Estimate(None, 1, reason=Reason.ONE_ANSWER)
    rows = int(np.count_nonzero(design.selected if where is None else design.selected & where))
    squares = (columns - (w @ columns) / total) ** 2 * (rows / (rows - 1))
    variance = (w @ squares) / total
    vcov = variance_of(design, (squares - variance) * (w / total)[:, None])
    return assemble(design, variance, vcov, base, df=design.df_where(where)).estimate(confidence=confidence)


def design_net_score(
    x: ArrayLike,
    design: Design,
    where: Rows | None = None,
    *,
    promoters: tuple[float, float] = (9, 10),
    detractors: tuple[float, float] = (0, 6),
    confidence: float = 0.95,
) -> Estimate:
    """Estimate a net score, 100 (share of promoters - share of detractors), in points from -100 to 100.

    x                      shape (n,); NaN is missing. Who is neither counts in the base.
    promoters, detractors  lowest and highest value of each, both inclusive; the default is Reichheld's (2003) 0..10.

    The mean of +100, 0, -100 and its t interval, which may leave the range.
    """
    values = np.asarray(x, dtype=np.float64)
    if max(promoters[0], detractors[0]) <= min(promoters[1], detractors[1]):
        raise ValueError("somebody would be both promoter and detractor")
    up = (values >= promoters[0]) & (values <= promoters[1])
    down = (values >= detractors[0]) & (values <= detractors[1])
    score = np.where(np.isnan(values), np.nan, 100.0 * up - 100.0 * down)
    return design_mean(score, design, where, confidence=confidence)


def design_change(
    now: ArrayLike, before: ArrayLike, design: Design, where: Rows | None = None, *, confidence: float = 0.95
) -> Estimate:
    """Estimate the change of a mean between two waves with the same respondents: mean(now) - mean(before).

    now, before  shape (n,), one row per person; NaN is missing, and who lacks one wave is left out of both.

    The covariance of a person's two answers makes the error smaller than that of two samples. Waves with different
    people are rows of their own: stack them (`stacked`) and use `design_difference`.
    """
    pair = np.column_stack([np.asarray(now, dtype=np.float64), np.asarray(before, dtype=np.float64)])
    found = replace(design_means(pair, design, where), deff=None)
    return found.contrast((1, -1)).estimate(confidence=confidence)


def given_rows(x: ArrayLike, design: Design, where: Rows | None) -> tuple[Floats, Rows, Floats]:
    """Columns with 0 in place of what is missing or outside, the rows inside, and weights that are 0 outside."""
    columns = as_columns(x)
    if np.isinf(columns).any():
        raise ValueError("an answer is infinite")
    missing = np.asarray(np.isnan(columns).any(axis=1))
    inside: Rows = ~missing if where is None else where & ~missing
    if inside.all():
        return columns, inside, design.weights
    return np.where(inside[:, None], columns, 0.0), inside, np.where(inside, design.weights, 0.0)


def _simple(spread: Floats, base: Base, *, replacement: bool) -> Floats:
    """The variance of a mean in a simple random sample of as many; NaN where it cannot be told."""
    n, total = int(base.n[0]), float(base.weight[0])
    if n < 2:
        return np.full(spread.shape, np.nan)
    variance = spread / total * (n / (n - 1)) / n
    if not replacement:
        variance = variance * ((total - n) / total) if total > n else variance * np.nan
    return np.where(variance > 0, variance, np.nan)


def _nothing(design: Design, base: Base, where: Rows | None, reason: Reason | None = None) -> Estimates:
    p = base.n.size
    reasons = base.reasons if reason is None else (reason,) * p
    if any(found not in VALUELESS for found in reasons):
        raise ValueError("there is a value")
    return assemble(design, np.zeros(p), np.zeros((p, p)), base, df=design.df_where(where), reasons=reasons)
