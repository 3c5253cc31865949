"""Means and quantiles. Golden numbers from R 4.2.2, with the command beside them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.estimate import Reason
from consult.analysis.simple_samples.means import mean, quantile, standard_deviation

AGES = [23.0, 31.0, 31.0, 40.0, 44.0, 52.0, 67.0]
values = st.lists(st.integers(-1000, 1000).map(float), min_size=1, max_size=60)


def test_mean_has_students_interval() -> None:
    found = mean(AGES)  # t.test(c(23,31,31,40,44,52,67))
    assert found.value == pytest.approx(41.1428571428571, rel=1e-12)
    assert [found.low, found.high] == pytest.approx([27.3688786951921, 54.9168355905222], rel=1e-9)
    assert (found.df, found.method, found.n) == (6, "t", 7)


def test_missing_answers_are_left_out() -> None:
    assert mean([*AGES, np.nan]) == mean(AGES)
    assert quantile([*AGES, np.nan]) == quantile(AGES) == 40


def test_a_table_of_values_gives_the_same_as_the_answers() -> None:
    table = mean([23, 31, 40, 44, 52, 67], [1, 2, 1, 1, 1, 1])
    assert table.value == pytest.approx(mean(AGES).value)
    assert table.se == pytest.approx(mean(AGES).se)


@pytest.mark.parametrize(
    ("answers", "reason"), [([], Reason.NO_ANSWERS), ([4.0], Reason.ONE_ANSWER), ([4.0, 4.0], Reason.NO_SPREAD)]
)
def test_an_interval_that_cannot_be_given_has_its_reason(answers: Any, reason: Any) -> None:
    found = mean(answers)
    assert (found.low, found.high, found.reason) == (None, None, reason)


def test_a_census_mean_has_no_error() -> None:
    found = mean(AGES, population=7)
    assert (found.se, found.low, found.high) == (0.0, found.value, found.value)


def test_finite_population_narrows_by_the_root_of_what_was_not_asked() -> None:
    assert mean(AGES, population=28).se == pytest.approx(mean(AGES).se * np.sqrt(0.75))


@given(values, st.floats(-50, 50), st.floats(0.1, 10))
def test_mean_moves_with_its_unit(answers: Any, shift: Any, factor: Any) -> None:
    here, there = mean(answers), mean([shift + factor * v for v in answers])
    assert there.value == pytest.approx(shift + factor * here.value, rel=1e-9, abs=1e-6)


@given(values, st.sampled_from(["math", "school"]), st.randoms())
def test_order_of_answers_changes_no_quantile(answers: Any, rule: Any, random: Any) -> None:
    mixed = random.sample(answers, len(answers))
    assert quantile(mixed, 0.25, rule=rule) == quantile(answers, 0.25, rule=rule)


@given(values, st.floats(0, 1))
def test_a_math_quantile_is_an_answer_that_somebody_gave(answers: Any, p: Any) -> None:
    assert quantile(answers, p) in answers


@given(values)
def test_whole_weights_are_repetitions(answers: Any) -> None:
    weights = [1 + i % 3 for i in range(len(answers))]
    repeated = [v for v, w in zip(answers, weights, strict=True) for _ in range(w)]
    for rule in ("math", "school"):
        assert quantile(answers, weights=weights, rule=rule) == quantile(repeated, rule=rule)


def test_the_three_rules_differ_where_half_falls_between_two_answers() -> None:
    # quantile(c(1, 2, 3, 10), .5, type = 1 / 2), quantile(..., .25, type = 7)
    assert quantile([1, 2, 3, 10], rule="math") == 2
    assert quantile([1, 2, 3, 10], rule="school") == 2.5
    assert quantile([1, 2, 3, 10], 0.25, rule="hf7") == 1.75


def test_no_answer_has_no_quantile_and_no_spread() -> None:
    assert quantile([]) is None
    assert quantile([1.0], weights=[0.0]) is None
    assert standard_deviation([1.0]) is None
    assert standard_deviation([1.0, 3.0]) == pytest.approx(2**0.5)


def test_negative_weights_are_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        mean([1.0], [-1.0])
