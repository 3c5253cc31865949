"""Shares, counts and quantiles from a design. Golden numbers from R 4.2.2 with survey 4.1-1.

d = svydesign(~1, strata=~s, weights=~w, data=data.frame(x=c(1,4,2,8,5,7), w=c(1,2,1,3,1,2), e=c(1,0,0,1,1,0),
s=c(1,1,1,2,2,2)))
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.basis.quantiles import weighted_quantile
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_quantiles import design_quantile, design_quantiles
from consult.analysis.complex_samples.design_shares import (
    design_counts,
    design_share,
    design_shares,
    shares_with_intervals,
)
from consult.analysis.estimate import Reason
from consult.analysis.simple_samples.proportions import share
from tests.analysis.test_design import designs

X = np.array([1.0, 4, 2, 8, 5, 7])
W = np.array([1.0, 2, 1, 3, 1, 2])
EVENT = np.array([1.0, 0, 0, 1, 1, 0])
D = Design(W, np.array([1, 1, 1, 2, 2, 2]))
METHODS: Any = ["logit", "xlogit", "beta", "likelihood", "asin", "mean", "wilson"]
RULES: Any = ["math", "school", "shahvaish", *(f"hf{rule}" for rule in range(1, 10))]
methods = st.sampled_from(METHODS)


@pytest.mark.parametrize(
    ("method", "low", "high", "precision"),
    [
        ("logit", 0.055649223715, 0.944350776285, 1e-9),
        ("xlogit", 0.055649223715, 0.944350776285, 1e-9),
        ("beta", 0.0473586320477, 0.9526413679523, 1e-9),
        ("asin", 0.00600053108962, 0.99399946891038, 1e-9),
        ("mean", -0.207857388491, 1.207857388491, 1e-9),
        ("likelihood", 0.0229804822921, 0.9770195177079, 1e-2),
    ],
)
def test_intervals_of_a_share(method: Any, low: float, high: float, precision: float) -> None:
    found = design_share(EVENT, D, method=method)  # svyciprop(~e, d, method=...)
    assert found.value == 0.5
    assert [found.low, found.high] == pytest.approx([low, high], rel=precision)
    assert (found.method, found.df) == (method, 4)


def test_arcsine_stops_at_the_ends_of_the_scale() -> None:
    found = design_share([0, 1, 1, 1, 1, 1], Design.simple(6), method="asin")
    assert found.low is not None
    assert 0 < found.low < 5 / 6
    assert found.high == 1


@given(designs(), st.integers(0, 1000), methods)
def test_shares_stay_between_0_and_1(design: Design, seed: int, method: Any) -> None:
    event = np.random.default_rng(seed).integers(0, 2, design.n).astype(float)
    found = design_share(event, design, method=method)
    if found.low is None or found.high is None or found.value is None:
        assert found.reason is not None
        return
    assert found.reason is None
    assert found.low <= found.value <= found.high
    assert method == "mean" or 0 <= found.low <= found.high <= 1


@given(designs(), st.integers(0, 1000), methods)
def test_who_is_not_in_the_share_mirrors_who_is(design: Design, seed: int, method: Any) -> None:
    event = np.random.default_rng(seed).integers(0, 2, design.n).astype(float)
    here, there = design_share(event, design, method=method), design_share(1 - event, design, method=method)
    if here.low is None or there.high is None:
        assert here.low is there.high
        return
    assert here.low == pytest.approx(1 - there.high, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_everybody_or_nobody_has_an_interval_of_the_right_width(method: Any) -> None:
    all_in, none_in = (
        design_share(np.ones(20), Design.simple(20), method=method),
        design_share(np.zeros(20), Design.simple(20), method=method),
    )
    expected = share(20, 20, method="clopper-pearson")
    assert all_in.method == ("wilson" if method == "wilson" else "beta")
    assert (all_in.high, none_in.low) == (1.0, 0.0)
    if method != "wilson":
        assert [all_in.low, none_in.high] == pytest.approx([expected.low, 1 - (expected.low or 0)])


def test_shares_of_categories_and_their_counts() -> None:
    codes = EVENT.astype(np.int64)
    found, counted = design_shares(codes, 3, D), design_counts(codes, 3, D)
    assert found.values.tolist() == [0.5, 0.5, 0]
    assert counted.values.tolist() == [5, 5, 0]
    assert found.se is not None
    assert counted.se is not None
    assert found.se == pytest.approx([0.254950975679639, 0.254950975679639, 0])  # svymean(~factor(e), d)
    assert counted.se == pytest.approx([np.sqrt(7), np.sqrt(8), 0])  # svytotal(~factor(e), d)
    assert found.deff == pytest.approx((3.25, 3.25, None))


@given(designs(), st.integers(0, 1000))
def test_shares_in_one_pass_equal_each_alone(design: Design, seed: int) -> None:
    codes = np.random.default_rng(seed).integers(-1, 3, design.n)
    together = shares_with_intervals(codes, 3, design)
    for code, found in enumerate(together):
        alone = design_share(np.where(codes < 0, np.nan, codes == code), design)
        assert (found.n, found.reason, found.method) == (alone.n, alone.reason, alone.method)
        for one, other in ((found.value, alone.value), (found.low, alone.low), (found.high, alone.high)):
            assert one == other or one == pytest.approx(other, rel=1e-6, abs=1e-9)


def test_shares_that_one_stratum_decides_have_no_error() -> None:
    found = design_shares(np.array([0, 0, 0, 1, 1, 1]), 2, Design(np.repeat([14.7, 3.3], 3), np.repeat([0, 1], 3)))
    assert found.se == pytest.approx([0, 0], abs=1e-12)


def test_codes_beyond_the_answers_are_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="not one of"):
        design_shares(np.array([0, 3]), 3, Design.simple(2))


def test_nobody_answered() -> None:
    assert design_share([np.nan], Design.simple(1)).reason is Reason.NO_ANSWERS
    assert shares_with_intervals(np.array([-1]), 2, Design.simple(1))[0].reason is Reason.NO_ANSWERS
    assert design_quantile([np.nan], 0.5, Design.simple(1)).reason is Reason.NO_ANSWERS
    assert design_quantile([2.0], 0.5, Design(np.zeros(1))).reason is Reason.NO_WEIGHT
    assert weighted_quantile(np.zeros(0), np.zeros(0), 0.5) is None


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("math", [4, 5, 8]),
        ("school", [4, 6, 8]),
        ("hf3", [4, 5, 8]),
        ("hf4", [2.5, 5, 7.33333333333]),
        ("hf5", [3.33333333333, 5.66666666667, 7.8]),
        ("hf6", [3.25, 6.5, 8]),
        ("hf7", [3.5, 4.75, 7.3]),
        ("hf8", [3.3, 6, 7.925]),
        ("hf9", [3.30769230769, 5.92307692308, 7.89523809524]),
        ("shahvaish", [2, 5, 8]),
    ],
)
def test_quantiles_by_rule(rule: Any, values: Any) -> None:
    found = design_quantiles(X, [0.25, 0.5, 0.8], D, rule=rule)  # svyquantile(~x, d, c(.25, .5, .8), qrule=...)
    assert [one.value for one in found] == pytest.approx(values, rel=1e-10)


def test_woodruffs_interval_of_the_median() -> None:
    found = design_quantile(X, 0.5, D, interval="xlogit")  # svyquantile(~x, d, .5, interval.type="xlogit")
    assert [found.value, found.low, found.high, found.se] == pytest.approx([5, 2, 8, 1.0805183918])


def test_an_end_beyond_the_data_is_not_given() -> None:
    found = design_quantile(np.arange(30.0), 0.9, Design.simple(30), interval="mean")
    assert (found.high, found.se, found.reason) == (None, None, Reason.BEYOND_DATA)
    assert found.low is not None
    highest = design_quantile(np.arange(8.0), 0.9, Design.simple(8))
    assert (highest.value, highest.low, highest.reason) == (7, None, Reason.BEYOND_DATA)
    assert design_quantile(np.ones(8), 0.9, Design.simple(8)).reason is Reason.NO_SPREAD


@given(st.lists(st.integers(0, 9).map(float), min_size=1, max_size=30), st.floats(0, 1), st.sampled_from(RULES))
def test_quantiles_lie_within_the_answers(x: Any, p: float, rule: Any) -> None:
    found = weighted_quantile(np.array(x), np.ones(len(x)), p, rule)
    assert found is not None
    assert min(x) <= found <= max(x)


@given(st.lists(st.integers(0, 99).map(float), min_size=2, max_size=30, unique=True), st.floats(0, 1))
def test_equal_weights_give_the_usual_quantiles(x: Any, p: float) -> None:
    names = {
        "hf5": "hazen",
        "hf6": "weibull",
        "hf7": "linear",
        "hf8": "median_unbiased",
        "hf9": "normal_unbiased",
    }
    for rule, method in names.items():
        found = weighted_quantile(np.array(x), np.ones(len(x)), p, rule)  # type: ignore[arg-type]
        assert found == pytest.approx(np.quantile(x, p, method=method), rel=1e-9, abs=1e-9)  # type: ignore[call-overload]
