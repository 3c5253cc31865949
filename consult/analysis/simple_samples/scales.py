"""Rating scales: Likert summaries, satisfaction (CSAT) and recommendation (NPS)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from consult.analysis.estimate import Estimate
from consult.analysis.simple_samples.means import mean, quantile, standard_deviation
from consult.analysis.simple_samples.proportions import Method, share


@dataclass(frozen=True, slots=True)
class LikertSummary:
    """A scale's distribution and what sums it up; every figure is None (or has a reason) where n = 0.

    counts, shares   per point, lowest first; shares in [0, 1].
    mean             in points, with Student's interval; sd in points (divisor n - 1).
    median           type 2 (between two points where the answers split evenly); modes: all points chosen most often.
    top, bottom      share of the highest and of the lowest `boxes` points, with interval.
    net              top - bottom, in [-1, 1], with Student's interval (the mean of +1, 0, -1).
    index            the mean moved to 0..100 (0: all chose the lowest point), with interval.
    entropy          Shannon's, natural logarithm; 0: all chose one point.
    leik, tastle_wierman   consensus in [0, 1]; 1: all chose one point, 0: half at each end.
    """

    counts: tuple[int, ...]
    n: int
    shares: tuple[float, ...] | None
    mean: Estimate
    sd: float | None
    median: float | None
    modes: tuple[float, ...]
    boxes: int
    top: Estimate
    bottom: Estimate
    net: Estimate
    index: Estimate
    entropy: float | None
    leik: float | None
    tastle_wierman: float | None


def likert(
    counts: Sequence[int],
    points: Sequence[float] | None = None,
    *,
    boxes: int | None = None,
    confidence: float = 0.95,
    population: int | None = None,
) -> LikertSummary:
    """Summarise a rating scale from a simple random sample.

    counts      answers per point, from the most negative to the most positive. "Don't know" is no point.
    points      the points' values, evenly rising; None numbers them 1..k. Turn a falling scale round first.
    boxes       points that count as top (and bottom): None takes 2, or 1 where a scale of 2 or 3 points has no room.
    population  finite population correction for shares and means, as in `share`.

    The mean treats the points as equally far apart. Consensus: Leik (Pacific Sociological Review 9, 1966, p. 85) and
    Tastle & Wierman (Int J Approximate Reasoning 45, 2007, p. 531). No weights, strata or clusters.
    """
    k = len(counts)
    values, boxes = checked_scale(k, points, boxes)
    n = sum(counts)
    bottom, top = sum(counts[:boxes]), sum(counts[k - boxes :])
    average = mean(values, counts, confidence=confidence, population=population)
    p = tuple(c / n for c in counts) if n else None
    return LikertSummary(
        counts=tuple(counts),
        n=n,
        shares=p,
        mean=average,
        sd=standard_deviation(values, counts),
        median=quantile(values, weights=counts, rule="school"),
        modes=tuple(v for v, c in zip(values, counts, strict=True) if c == max(counts)) if n else (),
        boxes=boxes,
        top=share(top, n, confidence=confidence, population=population),
        bottom=share(bottom, n, confidence=confidence, population=population),
        net=net_score(top, n - top - bottom, bottom, unit=1, confidence=confidence, population=population),
        index=rescaled(average, values[0], 100 / (values[-1] - values[0])),
        entropy=-sum(s * math.log(s) for s in p if s) + 0.0 if p else None,
        leik=leik_consensus(p) if p else None,
        tastle_wierman=tastle_wierman_consensus(p, values) if p else None,
    )


def checked_scale(k: int, points: Sequence[float] | None, boxes: int | None) -> tuple[list[float], int]:
    """The values of a scale's k points and how many of them count as top and as bottom, see `likert`."""
    values = [float(v) for v in (points or range(1, k + 1))]
    if len(values) != k or any(b <= a for a, b in pairwise(values)):
        raise ValueError("the points must rise, one for each count")
    boxes = boxes or (2 if k > 3 else 1)
    if k < 2 or 2 * boxes > k:
        raise ValueError(f"{k} points have no {boxes} at each end")
    return values, boxes


def net_score(
    positive: int,
    neutral: int,
    negative: int,
    *,
    unit: float = 100,
    confidence: float = 0.95,
    population: int | None = None,
) -> Estimate:
    """Share of positive minus share of negative answers, in [-unit, unit], from a simple random sample.

    Net Promoter Score with promoters (9, 10), passives (7, 8) and detractors (0..6) of a 0..10 scale (Reichheld,
    Harvard Business Review, December 2003). It is the mean of +unit, 0, -unit, so its variance is
    unit^2 (P + D - (P - D)^2)/(n - 1) and its interval Student's, cut at -unit and unit. All answers of one kind give
    no interval (NO_SPREAD). For small n see Rocks (2016): not done here.
    """
    if min(positive, neutral, negative) < 0:
        raise ValueError("a count is negative")
    counts = (negative, neutral, positive)
    found = mean((-unit, 0.0, unit), counts, confidence=confidence, population=population)
    if found.low is None or found.high is None:
        return found
    return Estimate(
        found.value,
        found.n,
        found.se,
        max(-unit, found.low),
        min(unit, found.high),
        found.df,
        found.method,
        found.confidence,
    )


@dataclass(frozen=True, slots=True)
class NetPromoter:
    """score in [-100, 100] with interval; promoters, passives, detractors as shares of n in [0, 1]."""

    score: Estimate
    n: int
    promoters: float | None
    passives: float | None
    detractors: float | None


def net_promoter(counts: Sequence[int], *, confidence: float = 0.95, population: int | None = None) -> NetPromoter:
    """Net Promoter Score from the counts of the answers 0..10, lowest first (11 counts). See `net_score`."""
    if len(counts) != 11:
        raise ValueError("the recommendation question has 11 points, 0 to 10")
    detractors, passives, promoters = sum(counts[:7]), sum(counts[7:9]), sum(counts[9:])
    n = sum(counts)
    parts = (promoters / n, passives / n, detractors / n) if n else (None, None, None)
    score = net_score(promoters, passives, detractors, confidence=confidence, population=population)
    return NetPromoter(score, n, *parts)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """satisfied: share of the top `boxes` points in [0, 1] with interval; mean in points with interval."""

    satisfied: Estimate
    mean: Estimate
    boxes: int


def satisfaction(
    counts: Sequence[int],
    *,
    boxes: int = 2,
    confidence: float = 0.95,
    method: Method = "wilson",
    population: int | None = None,
) -> Satisfaction:
    """CSAT: the share that chose one of the top boxes (2 of 5 by custom), and the mean of the points 1..k.

    counts  answers per point, lowest first, "don't know" left out.
    Publish which boxes were counted: a top-2 of 5 and a top-2 of 7 are not the same figure.
    """
    if not 0 < boxes < len(counts):
        raise ValueError(f"{len(counts)} points have no top {boxes}")
    n = sum(counts)
    corrected = population if method == "wilson" else None
    top = share(sum(counts[-boxes:]), n, confidence=confidence, method=method, population=corrected)
    points = range(1, len(counts) + 1)
    return Satisfaction(top, mean(list(points), counts, confidence=confidence, population=population), boxes)


def rescaled(found: Estimate, start: float, factor: float) -> Estimate:
    """(value - start) factor, the interval and the standard error with it."""

    def moved(value: float | None) -> float | None:
        return None if value is None else (value - start) * factor

    se = None if found.se is None else found.se * factor
    return replace(found, value=moved(found.value), se=se, low=moved(found.low), high=moved(found.high))


def leik_consensus(p: Sequence[float]) -> float:
    """Of shares p, lowest point first: 1 if all chose one point, 0 if half stand at each end."""
    reached = np.cumsum(p)
    distance = np.where(reached < 0.5, reached, 1 - reached)
    return min(1.0, max(0.0, float(1 - 2 * distance.sum() / (len(p) - 1))))


def tastle_wierman_consensus(p: Sequence[float], values: Sequence[float], centre: float | None = None) -> float:
    """The same, of shares p and the points' values, around the centre; None takes their mean."""
    width = values[-1] - values[0]
    if centre is None:
        centre = sum(s * v for s, v in zip(p, values, strict=True))
    total = sum(s * math.log2(1 - abs(v - centre) / width) for s, v in zip(p, values, strict=True) if s)
    return min(1.0, max(0.0, 1 + total))
