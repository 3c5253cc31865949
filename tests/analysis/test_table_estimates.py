"""Figures from weighted tables equal those from the rows."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.basis.tables import Asked, tabulate
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_groups import design_by
from consult.analysis.complex_samples.design_shares import design_shares, shares_with_intervals
from consult.analysis.complex_samples.table_estimates import table_distribution, table_frequencies, table_means
from consult.analysis.estimate import Estimate, Reason

MISSING = 9
ROWS, GROUPS = Asked("answer"), Asked("answer", "group")


def a_sample(seed: int, n: int = 60) -> tuple[Any, Any, Any, Any]:
    random = np.random.default_rng(seed)
    answer = random.integers(0, 5, n)
    answer[answer == 4] = MISSING
    return (
        answer.astype(np.uint8),
        random.integers(0, 2, n).astype(np.uint8),
        random.uniform(1, 3, n),
        random.integers(0, 3, n),
    )


def figures(found: Estimate) -> list[float]:
    return [-1.0 if figure is None else figure for figure in (found.value, found.se, found.low, found.high)]


@given(st.integers(0, 10**6))
def test_a_one_way_table_has_the_shares_of_its_rows(seed: int) -> None:
    answer, _, w, strata = a_sample(seed)
    table = tabulate({"answer": (answer, 4)}, [ROWS], weights=w, strata=strata)[ROWS]
    design, codes = Design(w, strata), np.where(answer == MISSING, -1, answer.astype(np.int64))
    found, expected = table_distribution(table), design_shares(codes, 4, design)
    assert found.values == pytest.approx(expected.values)
    assert found.vcov == pytest.approx(expected.vcov, rel=1e-7, abs=1e-12)
    assert (found.df, found.n, found.reasons) == (expected.df, expected.n, expected.reasons)
    for one, other in zip(table_frequencies(table).shares, shares_with_intervals(codes, 4, design), strict=True):
        assert figures(one) == pytest.approx(figures(other), rel=1e-6, abs=1e-9)


@given(st.integers(0, 10**6))
def test_means_by_column_equal_those_of_groups(seed: int) -> None:
    answer, group, w, strata = a_sample(seed)
    counts = np.full(3, 500.0)
    table = tabulate({"answer": (answer, 4), "group": (group, 2)}, [GROUPS], weights=w, strata=strata)[GROUPS]
    found = table_means(table, [1, 2, 3, np.nan], population=counts)
    x = np.where(answer < 3, answer + 1.0, np.nan)
    expected = design_by(x, group.astype(np.int64), 2, Design(w, strata, fpc=(np.full(60, 500.0),)))
    assert found.values == pytest.approx(expected.values)
    assert found.vcov == pytest.approx(expected.vcov, rel=1e-7, abs=1e-12)
    assert (found.df, found.n) == (expected.df, expected.n)


def test_frequencies_keep_codes_in_order_and_missing_apart() -> None:
    answer = np.array([2, 0, 2, MISSING], dtype=np.uint8)
    found = table_frequencies(tabulate({"answer": (answer, 3)}, [ROWS], weights=np.array([1.0, 2, 1, 4]))[ROWS])
    assert found.counts == (1, 0, 2)
    assert list(found.weighted) == [2, 0, 2]
    assert list(found.of_all or ()) == [0.25, 0, 0.25]
    assert list(found.cumulative or ()) == [0.5, 0.5, 1]
    assert [found.n, found.missing, found.weighted_n, found.weighted_missing] == [3, 1, 4, 4]
    assert found.effective == pytest.approx(16 / 6)
    assert found.shares[1].value == 0
    assert found.shares[1].high is not None


def test_a_table_without_answers_says_so() -> None:
    table = tabulate({"answer": (np.array([MISSING], dtype=np.uint8), 3)}, [ROWS])[ROWS]
    found = table_frequencies(table)
    assert list(found.of_all or ()) == [0, 0, 0]
    assert found.cumulative is None
    assert found.effective is None
    assert {one.reason for one in found.shares} == {Reason.NO_ANSWERS}
    assert table_means(table, [1, 2, 3]).reasons == (Reason.NO_ANSWERS,)
