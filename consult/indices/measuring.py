"""What an index is worth in one survey: points of items moved to 0 to 100, their means, and how certain it is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from consult.analysis.complex_samples.design import Design
from consult.analysis.estimate import Estimate, Reason
from consult.columns.column import Coded, Measured
from consult.columns.frame import Frame
from consult.indices.standing import Item, Standing
from consult.surveys.definition.schema import AnyQuestion, MatrixScale, Nps, Scaled

PROMOTERS, DETRACTORS = 9, 6
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Asked:
    """An item as a survey asks it: the variable's key and its scale. is_reversed: the low end is the good one."""

    item: Item
    key: str
    points: tuple[int, ...]
    is_reversed: bool
    is_nps: bool


def asked_in(frame: Frame, standing: Standing) -> list[Asked]:
    """The items that the survey asks, in the index's order. An item that none of its questions has is left out."""
    known = {concept: (question, key) for question, concept, key in _concepts(frame)}
    found = []
    for item in standing.items:
        if item.concept in known and known[item.concept][1] in frame.variables:
            question, key = known[item.concept]
            if isinstance(question, Scaled | Nps | MatrixScale):
                values = tuple(range(11)) if isinstance(question, Nps) else tuple(question.values)
                found.append(Asked(item, key, values, getattr(question, "reversed", False), isinstance(question, Nps)))
    return found


def _concepts(frame: Frame) -> Iterator[tuple[AnyQuestion, str, str]]:
    for question in frame.definition.questions:
        concept = getattr(question, "concept", None)
        if concept:
            yield question, concept, question.key
        for row in getattr(question, "rows", ()):
            if row.concept:
                yield question, row.concept, f"{question.key}.{row.code}"


def measure(frame: Frame, standing: Standing, design: Design, *, has_design: bool) -> Estimate:
    """What the index is worth in this survey.

    design      weights and, for the interval, how people were selected.
    has_design  whether a sample was declared; without one there is no interval (NO_DESIGN).

    value in points of the index: sum of item weight x item mean, over the sum of item weights. An item's mean is over
    those who answered it. Its standard error is that of the linear combination, weights of items taken as fixed
    (Fornell et al. 1996; Binder 1983). n counts people who answered at least one item. A survey that lacks an item
    measures another thing: no value (NO_BASE).
    """
    asked = asked_in(frame, standing)
    if len(asked) < len(standing.items):
        return Estimate(None, 0, reason=Reason.NO_BASE)
    scores = [_scores(frame, one, standing) for one in asked]
    counted = design.weights > 0
    given = [~np.isnan(score) & counted for score in scores]
    n = int(np.logical_or.reduce(given).sum())
    if any(not some.any() for some in given):
        return Estimate(None, n, reason=Reason.NO_ANSWERS)
    total = sum(one.item.weight for one in asked)
    value, influence = 0.0, np.zeros(frame.n)
    for one, score, some in zip(asked, scores, given, strict=True):
        w = np.where(some, design.weights, 0.0)
        base = float(w.sum())
        mean = float(w @ np.where(some, score, 0.0)) / base
        value += one.item.weight / total * mean
        influence += one.item.weight / total * w * (np.where(some, score, mean) - mean) / base
    if not has_design:
        return Estimate(value, n, reason=Reason.NO_DESIGN)
    return _with_interval(value, n, float(design.variance(influence)[0, 0]), float(design.df), standing)


def _with_interval(value: float, n: int, variance: float, df: float, standing: Standing) -> Estimate:
    if n == 1 or df < 1:
        return Estimate(value, n, reason=Reason.ONE_ANSWER)
    se = math.sqrt(max(0.0, variance))
    half = float(scipy.special.stdtrit(df, (1 + CONFIDENCE) / 2)) * se
    low, high = max(standing.lowest, value - half), min(100.0, value + half)
    return Estimate(value, n, se, low, high, df, "t", CONFIDENCE)


def _scores(frame: Frame, one: Asked, standing: Standing) -> NDArray[np.float64]:
    """(n,), each person's answer in points of the index; NaN without an answer."""
    column = frame.column(one.key)
    table = score_of_points(one, standing)
    if isinstance(column, Coded):
        scores = np.array([*(table[int(point)] for point in column.points), np.nan])
        return np.asarray(scores[np.minimum(column.codes, len(column.points)).astype(np.intp)])
    assert isinstance(column, Measured)  # noqa: S101 - scales are coded or measured
    return np.array([table.get(int(value), np.nan) if value == value else np.nan for value in column.values])


def score_of_points(one: Asked, standing: Standing) -> Mapping[int, float]:
    """What each point of an item's scale is worth: 0 to 100, or -100, 0 and 100 for "net"."""
    low, high = one.points[0], one.points[-1]
    better = {point: high + low - point if one.is_reversed else point for point in one.points}
    if standing.rule == "mean":
        return {point: 100 * (better[point] - low) / (high - low) for point in one.points}
    upper, lower = (PROMOTERS, DETRACTORS) if one.is_nps else (high - standing.boxes + 1, low + standing.boxes - 1)
    if standing.rule == "top":
        return {point: 100.0 * (better[point] >= upper) for point in one.points}
    return {point: 100.0 * (better[point] >= upper) - 100.0 * (better[point] <= lower) for point in one.points}
