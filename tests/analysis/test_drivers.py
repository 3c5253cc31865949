"""Key drivers: rules and properties."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.basis.moments import correlation
from consult.analysis.estimate import Reason
from consult.analysis.models.drivers import key_drivers, relative_weights, shapley


def ratings(p: int, seed: int, n: int = 120) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(n, p)) @ (np.eye(p) + 0.4 * draw.normal(size=(p, p)))
    return x @ draw.normal(size=p) + draw.normal(size=n), x


def names(p: int) -> list[str]:
    return [f"d{j}" for j in range(p)]


def r_squared(r: np.ndarray, drivers: list[int]) -> float:
    at = [j + 1 for j in drivers]
    return float(r[0, at] @ np.linalg.solve(r[np.ix_(at, at)], r[at, 0])) if at else 0.0


def test_lmg_is_the_mean_gain_over_all_orders_of_entering() -> None:
    y, x = ratings(4, 3)
    r = np.corrcoef(np.column_stack((y, x)).T)
    orders = list(permutations(range(4)))
    expected = [
        np.mean([r_squared(r, list(o[: o.index(j) + 1])) - r_squared(r, list(o[: o.index(j)])) for o in orders])
        for j in range(4)
    ]
    assert shapley(r) == pytest.approx(expected, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(p=st.integers(1, 8), seed=st.integers(0, 10_000))
def test_parts_sum_to_r_squared_and_order_does_not_matter(p: int, seed: int) -> None:
    y, x = ratings(p, seed)
    found = key_drivers(y, x, names(p))
    assert found.r_squared is not None
    for parts in ([d.lmg or 0.0 for d in found.drivers], [d.johnson for d in found.drivers]):
        assert sum(parts) == pytest.approx(found.r_squared, abs=1e-10)
        assert min(parts) >= -1e-12
    assert sum(d.pratt for d in found.drivers) == pytest.approx(found.r_squared, abs=1e-10)
    assert sum(d.share for d in found.drivers) == pytest.approx(1)
    assert all(d.vif >= 1 - 1e-12 and 0 <= d.last <= d.first + found.r_squared for d in found.drivers)
    turned = key_drivers(y[::-1] * 3 + 7, x[::-1, ::-1] / 5, names(p)[::-1])
    assert {d.name: d.importance for d in turned.drivers} == pytest.approx(
        {d.name: d.importance for d in found.drivers}, abs=1e-10
    )


def test_weights_are_frequencies_for_correlations() -> None:
    y, x = ratings(3, 5, 40)
    w = np.random.default_rng(5).integers(0, 4, 40)
    weighted = key_drivers(y, x, names(3), weights=w)
    repeated = key_drivers(np.repeat(y, w), np.repeat(x, w, axis=0), names(3))
    assert [d.lmg for d in weighted.drivers] == pytest.approx([d.lmg for d in repeated.drivers])
    assert weighted.n == int((w > 0).sum())


def test_more_than_twelve_drivers_are_split_by_relative_weights() -> None:
    y, x = ratings(14, 1, 300)
    found = key_drivers(y, x, names(14), resamples=50)
    assert (found.measure, found.resamples) == ("johnson", 50)
    assert all(d.lmg is None and d.importance == d.johnson for d in found.drivers)
    assert found.r_squared == pytest.approx(sum(d.importance for d in found.drivers))


def test_a_driver_that_repeats_others_is_dropped_and_named() -> None:
    y, x = ratings(3, 2)
    table = np.column_stack((x, x[:, 0] - 2 * x[:, 1], np.full(len(y), 4.0)))
    found = key_drivers(y, table, ["a", "b", "c", "sum", "same"])
    assert (found.collinear, found.constant) == (("sum",), ("same",))
    assert [d.name for d in found.drivers] == ["a", "b", "c"]


def test_intervals_hold_the_estimate_and_can_be_repeated() -> None:
    y, x = ratings(5, 8)
    found = key_drivers(y, x, names(5), resamples=300)
    assert found == key_drivers(y, x, names(5), resamples=300)
    for driver in found.drivers:
        assert driver.low is not None and driver.high is not None
        assert 0 <= driver.low <= driver.importance <= driver.high


def test_bootstrap_of_many_matrices_equals_one_by_one() -> None:
    tables = [np.column_stack(ratings(4, seed)) for seed in range(3)]
    r = correlation(np.stack([np.cov(table.T) for table in tables]))
    assert shapley(r) == pytest.approx(np.stack([shapley(one) for one in r]))
    assert relative_weights(r) == pytest.approx(np.stack([relative_weights(one) for one in r]))


def test_reasons_stand_in_for_figures() -> None:
    y, x = ratings(5, 4, 6)
    assert key_drivers(y, x, names(5)).reason is Reason.TOO_FEW_ANSWERS
    assert key_drivers(y * math.nan, x, names(5)).reason is Reason.NO_ANSWERS
    y, x = ratings(2, 4)
    assert key_drivers(np.ones(120), x, names(2)).reason is Reason.NO_SPREAD
    assert key_drivers(y, np.ones((120, 2)), names(2)).reason is Reason.NO_SPREAD_IN_ITEM


def test_a_row_with_a_missing_answer_is_left_out() -> None:
    y, x = ratings(3, 6)
    y[0], x[1, 2] = math.nan, math.nan
    assert key_drivers(y, x, names(3)) == key_drivers(y[2:], x[2:], names(3))
