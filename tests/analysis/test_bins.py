from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.simple_samples.bins import bins


def test_few_whole_numbers_get_a_bin_each() -> None:
    found = bins([1, 2, 2, 4], whole=True)
    assert found is not None
    assert [*found.edges] == [1, 2, 3, 4, 5]
    assert [*found.counts] == [1, 2, 0, 1]


def test_many_numbers_get_round_bins() -> None:
    found = bins(range(18, 90), whole=True)
    assert found is not None
    assert [*found.edges] == [10, 20, 30, 40, 50, 60, 70, 80, 90]
    assert [*found.counts] == [2, 10, 10, 10, 10, 10, 10, 10]


def test_an_outlier_shares_an_open_bin_instead_of_flattening_the_rest() -> None:
    found = bins([*range(10), *range(10), 9999], whole=True)
    assert found is not None
    assert found.edges[-1] is None
    assert found.counts[-1] == 1
    assert max(found.counts[:-1]) < 5


def test_no_answer_has_no_bins() -> None:
    assert bins([float("nan")], whole=True) is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200), st.booleans())
def test_every_answer_is_in_one_bin_and_edges_rise(values: Any, whole: bool) -> None:
    given_values = [round(v) for v in values] if whole else values
    found = bins(given_values, whole=whole)
    assert found is not None
    assert sum(found.counts) == len(values)
    assert len(found.counts) == len(found.edges) - 1 <= 14
    edges = [e for e in found.edges if e is not None]
    assert all(a < b for a, b in pairwise(edges))
    first = found.edges[0]
    assert first is not None and first <= min(given_values)
