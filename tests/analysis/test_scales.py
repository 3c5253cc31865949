"""Scales. Golden numbers computed by hand, or by R 4.2.2 with the command beside them."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.estimate import Reason
from consult.analysis.simple_samples.scales import likert, net_promoter, net_score, satisfaction

FIVE = (3, 8, 15, 45, 29)
scales = st.lists(st.integers(0, 400), min_size=2, max_size=11).filter(lambda counts: sum(counts) > 0)


def test_summary_of_a_five_point_scale() -> None:
    found = likert(FIVE)
    assert (found.n, found.median, found.modes, found.boxes) == (100, 4.0, (4.0,), 2)
    assert found.mean.value == pytest.approx(3.89)
    assert found.top.value == pytest.approx(0.74)
    assert found.bottom.value == pytest.approx(0.11)
    assert found.net.value == pytest.approx(0.63)
    assert found.index.value == pytest.approx(72.25)
    assert found.sd == pytest.approx(1.01399300696889, rel=1e-9)  # sd(rep(1:5, c(3,8,15,45,29)))
    assert found.entropy == pytest.approx(-sum(c / 100 * math.log(c / 100) for c in FIVE))


def test_index_carries_the_interval_of_the_mean() -> None:
    found = likert(FIVE)
    assert found.mean.low is not None and found.index.low is not None
    assert found.index.low == pytest.approx((found.mean.low - 1) * 25)
    assert found.index.se == pytest.approx(25 * (found.mean.se or 0))


def test_consensus_is_one_when_all_agree_and_zero_when_half_stand_at_each_end() -> None:
    agreed, split = likert((0, 0, 0, 50, 0)), likert((50, 0, 0, 0, 50))
    assert (agreed.leik, agreed.tastle_wierman, agreed.entropy) == (1.0, 1.0, 0.0)
    assert [split.leik, split.tastle_wierman] == pytest.approx([0, 0])


def test_a_scale_nobody_answered_has_reasons_instead_of_figures() -> None:
    found = likert((0, 0, 0, 0, 0))
    assert (found.shares, found.median, found.modes, found.leik) == (None, None, (), None)
    for figure in (found.mean, found.top, found.bottom, found.net, found.index):
        assert (figure.value, figure.reason) == (None, Reason.NO_ANSWERS)


def test_short_scales_count_one_box_at_each_end() -> None:
    found = likert((1, 2, 3))
    assert [found.boxes, found.top.value, found.bottom.value] == pytest.approx([1, 1 / 2, 1 / 6])


@given(scales)
def test_figures_stay_in_their_range(counts: Any) -> None:
    found = likert(counts)
    assert found.mean.value is not None and found.index.value is not None and found.net.value is not None
    assert 1 <= found.mean.value <= len(counts)
    assert 0 <= found.index.value <= 100
    assert -1 <= found.net.value <= 1
    assert found.leik is not None and 0 <= found.leik <= 1
    assert found.tastle_wierman is not None and 0 <= found.tastle_wierman <= 1
    assert found.shares is not None and sum(found.shares) == pytest.approx(1)


@given(scales)
def test_turning_a_scale_round_mirrors_it(counts: Any) -> None:
    here, there = likert(counts), likert(counts[::-1])
    assert there.net.value == pytest.approx(-(here.net.value or 0))
    assert there.index.value == pytest.approx(100 - (here.index.value or 0))
    assert there.top.value == pytest.approx(here.bottom.value)
    assert there.tastle_wierman == pytest.approx(here.tastle_wierman, abs=1e-9)


def test_recommendation_score_from_the_answers_zero_to_ten() -> None:
    found = net_promoter((1, 0, 1, 2, 2, 6, 8, 15, 25, 20, 20))
    assert (found.promoters, found.passives, found.detractors) == (0.4, 0.4, 0.2)
    assert found.score.value == pytest.approx(20)
    # t.test(rep(c(-100, 0, 100), c(20, 40, 40)))
    assert found.score.se == pytest.approx(7.52101433090355, rel=1e-9)
    assert [found.score.low, found.score.high] == pytest.approx([5.0766758714968, 34.9233241285032], rel=1e-9)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_net_score_keeps_its_range_and_claims_no_false_certainty(positive: Any, neutral: Any, negative: Any) -> None:
    found = net_score(positive, neutral, negative)
    n = positive + neutral + negative
    if n == 0:
        assert found.reason is Reason.NO_ANSWERS
    elif found.low is None or found.high is None:
        assert n == 1 or n in (positive, neutral, negative)
    else:
        assert found.value is not None and -100 <= found.low <= found.value <= found.high <= 100
        assert found.low < found.high


def test_satisfaction_counts_the_top_two_of_five() -> None:
    found = satisfaction(FIVE)
    assert found.satisfied.value == pytest.approx(0.74)
    assert found.mean.value == pytest.approx(3.89)
    assert found.boxes == 2
    assert satisfaction(FIVE, method="clopper-pearson").satisfied.method == "clopper-pearson"


def test_points_that_fall_are_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="must rise"):
        likert((1, 2, 3), (3, 2, 1))
    with pytest.raises(ValueError, match="11 points"):
        net_promoter((1, 2, 3))
