"""Common factors of a correlation matrix: one factor by maximum likelihood; several with a general one above them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy

from consult.analysis.basis.moments import Array
from consult.analysis.estimate import Reason

LEAST_UNIQUE = 0.005
"""Smallest share of its variance that an item may keep for itself, R's `factanal` default."""


@dataclass(frozen=True, slots=True, eq=False)
class OneFactor:
    """loadings (k,) in standard deviations, with a positive sum; unique (k,) in [LEAST_UNIQUE, 1]; heywood: items at
    that bound, whose figure is not to be trusted. converged: False if the search stopped early."""

    loadings: Array
    unique: Array
    heywood: tuple[int, ...]
    converged: bool


def one_factor(r: Array) -> OneFactor:
    """Fit one common factor to a positive definite correlation matrix (k, k), k >= 3, by maximum likelihood.

    Joereskog (Psychometrika 32, 1967): the loadings are profiled out, the search (L-BFGS-B) is over the logarithms of
    the unique variances, bounded as in R's `factanal`. k = 3 is just identified: it fits any correlations.
    """
    inverse = np.linalg.inv(r)
    k = len(r)

    def misfit(log_unique: Array) -> tuple[float, Array]:
        root = np.exp(log_unique / 2)
        values, vectors = np.linalg.eigh(r / root[:, None] / root)
        rest = values[:-1]
        loading = vectors[:, -1] * np.sqrt(max(float(values[-1]) - 1, 0.0)) * root
        slope = (loading**2 + root**2 - 1) / root**2
        return float((rest - np.log(rest) - 1).sum()), slope

    start = np.clip((1 - 0.5 / k) / np.diag(inverse), LEAST_UNIQUE, 1)
    bounds = [(float(np.log(LEAST_UNIQUE)), 0.0)] * k
    options = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 2000}
    found = scipy.optimize.minimize(misfit, np.log(start), jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    unique = np.exp(found.x)
    root = np.sqrt(unique)
    values, vectors = np.linalg.eigh(r / root[:, None] / root)
    loadings = vectors[:, -1] * np.sqrt(max(float(values[-1]) - 1, 0.0)) * root
    slope = misfit(found.x)[1]
    free = (unique > LEAST_UNIQUE * 1.0001) & (unique < 0.9999)
    settled = bool(found.success or np.abs(slope[free]).max(initial=0) < 1e-5)
    heywood = tuple(int(j) for j in np.flatnonzero(unique <= LEAST_UNIQUE * 1.0001))
    return OneFactor(loadings if loadings.sum() >= 0 else -loadings, unique, heywood, settled)


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Omega hierarchical (share of the sum's variance due to one general factor) and omega total (due to all)."""

    factors: int
    omega_h: float | None
    omega_total: float | None
    reason: Reason | None = None


def hierarchy(r: Array, factors: int) -> Hierarchy:
    """Schmid & Leiman (Psychometrika 22, 1957) omegas of a correlation matrix (k, k), as psych's `omega` gives them.

    factors  group factors, 2 or more and fewer than k; 2 do not identify the general factor, which then gets equal
             loadings on both.

    Minimum residual factors, varimax, oblimin (direct quartimin), then one factor of the factors. Items whose general
    loading is negative are turned round. Not the same number as omega total of one factor.
    """
    if not 2 <= factors < len(r):
        raise ValueError(f"{factors} group factors of {len(r)} items")
    if np.linalg.eigvalsh(r)[0] < 1e-10:
        return Hierarchy(factors, None, None, Reason.NO_COMMON_SPREAD)
    loadings = _least_residuals(r, factors)
    common = (loadings**2).sum(axis=1)
    loadings = _varimax(loadings)
    oblique, among = _oblimin(loadings)
    if factors == 2:
        tie = float(among[0, 1])
        general = np.array([1.0, np.sign(tie)]) * np.sqrt(abs(tie))
    else:
        general = _least_residuals(among, 1)[:, 0]
    on_general = oblique @ general
    turned = np.where(on_general < 0, -1.0, 1.0)
    total = float((r * np.outer(turned, turned)).sum())
    omega_h = float((on_general * turned).sum()) ** 2 / total
    return Hierarchy(factors, omega_h, (total - float((1 - common).sum())) / total)


def _least_residuals(r: Array, factors: int) -> Array:
    """Loadings (k, factors) with the least squared residuals off the diagonal (Harman & Jones 1966).

    Function, gradient, scaling and stopping are those of psych's `fa`, because its result depends on them in the fifth
    decimal.
    """
    step = 0.01

    def loadings(unique: Array) -> Array:
        values, vectors = np.linalg.eigh(r - np.diag(unique))
        found = vectors[:, ::-1][:, :factors] * np.sqrt(np.maximum(values[::-1][:factors], 0))
        return np.asarray(np.where(found.sum(axis=0) < 0, -found, found))

    def misfit(scaled: Array) -> float:
        unique = scaled * step
        values, vectors = np.linalg.eigh(r - np.diag(unique))
        chosen = vectors[:, ::-1][:, :factors] * np.sqrt(np.maximum(values[::-1][:factors], 100 * np.finfo(float).eps))
        return float((np.tril(r - chosen @ chosen.T, -1) ** 2).sum())

    def slope(scaled: Array) -> Array:
        chosen = loadings(scaled * step)
        return np.asarray(((chosen**2).sum(axis=1) + scaled * step - 1) * step)

    start = np.clip(1 / np.diag(np.linalg.inv(r)), LEAST_UNIQUE, 1)
    bounds = [(LEAST_UNIQUE / step, 1 / step)] * len(r)
    options = {"ftol": 1e7 * np.finfo(float).eps, "gtol": 0.0, "maxcor": 5, "maxiter": 100}
    found = scipy.optimize.minimize(misfit, start / step, jac=slope, method="L-BFGS-B", bounds=bounds, options=options)
    return loadings(found.x * step)


def _varimax(loadings: Array) -> Array:
    """Kaiser's normalised varimax rotation, columns then ordered by the variance they explain and turned positive."""
    scale = np.maximum(np.sqrt((loadings**2).sum(axis=1)), 1e-12)
    x = loadings / scale[:, None]
    turn, before = np.eye(x.shape[1]), 0.0
    for _ in range(1000):
        z = x @ turn
        u, d, v = np.linalg.svd(x.T @ (z**3 - z * (z**2).mean(axis=0)))
        turn = u @ v
        if d.sum() < before * (1 + 1e-5):
            break
        before = float(d.sum())
    z = x @ turn * scale[:, None]
    z = np.where(z.sum(axis=0) < 0, -z, z)
    return np.asarray(z[:, np.argsort(-(z**2).sum(axis=0), kind="stable")])


def _oblimin(loadings: Array) -> tuple[Array, Array]:
    """Direct quartimin rotation by gradient projection (Jennrich, Psychometrika 67, 2002): loadings, correlations."""

    def criterion(turn: Array) -> tuple[float, Array, Array]:
        inverse = np.linalg.inv(turn)
        rotated = loadings @ inverse.T
        others = rotated**2 @ (1 - np.eye(rotated.shape[1]))
        slope = -(rotated.T @ (rotated * others) @ inverse).T
        return float((rotated**2 * others).sum() / 4), slope, rotated

    turn = np.eye(loadings.shape[1])
    return _project(criterion, turn)


def _project(criterion: Callable[[Array], tuple[float, Array, Array]], turn: Array) -> tuple[Array, Array]:
    value, slope, rotated = criterion(turn)
    length = 1.0
    for _ in range(1000):
        along = slope - turn * (turn * slope).sum(axis=0)
        steep = float(np.sqrt((along**2).sum()))
        if steep < 1e-5:
            break
        length *= 2
        for _ in range(11):
            moved = turn - length * along
            moved = moved / np.sqrt((moved**2).sum(axis=0))
            reached, slope_there, rotated_there = criterion(moved)
            if value - reached > 0.5 * steep**2 * length:
                break
            length /= 2
        turn, value, slope, rotated = moved, reached, slope_there, rotated_there
    return rotated, turn.T @ turn
