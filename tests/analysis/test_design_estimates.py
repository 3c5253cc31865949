"""Estimation from a design. Golden numbers from R 4.2.2 with survey 4.1-1, with the command beside them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.complex_samples.design import Design, stacked
from consult.analysis.complex_samples.design_estimates import (
    design_change,
    design_mean,
    design_means,
    design_net_score,
    design_ratio,
    design_total,
    design_totals,
    design_variance,
)
from consult.analysis.complex_samples.design_groups import crossed, design_by, design_difference, design_t_test
from consult.analysis.estimate import Estimate, Reason
from consult.analysis.simple_samples.means import mean
from tests.analysis.test_design import designs

NAN = float("nan")


def figures(found: Estimate) -> list[float]:
    """Value, error and interval; -1 stands for None."""
    return [-1.0 if figure is None else figure for figure in (found.value, found.se, found.low, found.high)]


@given(designs(), st.integers(0, 1000), st.sampled_from([1e-3, 7.0, 1e6]))
@settings(max_examples=40)
def test_scale_of_weights_changes_no_mean_and_multiplies_totals(design: Design, seed: int, factor: float) -> None:
    x = np.random.default_rng(seed).normal(10, 3, design.n)
    other = Design(design.weights * factor, design.strata, design.stages, design.fpc)
    here, there = design_mean(x, design), design_mean(x, other)
    assert figures(there) == pytest.approx(figures(here), rel=1e-8)
    assert design_totals(x, other).values == pytest.approx(design_totals(x, design).values * factor, rel=1e-9)


@given(st.integers(4, 40), st.integers(0, 1000))
def test_rows_parted_in_two_within_their_unit_change_nothing(n: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    strata, units, w, x = (
        random.integers(0, 2, n),
        random.integers(0, 5, n),
        random.uniform(1, 4, n),
        random.normal(size=n),
    )
    whole = design_mean(x, Design(w, strata, (units,)))
    twice = Design(np.repeat(w / 2, 2), np.repeat(strata, 2), (np.repeat(units, 2),))
    found = design_mean(np.repeat(x, 2), twice)
    assert figures(found) == pytest.approx(figures(whole), rel=1e-7, abs=1e-12)
    assert found.df == whole.df


@given(designs(), st.integers(0, 1000))
def test_domain_totals_add_up_to_the_total(design: Design, seed: int) -> None:
    random = np.random.default_rng(seed)
    x, groups = random.normal(5, 2, design.n), random.integers(0, 3, design.n)
    parts = design_by(x, groups, 3, design, statistic="total")
    whole = design_totals(x, design)
    together = parts.contrast((1, 1, 1))
    assert together.values == pytest.approx(whole.values, rel=1e-9)
    assert together.vcov == pytest.approx(whole.vcov, rel=1e-7, abs=1e-9)


@given(st.lists(st.integers(0, 50).map(float), min_size=2, max_size=40), st.sampled_from([None, 100, 1000]))
def test_equal_weights_without_strata_are_a_simple_random_sample(answers: Any, population: Any) -> None:
    found = design_mean(answers, Design.simple(len(answers), population=population))
    expected = mean(answers, population=population)
    assert found.value == pytest.approx(expected.value)
    assert found.se == pytest.approx(expected.se, rel=1e-7, abs=1e-12)
    if found.low is not None:
        assert [found.low, found.high] == pytest.approx([expected.low, expected.high], rel=1e-7, abs=1e-9)


@given(designs(), st.integers(0, 1000))
def test_a_group_is_the_domain_and_keeps_the_whole_design(design: Design, seed: int) -> None:
    random = np.random.default_rng(seed)
    x, groups = random.normal(5, 2, design.n), random.integers(-1, 3, design.n)
    x[random.random(design.n) < 0.2] = np.nan
    found = design_by(x, groups, 3, design)
    for group in range(3):
        alone = design_means(x, design, groups == group)
        assert found.n[group] == alone.n[0]
        assert found.reasons[group] == alone.reasons[0]
        assert found.values[group] == pytest.approx(alone.values[0], rel=1e-9, abs=1e-12)
        assert found.vcov is not None
        assert alone.vcov is not None
        assert found.vcov[group, group] == pytest.approx(alone.vcov[0, 0], rel=1e-7, abs=1e-10)


def test_a_missing_answer_is_no_answer_but_keeps_its_unit() -> None:
    design = Design(np.ones(6), stages=(np.array([1, 1, 2, 2, 3, 3]),))
    found = design_mean([1.0, 3, 2, 6, NAN, NAN], design)
    # d = data.frame(x=c(1,3,2,6,NA,NA), u=c(1,1,2,2,3,3)); svymean(~x, svydesign(~u, weights=~1, data=d), na.rm=TRUE)
    assert (found.value, found.n, found.df) == (3.0, 4, 2)
    assert found.se == pytest.approx(0.866025403784439)


def test_census_has_no_error_and_says_so() -> None:
    found = design_mean([1.0, 2, 6], Design.simple(3, population=3))
    assert figures(found) == [3.0, 0.0, 3.0, 3.0]
    assert found.method == "census"


@pytest.mark.parametrize(
    ("x", "weights", "reason"),
    [
        ([], [], Reason.NO_ANSWERS),
        ([NAN, NAN], [1, 1], Reason.NO_ANSWERS),
        ([1, 2], [0, 0], Reason.NO_WEIGHT),
        ([4, NAN], [1, 1], Reason.ONE_ANSWER),
        ([4, 5], [1, 0], Reason.ONE_ANSWER),
        ([4, 4, 4], [1, 2, 3], Reason.NO_SPREAD),
    ],
)
def test_what_cannot_be_given_has_its_reason(x: Any, weights: Any, reason: Any) -> None:
    design = Design(np.array(weights, dtype=float))
    for found in (design_mean(x, design), design_total(x, design)):
        if found.reason is None:  # A total of equal values varies with who is drawn.
            continue
        assert found.reason is reason
        assert found.low is None
    assert design_mean(x, design).reason is reason


def test_one_primary_unit_has_no_spread_to_see() -> None:
    found = design_mean([1.0, 2, 5], Design(np.ones(3), stages=(np.zeros(3, dtype=int),)))
    assert (found.se, found.low, found.reason) == (None, None, Reason.ONE_UNIT)


def test_a_lonely_stratum_is_counted_or_refused() -> None:
    strata = np.array([0, 1, 1, 1])
    assert design_mean([1.0, 2, 5, 3], Design(np.ones(4), strata)).lonely == 1
    refused = design_mean([1.0, 2, 5, 3], Design(np.ones(4), strata, lonely="fail"))
    assert (refused.value, refused.se, refused.reason) == (2.75, None, Reason.LONELY_UNIT)


def test_a_ratio_needs_something_to_divide_by() -> None:
    design = Design.simple(3)
    assert design_ratio([1, 2, 3], [0, 0, 0], design).reason is Reason.NO_BASE
    assert design_ratio([1, 2, 3], [2, 4, 6], design).value == 0.5


def test_weights_of_zero_are_in_no_count() -> None:
    found = design_mean([1.0, 2, 5, 9], Design(np.array([1.0, 1, 1, 0])))
    assert found.value == pytest.approx(8 / 3)
    assert (found.n, found.df) == (3, 2)


def test_design_effect_of_unequal_weights_and_of_a_simple_sample() -> None:
    x = np.array([1.0, 4, 2, 8, 5, 7])
    assert design_mean(x, Design.simple(6, population=60)).deff == pytest.approx(1)
    assert design_mean(x, Design.simple(6)).deff is None
    assert design_means(x, Design.simple(6), replacement=True).deff == pytest.approx((1,))


def test_change_of_the_same_people_has_less_error_than_of_others() -> None:
    design = Design.simple(5)
    before, now = np.array([1.0, 2, 3, 4, 5]), np.array([2.0, 3, 4, 5, 7])
    found = design_change(now, before, design)
    assert found.value == pytest.approx(1.2)
    assert found.se == pytest.approx(0.2)  # svycontrast(svymean(~now+before, d), c(1, -1))
    waves = stacked([design, design])
    rows = np.arange(10) < 5
    apart = design_difference(np.concatenate([now, before]), rows, ~rows, waves)
    assert apart.value == pytest.approx(1.2)
    assert apart.se is not None
    assert apart.se > 1


def test_waves_in_the_same_places_share_their_units() -> None:
    place = np.array([1, 1, 2, 2, 3, 3])
    wave = Design(np.ones(6), stages=(place,))
    x = np.array([1.0, 2, 5, 6, 9, 9])
    rows = np.arange(12) < 6
    both = np.concatenate([x + 1, x])
    shared = design_difference(both, rows, ~rows, stacked([wave, wave], shared_units=True))
    assert shared.value == pytest.approx(1)
    assert shared.reason is Reason.NO_SPREAD
    # svycontrast(svyby(~x, ~w, svydesign(~u, strata=~w, nest=TRUE, weights=~1), svymean, covmat=TRUE), c(1, -1))
    assert design_difference(both, rows, ~rows, stacked([wave, wave])).se == pytest.approx(3.0641, rel=1e-4)


def test_two_groups_are_compared_by_t() -> None:
    x, groups = np.array([1.0, 2, 3, 4, 6, 8]), np.array([0, 0, 0, 1, 1, 1])
    found = design_t_test(x, groups, Design.simple(6))
    # svyttest(x ~ g, svydesign(~1, weights=~1, data=data.frame(x, g)))
    assert found.difference.value == pytest.approx(4)
    assert figures(found.difference) == pytest.approx([4, 4 / 3.46410161513775, 0.794037342247669, 7.20596265775233])
    assert [found.statistic, found.p_value, found.df] == pytest.approx([3.46410161513775, 0.0257214207425065, 4])
    nothing = design_t_test(np.array([2.0, 2, 2, 2]), np.array([0, 0, 1, 1]), Design.simple(4))
    assert (nothing.statistic, nothing.p_value, nothing.difference.reason) == (None, None, Reason.NO_SPREAD)


def test_net_score_is_in_points() -> None:
    found = design_net_score([10, 9, 8, 3, NAN], Design.simple(5))
    assert (found.value, found.n) == (25.0, 4)
    with pytest.raises(ValueError, match="both"):
        design_net_score([1.0], Design.simple(1), promoters=(5, 10), detractors=(0, 5))


def test_variance_of_the_population() -> None:
    found = design_variance([1.0, 2, 3, 4], Design.simple(4))
    assert figures(found)[:2] == pytest.approx([5 / 3, 0.769800358919501])  # svyvar(~x, d)
    assert design_variance([1.0], Design.simple(1)).reason is Reason.ONE_ANSWER


def test_two_groupings_make_one() -> None:
    assert crossed(np.array([0, 1, -1]), np.array([2, 0, 1]), 3).tolist() == [2, 3, -1]


def test_infinite_answers_are_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="infinite"):
        design_mean([np.inf, 1], Design.simple(2))
