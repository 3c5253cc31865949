"""Weighting and calibration against R's survey package (4.1-1, R 4.2.2), and what always holds.

    d <- data.frame(age=c("young","young","young","old","old","old","old","old","mid","mid"),
      town=c("north","south","north","north","south","south","north","south","south","north"),
      w=c(10,12,9,8,11,14,10,9,13,10), y=c(3,5,4,2,6,7,3,5,8,4))
    D <- svydesign(id=~1, weights=~w, data=d)
    A <- data.frame(age=c("young","mid","old"), Freq=c(60,40,50))
    T <- data.frame(town=c("north","south"), Freq=c(80,70))
    P <- postStratify(D, ~age, A); R <- rake(D, list(~age,~town), list(A,T), control=list(maxit=200, epsilon=1e-13))

The commands of single figures stand at their tests; then weights(x), SE(svymean(~y, x)), SE(svytotal(~y, x)).
"""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from consult.analysis.estimate import Reason
from consult.analysis.sampling.calibration import UNBOUNDED, Kind, calibrate
from consult.analysis.sampling.trimming import caps, rake_within, trim
from consult.analysis.sampling.weighting import MISSING, Margin, Place, Weighting, crossed, kish, post_stratify, rake

W = np.array([10, 12, 9, 8, 11, 14, 10, 9, 13, 10.0])
Y = np.array([3, 5, 4, 2, 6, 7, 3, 5, 8, 4.0])
AGES, TOWNS = ("young", "mid", "old"), ("north", "south")
AGE = np.array([0, 0, 0, 2, 2, 2, 2, 2, 1, 1])
TOWN = np.array([0, 1, 0, 0, 1, 1, 0, 1, 1, 0])
RAKED = [21.10230058208386, 19.90562889404104, 18.99207052387548, 8.94322326125715, 9.66633012599653,
         12.30260197854104, 11.17902907657144, 7.90881575763353, 20.21662344378786, 19.78337655621207]  # fmt: skip


def age(population: Any = (60, 40, 50), codes: Any = AGE) -> Margin:
    return Margin("age", np.asarray(codes), AGES, np.array(population, dtype=float))


def town(population: Any = (80, 70), codes: Any = TOWN) -> Margin:
    return Margin("town", np.asarray(codes), TOWNS, np.array(population, dtype=float))


def weights_of(made: Weighting) -> NDArray[np.float64]:
    assert made.weights is not None
    return made.weights


def errors(made: Weighting) -> tuple[float, float]:
    """SE of the mean and of the total of Y, sampled with replacement."""
    w = weights_of(made)
    z = np.column_stack([w * (Y - w @ Y / w.sum()) / w.sum(), w * Y])
    for projection in made.projections:
        z = projection.residuals(z)
    spread = len(Y) / (len(Y) - 1) * ((z - z.mean(axis=0)) ** 2).sum(axis=0)
    return math.sqrt(spread[0]), math.sqrt(spread[1])


def test_post_stratification_as_in_r() -> None:
    made = post_stratify(W, age())  # P
    assert weights_of(made)[[0, 3, 8]] == pytest.approx([19.35483870967742, 7.69230769230769, 22.60869565217391])
    assert errors(made) == pytest.approx((0.533115546317244, 79.967331947586658), rel=1e-12)


def test_raking_as_in_r() -> None:
    made = rake(W, [age(), town()])  # R
    assert weights_of(made) == pytest.approx(RAKED, rel=1e-7)
    assert errors(made) == pytest.approx((0.251629431037156, 37.744414655573443), rel=1e-7)


@pytest.mark.parametrize(
    ("upper", "strict", "expected"),
    [
        (18, False, [18, 18, 18, 10, 10, 15.5617864509848, 14.4382135490152, 10, 18, 18]),
        (16, True, [16, 16, 16, 12.6666666666667, 12.6666666666667, 16, 16, 12.6666666666667, 16, 16]),
    ],
)
def test_trimming_as_in_r(upper: float, strict: bool, expected: list[float]) -> None:
    made = trim(RAKED, 10, upper, strict=strict)  # trimWeights(R, upper=upper, lower=10, strict=strict)
    assert made.weights is not None
    assert made.weights == pytest.approx(expected, rel=1e-7)
    assert (made.low, made.high) == (3, 5)


@pytest.mark.parametrize(
    ("kind", "bounds", "total", "weights", "se"),
    [
        # calibrate(D, ~age+w, c(`(Intercept)`=150, ageold=50, ageyoung=60, w=total), calfun=kind, bounds=bounds)
        ("linear", UNBOUNDED, 1700, (18.46871862583149, 3.57889282103932), (0.259380511826465, 38.907076773969777)),
        ("logit", (0.5, 3), 1640, (19.30199671307484, 7.54173027589839), (0.278554098205451, 41.783114670534232)),
        ("linear", (0.9, 2.2), 1640, (19.31590971984143, 7.51159732513042), (0.278648554921745, 41.797283238261926)),
    ],
)
def test_calibration_as_in_r(
    kind: Kind, bounds: tuple[float, float], total: float, weights: tuple[float, float], se: tuple[float, float]
) -> None:
    auxiliary = np.column_stack([np.ones(10), AGE == 2, AGE == 0, W])
    made = calibrate(W, auxiliary, [150, 50, 60, total], kind=kind, bounds=bounds)
    assert weights_of(made)[[0, 3]] == pytest.approx(weights, rel=1e-6)
    assert errors(made) == pytest.approx(se, rel=1e-6)


def test_calibrating_by_raking_to_one_factor_is_post_stratification() -> None:
    auxiliary = np.column_stack([np.ones(10), AGE == 2, AGE == 0])
    made = calibrate(W, auxiliary, [150, 50, 60], kind="raking")
    assert weights_of(made) == pytest.approx(weights_of(post_stratify(W, age())))


def test_a_cell_without_respondents_is_named() -> None:
    cells = crossed([age((0, 0, 0)), town((0, 0))], np.array([[30, 30], [20, 20], [25, 25.0]]))
    without = np.array([not (a == 1 and t == 0) for a, t in zip(AGE, TOWN, strict=True)])
    made = post_stratify(W[without], Margin(cells.name, cells.codes[without], cells.labels, cells.population))
    assert (made.weights, made.reason, made.faults) == (None, Reason.EMPTY_GROUP, (Place("age x town", "mid x north"),))


def test_respondents_whom_the_population_does_not_know_are_a_fault() -> None:
    made = rake(W, [age((60, 0, 50)), town()])
    assert (made.weights, made.reason, made.faults) == (None, Reason.NO_POPULATION, (Place("age", "mid"),))


def test_margins_that_contradict_each_other_name_the_worst() -> None:
    north = np.zeros(10, dtype=int)
    north[AGE != 0] = 1
    made = rake(W, [age(), town((100, 50), north)], most=50)
    assert (made.weights, made.reason) == (None, Reason.NO_SOLUTION)
    assert made.faults[0].margin in ("age", "town")
    assert made.error > 0.1


def test_totals_that_differ_are_brought_to_the_first_and_said() -> None:
    made = rake(W, [age(), town((8, 7))])
    assert made.rescaled == ("town",)
    assert weights_of(made) == pytest.approx(RAKED, rel=1e-7)


def test_unknown_categories_keep_their_share_of_the_sample() -> None:
    codes = AGE.copy()
    codes[[0, 9]] = MISSING
    w = weights_of(rake(np.ones(10), [age(codes=codes), town()]))
    assert w[[0, 9]].sum() == pytest.approx(0.2 * 150)
    assert w[codes == 2].sum() / w[codes == 0].sum() == pytest.approx(50 / 60)
    assert w[TOWN == 0].sum() == pytest.approx(80)


def test_totals_out_of_reach_of_the_bounds_name_the_constraint() -> None:
    auxiliary = np.column_stack([np.ones(10), W])
    made = calibrate(W, auxiliary, [150, 4000], names=["people", "w"], bounds=(0.5, 2))
    assert (made.weights, made.reason, made.faults) == (None, Reason.NO_SOLUTION, (Place("w"),))


def test_variables_that_repeat_each_other_are_harmless() -> None:
    auxiliary = np.column_stack([np.ones(10), AGE == 0, AGE == 1, AGE == 2])
    made = calibrate(W, auxiliary, [150, 60, 40, 50], kind="raking")
    assert weights_of(made) == pytest.approx(weights_of(post_stratify(W, age())))
    assert errors(made) == pytest.approx(errors(post_stratify(W, age())))


def test_caps_that_leave_nobody_within_give_a_reason() -> None:
    made = trim([1.0, 1.0, 10.0, 10.0], 4, 5, strict=True)
    assert (made.weights, made.reason) == (None, Reason.NO_SOLUTION)


def test_nobody_has_no_weights() -> None:
    nobody = age(codes=np.array([], dtype=int))
    assert post_stratify([], nobody).reason is Reason.NO_ANSWERS
    assert rake([], [nobody]).reason is Reason.NO_ANSWERS
    assert kish([]).deff is None
    assert caps([]) == (0.0, math.inf)


def test_a_wide_cross_of_margins_holds_only_the_cells_that_occur() -> None:
    rng = np.random.default_rng(7)
    margins = [Margin(str(k), rng.integers(0, 40, 500), tuple(map(str, range(40))), np.ones(40)) for k in range(4)]
    made = rake(np.ones(500), [margin for margin in margins if margin.sums(np.ones(500)).all()])
    assert made.weights is not None
    assert margins[3].sums(made.weights) == pytest.approx(np.ones(40), rel=1e-9)


samples = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def a_sample(rng: np.random.Generator) -> tuple[NDArray[np.float64], list[Margin]]:
    """Sixty respondents in all combinations of three margins."""
    n = 60
    full = np.arange(n)
    codes = [full % 3, full // 3 % 2, full // 6 % 4]
    margins = [
        Margin(f"m{k}", code, tuple("abcd"[: code.max() + 1]),
               rng.uniform(1, 4, code.max() + 1) * 1000)
        for k, code in enumerate(codes)
    ]  # fmt: skip
    return rng.uniform(0.5, 2, n), margins


@given(samples)
def test_raked_weights_reproduce_every_margin_and_know_no_scale(rng: np.random.Generator) -> None:
    w, margins = a_sample(rng)
    made = rake(w, margins)
    total = margins[0].population.sum()
    for margin in margins:
        assert margin.sums(weights_of(made)) == pytest.approx(margin.population / margin.population.sum() * total)
    assert weights_of(rake(7 * w, margins)) == pytest.approx(weights_of(made))
    order = rng.permutation(w.size)
    turned = [Margin(m.name, m.codes[order], m.labels, m.population) for m in margins]
    assert weights_of(rake(w[order], turned)) == pytest.approx(weights_of(made)[order])


@given(samples)
def test_totals_that_were_reproduced_are_certain(rng: np.random.Generator) -> None:
    w, margins = a_sample(rng)
    made = rake(w, margins)
    indicator = (margins[0].codes == 1).astype(float)
    z = made.projections[0].residuals(weights_of(made)[:, None] * indicator[:, None])
    assert np.abs(z).max() < 1e-4 * np.abs(weights_of(made)).max()
    post = post_stratify(w, margins[0])
    assert np.abs(post.projections[0].residuals(weights_of(post) * indicator)).max() < 1e-9 * weights_of(post).max()


@given(samples, st.floats(0.3, 0.9), st.floats(1.1, 3))
def test_trimming_keeps_the_sum_and_the_caps(rng: np.random.Generator, low: float, high: float) -> None:
    w = rng.lognormal(0, 0.7, 60)
    lower, upper = low * float(w.mean()), high * float(w.mean())
    made = trim(w, lower, upper, strict=True)
    assert made.weights is not None
    assert made.weights.sum() == pytest.approx(w.sum())
    assert lower * (1 - 1e-12) <= made.weights.min() <= made.weights.max() <= upper * (1 + 1e-12)


@given(samples)
def test_raking_within_caps_keeps_the_margins(rng: np.random.Generator) -> None:
    w, margins = a_sample(rng)
    made = rake_within(w, margins, lowest=0.5, highest=1.6)
    free = rake(w, margins)
    if made.weights is not None:
        assert margins[1].sums(made.weights) == pytest.approx(margins[1].sums(weights_of(free)))
        assert made.beyond <= made.trimmed
        assert made.caps is not None
        assert made.beyond or weights_of(made).max() <= made.caps[1] * (1 + 1e-9)


@given(samples, st.sampled_from([("linear", UNBOUNDED), ("raking", UNBOUNDED), ("logit", (0.2, 6.0))]))
def test_calibrated_weights_reproduce_their_totals(rng: np.random.Generator, how: Any) -> None:
    w, margins = a_sample(rng)
    x = np.column_stack([np.ones(w.size), margins[0].codes == 1, rng.normal(50, 10, w.size)])
    factors = rng.uniform(0.8, 1.25, w.size)
    totals = (w * factors) @ x
    made = calibrate(w, x, totals, kind=how[0], bounds=how[1])
    assert weights_of(made) @ x == pytest.approx(totals, rel=1e-7)


@given(st.lists(st.floats(0, 100, allow_subnormal=False), min_size=1, max_size=40))
def test_the_effective_sample_is_at_most_the_sample(weights: list[float]) -> None:
    weights = [round(weight, 3) for weight in weights]
    cost = kish(weights)
    assert cost.n_eff <= cost.n * (1 + 1e-12)
    assert cost.deff is None or cost.deff >= 1 - 1e-12
