"""The algorithm of PLS path modelling, for many correlation matrices at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from consult.analysis.basis.moments import Array

Scheme = Literal["path", "factorial", "centroid"]

TOLERANCE = 1e-7
ITERATIONS = 300


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """B solutions for p items and q latent variables; rows of `converged` False hold no usable numbers.

    weights     (B, p) of standardised items; the scores that they make have variance 1.
    loadings    (B, p) correlations of each item with its own latent variable.
    scores      (B, q, q) correlations of the latent variables.
    paths       (B, q, q) standardised coefficients, from the column to the row.
    r_squared   (B, q), 0 where nothing leads to a latent variable.
    """

    weights: Array
    loadings: Array
    scores: Array
    paths: Array
    r_squared: Array
    converged: NDArray[np.bool_]


def fit(r: Array, block: NDArray[np.int64], leads: NDArray[np.bool_], scheme: Scheme) -> Fit:
    """Fit path models in mode A.

    r      (B, p, p) correlations of the items.
    block  (p,) the latent variable of each item, 0..q-1.
    leads  (q, q) True where the column leads to the row; no cycles.

    Wold (1982), Lohmoeller (1989), Tenenhaus et al. (Computational Statistics & Data Analysis 48, 2005). Start weights
    1; ends when no outer weight changes by TOLERANCE, at most ITERATIONS. Everything follows from correlations, so the
    cost does not grow with the number of answers. A latent variable points where the majority of its items point.
    """
    own = block[:, None] == np.arange(len(leads))
    weights = np.ones(r.shape[:2])
    # Items that cancel out would start nowhere: there the first one begins alone.
    first = (own & (own.cumsum(axis=0) == 1)).any(axis=1)
    weights = np.where((_spread(r, weights, own) < 1e-6)[:, block], first, weights)
    weights = weights / _spread(r, weights, own)[:, block]
    changing = np.arange(len(r))
    for _ in range(ITERATIONS):
        now, w = r[changing], weights[changing]
        covered = now @ (w[:, :, None] * own)
        between = np.swapaxes(w[:, :, None] * own, 1, 2) @ covered
        pull = covered @ np.swapaxes(_inner(between, leads, scheme), 1, 2)
        new = np.take_along_axis(pull, np.broadcast_to(block[None, :, None], (len(now), len(block), 1)), axis=2)[..., 0]
        new = new / np.maximum(_spread(now, new, own), 1e-150)[:, block]
        weights[changing] = new
        # A factor may turn round from one step to the next; it is the same factor.
        moved = np.abs(np.abs(new) - np.abs(w)).max(axis=1)
        changing = changing[~(moved < TOLERANCE)]
        if not len(changing):
            break
    # A block that nothing pulls at has lost its weights.
    converged: NDArray[np.bool_] = np.asarray(
        (np.isfinite(weights) & (_spread(r, weights, own) > 0.5)[:, block]).all(axis=1)
    )
    converged[changing] = False
    covered = r @ (weights[:, :, None] * own)
    loadings = (covered * own).sum(axis=2)
    ends = np.sign(loadings) @ own
    total = loadings @ own
    turn = np.where(np.where(ends == 0, total, ends) < 0, -1.0, 1.0)
    scores = np.swapaxes(weights[:, :, None] * own, 1, 2) @ covered * turn[:, :, None] * turn[:, None, :]
    scores[:, np.arange(len(leads)), np.arange(len(leads))] = 1.0
    paths, r_squared = _structural(scores, leads)
    return Fit(weights * turn[:, block], loadings * turn[:, block], scores, paths, r_squared, converged)


def _spread(r: Array, weights: Array, own: NDArray[np.bool_]) -> Array:
    """(B, q): standard deviations of the scores."""
    spanned = weights[:, :, None] * own
    return np.asarray(np.sqrt(np.maximum((spanned * (r @ spanned)).sum(axis=1), 0)))


def _inner(between: Array, leads: NDArray[np.bool_], scheme: Scheme) -> Array:
    """(B, q, q): weight of the column's latent variable in the inner estimate of the row's."""
    linked = leads | leads.T
    if scheme == "centroid":
        return np.sign(between) * linked
    if scheme == "factorial":
        return between * linked
    # What leads to a latent variable counts by its regression coefficient, what follows it by its correlation.
    return between * leads.T + _structural(between, leads)[0]


def _structural(scores: Array, leads: NDArray[np.bool_]) -> tuple[Array, Array]:
    paths, r_squared = np.zeros_like(scores), np.zeros(scores.shape[:2])
    for to, sources in enumerate(leads):
        chosen = np.flatnonzero(sources)
        if not len(chosen):
            continue
        among, with_it = scores[:, chosen[:, None], chosen], scores[:, chosen, to]
        found = _solve(among, with_it)
        paths[:, to, chosen] = found
        r_squared[:, to] = (found * with_it).sum(axis=1)
    return paths, r_squared


def _solve(a: Array, b: Array) -> Array:
    try:
        return np.asarray(np.linalg.solve(a, b[..., None])[..., 0])
    except np.linalg.LinAlgError:
        return np.asarray((np.linalg.pinv(a) @ b[..., None])[..., 0])


def aligned(found: Fit, reference: Fit, block: NDArray[np.int64]) -> Fit:
    """The solutions with each latent variable turned so that its weights agree with those of a reference solution.

    found B solutions, reference one (B = 1); block (p,) the number of each item's latent variable, 0 to q - 1.

    A latent variable is known but for its sign: a resample may give all weights of a block the other one, and an
    interval over both would mean nothing. This is the construct-level change of signs of Tenenhaus et al. (2005),
    decided by the sum of the products of both solutions' weights, not by their sums.
    """
    own = block[:, None] == np.arange(found.scores.shape[1])
    agree = (found.weights * reference.weights) @ own
    turn = np.where(agree < 0, -1.0, 1.0)
    both = turn[:, :, None] * turn[:, None, :]
    return Fit(
        found.weights * turn[:, block],
        found.loadings * turn[:, block],
        found.scores * both,
        found.paths * both,
        found.r_squared,
        found.converged,
    )


def total_effects(paths: Array) -> Array:
    """(…, q, q) direct and indirect effects of the column on the row: the sum of the powers of the paths.

    paths (…, q, q) without circles, so that the sum is (I - paths)^-1 - I (Fox, Sociological Methods & Research 9,
    1980, p. 3).
    """
    q = paths.shape[-1]
    return np.asarray(np.linalg.inv(np.eye(q) - paths) - np.eye(q))


def heterotrait_monotrait(r: Array, block: NDArray[np.int64], q: int) -> Array:
    """(q, q) HTMT (Henseler, Ringle & Sarstedt 2015): mean correlation of two blocks' items over the geometric mean of
    those within the blocks; below 0.85 to 0.9 the two are different things. NaN on the diagonal and where a block has
    fewer than two items or no positive correlation within."""
    found = np.full((q, q), np.nan)
    within = np.full(q, np.nan)
    for j in range(q):
        mine = np.abs(r[np.ix_(block == j, block == j)])
        if len(mine) > 1:
            within[j] = (mine.sum() - len(mine)) / (len(mine) * (len(mine) - 1))
    for i in range(q):
        for j in range(q):
            if i != j and within[i] > 0 and within[j] > 0:
                found[i, j] = np.abs(r[np.ix_(block == i, block == j)]).mean() / np.sqrt(within[i] * within[j])
    return found


def unidimensional(r: Array) -> tuple[float, float]:
    """Standardised alpha and Dillon-Goldstein's rho of one block's correlations; 1 for a single item.

    rho is taken from the block's first principal component, as plspm does (Tenenhaus et al. 2005, section 2.2).
    """
    k = len(r)
    if k == 1:
        return 1.0, 1.0
    alpha = k / (k - 1) * (1 - k / float(r.sum()))
    values, vectors = np.linalg.eigh(r)
    first = vectors[:, -1] * np.sqrt(values[-1])
    common = float(first.sum()) ** 2
    return alpha, common / (common + float((1 - first**2).sum()))
