"""Kano's model: which services must simply work, which please the more the better, and which delight."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from consult.analysis.estimate import Estimate, Reason, check_confidence
from consult.analysis.simple_samples.means import mean
from consult.analysis.simple_samples.proportions import wilson

Category = Literal["M", "O", "A", "I", "R", "Q"]
"""Must-be, one-dimensional, attractive, indifferent, reverse, questionable: also the order that decides ties."""
CATEGORIES: tuple[Category, ...] = get_args(Category)

TABLE: tuple[tuple[Category, ...], ...] = (
    ("Q", "A", "A", "A", "O"),
    ("R", "I", "I", "I", "M"),
    ("R", "I", "I", "I", "M"),
    ("R", "I", "I", "I", "M"),
    ("R", "R", "R", "R", "Q"),
)
"""Rows: how one feels if the feature is there; columns: if it is not. 1 like, 2 must be, 3 neutral, 4 live with,
5 dislike (Berger et al., Center for Quality Management Journal 2, 1993)."""

FONG = 0.90
"""Level of Fong's test, as published (z = 1.65)."""
DOUBTFUL_FROM = 0.05
"""Share of contradictory answers above which the question's wording is in doubt."""


def kano_counts(
    functional: ArrayLike, dysfunctional: ArrayLike, weights: ArrayLike | None = None
) -> dict[Category, float]:
    """How many answer pairs fall into each category, in weights.

    functional, dysfunctional   shape (n,), 1..5 as in TABLE; NaN is missing, and a pair that lacks a side is left out.
    weights                     shape (n,), >= 0; None counts rows.
    """
    given, absent = np.asarray(functional, dtype=np.float64), np.asarray(dysfunctional, dtype=np.float64)
    w = np.ones(given.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    whole = ~(np.isnan(given) | np.isnan(absent))
    pair = np.column_stack((given[whole], absent[whole]))
    if not np.isin(pair, (1, 2, 3, 4, 5)).all():
        raise ValueError("answers of the Kano pair are 1 to 5")
    code = pair.astype(np.int64) - 1
    counted = np.bincount(code[:, 0] * 5 + code[:, 1], weights=w[whole], minlength=25).reshape(5, 5)
    names = np.array(TABLE)
    return {category: float(counted[names == category].sum()) for category in CATEGORIES}


@dataclass(frozen=True, slots=True)
class KanoFeature:
    """How one feature is received.

    category           the most frequent; a tie goes M > O > A > I > R > Q. None if nobody answered.
    shares             per category, of all pairs, in [0, 1].
    better             (A + O)/(A + O + M + I), in [0, 1]: how far having it can raise satisfaction.
    worse              -(O + M)/(A + O + M + I), in [-1, 0]: how far lacking it can lower it. Both with
                       Wilson's interval.
    total_strength     share of A + O + M: how much anybody cares.
    category_strength  share of the most frequent minus that of the next (Lee & Newcomb 1997).
    is_clear           Fong's test at 90 %: is the first category more frequent than the second?
    is_doubtful        more than DOUBTFUL_FROM contradict themselves (Q): look at the wording.
    """

    n: float
    category: Category | None
    shares: Mapping[Category, float] | None
    better: Estimate
    worse: Estimate
    total_strength: float | None
    category_strength: float | None
    is_clear: bool | None
    is_doubtful: bool
    reason: Reason | None = None


def kano(
    counts: Mapping[Category, float], *, n_effective: float | None = None, confidence: float = 0.95
) -> KanoFeature:
    """Sum up one feature from the counts (or weights, or percentages) of the categories; a missing one counts 0.

    n_effective  answers behind weighted counts (Kish), for intervals and the test; None takes the sum of the counts.

    Kano et al. (Hinshitsu 14, 1984); coefficients: Berger et al. (1993); test: Fong (Center for Quality of Management
    Journal 5, 1996), |a - b| against 1.645 sqrt((a + b)(2 n - a - b)/(2 n)). A + O + M + I = 0: no coefficients.
    Simple random sample; no strata or clusters.
    """
    check_confidence(confidence)
    found = {category: float(counts.get(category, 0)) for category in CATEGORIES}
    if min(found.values()) < 0 or set(counts) - set(CATEGORIES):
        raise ValueError(f"counts of {', '.join(CATEGORIES)} cannot be {dict(counts)!r}")
    total = sum(found.values())
    if not total:
        nothing = Estimate(None, 0, reason=Reason.NO_ANSWERS)
        return KanoFeature(0, None, None, nothing, nothing, None, None, None, False, Reason.NO_ANSWERS)
    n = total if n_effective is None else n_effective
    ordered = sorted(CATEGORIES, key=lambda c: -found[c])
    first, second = (found[c] / total * n for c in ordered[:2])
    z = float(scipy.special.ndtri((1 + FONG) / 2))
    limit = z * math.sqrt((first + second) * (2 * n - first - second) / (2 * n))
    base = found["A"] + found["O"] + found["M"] + found["I"]
    size = base / total * n
    return KanoFeature(
        n=total,
        category=ordered[0],
        shares={category: found[category] / total for category in CATEGORIES},
        better=_coefficient(found["A"] + found["O"], base, size, confidence, 1),
        worse=_coefficient(found["O"] + found["M"], base, size, confidence, -1),
        total_strength=(found["A"] + found["O"] + found["M"]) / total,
        category_strength=(found[ordered[0]] - found[ordered[1]]) / total,
        is_clear=first - second > limit,
        is_doubtful=found["Q"] / total > DOUBTFUL_FROM,
    )


def _coefficient(count: float, base: float, n: float, confidence: float, sign: int) -> Estimate:
    if not base:
        return Estimate(None, 0, reason=Reason.NO_ANSWERS)
    p = min(1.0, count / base)
    se = math.sqrt(p * (1 - p) / (n - 1)) if n > 1 else None
    low, high = wilson(p, n, confidence)
    low, high = (low, high) if sign > 0 else (-high, -low)
    return Estimate(sign * p + 0.0, round(n), se, low, high, method="wilson", confidence=confidence)


POINTS = {"functional": (4.0, 2.0, 0.0, -1.0, -2.0), "dysfunctional": (-2.0, -1.0, 0.0, 2.0, 4.0)}


@dataclass(frozen=True, slots=True)
class ContinuousKano:
    """functional, dysfunctional: mean points in [-2, 4] with interval; category: the quadrant, cut at 2; None if either
    mean is negative (a reverse or contradictory feature) or missing."""

    functional: Estimate
    dysfunctional: Estimate
    category: Category | None


def continuous_kano(functional: ArrayLike, dysfunctional: ArrayLike, *, confidence: float = 0.95) -> ContinuousKano:
    """Kano by mean points instead of counts (DuMouchel, in Berger et al. 1993): 4, 2, 0, -1, -2 from "like" to
    "dislike" if the feature is there; -2, -1, 0, 2, 4 if it is not.

    Arguments as in `kano_counts`. It keeps what the mode throws away: half-hearted answers weigh less. Intervals are
    Student's for a simple random sample.
    """
    sides = np.asarray(functional, dtype=np.float64), np.asarray(dysfunctional, dtype=np.float64)
    whole = ~(np.isnan(sides[0]) | np.isnan(sides[1]))
    if not all(np.isin(side[whole], (1, 2, 3, 4, 5)).all() for side in sides):
        raise ValueError("answers of the Kano pair are 1 to 5")
    there, absent = (
        mean(np.array(points)[_codes(side[whole])], confidence=confidence)
        for points, side in zip(POINTS.values(), sides, strict=True)
    )
    category: Category | None = None
    if there.value is not None and absent.value is not None and min(there.value, absent.value) >= 0:
        high: dict[tuple[bool, bool], Category] = {
            (True, True): "O", (True, False): "A", (False, True): "M", (False, False): "I"
        }  # fmt: skip
        category = high[there.value >= 2, absent.value >= 2]
    return ContinuousKano(there, absent, category)


def _codes(answers: NDArray[np.float64]) -> NDArray[np.int64]:
    return answers.astype(np.int64) - 1
