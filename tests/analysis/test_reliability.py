"""Reliability. Golden numbers by R 4.2.2 and psych 2.2.9 (Debian), the commands beside them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.estimate import Reason
from consult.analysis.models.factors import hierarchy, one_factor
from consult.analysis.models.reliability import cronbach_alpha, omega_total

# x <- matrix(c(...), ncol = 4, byrow = TRUE)
ANSWERS = np.array(
    [
        [4, 5, 4, 3], [2, 3, 2, 4], [5, 5, 4, 5], [1, 2, 3, 2], [3, 3, 5, 4], [4, 4, 4, 2], [2, 1, 2, 3], [5, 4, 5, 4],
        [3, 4, 3, 3], [1, 1, 2, 1], [4, 3, 4, 5], [2, 2, 1, 3],
    ],
    dtype=float,
)  # fmt: skip

R_ALPHA = 0.874397925157466  # psych::alpha(x)$total$raw_alpha
R_STD = 0.871216554180699  # $std.alpha
R_G6 = 0.872028560129747  # $`G6(smc)`
R_MEAN = 0.628424526356170  # $average_r
R_DROP = [0.763837638376384, 0.822, 0.850609756097561, 0.899017467248908]  # $alpha.drop$raw_alpha
R_TOTAL = [0.902863609346127, 0.772495310007811, 0.700818098617954, 0.562159089392882]  # $item.stats$r.drop
R_FELDT = (0.697014523024521, 0.959448083657636)  # 1 - (1 - alpha) * qf(c(.975, .025), 11, 33)
R_LOADINGS = (
    0.997501338811351,
    0.841071188014143,
    0.750484859387517,
    0.634915644254233,
)  # factanal(x, 1)
R_OMEGA = 0.886462704342941  # sum(l)^2 / (sum(l)^2 + sum(u))
R_PAIRWISE = 0.910623014228485  # g <- x; g[1, 2] <- g[6, 4] <- g[8, 1] <- NA; psych::alpha(g)$total$raw_alpha
R_HIERARCHY = (0.671229103532554, 0.893061813223719)  # psych::omega(SIX, 2): omega_h, omega.tot
SIX = [
    [1, 0.666, 0.462, 0.502, 0.512, 0.553],
    [0.666, 1, 0.481, 0.444, 0.461, 0.450],
    [0.462, 0.481, 1, 0.635, 0.520, 0.455],
    [0.502, 0.444, 0.635, 1, 0.455, 0.468],
    [0.512, 0.461, 0.520, 0.455, 1, 0.665],
    [0.553, 0.450, 0.455, 0.468, 0.665, 1],
]


def scale(k: int, seed: int, n: int = 60, noise: float = 1.0) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return draw.normal(size=(n, 1)) * draw.uniform(0.5, 1.5, k) + noise * draw.normal(size=(n, k))


def test_alpha_and_its_kin() -> None:
    found = cronbach_alpha(ANSWERS)
    assert found.alpha.value == pytest.approx(R_ALPHA)
    assert found.standardised == pytest.approx(R_STD)
    assert found.lambda6 == pytest.approx(R_G6)
    assert found.mean_r == pytest.approx(R_MEAN)
    assert [item.alpha_without for item in found.items] == pytest.approx(R_DROP)
    assert [item.item_total for item in found.items] == pytest.approx(R_TOTAL)
    assert (found.alpha.low, found.alpha.high) == pytest.approx(R_FELDT)


def test_omega_of_one_and_of_several_factors() -> None:
    found = omega_total(ANSWERS)
    assert found.loadings == pytest.approx(R_LOADINGS, abs=1e-5)
    assert found.standardised == pytest.approx(R_OMEGA, abs=1e-5)
    assert found.method == "maximum likelihood"
    several = hierarchy(np.array(SIX), 2)
    assert (several.omega_h, several.omega_total) == pytest.approx(R_HIERARCHY, abs=1e-5)
    three = hierarchy(np.array(SIX), 3)
    assert three.omega_h is not None and three.omega_total is not None
    assert 0 < three.omega_h < three.omega_total < 1


def test_alpha_of_pairs_of_answers_uses_what_listwise_leaves_out() -> None:
    gaps = ANSWERS.copy()
    gaps[0, 1] = gaps[5, 3] = gaps[7, 0] = math.nan
    assert cronbach_alpha(gaps, missing="pairwise").alpha.value == pytest.approx(R_PAIRWISE)
    listwise = cronbach_alpha(gaps)
    assert (listwise.n, listwise.complete) == (12, 9)
    assert listwise.alpha == cronbach_alpha(np.delete(ANSWERS, (0, 5, 7), axis=0)).alpha


@settings(max_examples=40, deadline=None)
@given(k=st.integers(2, 8), seed=st.integers(0, 10_000))
def test_what_alpha_does_not_depend_on(k: int, seed: int) -> None:
    x = scale(k, seed)
    found = cronbach_alpha(x)
    assert found.alpha.value is not None and found.alpha.low is not None and found.alpha.high is not None
    assert found.alpha.value <= 1 and found.alpha.low < found.alpha.value < found.alpha.high
    order = np.random.default_rng(seed).permutation(k)
    assert cronbach_alpha(x[::-1, order] * 3 - 1).alpha.value == pytest.approx(found.alpha.value)
    assert cronbach_alpha(x, weights=np.full(len(x), 0.3)).alpha.low == pytest.approx(found.alpha.low)
    assert cronbach_alpha(8 - x, reverse=range(k)).alpha.value == pytest.approx(found.alpha.value)
    omega = omega_total(x)
    if omega.omega is not None:
        assert 0 <= omega.omega <= 1


def test_two_items_are_spearman_and_brown() -> None:
    x = scale(2, 4)
    r = float(np.corrcoef(x.T)[0, 1])
    assert cronbach_alpha(x).standardised == pytest.approx(2 * r / (1 + r))
    found = omega_total(x)
    assert found.standardised == pytest.approx(2 * r / (1 + r))
    assert found.method == "spearman-brown"


def test_three_items_are_just_identified() -> None:
    r = np.array([[1, 0.42, 0.35], [0.42, 1, 0.3], [0.35, 0.3, 1]])
    assert one_factor(r).loadings == pytest.approx([0.7, 0.6, 0.5], abs=1e-6)


def test_an_item_explained_wholly_is_flagged() -> None:
    r = np.array([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    assert one_factor(r).heywood == (0,)


def test_an_item_that_runs_against_the_others_is_named() -> None:
    x = scale(4, 1, noise=0.4)
    x[:, 2] *= -1
    found = cronbach_alpha(x)
    assert found.reverse_coded == (2,)
    assert cronbach_alpha(x, reverse=[2]).reverse_coded == ()
    opposite = np.column_stack((x[:, 0], -x[:, 0] + 0.1 * x[:, 1]))
    value = cronbach_alpha(opposite).alpha.value
    assert value is not None and value < 0


def test_reasons_stand_in_for_figures() -> None:
    x = scale(3, 2)
    assert cronbach_alpha(x[:, :1]).alpha.reason is Reason.ONE_ITEM
    assert cronbach_alpha(x[:2]).alpha.reason is Reason.TOO_FEW_ANSWERS
    assert cronbach_alpha(np.full((5, 2), math.nan)).alpha.reason is Reason.NO_ANSWERS
    assert cronbach_alpha(np.column_stack((x[:, 0], -x[:, 0]))).alpha.reason is Reason.NO_COMMON_SPREAD
    assert cronbach_alpha(np.ones((9, 3))).alpha.reason is Reason.NO_COMMON_SPREAD
    flat = np.column_stack((x, np.ones(len(x))))
    assert cronbach_alpha(flat).constant == (3,)
    assert cronbach_alpha(flat).standardised is None
    assert (omega_total(flat).reason, omega_total(flat).constant) == (Reason.NO_SPREAD_IN_ITEM, (3,))
    assert omega_total(x[:3]).reason is Reason.TOO_FEW_ANSWERS
    assert omega_total(np.column_stack((x, x[:, 0]))).reason is Reason.NO_COMMON_SPREAD
    assert cronbach_alpha(np.column_stack((x[:, 0], x[:, 0]))).alpha.reason is Reason.NO_SPREAD
