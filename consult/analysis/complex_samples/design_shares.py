"""Shares of a population from a sample with weights, strata, clusters; with intervals that stay within [0, 1]."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike

from consult.analysis.basis.stages import Codes
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import Rows, design_means
from consult.analysis.complex_samples.linear import Base, Estimates, assemble, t_quantile, variance_of
from consult.analysis.estimate import Estimate, Reason, check_confidence
from consult.analysis.simple_samples.proportions import wilson_bounds

ShareMethod = Literal["logit", "xlogit", "beta", "likelihood", "asin", "mean", "wilson"]


def design_share(
    event: ArrayLike,
    design: Design,
    where: Rows | None = None,
    *,
    confidence: float = 0.95,
    method: ShareMethod = "logit",
) -> Estimate:
    """Estimate the share of a population for whom something is true.

    event   shape (n,): 1 (or True) where it is, 0 where not, NaN = missing.
    where   shape (n,), the domain; None is everybody.
    method  of the interval; t is Student's quantile at df = units - strata:
            "logit", "xlogit": p's logit +- t se/(p (1 - p)), transformed back. The default.
            "beta": Clopper & Pearson's with n* = p (1 - p)/v (t(rows - 1)/t(df))^2 (Korn & Graubard, Surv Meth 24,
            1998); conservative, good for shares near 0 or 1. rows counts missing answers too, as R does.
            "wilson": Wilson's score interval with n = p (1 - p)/v and t in place of z (Kott & Carr, J Off Stat 13,
            1997).
            "likelihood": by the scaled working likelihood (Rao & Scott, Ann Stat 12, 1984) with R's estimate of the
            dispersion, solved exactly; `svyciprop` interpolates its profile, so it agrees to about 1e-5.
            "asin": p's arcsine root, variance stabilised.
            "mean": p +- t se, which may leave [0, 1].

    All in [0, 1] (but see "mean"). Where everybody or nobody is in the share, v = 0 tells nothing: the interval is then
    "beta" ("wilson" if asked for) with Kish's effective number of answers for p (1 - p)/v, and se is 0.
    As R's `svyciprop`. For equal weights without a design use `proportions.share`.
    """
    check_confidence(confidence)
    found = design_means(event, design, where)
    values = np.asarray(event, dtype=np.float64)
    rows = design.n if where is None else int(np.count_nonzero(where))
    given = ~np.isnan(values) if where is None else where & ~np.isnan(values)
    dispersion = _dispersion(design, given, where)
    effective = design.effective_n(given)
    return share_interval(found, 0, rows, effective, confidence=confidence, method=method, dispersion=dispersion)


def design_shares(codes: Codes, k: int, design: Design, where: Rows | None = None) -> Estimates:
    """Estimate how a population is distributed over k answers, with the covariances of the shares.

    codes  shape (n,): 0..k-1, or -1 for a missing answer, which is left out of the base.

    values in [0, 1], adding up to 1; an answer that nobody gave has share 0 and error 0. One pass over the rows
    whatever k is. Intervals: `shares_with_intervals`. deff as in `design_means`.
    """
    inside = codes if where is None else np.where(where, codes, -1)
    cells = Base.of_groups(design, inside, k)
    total = float(cells.weight.sum())
    base = cells.pooled
    df = design.df_where(where)
    if total <= 0:
        return assemble(design, np.zeros(k), np.zeros((k, k)), base, df=df)
    shares = cells.weight / total
    counts = variance_of(design, np.where(inside < 0, 0.0, design.weights), inside, k)
    if counts is None:
        return assemble(design, shares, None, base, df=df)
    # A share is a ratio of counts: its influence is (1[code] - p) / W, linear in those of the counts.
    transform = (np.eye(k) - shares[:, None]) / total
    vcov = transform @ counts @ transform.T
    n = int(base.n[0])
    rest = (total - n) / total if total > n > 1 else math.nan
    simple = shares * (1 - shares) / max(n - 1, 1) * rest
    deff = np.divide(np.diag(vcov), simple, out=np.full(k, math.nan), where=simple > 0)
    return assemble(design, shares, vcov, base, df=df, deff=deff)


def design_counts(codes: Codes, k: int, design: Design, where: Rows | None = None) -> Estimates:
    """Estimate how many people of the population gave each of k answers, by sums of weights; see `design_shares`."""
    inside = codes if where is None else np.where(where, codes, -1)
    cells = Base.of_groups(design, inside, k)
    vcov = variance_of(design, np.where(inside < 0, 0.0, design.weights), inside, k)
    return assemble(design, cells.weight, vcov, cells.pooled, df=design.df_where(where))


def shares_with_intervals(
    codes: Codes,
    k: int,
    design: Design,
    where: Rows | None = None,
    *,
    confidence: float = 0.95,
    method: ShareMethod = "logit",
) -> tuple[Estimate, ...]:
    """Each of the shares of `design_shares` with an interval of its own, as `design_share` gives."""
    check_confidence(confidence)
    found = design_shares(codes, k, design, where)
    inside = codes >= 0 if where is None else where & (codes >= 0)
    rows = design.n if where is None else int(np.count_nonzero(where))
    effective, dispersion = design.effective_n(inside), _dispersion(design, inside, where)

    def interval(place: int) -> Estimate:
        return share_interval(
            found, place, rows, effective, confidence=confidence, method=method, dispersion=dispersion
        )

    return tuple(map(interval, range(k)))


def share_interval(
    found: Estimates,
    place: int,
    rows: int,
    effective: float | None,
    *,
    confidence: float = 0.95,
    method: ShareMethod = "logit",
    dispersion: float = 1.0,
) -> Estimate:
    """The interval of a share that is already estimated, `found.values[place]`.

    rows       rows of the domain, with missing answers.
    effective  Kish's effective number of answers, for shares of 0 and 1.
    dispersion of the working likelihood, for "likelihood" alone; without the answers themselves it is taken as 1.
    """
    plain = found.estimate(place, confidence=confidence)
    if plain.value is None or plain.method == "census" or plain.reason in (Reason.ONE_ANSWER, Reason.ONE_UNIT):
        return plain
    if plain.se is None:
        return plain
    p = min(max(plain.value, 0.0), 1.0)
    v, t = plain.se**2, t_quantile((1 + confidence) / 2, found.df)
    used: ShareMethod = method
    if p in (0, 1) or not v:
        if p not in (0, 1) or not effective:
            return plain
        used, size = ("wilson" if method == "wilson" else "beta"), effective
    else:
        size = p * (1 - p) / v
    if used == "beta":
        size *= (t_quantile((1 + confidence) / 2, max(rows - 1, 1)) / t) ** 2
        low, high = _clopper_pearson(p, size, confidence)
    else:
        low, high = _bounds(used, p, size, t, dispersion)
    return replace(
        plain, value=p, low=low, high=high, df=float(found.df), method=used, confidence=confidence, reason=None
    )


def _bounds(method: ShareMethod, p: float, size: float, t: float, dispersion: float) -> tuple[float, float]:
    """Bounds of a share p whose variance is p (1 - p)/size."""
    if method == "wilson":
        return wilson_bounds(p, size, t)
    half = t * math.sqrt(p * (1 - p) / size)
    if method == "mean":
        return p - half, p + half
    if method == "asin":
        root, spread = math.asin(math.sqrt(p)), half / (2 * math.sqrt(p * (1 - p)))
        # Beyond the ends of the scale the sine would turn round.
        return math.sin(max(root - spread, 0.0)) ** 2, math.sin(min(root + spread, math.pi / 2)) ** 2
    if method == "likelihood":
        return _likelihood(p, t * t / size * dispersion)
    logit, spread = math.log(p / (1 - p)), half / (p * (1 - p))
    return float(scipy.special.expit(logit - spread)), float(scipy.special.expit(logit + spread))


def _clopper_pearson(p: float, size: float, confidence: float) -> tuple[float, float]:
    tail, chosen, rest = (1 - confidence) / 2, size * p, size * (1 - p)
    low = 0.0 if p == 0 else float(scipy.special.betaincinv(chosen, rest + 1, tail))
    high = 1.0 if p == 1 else float(scipy.special.betaincinv(chosen + 1, rest, 1 - tail))
    return low, high


def _likelihood(p: float, reach: float) -> tuple[float, float]:
    """Where twice the divergence p log(p/q) + (1 - p) log((1 - p)/(1 - q)) equals `reach`, below and above p."""

    def beyond(logit: float) -> float:
        # log q and log(1 - q) from the logit, exact for q near 0 and 1.
        below, above = -np.logaddexp(0, -logit), -np.logaddexp(0, logit)
        return float(2 * (p * (math.log(p) - below) + (1 - p) * (math.log1p(-p) - above)) - reach)

    middle = math.log(p / (1 - p))
    ends = []
    for side in (-1, 1):
        step = 1.0
        while beyond(middle + side * step) < 0:
            step *= 2
        ends.append(float(scipy.special.expit(scipy.optimize.brentq(beyond, middle, middle + side * step))))
    return ends[0], ends[1]


def _dispersion(design: Design, given: Rows, where: Rows | None) -> float:
    """The variance of Pearson's residuals as R's `summary.svyglm` has it.

    n/(n - 1), times the mean weight of those who answered over that of all rows.
    """
    n = int(np.count_nonzero(given & design.selected))
    if n < 2:
        return 1.0
    mean = float(design.weights.mean() if where is None else design.weights[where].mean())
    return design.sum_of_weights(given) / mean / (n - 1)
