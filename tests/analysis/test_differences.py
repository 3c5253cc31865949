"""Differences of shares and means, sample sizes. Golden numbers by R with the command beside them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import design_change, design_mean
from consult.analysis.estimate import Estimate, Reason
from consult.analysis.sampling.planning import sample_size
from consult.analysis.simple_samples.differences import change, share_difference
from consult.analysis.simple_samples.proportions import margin_of_error


def test_newcombe_s_published_example() -> None:
    found = share_difference((56, 70), (48, 80))  # Newcombe 1998, Table II, (a), method 10
    assert found.difference.value == pytest.approx(0.2)
    assert [found.difference.low, found.difference.high] == pytest.approx([0.0524, 0.3339], abs=5e-5)
    assert found.p_value == pytest.approx(0.00804508136819656)  # prop.test(c(56, 48), c(70, 80), correct = FALSE)
    assert found.p_yates == pytest.approx(0.0134094751786689)
    assert found.z is not None and found.chi2 == pytest.approx(found.z**2)


def test_shares_without_people_or_without_any_difference() -> None:
    assert share_difference((0, 0), (1, 5)).reason is Reason.NO_ANSWERS
    alike = share_difference((0, 10), (0, 20))
    assert (alike.p_value, alike.p_fisher, alike.reason) == (None, 1.0, Reason.NO_SPREAD)
    assert alike.difference.low is not None and alike.difference.low < 0
    with pytest.raises(ValueError, match="counts of a whole"):
        share_difference((3, 2), (1, 2))


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_turning_the_samples_round_mirrors_the_difference(x: int, n: int, y: int, m: int) -> None:
    here, there = share_difference((x, x + n), (y, y + m)), share_difference((y, y + m), (x, x + n))
    assert here.reason is there.reason
    if here.difference.value is not None and here.difference.low is not None and here.difference.high is not None:
        assert -1 <= here.difference.low <= here.difference.value <= here.difference.high <= 1
        assert there.difference.low == pytest.approx(-here.difference.high)
        assert there.p_fisher == pytest.approx(here.p_fisher)
        assert there.z == pytest.approx(None if here.z is None else -here.z)


def test_change_of_independent_waves_and_of_a_panel() -> None:
    rng = np.random.default_rng(4)
    before = rng.normal(50, 10, 200)
    after = before + rng.normal(2, 3, 200)
    design = Design.simple(200)
    apart = change(design_mean(before, design), design_mean(after, design))
    panel = design_change(after, before, design)
    assert apart.difference.value == pytest.approx(panel.value)
    assert apart.difference.se is not None and panel.se is not None and apart.difference.se > 3 * panel.se
    covariance = float(np.cov(before, after)[0, 1]) / 200
    together = change(design_mean(before, design), design_mean(after, design), covariance=covariance)
    assert together.difference.se == pytest.approx(panel.se)


def test_a_change_without_errors_says_why() -> None:
    given_, open_ = Estimate(3.0, 50, 0.2), Estimate(4.0, 60, reason=Reason.NO_DESIGN)
    found = change(given_, open_)
    assert (found.difference.value, found.difference.reason, found.p_value) == (1.0, Reason.NO_DESIGN, None)
    assert change(Estimate(None, 0, reason=Reason.NO_ANSWERS), given_).difference.reason is Reason.NO_ANSWERS
    assert change(Estimate(1.0, 9, 0.0), Estimate(1.0, 9, 0.0)).difference.reason is Reason.NO_SPREAD
    normal = change(given_, Estimate(3.5, 40, 0.1))
    assert normal.difference.method == "normal"
    assert normal.z == pytest.approx(0.5 / 0.05**0.5)


def test_people_needed_for_a_margin() -> None:
    found = sample_size(0.04, population=3000)  # n0 <- z^2*.25/.0016; n0/(1 + (n0 - 1)/3000)
    assert [found.infinite, found.answers] == pytest.approx([600.227940733457, 500.297244812293])
    assert (found.needed, found.invited) == (501, 501)
    asked = sample_size(0.04, population=3000, design_effect=1.5, response=0.4)
    assert (asked.needed, asked.invited) == (751, 1878)
    assert sample_size(0.05, population=40, design_effect=3, response=0.1).invited == 40
    with pytest.raises(ValueError, match="shares"):
        sample_size(5)


@given(st.floats(0.01, 0.2), st.integers(50, 10**6))
def test_the_sample_keeps_its_margin(margin: Any, population: Any) -> None:
    found = sample_size(margin, population=population)
    reached = margin_of_error(found.needed, population=population)
    assert reached is not None and reached <= margin * (1 + 1e-9) * (population / (population - 1)) ** 0.5
