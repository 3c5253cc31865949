"""Shares. Golden numbers: published ones by Newcombe (1998), others from R 4.2.2 with the command beside them."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.estimate import Estimate, Reason
from consult.analysis.simple_samples.proportions import Method, margin_of_error, share

counts = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def bounds(found: Estimate) -> tuple[float, float]:
    assert found.low is not None and found.high is not None
    return found.low, found.high


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(count: Any, n: Any, low: Any, high: Any) -> None:
    assert bounds(share(count, n)) == pytest.approx((low, high), abs=5e-5)


def test_each_method_agrees_with_r() -> None:
    # prop.test(7, 20, correct=FALSE), prop.test(7, 20), binom.test(7, 20), qbeta(c(.025,.975), 7.5, 13.5)
    expected: dict[Method, tuple[float, float]] = {
        "wilson": (0.181191824101082, 0.567145723314764),
        "wilson-cc": (0.163086679716309, 0.590510433848573),
        "clopper-pearson": (0.153909204784541, 0.592188534532828),
        "jeffreys": (0.172276213631912, 0.567766093841496),
    }
    for method, interval in expected.items():
        assert bounds(share(7, 20, method=method)) == pytest.approx(interval, rel=1e-9), method


def test_nobody_answered_gives_no_figure_and_says_why() -> None:
    assert share(0, 0) == Estimate(None, 0, reason=Reason.NO_ANSWERS)


@given(counts, st.sampled_from([0.8, 0.95, 0.99]), st.sampled_from(["wilson", "clopper-pearson"]))
def test_interval_holds_the_share_and_stays_between_zero_and_one(pair: Any, confidence: Any, method: Any) -> None:
    found = share(*pair, confidence=confidence, method=method)
    low, high = bounds(found)
    assert found.value is not None
    assert 0 <= low <= found.value <= high <= 1
    assert low < high


@given(counts)
def test_interval_of_the_others_is_the_mirror_image(pair: Any) -> None:
    count, n = pair
    low, high = bounds(share(count, n))
    assert bounds(share(n - count, n)) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(counts, st.integers(0, 10_000))
def test_a_finite_population_never_widens_the_interval(pair: Any, more: Any) -> None:
    count, n = pair
    low, high = bounds(share(count, n))
    finite = bounds(share(count, n, population=n + more))
    assert low - 1e-12 <= finite[0] <= finite[1] <= high + 1e-12


def test_a_census_has_no_error() -> None:
    found = share(30, 40, population=40)
    assert (found.se, *bounds(found), found.method) == (0.0, 0.75, 0.75, "census")


def test_standard_error_uses_one_less_than_n() -> None:
    assert share(50, 200).se == pytest.approx(math.sqrt(0.25 * 0.75 / 199))
    assert share(1, 1).se is None


@pytest.mark.parametrize(("count", "n"), [(3, 2), (-1, 5), (0, -1)])
def test_a_count_outside_its_base_is_the_callers_mistake(count: Any, n: Any) -> None:
    with pytest.raises(ValueError):
        share(count, n)


def test_confidence_is_a_share_not_a_percentage() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        share(1, 2, confidence=95)


def test_margin_of_error_of_a_thousand_is_about_three_points() -> None:
    assert margin_of_error(1000) == pytest.approx(0.0309897, abs=1e-7)
    assert margin_of_error(1000, population=1000) == 0
    assert margin_of_error(0) is None
