"""The variance that follows from how rows were selected. Golden numbers from R 4.2.2 with survey 4.1-1."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.analysis.complex_samples.design import Design, LonelyStratum

# Two strata, five primary units (numbered anew in each stratum), two of seven rows in the second stage of one of them.
STRATA = np.array([1, 1, 1, 1, 2, 2, 2, 2, 2])
UNITS = np.array([1, 1, 2, 2, 1, 1, 2, 2, 3])
ROWS = np.array([1, 2, 1, 2, 1, 2, 1, 2, 1])
FIRST = np.array([8.0, 8, 8, 8, 10, 10, 10, 10, 10])
SECOND = np.array([7.0, 7, 4, 4, 3, 3, 6, 6, 1])
Y = np.array([3.0, 5, 4, 8, 2, 2, 9, 1, 6])
Z = Y[:, None]


def test_strata_and_clusters() -> None:
    # sum over strata of n/(n-1) sum (t - tbar)^2: 2 * (2^2 + 2^2) + 3/2 * ((4-20/3)^2 + (10-20/3)^2 + (6-20/3)^2)
    design = Design(np.ones(9), STRATA, (UNITS,))
    assert design.variance(Z)[0, 0] == pytest.approx(2 * 8 + 1.5 * 18 + 1.5 * (2 / 3))
    assert design.df == 3


def test_first_stage_counts_of_the_population_shrink_each_stratum() -> None:
    design = Design(np.ones(9), STRATA, (UNITS,), (FIRST,))
    assert design.variance(Z)[0, 0] == pytest.approx(16 * 0.75 + 28 * 0.7)


def test_a_second_stage_adds_its_variance_times_the_sampled_fraction() -> None:
    design = Design(np.ones(9), STRATA, (UNITS, ROWS), (FIRST, SECOND))
    # Second stage within units: 2 * ((y1-y2)^2 / 2) * (1 - 2/N2); the single row of the last unit is all of it.
    within = 0.25 * (4 * 5 / 7 + 16 * 0.5) + 0.3 * (0 + 64 * 4 / 6 + 0)
    assert design.variance(Z)[0, 0] == pytest.approx(16 * 0.75 + 28 * 0.7 + within)
    assert design.lonely_strata == 0


@pytest.mark.parametrize(("lonely", "variance"), [("adjust", 9 + 16), ("certainty", 16), ("average", 32)])
def test_a_stratum_with_one_unit(lonely: Any, variance: float) -> None:
    design = Design(np.ones(3), np.array([0, 1, 1]), lonely=lonely)
    assert design.variance(np.array([3.0, 1, 5]))[0, 0] == pytest.approx(variance)
    assert design.lonely_strata == 1
    assert design.df == 1


def test_a_stratum_with_one_unit_can_be_refused() -> None:
    with pytest.raises(LonelyStratum):
        Design(np.ones(3), np.array([0, 1, 1]), lonely="fail").variance(np.ones(3))


def test_a_unit_that_is_its_whole_stratum_is_not_lonely() -> None:
    design = Design(np.ones(3), np.array([0, 1, 1]), fpc=(np.array([1.0, 9, 9]),), lonely="fail")
    assert design.variance(np.array([3.0, 1, 5]))[0, 0] == pytest.approx(16 * 7 / 9)


def test_degrees_of_freedom_of_a_domain_count_units_and_strata_inside() -> None:
    design = Design(np.array([1.0, 1, 1, 1, 1, 1, 1, 1, 0]), STRATA, (UNITS,))
    assert design.df == 2
    assert design.df_where(STRATA == 1) == 1
    assert design.df_where(np.zeros(9, dtype=np.bool_)) == 0


def test_everybody_asked_leaves_no_error() -> None:
    design = Design.simple(9, population=9)
    assert design.variance(Z)[0, 0] == 0
    assert design.is_census


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": np.array([1.0, -1])}, "negative"),
        ({"weights": np.array([1.0, np.nan])}, "missing weight"),
        ({"strata": np.array([1])}, "one entry per row"),
        ({"fpc": (np.array([1.0, 0]),)}, "population count"),
    ],
)
def test_designs_that_cannot_be(change: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Design(**({"weights": np.ones(2)} | change))


def test_more_drawn_than_there_are_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="smaller than"):
        Design(np.ones(3), fpc=(np.full(3, 2.0),)).variance(np.ones(3))


@st.composite
def designs(draw: Any) -> Design:
    """Designs of 2 to 40 rows with any of strata, clusters, population counts and a second stage."""
    n = draw(st.integers(2, 40))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    strata = random.integers(0, 3, n) if draw(st.booleans()) else None
    stages = () if draw(st.booleans()) else (random.integers(0, 6, n), random.permutation(n))
    fpc = () if draw(st.booleans()) else (np.full(n, 50.0), np.full(n, 60.0))[: max(1, len(stages))]
    return Design(random.uniform(0.5, 3, n), strata, stages, fpc)


@given(designs(), st.integers(0, 1000))
def test_order_of_rows_and_names_of_units_change_no_variance(design: Design, seed: int) -> None:
    random = np.random.default_rng(seed)
    z = random.normal(size=(design.n, 2))
    order = random.permutation(design.n)

    def mixed(column: Any, add: int = 0) -> Any:
        return column[order] * 3 + add if add else column[order]

    other = Design(
        mixed(design.weights),
        None if design.strata is None else mixed(design.strata, 10**7),
        tuple(mixed(ids, -5) for ids in design.stages),
        tuple(mixed(counts) for counts in design.fpc),
    )
    assert other.variance(z[order]) == pytest.approx(design.variance(z), rel=1e-9, abs=1e-9)
    assert other.df == design.df


@given(designs(), st.integers(0, 1000))
def test_variances_of_groups_equal_those_of_columns(design: Design, seed: int) -> None:
    random = np.random.default_rng(seed)
    z, groups = random.normal(size=design.n), random.integers(-1, 3, design.n)
    columns = np.where(groups[:, None] == np.arange(3), z[:, None], 0)
    found = design.variance_of_groups(z, groups, 3)
    assert found == pytest.approx(design.variance(columns), rel=1e-9, abs=1e-9)
    assert np.linalg.eigvalsh(found).min() > -1e-8


@given(designs())
def test_effective_answers_are_at_most_the_answers(design: Design) -> None:
    found = design.effective_n()
    assert found is not None
    assert 0 < found <= design.n + 1e-9
