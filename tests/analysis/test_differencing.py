from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.disclosure.differencing import Release, differencing, safe_release
from consult.analysis.disclosure.suppression import suppress

# answer x whether the filter takes the person
FILTERED = np.array([[40, 1], [30, 0], [25, 2]])
INSIDE = np.array([[True, False]] * 3)


def test_a_filter_that_leaves_out_few_people_tells_their_answers() -> None:
    everybody, filtered = Release((0,)), Release((0,), INSIDE)
    assert differencing(FILTERED, [everybody], 5) == ()
    found = differencing(FILTERED, [everybody, filtered], 5)
    assert [(one.kind, one.place, one.count, one.low, one.high) for one in found] == [
        ("difference", (0, 1, 0), 1, 1.0, 1.0),
        ("difference", (0, 1, 2), 2, 2.0, 2.0),
        ("difference", (0, 1), 3, 3.0, 3.0),
    ]


def test_the_second_release_hides_what_the_first_would_give_away() -> None:
    everybody, filtered = Release((0,)), Release((0,), INSIDE)
    safe = safe_release(FILTERED, [everybody], filtered, 5)
    assert safe is not None and safe.hidden is not None
    assert differencing(FILTERED, [everybody, safe], 5) == ()
    assert safe_release(FILTERED, [], everybody, 5) is everybody


def test_totals_of_one_table_in_another_uncover_a_hidden_cell() -> None:
    # answer x sex x district; the answer by sex hides one pair, the answer by district tells their sum
    table = np.array([[[9, 3], [8, 9]], [[2, 1], [9, 9]], [[9, 9], [9, 8]]])
    hidden = suppress(table.sum(axis=2), 5).hidden
    by_sex = Release((0, 1), hidden=hidden)
    assert hidden[1, 0] and not any(one.kind == "hidden" for one in differencing(table, [by_sex], 5))
    women = Release((0,), np.broadcast_to(np.array([True, False])[None, :, None], table.shape))
    found = differencing(table, [by_sex, women], 5)
    assert any(one.kind == "hidden" and one.place == (0, 1, 0) for one in found)


def test_what_was_published_before_is_not_the_new_release_s_fault() -> None:
    bad = [Release((0,)), Release((0,), INSIDE)]
    again = Release((0,), INSIDE)
    assert safe_release(FILTERED, bad, again, 5) is again


def test_a_release_may_be_impossible_beside_the_others() -> None:
    table = np.array([[3, 50], [50, 2]])
    # the grand totals with and without two people; nothing can be hidden but the total itself
    inside = np.array([[True, True], [True, False]])
    found = safe_release(table, [Release(())], Release((), inside), 5)
    assert found is None or not found.totals or found.hidden is not None
    with pytest.raises(ValueError, match="negative"):
        differencing(np.array([-1]), [], 5)
    assert differencing(np.array([2, 9]), [], 5) == ()


@settings(max_examples=6, deadline=None)
@given(st.lists(st.lists(st.integers(0, 12), min_size=2, max_size=2), min_size=2, max_size=4))
def test_a_safe_release_leaves_nothing_exposed(counts: Any) -> None:
    table = np.array(counts)
    inside = np.zeros(table.shape, dtype=bool)
    inside[:, 0] = True
    first = Release((0,), hidden=suppress(table.sum(axis=1), 5).hidden)
    before = {(one.kind, one.place) for one in differencing(table, [first], 5)}
    safe = safe_release(table, [first], Release((0,), inside), 5)
    if safe is not None:
        assert {(one.kind, one.place) for one in differencing(table, [first, safe], 5)} <= before
