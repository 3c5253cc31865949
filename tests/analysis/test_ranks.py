"""Rank tests, against R on the data of `crossed`."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_ranks import design_rank_test
from consult.analysis.estimate import Reason
from consult.analysis.simple_samples.ranks import kruskal_wallis, mann_whitney, value_table
from tests.analysis.crossed import CLUSTERED, ROW, STRATIFIED, VALUES, WEIGHTS

TABLE = value_table(VALUES, ROW, 3)
FIRST = (ROW == 1).astype(int)


def test_kruskal_wallis_and_its_pairs_equal_r() -> None:
    found = kruskal_wallis(TABLE)  # kruskal.test(y ~ factor(r)); pairwise.wilcox.test(y, factor(r), exact = FALSE)
    assert [found.statistic, found.p_value] == pytest.approx([7.32881537839711, 0.0256193414031954], rel=1e-12)
    assert (found.df, found.n) == (2, 120)
    assert [pair.mann_whitney_holm for pair in found.pairs] == pytest.approx(
        [0.0456114543342466, 0.8253505961211792, 0.0447559588524053], rel=1e-10
    )


def test_mann_whitney_equals_r() -> None:
    found = mann_whitney(TABLE[:, :2])  # wilcox.test(y[r == 0], y[r == 1], exact = FALSE); correct = FALSE
    assert found.u == 616.5
    assert [found.p_value, found.p_plain] == pytest.approx([0.0228057271671233, 0.0225376904310637], rel=1e-10)
    assert found.rank_biserial == pytest.approx(2 * 616.5 / (found.n[0] * found.n[1]) - 1)


# svyranktest(y ~ (r == 1), D, test = ...): t, p
@pytest.mark.parametrize(
    ("design", "score", "t", "p", "df"),
    [
        (STRATIFIED, "wilcoxon", 2.78599268920456, 0.00623544114171898, 116),
        (STRATIFIED, "vanderWaerden", 3.25554369029979, 0.00148374645112927, 116),
        (STRATIFIED, "median", 2.08172820665214, 0.0395668627100943, 116),
        (CLUSTERED, "wilcoxon", 2.74053351708723, 0.0254282527235543, 8),
        (CLUSTERED, "vanderWaerden", 2.92346616987066, 0.0191891445707496, 8),
        (CLUSTERED, "median", 2.86508493013374, 0.0209867887205191, 8),
    ],
)
def test_two_groups_under_a_design_equal_r(design: Design, score: Any, t: float, p: float, df: float) -> None:
    found = design_rank_test(VALUES, FIRST, 2, design, score=score, ties="rows")
    assert [found.statistic, found.p_value] == pytest.approx([t, p], rel=1e-10)
    assert found.df == (df,)


@pytest.mark.parametrize(
    ("design", "chi2", "p"),
    [(STRATIFIED, 8.16981637997512, 0.0193254188892558), (CLUSTERED, 14.3122441508307, 0.0203067770377992)],
)
def test_several_groups_under_a_design_equal_r(design: Design, chi2: float, p: float) -> None:
    found = design_rank_test(VALUES, ROW, 3, design, ties="rows")
    assert [found.statistic, found.p_value] == pytest.approx([chi2, p], rel=1e-10)


def test_middle_ranks_do_not_depend_on_the_order_of_rows() -> None:
    order = np.random.default_rng(5).permutation(120)
    here = design_rank_test(VALUES, ROW, 3, Design(WEIGHTS))
    there = design_rank_test(VALUES[order], ROW[order], 3, Design(WEIGHTS[order] * 7))
    assert there.statistic == pytest.approx(here.statistic, rel=1e-9)
    assert there.scores == pytest.approx(here.scores)


def test_edges_have_reasons() -> None:
    assert mann_whitney([[0, 0]]).reason is Reason.NO_ANSWERS
    assert mann_whitney([[3, 0]]).reason is Reason.ONE_GROUP
    assert mann_whitney([[3, 4]]).p_value == 1.0
    assert kruskal_wallis([[3, 4, 0]]).p_value == 1.0
    assert kruskal_wallis([[3, 0, 0]]).reason is Reason.ONE_GROUP
    assert kruskal_wallis([[1, 0], [0, 1]]).statistic == pytest.approx(1)
    simple = Design.simple(4)
    groups = np.array([0, 0, 1, 1])
    assert design_rank_test([1, 1, 1, 1], groups, 2, simple).reason is Reason.NO_SPREAD
    assert design_rank_test([1, 2, 3, 4], groups * 0, 2, simple).reason is Reason.ONE_GROUP
    assert design_rank_test([np.nan] * 4, groups, 2, simple).reason is Reason.NO_ANSWERS
    assert design_rank_test([1, 2], groups[1:3], 2, Design.simple(2)).reason is Reason.TOO_FEW_UNITS
    apart = Design(np.ones(4), strata=np.arange(4), lonely="fail")
    assert design_rank_test([1, 2, 3, 4], groups, 2, apart).reason is Reason.LONELY_UNIT


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 8), min_size=3, max_size=3), min_size=1, max_size=5))
def test_figures_stay_in_their_range(counts: Any) -> None:
    found = kruskal_wallis(counts)
    if found.reason is None:
        assert found.p_value is not None and 0 <= found.p_value <= 1
        assert found.epsilon_squared is not None and -1e-12 <= found.epsilon_squared <= 1 + 1e-12
        upside = kruskal_wallis(counts[::-1])
        assert upside.statistic == pytest.approx(found.statistic, abs=1e-9)
        assert [pair.z for pair in upside.pairs] == pytest.approx([-pair.z for pair in found.pairs], abs=1e-9)
    two = mann_whitney(np.array(counts)[:, :2])
    if two.reason is None:
        assert two.superiority is not None and 0 <= two.superiority <= 1
