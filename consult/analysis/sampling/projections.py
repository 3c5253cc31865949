"""What calibrated weights take away from the variance: residuals in place of the linearised values.

A weighting that reproduces known totals makes an estimate as certain as its residuals on the weighting's variables.
Each class here turns z (n, p), the weighted linearised values w u, into w times the residual of u; a design applies
them one after another, in the order in which the weights were made, before it sums z within primary units.

The three follow R's survey package, whose standard errors after postStratify, rake and calibrate are equal to these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

ROUNDS = 10
"""Rounds of alternating projections over the margins of a raking, as many as R makes."""
RANK = 1e-11
"""Directions of the auxiliary variables that are weaker than this, relative to the strongest, repeat other ones."""


@dataclass(frozen=True, slots=True, eq=False)
class CellResiduals:
    """After post-stratification: u less its mean in the post-stratum.

    codes    (n,), the post-stratum, 0..k-1.
    weights  (n,), after post-stratification.
    before   (n,), before it; the means are taken with these.
    """

    codes: Codes
    weights: Floats
    before: Floats

    def residuals(self, z: Floats) -> Floats:
        u = _unweighted(z, self.weights)
        size = int(self.codes.max(initial=-1)) + 1
        base = np.bincount(self.codes, self.before, size)
        base[base == 0] = 1.0
        return _columnwise(
            u, lambda v: (v - (np.bincount(self.codes, v * self.before, size) / base)[self.codes]) * self.weights
        )


@dataclass(frozen=True, slots=True, eq=False)
class MarginResiduals:
    """After raking: u less its means over each margin in turn, ten rounds.

    cells    (n,), the cell in the cross of all margins, 0..m-1.
    margins  for each margin (m,), the category to which a cell belongs.
    weights  (n,), after raking.

    The means count every row once, whatever its weight, as R does. All rounds are made on the cells: rows of one cell
    always lose the same.
    """

    cells: Codes
    margins: Sequence[Codes]
    weights: Floats

    def residuals(self, z: Floats) -> Floats:
        u = _unweighted(z, self.weights)
        size = int(self.margins[0].size)
        rows = np.bincount(self.cells, minlength=size).astype(np.float64)
        counts = [np.maximum(np.bincount(margin, rows), 1.0) for margin in self.margins]

        def one(v: Floats) -> Floats:
            sums = np.bincount(self.cells, v, size)
            taken = np.zeros(size)
            for _ in range(ROUNDS):
                for margin, count in zip(self.margins, counts, strict=True):
                    taken += (np.bincount(margin, sums - rows * taken) / count)[margin]
            return (v - taken[self.cells]) * self.weights

        return _columnwise(u, one)


@dataclass(frozen=True, slots=True, eq=False)
class RegressionResiduals:
    """After calibration: the residual of u's regression on the auxiliary variables, with the weights before.

    basis    (n, r), orthonormal, spans the auxiliary variables times the root of the weights before.
    factors  (n,), the weights after, over the root of the weights before; so z / factors = u times that root.
    """

    basis: Floats
    factors: Floats

    def residuals(self, z: Floats) -> Floats:
        v = _unweighted(z, self.factors)
        for _ in range(2):
            v = v - self.basis @ (self.basis.T @ v)
        return v * self.factors.reshape(-1, *[1] * (v.ndim - 1))


def spanning(x: Floats) -> Floats:
    """An orthonormal basis (n, r) of the columns of x (n, p); columns that repeat others give no direction."""
    size = np.sqrt((x * x).sum(axis=0))
    q, r = np.linalg.qr(x[:, size > 0] / size[size > 0])
    u, s, _ = np.linalg.svd(r)
    return np.asarray(q @ u[:, : int((s > RANK * s.max(initial=0.0)).sum())])


def _unweighted(z: Floats, weights: Floats) -> Floats:
    """z over the weights; rows without weight have none of it."""
    shaped = weights.reshape(-1, *[1] * (z.ndim - 1))
    return np.divide(z, shaped, out=np.zeros_like(z, dtype=np.float64), where=shaped != 0)


def _columnwise(u: Floats, one: Callable[[Floats], Floats]) -> Floats:
    if u.ndim == 1:
        return np.asarray(one(u))
    return np.stack([one(np.ascontiguousarray(u[:, j])) for j in range(u.shape[1])], axis=1)
