"""Satisfaction, effort, recommendation, gaps and indices under a design."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.paired import paired_gap, signed_ranks
from consult.analysis.estimate import Reason
from consult.analysis.models.acsi import satisfaction_index
from consult.analysis.models.satisfaction import (
    design_effort,
    design_net_promoter,
    design_satisfaction,
    small_net_score,
)
from consult.analysis.models.servqual import servperf, servqual
from consult.analysis.simple_samples.scales import net_promoter, satisfaction

NAN = math.nan
Ratings = dict[str, list[float]]
SIX = Design.simple(6)


def test_equal_weights_give_the_figures_of_counts() -> None:
    counts = (3, 1, 0, 2, 4, 5, 6, 10, 20, 30, 19)
    x = np.repeat(np.arange(11.0), counts)
    found, plain = design_net_promoter(x, Design.simple(100)), net_promoter(counts)
    assert found.score.value == pytest.approx(plain.score.value)
    assert found.score.se == pytest.approx(plain.score.se)
    assert found.promoters.value == plain.promoters and found.is_standard
    five = np.repeat(np.arange(1.0, 6), (3, 8, 15, 45, 29))
    csat = design_satisfaction(five, Design.simple(100))
    assert csat.satisfied.value == satisfaction((3, 8, 15, 45, 29)).satisfied.value
    assert csat.boxes == 2


def test_a_recommendation_asked_from_one_is_flagged() -> None:
    assert not design_net_promoter([1, 9, 10, 6, 7, NAN], SIX, lowest=1).is_standard
    with pytest.raises(ValueError, match="outside"):
        design_net_promoter([0, 11, 1, 1, 1, 1], SIX)


def test_effort_states_its_direction_and_counts_the_easy_end() -> None:
    found = design_effort([7, 6, 5, 4, 1, NAN], SIX)
    assert (found.mean.value, found.easy.value, found.high_is) == (4.6, 0.6, "easy")
    old = design_effort([5, 2, 1, 4, 1, NAN], SIX, points=5, boxes=2, high_is="hard")
    assert (old.easy.value, old.high_is) == (0.6, "hard")


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_the_small_sample_interval_holds_the_score(p: int, q: int, d: int) -> None:
    found = small_net_score(p, q, d)
    if p + q + d == 0:
        assert found.reason is Reason.NO_ANSWERS
        return
    assert found.low is not None and found.high is not None and found.value is not None
    assert -100 <= found.low < found.high <= 100
    turned = small_net_score(d, q, p)
    assert turned.low == pytest.approx(-found.high)


def test_weights_enter_satisfaction() -> None:
    found = design_satisfaction([5, 5, 1], Design(np.array([1.0, 1.0, 2.0])))
    assert found.satisfied.value == pytest.approx(0.5)
    assert found.mean.value == pytest.approx(3)


def test_a_gap_is_a_paired_t_test() -> None:
    # t.test(x, y, paired = TRUE) and wilcox.test(x, y, paired = TRUE, exact = FALSE), R 4.2.2
    x, y = [5, 4, 6, 7, 3, 5], [6, 6, 6, 8, 6, 4]
    found = paired_gap(x, y, SIX)
    assert found.gap.value == pytest.approx(-1)
    assert found.t == pytest.approx(-1.732050807568877)
    assert found.p == pytest.approx(0.143810808711604)
    assert (found.ranks.v, found.ranks.is_exact) == (2.000000000000000, False)
    halves = paired_gap([*x, NAN, 4], [*y, 5, NAN], Design.simple(8))
    assert (halves.gap.value, halves.gap.n, halves.ranks) == (found.gap.value, 6, found.ranks)
    assert found.ranks.p == pytest.approx(0.169564145190563)


def test_signed_ranks_are_exact_for_few_without_ties() -> None:
    # wilcox.test(c(1.1, -2.2, 3.3, 4.4, 5.5, -0.5))$p.value, R 4.2.2
    found = signed_ranks([1.1, -2.2, 3.3, 4.4, 5.5, -0.5])
    assert (found.is_exact, found.v) == (True, 17.0)
    assert found.p == pytest.approx(0.218750000000000)
    assert signed_ranks([0, 0]).p == 1
    assert signed_ranks([NAN]).reason is Reason.NO_ANSWERS


def test_an_index_with_equal_weights_is_the_plain_mean_of_the_items() -> None:
    items: list[list[float]] = [[10, 8, 9], [1, 1, 1], [7, NAN, 7], [5, 6, 4], [9, 9, 9], [10, 10, 10]]
    found = satisfaction_index(items, (1, 10), SIX)
    complete = np.array([items[j] for j in (0, 1, 3, 4, 5)])
    assert found.are_equal and found.index.n == 5
    assert found.index.value == pytest.approx(100 * (complete.mean() - 1) / 9)
    weighted = satisfaction_index(items, (1, 10), SIX, item_weights=(2, 1, 1))
    assert weighted.item_weights == (0.5, 0.25, 0.25)
    assert weighted.index.value == pytest.approx(100 * (complete.mean(axis=0) @ [0.5, 0.25, 0.25] - 1) / 9)
    assert satisfaction_index(items, (1, 10), SIX, item_weights=(0, 0, 0)).index.reason is Reason.NO_WEIGHT


def test_service_quality_drops_a_pair_and_weighs_by_points() -> None:
    perceived: Ratings = {"a": [5, 6, 7, 5, 6, 4], "b": [4, NAN, 6, 5, 3, 4], "c": [7, 7, 6, 7, 6, 7]}
    expected: Ratings = {"a": [7, 7, 7, 7, 7, 6], "b": [6, 6, 6, NAN, 6, 6], "c": [6, 6, 6, 6, 6, 6]}
    dimensions = {"tangibles": ["a", "b"], "empathy": ["c"]}
    points = {"tangibles": [60, 50, 80, 40, 70, 0], "empathy": [40, 50, 20, 60, 30, 0]}
    found = servqual(perceived, expected, dimensions, SIX, points=points)
    assert found.items["b"].gap.n == 4
    assert [part.score.value for part in found.dimensions] == pytest.approx(
        [np.mean([-2, -1, 0, -2, -2, -2]), np.mean([1, 1, 0, 1, 0, 1])]
    )
    assert [part.importance for part in found.dimensions] == pytest.approx([0.6, 0.4])
    assert found.weighted is not None
    assert found.weighted.value == pytest.approx(np.mean([-1.2 + 0.4, -0.5 + 0.5, 0, -0.8 + 0.6, -1.4 + 0]))
    alone = servperf(perceived, dimensions, SIX)
    assert alone.items == {} and alone.weighted is None
    assert alone.dimensions[1].score.value == pytest.approx(np.mean(perceived["c"]))
