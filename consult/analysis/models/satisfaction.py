"""Satisfaction, effort and recommendation from weighted answers. Without weights `scales` has them from counts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike

from consult.analysis.basis.moments import Array
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import Rows, design_mean, design_net_score
from consult.analysis.complex_samples.design_shares import ShareMethod, design_share
from consult.analysis.estimate import Estimate, Reason, check_confidence
from consult.analysis.simple_samples.scales import Satisfaction


def design_satisfaction(
    x: ArrayLike,
    design: Design,
    where: Rows | None = None,
    *,
    points: int = 5,
    boxes: int = 2,
    confidence: float = 0.95,
    method: ShareMethod = "logit",
) -> Satisfaction:
    """CSAT: the share of a population that chose one of the top boxes, and the mean in points.

    x      shape (n,), 1..points, the best last; NaN is missing ("don't know" is missing too).
    boxes  points counted as satisfied; publish it with the figure: top 2 of 5 and top 2 of 7 are not comparable.
    """
    if not 0 < boxes < points:
        raise ValueError(f"{points} points have no top {boxes}")
    answers = _on_scale(x, 1, points)
    event = _is(answers > points - boxes, answers)
    satisfied = design_share(event, design, where, confidence=confidence, method=method)
    return Satisfaction(satisfied, design_mean(answers, design, where, confidence=confidence), boxes)


@dataclass(frozen=True, slots=True)
class Effort:
    """mean in points with interval; easy: share that found it easy, in [0, 1]; high_is: what the highest point says."""

    mean: Estimate
    easy: Estimate
    high_is: Literal["easy", "hard"]


def design_effort(
    x: ArrayLike,
    design: Design,
    where: Rows | None = None,
    *,
    points: int = 7,
    boxes: int = 3,
    high_is: Literal["easy", "hard"] = "easy",
    confidence: float = 0.95,
    method: ShareMethod = "logit",
) -> Effort:
    """Customer effort score: the mean, and the share at the easy end of the scale.

    x        shape (n,), 1..points; NaN is missing.
    boxes    points at the easy end that count as easy: 5 to 7 of 7.
    high_is  CES 2.0 ("the organisation made it easy", 7 = strongly agree; CEB 2013) is "easy". The first version (1 to
             5, 5 = very high effort; Dixon, Freeman & Toman, Harvard Business Review 2010) is "hard": its mean is
             better when lower. The mean is never turned round, so say the direction.
    """
    if not 0 < boxes < points:
        raise ValueError(f"{points} points have no {boxes} at one end")
    answers = _on_scale(x, 1, points)
    easy = answers > points - boxes if high_is == "easy" else answers <= boxes
    share = design_share(_is(easy, answers), design, where, confidence=confidence, method=method)
    return Effort(design_mean(answers, design, where, confidence=confidence), share, high_is)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """score in [-100, 100] with interval; promoters, passives, detractors: shares in [0, 1] with intervals.

    is_standard  asked from 0 to 10. A question from 1 to 10 has fewer detractors and no comparable score.
    """

    score: Estimate
    promoters: Estimate
    passives: Estimate
    detractors: Estimate
    is_standard: bool


def design_net_promoter(
    x: ArrayLike,
    design: Design,
    where: Rows | None = None,
    *,
    lowest: int = 0,
    confidence: float = 0.95,
    method: ShareMethod = "logit",
) -> Recommendation:
    """Net Promoter Score (Reichheld 2003): 100 x (share of 9 and 10 - share of `lowest` to 6).

    x       shape (n,), lowest..10; NaN is missing.
    lowest  0; 1 for a question from 1 to 10, whose score is flagged.
    """
    answers = _on_scale(x, lowest, 10)
    score = design_net_score(answers, design, where, detractors=(lowest, 6), confidence=confidence)
    parts = (answers >= 9, (answers >= 7) & (answers <= 8), answers <= 6)
    promoters, passives, detractors = (
        design_share(_is(part, answers), design, where, confidence=confidence, method=method) for part in parts
    )
    return Recommendation(score, promoters, passives, detractors, lowest == 0)


def small_net_score(positive: float, neutral: float, negative: float, *, confidence: float = 0.95) -> Estimate:
    """Net score in [-100, 100] with an interval that holds for few answers: Rocks (American Statistician 70, 2016).

    positive, neutral, negative  answers of each kind in a simple random sample.

    Adjusted Wald: three answers are added in the proportion 1 : 2 : 1, then z +- Wald. value and se are those of the
    answers as they are. Below some 100 answers, or where all are of one kind, it covers better than Student's.
    """
    check_confidence(confidence)
    n = positive + neutral + negative
    if n <= 0:
        return Estimate(None, 0, reason=Reason.NO_ANSWERS)
    p, q, size = (positive + 0.75) / (n + 3), (negative + 0.75) / (n + 3), n + 3
    z = float(scipy.special.ndtri((1 + confidence) / 2))
    half = z * math.sqrt((p + q - (p - q) ** 2) / size)
    value, share = (positive - negative) / n, (positive + negative) / n
    se = 100 * math.sqrt(max(0.0, share - value**2) / (n - 1)) if n > 1 else None
    low, high = max(-100.0, 100 * (p - q - half)), min(100.0, 100 * (p - q + half))
    return Estimate(100 * value, round(n), se, low, high, None, "adjusted wald", confidence)


def _on_scale(x: ArrayLike, lowest: int, highest: int) -> Array:
    answers = np.asarray(x, dtype=np.float64)
    given = answers[~np.isnan(answers)]
    if given.size and (given.min() < lowest or given.max() > highest):
        raise ValueError(f"an answer is outside {lowest} to {highest}")
    return answers


def _is(event: Rows, answers: Array) -> Array:
    return np.where(np.isnan(answers), np.nan, event)
