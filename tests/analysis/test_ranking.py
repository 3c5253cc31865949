"""Ranking questions: places, points, agreement and worth."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.estimate import Reason
from consult.analysis.models.plackett_luce import plackett_luce
from consult.analysis.models.ranking import agreement, ranking

NAN = math.nan
Rows = list[list[float]]


def drawn(worth: list[float], n: int, seed: int = 1) -> np.ndarray:
    """Rankings by Plackett-Luce: the items in the order of exponential times with the worths as rates."""
    times = np.random.default_rng(seed).exponential(size=(n, len(worth))) / np.array(worth)
    return (np.argsort(np.argsort(times, axis=1), axis=1) + 1).astype(float)


def test_two_items_are_a_share() -> None:
    found = plackett_luce([[1, 2]] * 30 + [[2, 1]] * 10)
    assert found.worth == pytest.approx([0.75, 0.25])
    assert found.log_worth == pytest.approx([0, math.log(1 / 3)])
    assert found.se == pytest.approx([0, 1 / math.sqrt(40 * 0.75 * 0.25)])
    assert found.loglik == pytest.approx(30 * math.log(0.75) + 10 * math.log(0.25))
    assert found.quasi_se is None


def test_worth_finds_what_made_the_rankings() -> None:
    worth = [0.4, 0.3, 0.2, 0.1]
    found = plackett_luce(drawn(worth, 20_000))
    assert found.worth == pytest.approx(worth, abs=0.01)
    assert found.se is not None and found.quasi_se is not None and found.log_worth is not None
    for j in range(1, 4):
        assert abs(found.log_worth[j] - math.log(worth[j] / worth[0])) < 4 * found.se[j]
        # Quasi standard errors give those of any difference.
        assert math.hypot(found.quasi_se[0], found.quasi_se[j]) == pytest.approx(found.se[j], rel=0.02)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 5000), st.integers(2, 6), st.integers(2, 30))
def test_worths_sum_to_one_whatever_is_ranked(seed: int, k: int, n: int) -> None:
    ranks = drawn([1.0] * k, n, seed)
    shown = np.random.default_rng(seed).integers(1, k + 1)
    ranks[ranks > shown] = NAN
    found = plackett_luce(ranks)
    assert found.worth is not None and found.worth.sum() == pytest.approx(1)
    assert (found.worth > 0).all() and found.se is not None and np.isfinite(found.se).all()
    order = np.random.default_rng(seed).permutation(k)
    again = plackett_luce(ranks[::-1][:, order])
    assert again.worth == pytest.approx(found.worth[order], abs=1e-6)


def test_an_item_that_always_wins_gets_a_ghost_and_a_finite_worth() -> None:
    found = plackett_luce([[1, 2, 3], [1, 3, 2], [1, 2, 3]])
    assert found.has_ghost and found.worth is not None and found.se is not None
    assert found.worth[0] > 0.6
    assert np.isfinite(found.se).all()


def test_items_that_nobody_compared_have_no_common_order() -> None:
    ranks = [[1, 2, NAN, NAN], [2, 1, NAN, NAN], [NAN, NAN, 1, 2], [NAN, NAN, 2, 1]]
    assert plackett_luce(ranks, unranked="absent").reason is Reason.DISCONNECTED
    assert plackett_luce(ranks, unranked="last").reason is None


def test_what_was_not_ranked_stands_below_or_does_not_count() -> None:
    ranks = drawn([3, 2, 2, 1, 1], 400)
    top = np.where(ranks <= 2, ranks, NAN)
    below, absent = plackett_luce(top), plackett_luce(top, unranked="absent")
    full = plackett_luce(ranks)
    assert below.log_worth == pytest.approx(full.log_worth, abs=0.35)
    assert absent.worth is not None and below.worth is not None
    assert below.worth[0] > absent.worth[0]


def test_partial_rankings_give_what_a_stratified_cox_model_gives() -> None:
    ranks: Rows = [
        [1, 2, 3, NAN], [2, 1, NAN, NAN], [1, 3, 2, 4], [NAN, 1, 2, 3],
        [3, NAN, 1, 2], [2, 3, 1, NAN], [NAN, 2, NAN, 1], [1, NAN, NAN, NAN],
    ]  # fmt: skip
    # One row per voter and item, without those not ranked: coxph(Surv(rank) ~ item + strata(voter)), R 4.2.2
    absent = plackett_luce(ranks, unranked="absent")
    assert absent.log_worth == pytest.approx([0, -0.152722610525, 0.286128647039, -0.711456320616])
    assert absent.se == pytest.approx([0, 0.888535563294, 0.944753335398, 1.047900849053])
    assert absent.loglik == pytest.approx(-11.143466687544)
    # Those not ranked with rank 9 and event = FALSE: coxph(Surv(rank, event) ~ item + strata(voter))
    last = plackett_luce(ranks, unranked="last")
    assert last.log_worth == pytest.approx([0, -0.149283336419, -0.107294081708, -1.040592530373])
    assert last.se == pytest.approx([0, 0.64292118931, 0.673191389582, 0.748445083603])
    assert last.loglik == pytest.approx(-20.899589532028)


def test_weights_count_as_repeated_rankings() -> None:
    ranks = drawn([3, 2, 1], 12)
    w = np.arange(12) % 4
    weighted, repeated = plackett_luce(ranks, weights=w), plackett_luce(np.repeat(ranks, w, axis=0))
    assert weighted.worth == pytest.approx(repeated.worth, abs=1e-8)
    assert ranking(ranks, weights=w).items[0].mean_rank == pytest.approx(np.repeat(ranks, w, axis=0)[:, 0].mean())


def test_places_and_points_of_partial_rankings_follow_the_stated_rule() -> None:
    ranks: Rows = [[1, 2, NAN, NAN], [1, NAN, NAN, NAN], [3, 1, 2, 4]]
    found = ranking(ranks)
    assert [item.borda for item in found.items] == [3 + 3 + 1, 2 + 0 + 3, 0 + 0 + 2, 0]
    shared = ranking(ranks, partial="share")
    assert [item.borda for item in shared.items] == [7, 2 + 1 + 3, 0.5 + 1 + 2, 0.5 + 1 + 0]
    assert [item.n for item in found.items] == [3, 2, 1, 1]
    assert [item.first for item in found.items] == [2, 1, 0, 0]
    assert found.items[0].mean_rank == pytest.approx(5 / 3)


def test_agreement_is_one_if_all_rank_alike_and_needs_complete_rankings() -> None:
    assert agreement([[1, 2, 3]] * 4).w == 1
    assert agreement([[1, 2, 3], [3, 2, 1]]).w == 0
    # friedman.test(matrix(c(1,2,3, 1,3,2, 2,1,3, 1,2,3), ncol = 3, byrow = TRUE)), R 4.2.2
    ranks: Rows = [[1, 2, 3], [1, 3, 2], [2, 1, 3], [1, 2, 3], [1, NAN, 2]]
    found = agreement(ranks)
    assert (found.df, found.n) == (2, 4)
    assert found.statistic == pytest.approx(4.5)
    assert found.p_value == pytest.approx(0.105399224561864)
    assert agreement([[1, 2, NAN]]).reason is Reason.NO_ANSWERS
    assert agreement([[1, 1], [2, 2]]).reason is Reason.NO_SPREAD


def test_reasons_and_mistakes() -> None:
    assert plackett_luce([[NAN, NAN]]).reason is Reason.NO_ANSWERS
    assert plackett_luce([[1.0], [1.0]]).reason is Reason.ONE_ITEM
    assert ranking(np.full((3, 2), NAN)).items[0].mean_rank is None
    with pytest.raises(ValueError, match="ties"):
        plackett_luce([[1, 1, 2]])
    with pytest.raises(ValueError, match="whole"):
        ranking([[1.5, 2]])
