"""Two shares or two means compared: how large the difference is, and whether chance explains it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import scipy

from consult.analysis.estimate import Estimate, Reason, check_confidence
from consult.analysis.simple_samples.independence import MOST_EXACT, chi_square, fisher
from consult.analysis.simple_samples.proportions import wilson


@dataclass(frozen=True, slots=True)
class ShareDifference:
    """First share minus second, between two simple random samples; figures are None exactly when there is a reason.

    difference   in [-1, 1], with Newcombe's interval; its se is the Wald one.
    z, chi2, p_value   test with the pooled share, chi2 = z^2; None where nobody, or everybody, chose it in both.
    wald         Wald's interval: too short in small samples, here for comparison with other programs.
    p_yates, p_fisher  with continuity correction; exact (None above 100,000 people).
    """

    difference: Estimate
    z: float | None
    chi2: float | None
    p_value: float | None
    wald: tuple[float, float] | None
    p_yates: float | None
    p_fisher: float | None
    reason: Reason | None = None


def share_difference(first: tuple[int, int], second: tuple[int, int], *, confidence: float = 0.95) -> ShareDifference:
    """Compare the shares of two independent simple random samples, such as two waves.

    first, second  (how many chose it, how many answered).

    Interval: Newcombe (Stat Med 17, 1998, p. 873), method 10, from both Wilson intervals. Test: z with the pooled
    share, no continuity correction, as R's `prop.test(correct = FALSE)`. No weights or design: see `design_difference`.
    """
    check_confidence(confidence)
    (x, n), (y, m) = first, second
    if not (0 <= x <= n and 0 <= y <= m):
        raise ValueError(f"{first} and {second} are not counts of a whole")
    if not (n and m):
        return ShareDifference(
            Estimate(None, n + m, reason=Reason.NO_ANSWERS), None, None, None, None, None, None, Reason.NO_ANSWERS
        )
    p, q = x / n, y / m
    difference = p - q
    (low_p, high_p), (low_q, high_q) = wilson(p, n, confidence), wilson(q, m, confidence)
    low = difference - math.sqrt((p - low_p) ** 2 + (high_q - q) ** 2)
    high = difference + math.sqrt((high_p - p) ** 2 + (q - low_q) ** 2)
    se = math.sqrt(p * (1 - p) / n + q * (1 - q) / m)
    half = float(scipy.special.ndtri((1 + confidence) / 2)) * se
    found = Estimate(difference, n + m, se, low, high, method="newcombe", confidence=confidence)
    wald = (difference - half, difference + half)
    test = chi_square([[x, n - x], [y, m - y]])
    exact = fisher(x, n - x, y, m - y) if n + m <= MOST_EXACT else None
    if test.statistic is None:
        # All alike in both samples: there is no difference that chance would have to explain.
        return ShareDifference(found, None, None, None, wald, None, exact, Reason.NO_SPREAD)
    z = math.copysign(math.sqrt(test.statistic), difference)
    return ShareDifference(found, z, test.statistic, test.p_value, wald, test.p_yates, exact)


@dataclass(frozen=True, slots=True)
class Change:
    """Second value minus first; z and p_value are None where the interval has a reason to be missing."""

    difference: Estimate
    z: float | None
    p_value: float | None


def change(first: Estimate, second: Estimate, *, covariance: float = 0.0, confidence: float = 0.95) -> Change:
    """The change from one estimate to another, second minus first.

    first, second  with their se, from samples drawn apart; whatever design they had.
    covariance     of the two estimates where the samples share people or sampling units; 0 for independent samples.

    se = sqrt(se1^2 + se2^2 - 2 covariance). With the estimates' degrees of freedom the interval and p are Student's
    (Satterthwaite's df), else normal. For panels give the covariance, or use `design_change`, which finds it from the
    shared ids: taking waves of the same people as independent hides changes that are there.
    """
    check_confidence(confidence)
    n = first.n + second.n
    if first.value is None or second.value is None:
        reason = first.reason if first.value is None else second.reason
        return Change(Estimate(None, n, reason=reason or Reason.NO_ANSWERS), None, None)
    value = second.value - first.value
    if first.se is None or second.se is None:
        reason = first.reason if first.se is None else second.reason
        return Change(Estimate(value, n, reason=reason or Reason.NO_DESIGN), None, None)
    variance = first.se**2 + second.se**2 - 2 * covariance
    if variance <= 0:
        return Change(Estimate(value, n, 0.0, reason=Reason.NO_SPREAD), None, None)
    se = math.sqrt(variance)
    df = _satterthwaite(first, second)
    tail = (1 + confidence) / 2
    half = se * float(scipy.special.ndtri(tail) if df is None else scipy.special.stdtrit(df, tail))
    z = value / se
    p = float(2 * (scipy.special.ndtr(-abs(z)) if df is None else scipy.special.stdtr(df, -abs(z))))
    method = "normal" if df is None else "t"
    return Change(Estimate(value, n, se, value - half, value + half, df, method, confidence), z, p)


def _satterthwaite(first: Estimate, second: Estimate) -> float | None:
    if not (first.df and second.df) or first.se is None or second.se is None:
        return None
    below = first.se**4 / first.df + second.se**4 / second.df
    return (first.se**2 + second.se**2) ** 2 / below if below > 0 else None
