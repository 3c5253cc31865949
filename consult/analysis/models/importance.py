"""Importance-performance analysis: what to keep up, what to work on first."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike

from consult.analysis.basis.moments import Array
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import Rows, design_means
from consult.analysis.estimate import Estimate, Reason, check_confidence
from consult.analysis.models.drivers import KeyDrivers

Quadrant = Literal["concentrate", "keep", "low", "overkill"]
"""Important and weak; important and strong; neither; strong but unimportant (Martilla & James 1977)."""
Crossing = Literal["data", "scale"]


@dataclass(frozen=True, slots=True)
class Ellipse:
    """Where a point lies with the given confidence: half axes in the units of the axes, and the angle in radians from
    the performance axis to the first half axis."""

    first: float
    second: float
    angle: float


@dataclass(frozen=True, slots=True)
class Attribute:
    """A point of the map.

    performance  mean rating; importance: mean stated importance, or derived importance in [0, 1]. Both with intervals.
    quadrant     None if either is missing; on the cross itself counts as above.
    priority     distance above the iso-priority line (Abalo, Varela & Manzano 2007): importance - performance, each as
                 a share of its axis, in [-1, 1]; above 0 it falls short of its importance, the highest comes first.
    ellipse      None where an error is not known.
    """

    name: str
    performance: Estimate
    importance: Estimate
    quadrant: Quadrant | None
    priority: float | None
    ellipse: Ellipse | None


@dataclass(frozen=True, slots=True)
class ImportancePerformance:
    """attributes in the order given; the cross at (performance, importance), None if nothing can be placed; axes: the
    ends of both axes for the iso-priority line, which runs between their lower left and upper right corners."""

    attributes: tuple[Attribute, ...]
    cross: tuple[float, float] | None
    crossing: Crossing
    axes: tuple[tuple[float, float], tuple[float, float]] | None
    derived: bool


def stated_importance(
    performance: Mapping[str, ArrayLike],
    importance: Mapping[str, ArrayLike],
    design: Design,
    where: Rows | None = None,
    *,
    performance_scale: tuple[float, float],
    importance_scale: tuple[float, float],
    crossing: Crossing = "data",
    confidence: float = 0.95,
) -> ImportancePerformance:
    """The map from two questions per attribute: how good, how important.

    performance, importance  attribute -> shape (n,); NaN is missing, and who gave only one of the two is left out of
                             the attribute.
    crossing                 "data": the cross at the means over the attributes, so that something is always below it;
                             "scale": at the middles of the scales, an absolute judgement.

    The ellipse holds both means together: the covariance of a person's two answers is in it (design-based).
    Stated importance tends to be high for everything; `derived_importance` does not ask.
    """
    check_confidence(confidence)
    points: list[_Point] = []
    for name in performance:
        pair = np.column_stack([np.asarray(side[name], dtype=np.float64) for side in (performance, importance)])
        found = design_means(pair, design, where)
        shown = [found.estimate(j, confidence=confidence) for j in range(2)]
        known = all(one.low is not None for one in shown)
        points.append(_Point(name, shown[0], shown[1], found.vcov if known else None, found.df))
    middles = sum(performance_scale) / 2, sum(importance_scale) / 2
    cross = _centre(points) if crossing == "data" else middles
    return _map(points, cross, crossing, (performance_scale, importance_scale), confidence, derived=False)


def derived_importance(
    performance: Mapping[str, ArrayLike],
    drivers: KeyDrivers,
    design: Design,
    where: Rows | None = None,
    *,
    performance_scale: tuple[float, float],
    confidence: float = 0.95,
) -> ImportancePerformance:
    """The map with importance from `key_drivers`: shares of the explained variance of overall satisfaction.

    Attributes that are no drivers (dropped ones) have no importance. The cross is at the means of the data, for shares
    have no scale's middle; the importance axis runs from 0 to the largest. Errors of importance are the bootstrap's,
    taken as independent of those of performance.
    """
    check_confidence(confidence)
    found = {driver.name: driver for driver in drivers.drivers}
    r_squared = drivers.r_squared or 0.0
    points: list[_Point] = []
    for name, ratings in performance.items():
        means = design_means(ratings, design, where)
        rated = means.estimate(confidence=confidence)
        driver = found.get(name)
        if driver is None or r_squared <= 0:
            reason = drivers.reason or Reason.NO_COMMON_SPREAD
            points.append(_Point(name, rated, Estimate(None, drivers.n, reason=reason), None, means.df))
            continue
        se, low, high = (None if v is None else v / r_squared for v in (driver.se, driver.low, driver.high))
        method, reason_less = ("bootstrap", None) if se is not None else (None, Reason.NO_DESIGN)
        weight = Estimate(driver.share, drivers.n, se, low, high, None, method, drivers.confidence, reason_less)
        vcov = None if se is None or rated.se is None or rated.low is None else np.diag([rated.se**2, se**2])
        points.append(_Point(name, rated, weight, vcov, means.df))
    largest = max((point.importance.value for point in points if point.importance.value is not None), default=1.0)
    return _map(points, _centre(points), "data", (performance_scale, (0.0, largest or 1.0)), confidence, derived=True)


@dataclass(frozen=True, slots=True, eq=False)
class _Point:
    name: str
    performance: Estimate
    importance: Estimate
    vcov: Array | None
    df: int


def _centre(points: list[_Point]) -> tuple[float, float] | None:
    placed = [
        (point.performance.value, point.importance.value)
        for point in points
        if point.performance.value is not None and point.importance.value is not None
    ]
    return (float(np.mean([p for p, _ in placed])), float(np.mean([i for _, i in placed]))) if placed else None


def _map(
    points: list[_Point],
    cross: tuple[float, float] | None,
    crossing: Crossing,
    axes: tuple[tuple[float, float], tuple[float, float]],
    confidence: float,
    *,
    derived: bool,
) -> ImportancePerformance:
    attributes = tuple(_attribute(point, cross, axes, confidence) for point in points)
    return ImportancePerformance(attributes, cross, crossing, axes if cross else None, derived)


def _attribute(
    point: _Point,
    cross: tuple[float, float] | None,
    axes: tuple[tuple[float, float], tuple[float, float]],
    confidence: float,
) -> Attribute:
    performance, importance = point.performance.value, point.importance.value
    if cross is None or performance is None or importance is None:
        return Attribute(point.name, point.performance, point.importance, None, None, None)
    strong, important = performance >= cross[0], importance >= cross[1]
    quadrant: Quadrant = ("keep" if strong else "concentrate") if important else ("overkill" if strong else "low")
    along, up = ((v - low) / (high - low) for v, (low, high) in zip((performance, importance), axes, strict=True))
    ellipse = None if point.vcov is None else _ellipse(point.vcov, point.df, confidence)
    return Attribute(point.name, point.performance, point.importance, quadrant, up - along, ellipse)


def _ellipse(vcov: Array, df: int, confidence: float) -> Ellipse | None:
    """Hotelling: half axes sqrt(2 df/(df - 1) F(2, df - 1) eigenvalue)."""
    if df < 2:
        return None
    reach = 2 * df / (df - 1) * float(scipy.special.fdtri(2, df - 1, confidence))
    values, vectors = np.linalg.eigh(vcov)
    first, second = math.sqrt(max(0.0, reach * values[1])), math.sqrt(max(0.0, reach * values[0]))
    across, up = vectors[:, 1]
    return Ellipse(first, second, math.atan2(up, across) % math.pi)
