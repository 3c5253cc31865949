"""SERVQUAL and SERVPERF: service quality by dimension, as a gap to what was expected or as found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from consult.analysis.basis.moments import Array
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import Rows, design_mean
from consult.analysis.complex_samples.paired import Gap, paired_gap
from consult.analysis.estimate import Estimate

DIMENSIONS = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")
"""Parasuraman, Zeithaml & Berry (Journal of Retailing 64, 1988): 4, 5, 4, 4 and 5 items."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """score: mean over its items of each person, with interval; importance: mean share of the points, in [0, 1], adding
    up to 1 over the dimensions, None if no points were asked for."""

    name: str
    score: Estimate
    importance: float | None


@dataclass(frozen=True, slots=True)
class ServiceQuality:
    """items: per item its gap (SERVQUAL), or none (SERVPERF); dimensions; overall: mean of the dimensions of each
    person; weighted: the same by each person's own points, None without points. All in points of the scale."""

    items: Mapping[str, Gap]
    dimensions: tuple[Dimension, ...]
    overall: Estimate
    weighted: Estimate | None


def servqual(
    perceived: Mapping[str, ArrayLike],
    expected: Mapping[str, ArrayLike],
    dimensions: Mapping[str, Sequence[str]],
    design: Design,
    where: Rows | None = None,
    *,
    points: Mapping[str, ArrayLike] | None = None,
    confidence: float = 0.95,
) -> ServiceQuality:
    """Gaps perceived - expected (Parasuraman et al. 1988): below 0, the service falls short.

    perceived, expected  item -> shape (n,), on one scale; NaN is missing, and a pair that lacks a side is dropped.
    dimensions           dimension -> its items; usually DIMENSIONS.
    points               dimension -> shape (n,): points that people shared out by importance (100 by custom; each
                         person's are divided by his sum, and whoever gave none or lacks one is left out of `weighted`).

    A person's dimension is the mean of the pairs that he has; overall needs all dimensions. Paired tests are for each
    item by itself: with 22 of them, correct for their number. The gap has critics, who take what is perceived alone:
    `servperf`.
    """
    gaps = {
        item: paired_gap(perceived[item], expected[item], design, where, confidence=confidence)
        for block in dimensions.values()
        for item in block
    }
    scores = {
        name: np.column_stack([_floats(perceived[item]) - _floats(expected[item]) for item in block])
        for name, block in dimensions.items()
    }
    return _quality(gaps, scores, design, where, points, confidence)


def servperf(
    perceived: Mapping[str, ArrayLike],
    dimensions: Mapping[str, Sequence[str]],
    design: Design,
    where: Rows | None = None,
    *,
    points: Mapping[str, ArrayLike] | None = None,
    confidence: float = 0.95,
) -> ServiceQuality:
    """What is perceived alone, in points (Cronin & Taylor, Journal of Marketing 56, 1992).

    Arguments as in `servqual`; `items` of the result is empty.
    """
    scores = {name: np.column_stack([_floats(perceived[item]) for item in block]) for name, block in dimensions.items()}
    return _quality({}, scores, design, where, points, confidence)


def _quality(
    gaps: Mapping[str, Gap],
    scores: Mapping[str, Array],
    design: Design,
    where: Rows | None,
    points: Mapping[str, ArrayLike] | None,
    confidence: float,
) -> ServiceQuality:
    own = np.column_stack([_mean_of_row(score) for score in scores.values()])
    shares = None if points is None else _shares([_floats(points[name]) for name in scores])
    importance: list[float | None] = [None] * len(scores)
    weighted = None
    if shares is not None:
        importance = [design_mean(shares[:, j], design, where).value for j in range(len(scores))]
        by_points = np.where(shares == 0, 0.0, shares * own).sum(axis=1)
        weighted = design_mean(by_points, design, where, confidence=confidence)
    return ServiceQuality(
        gaps,
        tuple(
            Dimension(name, design_mean(own[:, j], design, where, confidence=confidence), importance[j])
            for j, name in enumerate(scores)
        ),
        design_mean(own.mean(axis=1), design, where, confidence=confidence),
        weighted,
    )


def _floats(x: ArrayLike) -> Array:
    return np.asarray(x, dtype=np.float64)


def _mean_of_row(score: Array) -> Array:
    given = ~np.isnan(score)
    count = given.sum(axis=1)
    return np.where(count > 0, np.where(given, score, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)


def _shares(columns: Sequence[Array]) -> Array:
    table = np.column_stack(columns)
    if (table < 0).any():
        raise ValueError("points are not negative")
    total = table.sum(axis=1, keepdims=True)
    return np.where(total > 0, table / np.where(total > 0, total, 1.0), np.nan)
