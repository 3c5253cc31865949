"""Plackett-Luce: the worth of each item that orders of preference, also partial ones, point to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from consult.analysis.basis.moments import Array
from consult.analysis.estimate import Reason

Unranked = Literal["last", "absent"]

PSEUDO = 0.5
"""Weight of each pseudo-ranking against the ghost item."""


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """Worth of k items; all arrays (k,), None with a reason.

    worth      sums to 1: the probability to be put first among all.
    log_worth  natural logarithm, that of item 0 set to 0; covariance (k, k) of it, with a row and column of 0.
    quasi_se   standard errors of each log worth by itself, for intervals that can be compared in a plot; None where
               they do not exist (fewer than 3 items, or a negative quasi-variance).
    loglik     log-likelihood of the rankings (without those against the ghost).
    has_ghost  pseudo-rankings were added because an item was never (or always) put behind another.
    n          rankings that compare at least two items.
    """

    n: int
    worth: Array | None = None
    log_worth: Array | None = None
    covariance: Array | None = None
    quasi_se: Array | None = None
    loglik: float | None = None
    has_ghost: bool = False
    reason: Reason | None = None

    @property
    def se(self) -> Array | None:
        """Standard errors of log_worth; 0 for item 0, which is the reference."""
        return None if self.covariance is None else np.sqrt(np.diag(self.covariance))


def plackett_luce(ranks: ArrayLike, *, weights: ArrayLike | None = None, unranked: Unranked = "last") -> Worth:
    """Estimate worths by maximum likelihood.

    ranks     shape (n, k); 1 is best, NaN not ranked. Equal ranks in a row are ValueError: ties are not modelled.
    weights   shape (n,), >= 0; point estimates are weighted, SEs are then those of a likelihood, not of a design.
    unranked  "last": what a person did not rank stands somewhere below all that he ranked (censored), as where three of
              ten are to be put in order. "absent": he did not judge it, it says nothing (R's `coxph` drops such rows).

    Luce (1959), Plackett (Applied Statistics 24, 1975); MM algorithm of Hunter (Annals of Statistics 32, 2004), ended
    by Newton steps; SEs from the inverse Hessian. If not every item is, over some chain, both above and below each
    other one, the maximum is infinite: then a ghost item wins and loses once against each, with weight 0.5 (Turner et
    al., Computational Statistics 35, 2020). Items that nobody compares with the others: DISCONNECTED.
    """
    orders = _orders(ranks, weights, unranked)
    n, k = len(orders.w), orders.items.shape[1]
    if k < 2:
        return Worth(n, reason=Reason.ONE_ITEM)
    if not n:
        return Worth(0, reason=Reason.NO_ANSWERS)
    beats = _beats(orders, k)
    if _parts(beats, "weak") > 1:
        return Worth(n, reason=Reason.DISCONNECTED)
    ghost = _parts(beats, "strong") > 1
    problem = _Problem(orders, k, ghost)
    theta = problem.solve()
    if theta is None:
        return Worth(n, has_ghost=ghost, reason=Reason.NOT_CONVERGED)
    covariance = problem.covariance(theta)[:k, :k]
    log_worth = theta[:k] - theta[0]
    worth = np.exp(log_worth - log_worth.max())
    return Worth(
        n=n,
        worth=worth / worth.sum(),
        log_worth=log_worth,
        covariance=covariance,
        quasi_se=_quasi_se(covariance),
        loglik=_Problem(orders, k, False).loglik(theta[:k]),
        has_ghost=ghost,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Orders:
    """items (m, k): from best to worst, behind them those not ranked ("last") or -1 ("absent"); ranked (m,): how many
    stand in a place of their own; w (m,)."""

    items: NDArray[np.int64]
    ranked: NDArray[np.int64]
    w: Array


def _orders(ranks: ArrayLike, weights: ArrayLike | None, unranked: Unranked) -> _Orders:
    table = np.asarray(ranks, dtype=np.float64)
    n = len(table)
    w = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != (n,) or not (w >= 0).all():
        raise ValueError("weights are one number >= 0 per ranking")
    given = (~np.isnan(table)).sum(axis=1)
    kept = (given > (unranked == "absent")) & (w > 0)
    table, w, given = table[kept], w[kept], given[kept]
    order = np.argsort(table, axis=1, kind="stable")
    placed = np.take_along_axis(table, order, axis=1)
    if (np.diff(placed, axis=1) == 0).any():
        raise ValueError("equal ranks: ties are not modelled")
    if unranked == "absent":
        order = np.where(np.isnan(placed), -1, order)
    return _Orders(order.astype(np.int64), given, w)


def _beats(orders: _Orders, k: int) -> Array:
    """(k, k): weight of the rankings that put the row's item above the column's."""
    found = np.zeros((k, k))
    for above in range(k - 1):
        for below in range(above + 1, k):
            both = (orders.ranked > above) & (orders.items[:, below] >= 0)
            np.add.at(found, (orders.items[both, above], orders.items[both, below]), orders.w[both])
    return found


def _parts(beats: Array, connection: str) -> int:
    return int(scipy.sparse.csgraph.connected_components(beats > 0, directed=True, connection=connection)[0])


class _Problem:
    """The likelihood as stages: in each, one item is chosen from a set. Equal sets are kept once."""

    def __init__(self, orders: _Orders, k: int, ghost: bool) -> None:
        size = k + ghost
        self.wins = np.zeros(size)
        sets, weights = [np.zeros((0, size), dtype=bool)], [np.zeros(0)]
        for place in range(k - 1):
            rows = (orders.ranked > place) & (orders.items[:, place + 1] >= 0)
            items, w = orders.items[rows, place:], orders.w[rows]
            np.add.at(self.wins, items[:, 0], w)
            member = np.zeros((len(items), size + 1), dtype=bool)
            np.put_along_axis(member, items, True, axis=1)  # -1, nobody, is the column too many
            sets.append(member[:, :size])
            weights.append(w)
        if ghost:
            pairs = np.zeros((k, size), dtype=bool)
            pairs[np.arange(k), np.arange(k)] = pairs[:, k] = True
            sets.append(pairs)
            weights.append(np.full(k, 2 * PSEUDO))
            self.wins[:k] += PSEUDO
            self.wins[k] += k * PSEUDO
        found, self.times = _counted(np.concatenate(sets), np.concatenate(weights))
        self.sets = found.astype(np.float64)

    def loglik(self, theta: Array) -> float:
        return float(self.wins @ theta - self.times @ np.log(self.sets @ np.exp(theta)))

    def slopes(self, theta: Array) -> tuple[Array, Array]:
        """Gradient and negative Hessian."""
        chance = self.sets * np.exp(theta)
        chance /= chance.sum(axis=1, keepdims=True)
        expected = self.times @ chance
        return self.wins - expected, np.diag(expected) - (chance * self.times[:, None]).T @ chance

    def solve(self) -> Array | None:
        worth = np.ones(len(self.wins))
        for _ in range(200):
            raised = self.wins / (self.sets.T @ (self.times / (self.sets @ worth)))
            raised /= raised.sum()
            settled = bool(np.abs(np.log(raised / worth)).max() < 1e-3)
            worth = raised
            if settled:
                break
        theta = np.log(worth)
        for _ in range(100):
            gradient, hessian = self.slopes(theta)
            step = np.zeros(len(theta))
            step[1:] = np.linalg.solve(hessian[1:, 1:], gradient[1:])
            length, before = 1.0, self.loglik(theta)
            while length > 1e-6 and self.loglik(theta + length * step) < before - 1e-9 * abs(before):
                length /= 2
            theta = theta + length * step
            if np.abs(step).max() < 1e-9:
                return theta
        return None

    def covariance(self, theta: Array) -> Array:
        """Covariance of theta - theta[0] of the items; the ghost is summed out by the inversion."""
        _, hessian = self.slopes(theta)
        found = np.zeros_like(hessian)
        found[1:, 1:] = np.linalg.inv(hessian[1:, 1:])
        return found


def _counted(sets: NDArray[np.bool_], weights: Array) -> tuple[NDArray[np.bool_], Array]:
    """Distinct sets and the weight of each; compared as numbers of 64 bits, for there may be millions."""
    packed = np.packbits(np.pad(sets, ((0, 0), (0, -sets.shape[1] % 64))), axis=1).view(np.uint64)
    codes = packed.ravel() if packed.shape[1] == 1 else packed
    _, first, place = np.unique(codes, return_index=True, return_inverse=True, axis=0)
    return sets[first], np.bincount(place.reshape(-1), weights=weights).astype(np.float64)


def _quasi_se(covariance: Array) -> Array | None:
    """Firth & de Menezes (Biometrika 91, 2004), by least squares on the variances of the differences."""
    k = len(covariance)
    if k < 3:
        return None
    first, second = np.triu_indices(k, 1)
    variance = np.diag(covariance)[first] + np.diag(covariance)[second] - 2 * covariance[first, second]
    pairs = np.zeros((len(first), k))
    pairs[np.arange(len(first)), first] = pairs[np.arange(len(first)), second] = 1
    found = np.linalg.lstsq(pairs, variance, rcond=None)[0]
    return np.sqrt(found) if (found > 0).all() else None
