"""Figures by groups, in one pass, with the covariances between groups; differences and the t test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from consult.analysis.basis.stages import Codes
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import Rows
from consult.analysis.complex_samples.linear import Base, Estimates, assemble, t_quantile, t_two_sided, variance_of
from consult.analysis.estimate import Estimate, Reason


def crossed(first: Codes, second: Codes, second_k: int) -> Codes:
    """One code for each pair of codes, first * second_k + second; -1 where either is missing (-1)."""
    return np.where((first < 0) | (second < 0), -1, first * second_k + second)


def design_by(
    x: ArrayLike,
    groups: Codes,
    k: int,
    design: Design,
    where: Rows | None = None,
    *,
    statistic: Literal["mean", "total"] = "mean",
    replacement: bool = False,
) -> Estimates:
    """Estimate a mean or total in each of k groups; the groups are domains of one design (R's `svyby`).

    x       shape (n,); NaN is missing.
    groups  shape (n,): 0..k-1, or -1 for a row in no group. Two grouping variables: see `crossed`.

    values[g] is the figure of group g. vcov has the covariances between groups, which are not 0 when they share primary
    units. df is that of the whole design inside `where`, the same for each group. deff is of means only.
    One pass over the rows whatever k is.
    """
    values = np.asarray(x, dtype=np.float64)
    missing = np.isnan(values)
    if where is not None:
        missing |= ~where
    inside = groups if not missing.any() else np.where(missing, -1, groups)
    base = Base.of_groups(design, inside, k)
    shifted = inside + 1
    weighted = np.where(inside < 0, 0.0, design.weights * np.where(missing, 0.0, values))
    sums = np.asarray(np.bincount(shifted, weighted, minlength=k + 1)[1:], dtype=np.float64)
    df = design.df_where(where)
    if statistic == "total":
        return assemble(design, sums, variance_of(design, weighted, inside, k), base, df=df)
    totals = np.where(base.weight > 0, base.weight, 1.0)
    means = sums / totals
    centred = np.where(inside < 0, 0.0, np.where(missing, 0.0, values) - np.append(means, 0.0)[inside])
    z = design.weights * centred / np.append(totals, 1.0)[inside]
    vcov = variance_of(design, z, inside, k)
    deff = None
    if vcov is not None:
        n = np.maximum(base.n, 2)
        spread = np.bincount(shifted, design.weights * centred**2, minlength=k + 1)[1:]
        simple = spread / totals / (n - 1) * (1.0 if replacement else (totals - n) / totals)
        deff = np.divide(np.diag(vcov), simple, out=np.full(k, np.nan), where=(simple > 0) & (base.n > 1))
    return assemble(design, means, vcov, base, df=df, deff=deff)


def design_difference(x: ArrayLike, first: Rows, second: Rows, design: Design, *, confidence: float = 0.95) -> Estimate:
    """Estimate the difference of a mean between two domains of one design: mean in first - mean in second.

    x              shape (n,); NaN is missing.
    first, second  shape (n,); nobody is in both.

    The covariance of the two means enters: domains that share primary units are not independent. Two waves of
    different people, rows of one stacked design, are two domains. df: units - strata of the whole design.
    """
    if (first & second).any():
        raise ValueError("the domains overlap")
    groups = np.where(first, 0, np.where(second, 1, -1)).astype(np.int64)
    return design_by(x, groups, 2, design).contrast((1, -1)).estimate(confidence=confidence)


@dataclass(frozen=True, slots=True)
class TTest:
    """A test of equal means in two groups.

    difference   mean of the second group less that of the first, with its interval at the same df.
    statistic    t = difference / se; None if it cannot be given (`difference.reason` says why).
    p_value      two-sided.
    df           units - strata among those with an answer, less 1.
    """

    difference: Estimate
    statistic: float | None
    p_value: float | None
    df: int


def design_t_test(
    x: ArrayLike, groups: Codes, design: Design, where: Rows | None = None, *, confidence: float = 0.95
) -> TTest:
    """Test whether two groups have the same mean (R's `svyttest`; a regression on the group).

    x       shape (n,); NaN is missing.
    groups  shape (n,): 0 or 1; -1 is missing.

    A difference with error 0 has no test (NO_SPREAD). The variances of the groups may differ.
    """
    values = np.asarray(x, dtype=np.float64)
    given = (groups >= 0) & ~np.isnan(values)
    if where is not None:
        given &= where
    df = design.df_where(given) - 1
    found = design_by(values, groups, 2, design, where).contrast((-1, 1))
    se = None if found.se is None else float(found.se[0])
    plain = found.estimate(confidence=confidence)
    if plain.value is None or not se or df < 1 or plain.reason is not None:
        reason = plain.reason or (Reason.ONE_UNIT if df < 1 else Reason.NO_SPREAD)
        return TTest(plain.without_interval(reason), None, None, max(df, 0))
    half = t_quantile((1 + confidence) / 2, df) * se
    difference = Estimate(
        plain.value, plain.n, se, plain.value - half, plain.value + half, df, "t", confidence, lonely=plain.lonely
    )
    statistic = plain.value / se
    return TTest(difference, statistic, t_two_sided(statistic, df), df)
