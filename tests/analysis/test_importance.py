"""Importance-performance maps."""

import math

import numpy as np
import pytest

from consult.analysis.complex_samples.design import Design
from consult.analysis.estimate import Reason
from consult.analysis.models.drivers import key_drivers
from consult.analysis.models.importance import derived_importance, stated_importance

FIVE = (1.0, 5.0)


def ratings(means: dict[str, float], n: int = 200, seed: int = 1) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    return {name: np.clip(np.round(draw.normal(mean, 0.8, n)), 1, 5) for name, mean in means.items()}


PERFORMANCE = ratings({"roads": 2.0, "water": 4.0, "parks": 2.2, "forms": 4.2})
IMPORTANCE = ratings({"roads": 4.5, "water": 4.3, "parks": 2.5, "forms": 2.3}, seed=2)


def test_attributes_fall_into_four_quadrants_around_the_mean_of_all() -> None:
    found = stated_importance(
        PERFORMANCE, IMPORTANCE, Design.simple(200), performance_scale=FIVE, importance_scale=FIVE
    )
    assert [one.quadrant for one in found.attributes] == ["concentrate", "keep", "low", "overkill"]
    assert found.cross == pytest.approx(
        tuple(np.mean([x.mean() for x in side.values()]) for side in (PERFORMANCE, IMPORTANCE))
    )
    first = max(found.attributes, key=lambda one: one.priority or -1)
    assert first.name == "roads" and first.priority is not None
    expected = (IMPORTANCE["roads"].mean() - PERFORMANCE["roads"].mean()) / 4
    assert first.priority == pytest.approx(expected)


def test_the_cross_may_stand_at_the_middle_of_the_scales() -> None:
    high = ratings({"a": 4.0, "b": 4.6})
    found = stated_importance(
        high, high, Design.simple(200), performance_scale=FIVE, importance_scale=FIVE, crossing="scale"
    )
    assert found.cross is not None and set(found.cross) == {3}
    assert [one.quadrant for one in found.attributes] == ["keep", "keep"]


def test_the_ellipse_leans_with_the_covariance_of_both_answers() -> None:
    draw = np.random.default_rng(5)
    x = draw.normal(size=400)
    tied = stated_importance(
        {"a": 3 + x}, {"a": 3 + x + 0.2 * draw.normal(size=400)}, Design.simple(400),
        performance_scale=FIVE, importance_scale=FIVE,
    )  # fmt: skip
    ellipse = tied.attributes[0].ellipse
    assert ellipse is not None
    assert ellipse.angle == pytest.approx(math.pi / 4, abs=0.1)
    assert ellipse.second < ellipse.first / 3
    # For nearly uncorrelated answers both half axes are sqrt(2 F) standard errors.
    free = stated_importance(
        {"a": 3 + x}, {"a": 3 + draw.normal(size=400)}, Design.simple(400),
        performance_scale=FIVE, importance_scale=FIVE,
    ).attributes[0]  # fmt: skip
    assert free.ellipse is not None and free.performance.se is not None
    assert free.ellipse.first == pytest.approx(2.46 * free.performance.se, rel=0.1)


def test_who_answered_one_side_only_is_left_out_of_the_attribute() -> None:
    good, weighty = np.array([1.0, 2, math.nan, 4]), np.array([5.0, math.nan, 3, 4])
    found = stated_importance(
        {"a": good}, {"a": weighty}, Design.simple(4), performance_scale=FIVE, importance_scale=FIVE
    )
    assert (found.attributes[0].performance.value, found.attributes[0].performance.n) == (2.5, 2)
    empty = stated_importance(
        {"a": good * math.nan}, {"a": weighty}, Design.simple(4), performance_scale=FIVE, importance_scale=FIVE
    )
    assert empty.cross is None and empty.attributes[0].performance.reason is Reason.NO_ANSWERS


def test_importance_can_come_from_the_drivers() -> None:
    table = np.column_stack(list(PERFORMANCE.values()))
    overall = table @ [0.9, 0.1, 0.4, 0.0] + np.random.default_rng(7).normal(size=200)
    drivers = key_drivers(overall, table[:, :3], list(PERFORMANCE)[:3], resamples=100)
    found = derived_importance(PERFORMANCE, drivers, Design.simple(200), performance_scale=FIVE)
    roads, _, _, forms = found.attributes
    assert roads.importance.value == pytest.approx(drivers.drivers[0].share)
    assert roads.quadrant == "concentrate" and roads.ellipse is not None
    assert (forms.importance.value, forms.quadrant) == (None, None)
    assert found.derived and found.axes is not None and found.axes[1][0] == 0
