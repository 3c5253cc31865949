"""Means and covariances of rows, whole and resampled."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.basis.moments import POISSON_FROM, moments, pairwise_covariance, percentiles, resampled, rows


def table(seed: int, n: int = 50, p: int = 4) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return draw.normal(size=(n, p)) @ draw.normal(size=(p, p)) + draw.normal(size=p)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.integers(2, 60))
def test_equal_weights_give_the_sample_covariance(seed: int, n: int) -> None:
    x = table(seed, n)
    found = moments(x, np.full(n, 2.5))
    assert found.mean == pytest.approx(x.mean(axis=0))
    assert found.covariance == pytest.approx(np.cov(x.T))
    assert found.n_effective == pytest.approx(n)
    assert pairwise_covariance(x, np.ones(n)) == pytest.approx(np.cov(x.T))


def test_pairs_use_the_rows_that_have_both() -> None:
    x = table(3)
    x[:5, 0] = x[3:9, 1] = math.nan
    both = x[9:, :2]
    found = pairwise_covariance(x, np.ones(50))
    assert found[0, 1] == pytest.approx(np.cov(both.T)[0, 1])
    assert found[2, 2] == pytest.approx(x[:, 2].var(ddof=1))
    x[1:, 3] = math.nan
    assert np.isnan(pairwise_covariance(x, np.ones(50))[3]).all()


@pytest.mark.parametrize("n", [300, POISSON_FROM])
def test_resamples_spread_as_the_central_limit_says(n: int) -> None:
    x, w = table(5, n), np.random.default_rng(6).uniform(0.5, 2, n)
    mean, covariance = resampled(x, w, 600, 1)
    found = moments(x, w)
    share = w / w.sum()
    se = np.sqrt(share**2 @ (x - found.mean) ** 2)
    assert mean.std(axis=0) == pytest.approx(se, rel=0.12)
    assert mean.mean(axis=0) == pytest.approx(found.mean, abs=5 * se.max() / math.sqrt(600))
    assert covariance.mean(axis=0) == pytest.approx(found.covariance, rel=0.05, abs=0.05)
    assert (covariance == np.swapaxes(covariance, 1, 2)).all()
    low, high = percentiles(mean, 0.95)
    assert ((low < found.mean) & (found.mean < high)).all()


def test_what_does_not_vary_is_seen_beside_large_numbers() -> None:
    x = np.column_stack((table(1, 40, 1), np.full(40, 1e6 / 3)))
    assert moments(x, np.ones(40)).constant.tolist() == [False, True]


def test_rows_of_weight_nothing_are_left_out_and_mistakes_named() -> None:
    x, w = rows([[1, 2], [3, 4], [5, 6]], [1, 0, 2])
    assert x.tolist() == [[1, 2], [5, 6]] and w.tolist() == [1, 2]
    with pytest.raises(ValueError, match="weight"):
        rows([[1, 2]], [-1])
    with pytest.raises(ValueError, match="shape"):
        rows([1, 2], None)
    with pytest.raises(ValueError, match="shape"):
        rows([[1, 2]], [1, 1])
