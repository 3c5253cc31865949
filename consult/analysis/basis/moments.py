"""Means and covariances of several variables: all that reliability, drivers and path models need of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

POISSON_FROM = 5_000
"""Rows from which a bootstrap draws Poisson(1) counts per row instead of multinomial ones (Chamandy et al. 2012)."""
BLOCK = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """n rows that counted; n_effective after Kish, (sum w)^2 / sum w^2; mean (p,); covariance (p, p)."""

    n: int
    n_effective: float
    mean: Array
    covariance: Array

    @property
    def sd(self) -> Array:
        """Standard deviations (p,), divisor as the covariance; exactly 0 for what does not vary."""
        return np.sqrt(np.clip(np.diag(self.covariance), 0, None))

    @property
    def constant(self) -> NDArray[np.bool_]:
        """(p,): True where a variable does not vary (beyond rounding)."""
        return np.asarray(self.sd <= 1e-10 * np.maximum(1.0, np.abs(self.mean)))


def rows(answers: ArrayLike, weights: ArrayLike | None) -> tuple[Array, Array]:
    """Answers as (n, p) floats and weights as (n,) floats; a row of weight 0 is left out. Shapes are checked."""
    x = np.asarray(answers, dtype=np.float64)
    if x.ndim != 2:
        raise ValueError(f"answers are a table of rows and variables, not of shape {x.shape}")
    w = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != (len(x),):
        raise ValueError(f"{len(x)} rows but weights of shape {w.shape}")
    if not (w >= 0).all():
        raise ValueError("a weight is negative or missing")
    return (x, w) if (w > 0).all() else (x[w > 0], w[w > 0])


def complete(x: Array, w: Array) -> tuple[Array, Array]:
    """The rows without a missing value (listwise)."""
    whole = ~np.isnan(x).any(axis=1)
    return (x, w) if whole.all() else (x[whole], w[whole])


def moments(x: Array, w: Array) -> Moments:
    """Weighted mean and covariance of complete rows: sum w (x - m)(x - m)' / sum w x n/(n - 1), at least 2 rows.

    With equal weights the sample covariance. R's `cov.wt` has another divisor; correlations do not feel it.
    """
    n, total = len(x), float(w.sum())
    centre = w @ x / total
    moved = x - centre
    spread = (moved * w[:, None]).T @ moved / total * (n / (n - 1))
    return Moments(n, total**2 / float(w @ w), centre, spread)


def pairwise_covariance(x: Array, w: Array) -> Array:
    """(p, p): the covariance of each two variables over the rows that have both, as R's `use = "pairwise"`.

    NaN where fewer than 2 rows have both. It need not be positive definite.
    """
    given = ~np.isnan(x)
    known, both = np.where(given, x, 0.0), given.astype(np.float64)
    pairs = both.T @ both
    total = (both * w[:, None]).T @ both
    # The mean of variable i over the rows that have j too.
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (known * w[:, None]).T @ both / total
        product = (known * w[:, None]).T @ known / total
        found = np.asarray((product - centre * centre.T) * pairs / (pairs - 1))
    found[pairs < 2] = np.nan
    return found


def correlation(covariance: Array) -> Array:
    """(…, p, p) correlations of (…, p, p) covariances with positive variances."""
    sd = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    found = np.asarray(covariance / (sd[..., :, None] * sd[..., None, :]))
    diagonal = np.arange(found.shape[-1])
    found[..., diagonal, diagonal] = 1.0
    return found


def resampled(x: Array, w: Array, resamples: int, seed: int) -> tuple[Array, Array]:
    """Means (B, p) and covariances (B, p, p; divisor sum w) of B bootstrap resamples of complete rows.

    Each resample draws n rows with replacement (Efron 1979) as counts that multiply the weights; from POISSON_FROM rows
    on the counts are independent Poisson(1). The same seed gives the same resamples. Rows, not clusters, are drawn: for
    clustered samples this is too narrow.
    """
    p = x.shape[1]
    first, second = np.triu_indices(p)
    centre = w @ x / w.sum()
    sums = np.zeros((resamples, 1 + p + len(first)))
    for count, block in _counts(len(x), resamples, seed):
        moved = x[block] - centre
        table = np.concatenate((np.ones((len(moved), 1)), moved, moved[:, first] * moved[:, second]), axis=1)
        sums += (count * w[block]) @ table
    mean = sums[:, 1 : 1 + p] / sums[:, :1]
    covariance = np.empty((resamples, p, p))
    products = sums[:, 1 + p :] / sums[:, :1] - mean[:, first] * mean[:, second]
    covariance[:, first, second] = products
    covariance[:, second, first] = products
    return mean + centre, covariance


def _counts(n: int, resamples: int, seed: int) -> Iterator[tuple[Array, slice]]:
    """How often each row of a block is drawn: (B, rows of the block), block after block."""
    draw = np.random.default_rng(seed)
    if n < POISSON_FROM:
        drawn = draw.integers(0, n, size=(resamples, n)) + n * np.arange(resamples)[:, None]
        counted = np.bincount(drawn.ravel(), minlength=n * resamples).reshape(resamples, n)
        yield counted.astype(np.float64), slice(0, n)
        return
    for start in range(0, n, BLOCK):
        stop = min(n, start + BLOCK)
        yield draw.poisson(1.0, size=(resamples, stop - start)).astype(np.float64), slice(start, stop)


def percentiles(values: Array, confidence: float) -> tuple[Array, Array]:
    """Bounds that leave (1 - confidence)/2 of the resamples (axis 0) outside at each end: values (B, …) to two of (…).

    The percentile interval of Efron & Tibshirani (An Introduction to the Bootstrap, 1993), quantiles interpolated
    linearly as R does by default; neither corrected for bias nor accelerated. NaN in a column makes its bounds NaN.
    """
    tail = (1 - confidence) / 2
    low, high = np.quantile(values, (tail, 1 - tail), axis=0)
    return np.asarray(low), np.asarray(high)
