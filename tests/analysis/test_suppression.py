import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.disclosure.suppression import attack, dominated, small_cells, suppress, uniform_groups

tables = st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=3)


def widths(table: Any, hidden: Any) -> Any:
    bounds = attack(table, hidden)
    return (bounds[..., 1] - bounds[..., 0])[hidden]


def test_small_counts_are_hidden_but_not_zeros() -> None:
    assert small_cells([0, 1, 4, 5], 5).tolist() == [False, True, True, False]


def test_one_hidden_row_of_a_total_takes_another_with_it() -> None:
    found = suppress([60, 3, 12, 25], 5)
    assert found.primary.tolist() == [False, True, False, False]
    assert found.secondary.tolist() == [False, False, True, False]


def test_without_a_published_total_only_the_small_cell_is_hidden() -> None:
    found = suppress([60, 3, 12, 25], 5, row_totals=False)
    assert found.hidden.tolist() == [False, True, False, False]


def test_a_table_of_large_counts_is_published_whole() -> None:
    assert not suppress([[10, 20], [30, 40]], 5).hidden.any()


def test_the_fewest_cells_are_hidden_and_then_the_least_count() -> None:
    table = np.array([[20, 30, 3], [9, 14, 40], [11, 8, 50]])
    found = suppress(table, 5)
    best = min(
        (mask.sum(), table[mask].sum())
        for size in range(1, 4)
        for cells in itertools.combinations([c for c in range(9) if c != 2], size)
        for mask in [np.isin(np.arange(9).reshape(3, 3), (2, *cells))]
        if (widths(table, mask) >= 5 - 1e-9).all()
    )
    assert (found.hidden.sum(), table[found.hidden].sum()) == best


@settings(max_examples=25, deadline=None)
@given(tables)
def test_no_reader_can_narrow_down_a_hidden_cell(table: Any) -> None:
    found = suppress(table, 5)
    assert (found.primary == small_cells(table, 5)).all()
    if found.hidden.any() and not found.hidden.all():
        assert (widths(table, found.hidden) >= 5 - 1e-6).all()
    assert not (found.primary & found.secondary).any()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=8))
def test_a_single_row_is_protected_too(counts: Any) -> None:
    hidden = suppress(counts, 5).hidden
    if hidden.any() and not hidden.all():
        assert (widths(counts, hidden) >= 5 - 1e-6).all()


def test_a_large_table_is_protected_by_the_greedy_choice() -> None:
    table = np.random.default_rng(7).integers(0, 60, size=(21, 10))
    found = suppress(table, 5)
    assert found.primary.any()
    assert (widths(table, found.hidden) >= 5 - 1e-6).all()


def test_counts_below_zero_are_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        suppress([3, -1], 5)


def test_a_group_in_which_all_gave_one_sensitive_answer_is_hidden_whole() -> None:
    table = np.array([[0, 30, 0], [20, 25, 15], [12, 0, 14]])
    assert uniform_groups(table).tolist() == [[True] * 3, [False] * 3, [False] * 3]
    assert not uniform_groups(table, [True, False, True]).any()
    found = suppress(table, 5, also=uniform_groups(table))
    assert found.hidden[0].all()
    assert (widths(table, found.hidden) >= 5 - 1e-6).all()


def test_an_amount_that_one_person_dominates_is_marked() -> None:
    amounts, cells = [90.0, 5, 5, 40, 30, 30, np.nan, 7], np.array([0, 0, 0, 1, 1, 1, 1, -1])
    assert dominated(amounts, cells, 3).tolist() == [True, False, False]
    assert dominated(amounts, cells, 3, share=0.35).tolist() == [True, True, False]


def test_exact_recovery_alone_needs_fewer_cells() -> None:
    table = [[20, 30, 3], [2, 1, 40], [11, 8, 50]]
    narrow, wide = suppress(table, 5, width=1), suppress(table, 5)
    assert narrow.secondary.sum() <= wide.secondary.sum()
    bounds = attack(table, narrow.hidden)
    assert (bounds[..., 1] > bounds[..., 0])[narrow.hidden].all()
