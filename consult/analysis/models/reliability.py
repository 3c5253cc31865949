"""Reliability of a scale: whether several items measure one thing well enough to be summed up."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike

from consult.analysis.basis.moments import Array, complete, correlation, moments, pairwise_covariance, rows
from consult.analysis.estimate import Estimate, Reason, check_confidence
from consult.analysis.models.factors import OneFactor, one_factor

Missing = Literal["listwise", "pairwise"]


@dataclass(frozen=True, slots=True)
class ItemReliability:
    """alpha_without: alpha of the others (None if one is left); item_total: correlation with the sum of the others."""

    item: int
    alpha_without: float | None
    item_total: float | None


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha and what belongs to it.

    alpha         raw, from covariances, at most 1, may be negative; Feldt's interval. se: Duhachek & Iacobucci's.
    standardised  from correlations: what it would be if all items had the same spread.
    lambda6       Guttman's lambda 6; mean_r the mean correlation of two items.
    items         in the order of the columns.
    n, complete   rows with any answer; rows with all.
    constant      columns that nobody answered differently; they count in alpha, but have no correlation.
    reverse_coded columns that fall when the others rise: turn them round, or look at their wording.
    Everything is None, with alpha.reason, if there is no alpha.
    """

    alpha: Estimate
    standardised: float | None
    lambda6: float | None
    mean_r: float | None
    items: tuple[ItemReliability, ...]
    n: int
    complete: int
    constant: tuple[int, ...] = ()
    reverse_coded: tuple[int, ...] = ()


def cronbach_alpha(
    items: ArrayLike,
    *,
    reverse: Collection[int] = (),
    weights: ArrayLike | None = None,
    missing: Missing = "listwise",
    confidence: float = 0.95,
) -> Alpha:
    """Cronbach's alpha (Psychometrika 16, 1951): k/(k - 1) (1 - sum of variances / variance of the sum).

    items     shape (n, k); NaN is missing.
    reverse   columns to turn round before: what is high on them means little of what the others measure.
    weights   shape (n,), >= 0; covariances are weighted and the interval uses Kish's effective n (approximate).
    missing   "listwise": rows with all k answers, as SPSS; "pairwise": each covariance over the rows that have both,
              as R's psych::alpha (its interval here takes the complete rows' number).

    Interval: Feldt (Psychometrika 30, 1965), F with n - 1 and (n - 1)(k - 1) degrees of freedom. For k = 2 the
    standardised alpha is the Spearman-Brown coefficient. k < 2: ONE_ITEM; fewer than 3 complete rows: TOO_FEW_ANSWERS;
    the sum does not vary: NO_COMMON_SPREAD. High alpha is no proof of one dimension. No strata or clusters.
    """
    check_confidence(confidence)
    x, w = rows(items, weights)
    n, k = int((~np.isnan(x)).any(axis=1).sum()), x.shape[1]
    x = x * np.where(np.isin(np.arange(k), list(reverse)), -1.0, 1.0)
    whole, whole_w = complete(x, w)

    def none(reason: Reason) -> Alpha:
        return Alpha(Estimate(None, len(whole), reason=reason), None, None, None, (), n, len(whole))

    if k < 2:
        return none(Reason.ONE_ITEM)
    if n == 0:
        return none(Reason.NO_ANSWERS)
    if len(whole) < 3:
        return none(Reason.TOO_FEW_ANSWERS)
    found = moments(whole, whole_w)
    covariance = found.covariance if missing == "listwise" else pairwise_covariance(x, w)
    total = float(covariance.sum())
    if total <= 1e-12 * max(float(np.trace(covariance)), 1e-300):
        return none(Reason.NO_COMMON_SPREAD)
    constant = np.diag(covariance) <= (1e-10 * np.maximum(1, np.abs(found.mean))) ** 2
    alpha = _alpha(covariance)
    r = None if constant.any() else correlation(covariance)
    item_total = [_item_total(covariance, j) for j in range(k)]
    return Alpha(
        alpha=_with_interval(alpha, covariance, len(whole), found.n_effective, confidence),
        standardised=None if r is None else _alpha(r),
        lambda6=None if r is None else _lambda6(r),
        mean_r=None if r is None else float((r.sum() - k) / (k * (k - 1))),
        items=tuple(ItemReliability(j, _alpha_without(covariance, j), item_total[j]) for j in range(k)),
        n=n,
        complete=len(whole),
        constant=tuple(int(j) for j in np.flatnonzero(constant)),
        reverse_coded=tuple(j for j, tie in enumerate(item_total) if tie is not None and tie < 0),
    )


def _alpha(covariance: Array) -> float:
    k, total = len(covariance), float(covariance.sum())
    return k / (k - 1) * (1 - float(np.trace(covariance)) / total)


def _alpha_without(covariance: Array, j: int) -> float | None:
    rest = np.delete(np.delete(covariance, j, axis=0), j, axis=1)
    return _alpha(rest) if len(rest) > 1 and float(rest.sum()) > 1e-12 * float(np.trace(rest)) else None


def _item_total(covariance: Array, j: int) -> float | None:
    others = np.delete(covariance[j], j)
    rest = float(np.delete(np.delete(covariance, j, axis=0), j, axis=1).sum())
    spread = float(covariance[j, j]) * rest
    return float(others.sum()) / math.sqrt(spread) if spread > 1e-24 else None


def _lambda6(r: Array) -> float | None:
    """1 - sum of what the other items leave unexplained of each / variance of the sum (Guttman 1945)."""
    if np.linalg.eigvalsh(r)[0] < 1e-10:
        return None
    return float(1 - (1 / np.diag(np.linalg.inv(r))).sum() / r.sum())


def _with_interval(alpha: float, covariance: Array, n: int, n_effective: float, confidence: float) -> Estimate:
    k = len(covariance)
    if alpha >= 1 - 1e-12:
        return Estimate(min(alpha, 1.0), n, reason=Reason.NO_SPREAD)
    free, tail = n_effective - 1, (1 - confidence) / 2
    low, high = (1 - (1 - alpha) * float(scipy.special.fdtri(free, free * (k - 1), p)) for p in (1 - tail, tail))
    return Estimate(alpha, n, _duhachek(covariance, n_effective), low, high, None, "feldt", confidence)


def _duhachek(covariance: Array, n: float) -> float:
    """Duhachek & Iacobucci (J Applied Psychology 89, 2004): for normal answers, without equal correlations."""
    k, total, trace = len(covariance), float(covariance.sum()), float(np.trace(covariance))
    square = covariance @ covariance
    inner = total * (float(np.trace(square)) + trace**2) - 2 * trace * float(square.sum())
    return math.sqrt(max(0.0, 2 * k**2 / ((k - 1) ** 2 * total**3) * inner / n))


@dataclass(frozen=True, slots=True)
class Omega:
    """Omega total (one factor): the share of the sum's variance that one common factor explains, in [0, 1].

    omega          from covariances: for the sum of the answers. standardised: for the sum of standardised answers.
    loadings       per item, correlations with the factor.
    heywood        columns that the factor explains wholly (0.5 % or less of their own is left): a sign of too few rows
                   or a wrong model; the figure is given, but do not lean on it.
    method         "maximum likelihood"; "just identified" for three items; "spearman-brown" for two.
    """

    omega: float | None
    standardised: float | None
    n: int
    loadings: tuple[float, ...] = ()
    heywood: tuple[int, ...] = ()
    method: str | None = None
    constant: tuple[int, ...] = ()
    reason: Reason | None = None


def omega_total(items: ArrayLike, *, reverse: Collection[int] = (), weights: ArrayLike | None = None) -> Omega:
    """McDonald's omega total (Test Theory, 1999): (sum of loadings)^2 / ((sum of loadings)^2 + unique variances).

    Arguments as in `cronbach_alpha`, listwise. One factor by maximum likelihood. It assumes that one factor is there:
    psych's `omega` with several factors gives another number (`factors.hierarchy`). Two items do not identify a
    factor: equal loadings are assumed, which is Spearman-Brown's coefficient. No interval.
    """
    x, w = rows(items, weights)
    k = x.shape[1]
    x, w = complete(x * np.where(np.isin(np.arange(k), list(reverse)), -1.0, 1.0), w)
    if k < 2:
        return Omega(None, None, len(x), reason=Reason.ONE_ITEM)
    if len(x) <= k:
        return Omega(None, None, len(x), reason=Reason.TOO_FEW_ANSWERS if len(x) else Reason.NO_ANSWERS)
    found = moments(x, w)
    if found.constant.any():
        constant = tuple(int(j) for j in np.flatnonzero(found.constant))
        return Omega(None, None, found.n, constant=constant, reason=Reason.NO_SPREAD_IN_ITEM)
    r = correlation(found.covariance)
    if k == 2:
        tie = float(r[0, 1])
        if tie <= 0:
            return Omega(None, None, found.n, reason=Reason.NO_COMMON_SPREAD)
        fit = OneFactor(np.full(2, math.sqrt(tie)), np.full(2, 1 - tie), (), True)
    elif np.linalg.eigvalsh(r)[0] < 1e-10:
        return Omega(None, None, found.n, reason=Reason.NO_COMMON_SPREAD)
    else:
        fit = one_factor(r)
    if not fit.converged:
        return Omega(None, None, found.n, reason=Reason.NOT_CONVERGED)
    return Omega(
        omega=_of_sum(fit.loadings * found.sd, fit.unique * found.sd**2),
        standardised=_of_sum(fit.loadings, fit.unique),
        n=found.n,
        loadings=tuple(float(v) for v in fit.loadings),
        heywood=fit.heywood,
        method={2: "spearman-brown", 3: "just identified"}.get(k, "maximum likelihood"),
    )


def _of_sum(loadings: Array, unique: Array) -> float:
    common = float(loadings.sum()) ** 2
    return common / (common + float(unique.sum()))
