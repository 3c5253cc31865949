from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.estimate import Reason
from consult.analysis.simple_samples.frequencies import frequencies
from consult.analysis.simple_samples.multiple import multiple_response

MISSING = {"skipped": 250, "not_asked": 251}


def test_missing_kinds_are_counted_apart_from_answers() -> None:
    found = frequencies(np.array([0, 0, 2, 250, 251, 251], dtype=np.uint8), 3, MISSING)
    assert (found.counts, found.n, found.total) == ((2, 0, 1), 3, 6)
    assert found.missing == {"skipped": 1, "not_asked": 2}
    assert found.shares == pytest.approx((2 / 3, 0, 1 / 3))
    assert found.shares_of_all == pytest.approx((2 / 6, 0, 1 / 6))
    assert found.cumulative == pytest.approx((2 / 3, 2 / 3, 1))


def test_no_rows_have_no_shares() -> None:
    found = frequencies(np.array([], dtype=np.uint8), 2, MISSING)
    assert (found.counts, found.shares, found.shares_of_all, found.cumulative) == ((0, 0), None, None, None)


def test_a_code_that_means_nothing_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="neither"):
        frequencies(np.array([7], dtype=np.uint8), 3, MISSING)


@given(st.lists(st.sampled_from([0, 1, 2, 250, 251]), max_size=80), st.randoms())
def test_groups_add_up_to_the_whole(codes: Any, random: Any) -> None:
    column = np.array(codes, dtype=np.uint8)
    group = np.array([random.random() < 0.5 for _ in codes], dtype=bool)
    whole = frequencies(column, 3, MISSING)
    parts = [frequencies(column, 3, MISSING, where=mask) for mask in (group, ~group)]
    assert tuple(a + b for a, b in zip(parts[0].counts, parts[1].counts, strict=True)) == whole.counts
    assert parts[0].total + parts[1].total == whole.total


def test_multiple_response_states_both_bases() -> None:
    chosen = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 0], [1, 1, 1]], dtype=bool)
    found = multiple_response(chosen)
    assert (found.counts, found.cases, found.answered, found.responses) == ((3, 2, 1), 4, 3, 6)
    assert [e.value for e in found.of_cases] == pytest.approx([3 / 4, 2 / 4, 1 / 4])
    assert [e.value for e in found.of_answered] == pytest.approx([1, 2 / 3, 1 / 3])
    assert [e.value for e in found.of_responses] == pytest.approx([3 / 6, 2 / 6, 1 / 6])
    assert found.mean_responses == 1.5


def test_share_of_responses_has_the_standard_error_of_a_ratio() -> None:
    # y = c(1,0,0,1); x = c(2,1,0,3); u = (y - sum(y)/sum(x)*x)/mean(x); sqrt(var(u)/4) -- column two of the set above
    found = multiple_response(np.array([[1, 1, 0], [1, 0, 0], [0, 0, 0], [1, 1, 1]], dtype=bool))
    assert found.of_responses[1].se == pytest.approx(np.sqrt(np.var([2 / 9, -2 / 9, 0, 0], ddof=1) / 4))


@pytest.mark.parametrize("rows", [0, 3])
def test_a_set_nobody_ticked_has_reasons_instead_of_figures(rows: Any) -> None:
    found = multiple_response(np.zeros((rows, 2), dtype=bool))
    assert [e.reason for e in found.of_answered] == [Reason.NO_ANSWERS] * 2
    assert [e.reason for e in found.of_responses] == [Reason.NO_ANSWERS] * 2
    assert found.answered == 0


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=60))
def test_shares_of_responses_add_up_to_one(rows: Any) -> None:
    found = multiple_response(np.array(rows, dtype=bool))
    if found.responses:
        assert sum(e.value or 0 for e in found.of_responses) == pytest.approx(1)
    assert found.answered <= found.cases
