"""Tests of independence under a design, against R's `svychisq` on the data of `crossed`."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.basis.quadratic import exact, saddlepoint, satterthwaite
from consult.analysis.basis.tables import Asked, tabulate
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.rao_scott import Statistic, design_independence, from_totals, rao_scott
from consult.analysis.estimate import Reason
from tests.analysis.crossed import CLUSTERED, COLUMN, POPULATION, ROW, STRATA, STRATIFIED, WEIGHTS

GIVEN = COLUMN >= 0
# svychisq(~r+c, subset(strat, !is.na(c)), statistic = ...): statistic, p, df
BY_STRATA: dict[Statistic, tuple[float, float, tuple[float, ...]]] = {
    "F": (0.744944004061531, 0.613316221238396, (5.98696824577227, 664.553475280722)),
    "Chisq": (3.57187885320999, 0.613389311917927, (6.0,)),
    "Wald": (0.694255443637449, 0.654724159274113, (6.0, 111.0)),
    "adjWald": (0.662982675906032, 0.679644012458921, (6.0, 106.0)),
    "saddlepoint": (3.57187885320999, 0.614189374316632, ()),
}
BY_CLUSTERS: dict[Statistic, tuple[float, float, tuple[float, ...]]] = {
    "F": (0.779104987090984, 0.516267406130878, (3.00958999432044, 27.086309948884)),
    "Chisq": (3.57187885320999, 0.586168371481484, (6.0,)),
    "Wald": (1.92314919535891, 0.181433713869743, (6.0, 9.0)),
    "adjWald": (0.854732975715069, 0.589575332781081, (6.0, 4.0)),
    "saddlepoint": (3.57187885320999, 0.503740743520273, ()),
}


@pytest.mark.parametrize("statistic", BY_STRATA)
@pytest.mark.parametrize(("design", "wanted"), [(STRATIFIED, BY_STRATA), (CLUSTERED, BY_CLUSTERS)])
def test_every_statistic_equals_r(design: Design, wanted: Any, statistic: Statistic) -> None:
    found = design_independence(ROW, COLUMN, (3, 4), design, where=GIVEN, statistic=statistic)
    value, p, df = wanted[statistic]
    assert found.statistic == pytest.approx(value, rel=1e-10)
    assert found.p_value == pytest.approx(p, rel=1e-7)
    assert found.df == pytest.approx(df, rel=1e-10)
    assert (found.n, found.shape, found.reason) == (114, (3, 4), None)


def test_sums_per_stratum_and_cell_are_enough() -> None:
    codes = {"r": (ROW.astype(np.uint8), 3), "c": (np.where(GIVEN, COLUMN, 9).astype(np.uint8), 4)}
    asked = Asked("r", "c")
    table = tabulate(codes, [asked], weights=WEIGHTS, where=GIVEN, strata=STRATA)[asked]
    found = rao_scott(table, sampled=np.bincount(STRATA), population=POPULATION)
    assert found.statistic == pytest.approx(BY_STRATA["F"][0], rel=1e-10)
    # whoever lacks an answer may stand in the table's margins as well
    whole = tabulate(codes, [asked], weights=WEIGHTS, strata=STRATA)[asked]
    assert rao_scott(whole, population=POPULATION, df=111).p_value == pytest.approx(BY_STRATA["F"][1], rel=1e-10)


def test_the_exact_distribution_is_near_its_approximations() -> None:
    lambdas = [0.6, 0.9, 1.4]
    assert exact(9.0, lambdas, 20) == pytest.approx(saddlepoint(9.0, lambdas, 20), rel=0.05)
    assert exact(9.0, lambdas) == pytest.approx(satterthwaite(9.0, lambdas), rel=0.05)
    assert exact(5.0, [1.0, 1.0, 1.0]) == pytest.approx(0.1717971, rel=1e-6)  # pchisq(5, 3, lower = FALSE)
    assert exact(5.0, [1.0, 1.0 + 1e-7]) == pytest.approx(0.0820850, rel=1e-5)
    assert saddlepoint(2.3, lambdas, 20) == pytest.approx(exact(2.3, lambdas, 20), rel=0.05)


def test_empty_rows_cost_no_degree_of_freedom_and_empty_tables_have_a_reason() -> None:
    wide = design_independence(ROW, COLUMN, (5, 6), STRATIFIED, where=GIVEN)
    assert wide.statistic == pytest.approx(BY_STRATA["F"][0])
    assert wide.shape == (3, 4)
    one = design_independence(np.zeros(120, dtype=int), COLUMN, (3, 4), STRATIFIED)
    assert (one.p_value, one.reason) == (None, Reason.ONE_GROUP)
    assert design_independence(ROW, COLUMN, (3, 4), STRATIFIED, where=ROW > 9).reason is Reason.NO_ANSWERS
    few = design_independence(ROW, COLUMN, (3, 4), CLUSTERED, where=np.arange(120) < 3)
    assert few.reason is Reason.TOO_FEW_UNITS
    apart = Design(np.ones(6), strata=np.array([0, 0, 0, 1, 1, 2]), lonely="fail")
    codes = np.array([0, 1, 0, 1, 0, 1])
    assert design_independence(codes, codes[::-1], (2, 2), apart).reason is Reason.LONELY_UNIT


def test_too_many_empty_cells_give_a_reason_instead_of_an_error() -> None:
    totals = np.diag([3.0, 4.0, 5.0, 6.0])
    found = from_totals(totals, np.eye(16), n=18, df=14)
    assert found.reason is Reason.NO_SPREAD
    assert from_totals(totals, np.zeros((16, 16)), n=18, df=14, statistic="Wald").reason is Reason.NO_SPREAD


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.01, 1000))
def test_neither_scale_of_weights_nor_order_of_rows_matters(seed: int, factor: float) -> None:
    order = np.random.default_rng(seed).permutation(120)
    mixed = Design(WEIGHTS[order] * factor, strata=STRATA[order], stages=(CLUSTERED.stages[0][order],))
    plain = Design(WEIGHTS, strata=STRATA, stages=CLUSTERED.stages)
    here = design_independence(ROW, COLUMN, (3, 4), plain)
    there = design_independence(ROW[order], COLUMN[order], (3, 4), mixed)
    assert there.statistic == pytest.approx(here.statistic, rel=1e-8)
    assert there.p_value == pytest.approx(here.p_value, rel=1e-8)


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(3)), st.permutations(range(4)))
def test_numbering_the_answers_otherwise_changes_nothing(rows: Any, columns: Any) -> None:
    here = design_independence(ROW, COLUMN, (3, 4), STRATIFIED)
    other = np.where(GIVEN, np.array(columns)[COLUMN], -1)
    there = design_independence(np.array(rows)[ROW], other, (3, 4), STRATIFIED)
    assert there.statistic == pytest.approx(here.statistic, rel=1e-8)
    turned = design_independence(COLUMN, ROW, (4, 3), STRATIFIED)
    assert turned.statistic == pytest.approx(here.statistic, rel=1e-8)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31))
def test_rows_split_into_halves_of_one_cluster_leave_the_test_as_it_was(seed: int) -> None:
    twice = np.random.default_rng(seed).random(120) < 0.5
    index = np.concatenate([np.arange(120), np.flatnonzero(twice)])
    weights = np.where(twice, WEIGHTS / 2, WEIGHTS)[index]
    split = Design(weights, strata=STRATA[index], stages=(CLUSTERED.stages[0][index],))
    plain = Design(WEIGHTS, strata=STRATA, stages=CLUSTERED.stages)
    here = design_independence(ROW, COLUMN, (3, 4), plain)
    assert design_independence(ROW[index], COLUMN[index], (3, 4), split).statistic == pytest.approx(here.statistic)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4))
def test_no_table_raises_or_gives_nan(counts: Any) -> None:
    table = np.array(counts)
    row, column = np.repeat(np.indices(table.shape).reshape(2, -1), table.ravel(), axis=1)
    for statistic in BY_STRATA:
        found = design_independence(row, column, table.shape, Design.simple(row.size), statistic=statistic)
        if found.reason is None:
            assert found.statistic is not None and found.statistic >= 0
            assert found.p_value is not None and 0 <= found.p_value <= 1
        else:
            assert found.statistic is found.p_value is None
