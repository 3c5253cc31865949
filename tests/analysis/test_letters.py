"""Column letters and adjusted p-values. Golden numbers by R with the command beside them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.basis.comparisons import adjusted
from consult.analysis.simple_samples.letters import column_letters, column_names, effective_bases, mean_letters

HAIR = [[20, 5, 60], [80, 95, 40]]


def test_adjusted_as_p_adjust() -> None:
    p = (0.01, None, 0.04, 0.03, 0.02)  # p.adjust(c(.01, NA, .04, .03, .02), "holm")
    assert adjusted(p) == pytest.approx((0.04, None, 0.06, 0.06, 0.06))
    assert adjusted(p, "bonferroni") == pytest.approx((0.04, None, 0.16, 0.12, 0.08))
    assert adjusted(p, "benjamini-hochberg") == pytest.approx((0.04, None, 0.04, 0.04, 0.04))
    assert adjusted(p, "none") == p
    assert adjusted(()) == ()
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjusted((1.2,))


def test_the_letter_stands_in_the_column_with_the_greater_share() -> None:
    found = column_letters(HAIR)
    assert found.names == ("A", "B", "C")
    assert [row.letters for row in found.rows] == [("B", "", "AB"), ("C", "AC", "")]
    # prop.test(c(20, 5), c(100, 100), correct = FALSE)$p.value
    assert found.rows[0].pairs[0].p == pytest.approx(0.00134064111723, rel=1e-9)


def test_a_weaker_level_sets_small_letters() -> None:
    found = column_letters([[30, 20], [70, 80]], level=0.05, lower_at=0.15)
    assert found.rows[0].letters == ("b", "")
    assert column_letters([[30, 20], [70, 80]], level=0.15).rows[0].letters == ("B", "")


def test_shares_of_nobody_or_everybody_and_single_people_are_not_compared() -> None:
    found = column_letters([[0, 30, 1, 9], [50, 20, 0, 41]])
    assert found.rows[0].letters == ("", "D", "", "")
    assert [pair.p is None for pair in found.rows[0].pairs] == [True, True, True, True, False, True]
    assert column_letters([[1.0, 30], [1.5, 5]], people=[1, 35]).rows[0].pairs[0].p is None


def test_weights_are_judged_by_their_effective_number_of_people() -> None:
    weights, squares = np.array([[40.0, 10], [60, 90]]), np.array([[160.0, 40], [240, 360]])
    bases = effective_bases(weights, squares)
    assert bases == pytest.approx([25, 25])
    assert column_letters(weights).rows[0].letters == ("B", "")
    assert column_letters(weights, bases=bases / 2, correction="none").rows[0].letters == ("", "")


def test_means_by_a_pooled_variance() -> None:
    # pairwise.t.test(c(1, 2, 3, 4, 5, 6, 9, 9, 12), gl(3, 3), p.adjust = "none"), and with pool.sd = FALSE by pairs
    found = mean_letters((2.0, 5.0, 10.0), (1.0, 1.0, 3.0), (3, 3, 3))
    assert [pair.p for pair in found.rows[0].pairs] == pytest.approx(
        [0.029333179616359, 0.000272225842921, 0.00318021263532]
    )
    assert found.rows[0].letters == ("", "A", "AB")
    pairs = mean_letters((2.0, 5.0, 10.0), (1.0, 1.0, 3.0), (3, 3, 3), pooled="pair").rows[0].pairs
    assert pairs[0].p == pytest.approx(0.0213116411288)  # t.test(var.equal = TRUE)
    alike = mean_letters((2.0, 5.0, None), (0.0, 0.0, None), (3, 3, 0))
    assert [pair.p for pair in alike.rows[0].pairs] == [None, None, None]


def test_names_go_on_after_z() -> None:
    assert column_names(28)[24:] == ("Y", "Z", "AA", "AB")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 60), min_size=4, max_size=4), min_size=2, max_size=3))
def test_letters_never_point_both_ways(counts: Any) -> None:
    found = column_letters(counts, level=0.2)
    for row in found.rows:
        for i, first in enumerate(found.names):
            for j, second in enumerate(found.names):
                if second in row.letters[i]:
                    assert first not in row.letters[j]
                    assert (row.values[i] or 0) > (row.values[j] or 0)
        for pair in row.pairs:
            assert (pair.p is None) == (pair.p_adjusted is None)
            assert pair.p is None or pair.p <= (pair.p_adjusted or 0) <= 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), max_size=12))
def test_adjusting_keeps_the_order_and_holm_is_within_bonferroni(p: Any) -> None:
    holm, bonferroni, screened = (adjusted(p, how) for how in ("holm", "bonferroni", "benjamini-hochberg"))
    for i, one in enumerate(p):
        row = np.array([one, screened[i], holm[i], bonferroni[i], 1.0])
        assert (np.diff(row) >= -1e-12).all()
        assert all(holm[i] <= holm[j] for j, other in enumerate(p) if one < other)  # type: ignore[operator]
