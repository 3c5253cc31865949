"""Kano's model: categories, coefficients and tests."""

import math

from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.estimate import Reason
from consult.analysis.models.kano import CATEGORIES, Category, continuous_kano, kano, kano_counts

counts = st.fixed_dictionaries({category: st.integers(0, 500) for category in CATEGORIES})


def test_pairs_fall_into_the_evaluation_table() -> None:
    like, must, neutral, live, dislike = range(1, 6)
    functional = [like, like, must, neutral, dislike, like, must, math.nan]
    dysfunctional = [like, dislike, dislike, live, like, neutral, like, like]
    found = kano_counts(functional, dysfunctional)
    assert found == {"Q": 1, "O": 1, "M": 1, "I": 1, "R": 2, "A": 1}
    assert kano_counts(functional, dysfunctional, [2.5] * 8)["R"] == 5


def test_ties_go_to_the_category_with_more_at_stake() -> None:
    assert kano({"A": 10, "O": 10, "I": 10, "M": 10}).category == "M"
    assert kano({"A": 10, "O": 10, "I": 10}).category == "O"
    assert kano({"A": 10, "I": 10}).category == "A"


@given(counts)
def test_coefficients_keep_their_ranges(found: dict[Category, float]) -> None:
    feature = kano(found)
    for coefficient, low, high in ((feature.better, 0, 1), (feature.worse, -1, 0)):
        if coefficient.value is None:
            assert coefficient.reason is Reason.NO_ANSWERS
            continue
        assert coefficient.low is not None and coefficient.high is not None
        assert low <= coefficient.low <= coefficient.value <= coefficient.high <= high
    if feature.category_strength is not None:
        assert 0 <= feature.category_strength <= 1


def test_nobody_cares_about_a_feature_without_a_base() -> None:
    feature = kano({"R": 3, "Q": 2})
    assert (feature.category, feature.better.value, feature.better.reason) == ("R", None, Reason.NO_ANSWERS)
    assert feature.is_doubtful
    assert kano({}).reason is Reason.NO_ANSWERS


def test_fong_calls_a_category_clear_only_with_enough_answers() -> None:
    share: dict[Category, float] = {"A": 40, "O": 35, "M": 15, "I": 10}
    assert kano(share).is_clear is False  # 5 against 1.645 sqrt(75 x 125 / 200) = 11.3
    assert kano({c: 10 * n for c, n in share.items()}).is_clear is True  # 50 against 35.6
    assert kano(share, n_effective=1000).is_clear is True


def test_weights_change_the_size_of_the_interval_only_by_effective_answers() -> None:
    few, many = kano({"A": 6, "I": 4}, n_effective=10), kano({"A": 600, "I": 400}, n_effective=10)
    assert few.better == many.better


def test_continuous_kano_cuts_the_plane_of_mean_points() -> None:
    assert continuous_kano([1, 1, 1, 2], [5, 5, 4, 5]).category == "O"
    assert continuous_kano([1, 1, 2, 1], [3, 3, 3, 4]).category == "A"
    assert continuous_kano([3, 3, 2, 3], [5, 5, 4, 5]).category == "M"
    assert continuous_kano([3, 3, 3, 2], [3, 3, 4, 3]).category == "I"
    found = continuous_kano([5, 5], [1, 1])
    assert (found.category, found.functional.value) == (None, -2)
    assert continuous_kano([], []).functional.reason is Reason.NO_ANSWERS
