"""Replicate weights and multiple-response sets. Golden numbers from R 4.2.2 with survey 4.1-1."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import design_means
from consult.analysis.complex_samples.design_multiple import design_multiple
from consult.analysis.complex_samples.replicates import (
    balanced,
    bootstrap,
    given_replicates,
    jackknife,
    replicate_means,
    replicate_ratios,
    replicate_statistic,
    replicate_totals,
)
from consult.analysis.estimate import Reason
from consult.analysis.simple_samples.multiple import multiple_response
from tests.analysis.test_design import designs
from tests.analysis.test_design_shares import D, W, X


def test_jackknife_within_strata() -> None:
    found = replicate_means(X, jackknife(D))  # svymean(~x, as.svrepdesign(d, type="JKn"))
    assert found.se == pytest.approx([0.7555], abs=5e-5)
    ratio = replicate_ratios(X, W, jackknife(D))
    assert ratio.se == pytest.approx([0.2239978], abs=5e-8)
    assert (found.df, ratio.values[0]) == (4, pytest.approx(2.7))


def test_jackknife_without_strata() -> None:
    replicates = jackknife(Design(W), kind="JK1", mse=True)
    assert replicate_means(X, replicates).se == pytest.approx([1.2609], abs=5e-5)
    with pytest.raises(ValueError, match="without strata"):
        jackknife(D, kind="JK1")


@given(designs(), st.integers(0, 1000))
def test_jackknife_of_totals_is_linearisation(design: Design, seed: int) -> None:
    x = np.random.default_rng(seed).normal(5, 2, design.n)
    one = Design(design.weights, design.strata, design.stages[:1], design.fpc[:1], lonely="certainty")
    found = replicate_totals(x, jackknife(one))
    assert found.vcov is not None
    assert found.vcov[0, 0] == pytest.approx(one.variance(one.weights * x)[0, 0], rel=1e-7, abs=1e-9)


def test_bootstrap_varies_as_the_design_says() -> None:
    random = np.random.default_rng(4)
    design = Design(random.uniform(1, 3, 120), np.repeat([0, 1, 2], 40), (np.repeat(np.arange(30), 4),))
    x = random.normal(10, 3, 120) + np.repeat(random.normal(0, 2, 30), 4)
    found, expected = replicate_means(x, bootstrap(design, 2000, seed=1)), design_means(x, design)
    assert found.se == pytest.approx(expected.se, rel=0.06)
    assert found.df == 27
    again = replicate_statistic(lambda w: np.average(x, weights=w), bootstrap(design, 200, seed=1))
    assert again.se == pytest.approx(replicate_means(x, bootstrap(design, 200, seed=1)).se)


def test_balanced_halves_from_columns() -> None:
    halves = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 0, 1], [0, 1, 1, 0]])
    x = np.array([2.0, 4, 1, 6, 3, 9])
    plain = replicate_totals(x, balanced(Design.simple(6), 2 * halves))
    linear = Design(np.ones(6), np.repeat([0, 1, 2], 2)).variance(x)
    assert plain.vcov is not None
    assert plain.vcov == pytest.approx(linear)  # A balanced set gives a total's variance exactly.
    mild = replicate_totals(x, balanced(Design.simple(6), 0.5 + halves, fay=0.5))
    assert mild.se == pytest.approx(plain.se)
    assert plain.df == 3


@pytest.mark.parametrize("columns", [np.ones((2, 2)), -np.ones((6, 2)), np.ones(6)])
def test_columns_that_are_no_replicate_weights(columns: Any) -> None:
    with pytest.raises(ValueError, match="replicate weights"):
        given_replicates(Design.simple(6), columns, scale=1)


def test_replicates_know_when_there_is_nothing() -> None:
    replicates = jackknife(Design.simple(3))
    assert replicate_means([np.nan] * 3, replicates).reasons == (Reason.NO_ANSWERS,)
    assert replicate_ratios([1.0, 2, 3], [0.0, 0, 0], replicates).reasons == (Reason.NO_BASE,)


def test_a_set_without_weights_equals_the_plain_one() -> None:
    ticks = np.random.default_rng(2).integers(0, 2, (40, 3)).astype(bool)
    found, plain = design_multiple(ticks, Design.simple(40), method="wilson"), multiple_response(ticks)
    assert (found.counts, found.cases, found.answered) == (plain.counts, plain.cases, plain.answered)
    for name in ("of_cases", "of_answered", "of_responses"):
        for one, other in zip(getattr(found, name), getattr(plain, name), strict=True):
            assert one.value == pytest.approx(other.value)
            if name != "of_answered":
                assert one.se == pytest.approx(other.se)
    assert found.mean_responses.value == pytest.approx(plain.mean_responses)


def test_shares_of_ticks_add_up_to_one() -> None:
    ticks = np.array([[1, 0, 1], [1, 1, 0], [0, 0, 0], [1, 0, 0], [np.nan, 1, 1]])
    found = design_multiple(ticks, Design(np.array([1.0, 2, 3, 4, 5])))
    assert sum(one.value or 0 for one in found.of_responses) == pytest.approx(1)
    assert (found.cases, found.answered, found.counts) == (4, 3, (3, 1, 1))
    assert found.of_answered[0].value == 1
    assert found.of_cases[0].value == pytest.approx(0.7)


def test_nobody_ticked_anything() -> None:
    found = design_multiple(np.zeros((3, 2)), Design.simple(3))
    assert [one.reason for one in found.of_responses] == [Reason.NO_BASE] * 2
    assert [one.reason for one in found.of_answered] == [Reason.NO_ANSWERS] * 2
    assert found.of_cases[0].value == 0
