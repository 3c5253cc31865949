"""Cross-tables of counts and under a design. Golden numbers by R on the data of `crossed`, or by hand."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.basis.tables import Asked, tabulate
from consult.analysis.complex_samples.crosstab import Of, design_shares, residuals, table_shares
from consult.analysis.complex_samples.design import Design
from consult.analysis.estimate import Reason
from consult.analysis.simple_samples.association import ordinal, strength
from consult.analysis.simple_samples.independence import chi_square, fisher
from tests.analysis.crossed import CLUSTERED, COLUMN, POPULATION, ROW, STRATA, STRATIFIED, WEIGHTS

COUNTS = np.array([[6, 13, 14, 11], [3, 9, 11, 12], [8, 10, 8, 9]])
tables = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4)


def test_pearson_and_residuals_equal_r() -> None:
    found = chi_square(COUNTS)  # chisq.test(table(r, c), correct = FALSE)
    assert [found.statistic, found.p_value] == pytest.approx([3.92646928606153, 0.686626584954719], rel=1e-12)
    assert (found.df, found.n, found.yates, found.is_sparse) == (6, 114, None, False)
    rest = residuals(COUNTS)
    assert rest.pearson[0] == pytest.approx(
        [-0.2191678005882948, 0.1847047085108893, 0.3539376461034820, -0.3843854744686069]
    )
    assert rest.adjusted[2] == pytest.approx(
        [1.5850895114197612, 0.0792780461448065, -0.9543587332933304, -0.3726068168805912]
    )
    assert not rest.flagged.any()


def test_two_by_two_has_yates_and_fisher() -> None:
    found = chi_square([[3, 9], [10, 2]])  # chisq.test, fisher.test
    assert found.yates == pytest.approx(6.0419580419580416)
    assert found.p_yates == pytest.approx(0.0139697819212135)
    assert found.p_fisher == pytest.approx(0.0122781377997423)
    assert fisher(0, 0, 3, 4) == fisher(5, 0, 0, 0) == 1.0


def test_simulated_p_is_the_same_each_time_and_near_the_exact_one() -> None:
    sparse = [[3, 9], [10, 2]]
    found = [chi_square(sparse, simulate=4000).p_simulated for _ in range(2)]
    assert found[0] == found[1] == pytest.approx(0.0122781377997423, abs=0.006)
    assert chi_square([[1, 0, 2], [0, 3, 1]]).is_sparse


def test_flags_count_all_cells_or_every_residual_above_two() -> None:
    table = [[40, 20, 20], [20, 31, 20]]
    assert residuals(table).flagged.tolist() == [[True, False, False], [True, False, False]]
    assert residuals(table, level=None).flagged.sum() == 4
    # weighted totals carry no more evidence than their effective base
    assert not residuals(np.array(table) * 100, base=30).flagged.any()


@pytest.mark.parametrize(
    ("design", "se"),
    [
        # svyby(~f, ~c, D, svymean, na.rm = TRUE): SE of f = 0 by c
        (STRATIFIED, (0.0991709153384895, 0.0753444217987973, 0.0778700364082833, 0.0737225758381838)),
        (CLUSTERED, (0.0997696712573275, 0.1000531226888922, 0.0904625116600330, 0.0765479103147048)),
    ],
)
def test_column_shares_equal_domain_means_of_r(design: Design, se: tuple[float, ...]) -> None:
    found = design_shares(ROW, COLUMN, (3, 4), design, "column")
    assert found.share[0] == pytest.approx(
        [0.321782178217822, 0.367609254498715, 0.443037974683544, 0.336787564766839], rel=1e-12
    )
    assert found.se[0] == pytest.approx(se, rel=1e-10)
    assert found.base.tolist() == COUNTS.sum(axis=0).tolist()


def test_total_and_row_shares_from_sums_alone() -> None:
    columns = {"r": (ROW.astype(np.uint8), 3), "c": (np.where(COLUMN < 0, 9, COLUMN).astype(np.uint8), 4)}
    asked = Asked("r", "c")
    table = tabulate(columns, [asked], weights=WEIGHTS, strata=STRATA)[asked]
    sides: tuple[Of, ...] = ("row", "column", "total")
    for of in sides:
        here = table_shares(table, of, population=POPULATION)
        there = design_shares(ROW, COLUMN, (3, 4), STRATIFIED, of)
        assert np.allclose(here.share, there.share, rtol=1e-12)
        assert np.allclose(here.se, there.se, rtol=1e-9)
    total = table_shares(table, "total", population=POPULATION)
    assert total.share[0, 0] == pytest.approx(0.04737609329446)  # svymean(~interaction(r, c))
    assert total.se[0, 0] == pytest.approx(0.01693, abs=5e-6)
    assert total.share.sum() == pytest.approx(1)


def test_a_column_nobody_is_in_has_no_shares_and_a_census_no_error() -> None:
    found = design_shares(ROW, COLUMN, (3, 5), STRATIFIED, "column")
    assert found.given[:, 4].tolist() == [False, False, False]
    assert found.se[:, 4].tolist() == [0, 0, 0]
    census = design_shares(ROW, COLUMN, (3, 4), Design.simple(120, population=120), "row")
    assert np.allclose(census.se, 0)
    assert design_shares(ROW, COLUMN, (3, 4), STRATIFIED, "row", where=ROW > 5).reason is Reason.NO_ANSWERS
    apart = Design(np.ones(3), strata=np.arange(3), lonely="fail")
    assert design_shares(ROW[:3], ROW[:3], (3, 3), apart, "row").reason is Reason.LONELY_UNIT


def test_ordinal_measures_by_hand() -> None:
    found = ordinal([[10, 5], [3, 12]])  # C = 120, D = 15
    assert found.gamma == pytest.approx(105 / 135)
    assert found.tau_b == pytest.approx(105 / np.sqrt(225 * 221))
    assert found.tau_c == pytest.approx(2 * 2 * 105 / (30**2 * 1))
    assert found.somers_row == pytest.approx(105 / 225)
    assert found.somers_column == pytest.approx(105 / 221)


@settings(max_examples=80, deadline=None)
@given(tables)
def test_measures_stay_in_their_range_and_nothing_raises(counts: Any) -> None:
    test, size, order = chi_square(counts), strength(counts), ordinal(counts)
    assert test.reason is size.reason is order.reason
    if test.reason is None:
        assert test.p_value is not None and 0 <= test.p_value <= 1
        for value in (size.cramers_v, size.corrected_v, size.contingency):
            assert value is not None and 0 <= value <= 1
        assert (size.corrected_v or 0) <= (size.cramers_v or 0) + 1e-9
        for value in (order.gamma, order.tau_b, order.tau_c, order.somers_row, order.somers_column):
            assert value is None or -1 - 1e-12 <= value <= 1 + 1e-12
        turned = ordinal(np.array(counts).T)
        assert turned.tau_b == pytest.approx(order.tau_b)
        assert turned.somers_row == pytest.approx(order.somers_column)
        back = ordinal(np.array(counts)[::-1])
        assert back.tau_b == pytest.approx(-(order.tau_b or 0), abs=1e-12)
    else:
        assert size.cramers_v is order.gamma is test.p_value is None
    rest = residuals(counts)
    assert np.isfinite(rest.pearson).all() and np.isfinite(rest.adjusted).all()
