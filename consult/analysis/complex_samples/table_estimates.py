"""Shares, frequencies and means from weighted tables alone: no pass over the rows, whatever the number of answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consult.analysis.basis.stages import Floats
from consult.analysis.basis.tables import Table
from consult.analysis.complex_samples.design_shares import ShareMethod, share_interval
from consult.analysis.complex_samples.linear import Base, Estimates, from_base
from consult.analysis.complex_samples.rao_scott import stratified_variance
from consult.analysis.estimate import Estimate, check_confidence


@dataclass(frozen=True, slots=True)
class WeightedFrequencies:
    """How often each answer was given, in the order of the codes (never by size).

    counts      people in the sample per answer (weight above 0).
    weighted    sums of their weights.
    shares      of valid answers, each with its interval in [0, 1].
    of_all      shares of all people, those without an answer in the base; None if there is nobody.
    cumulative  shares of valid answers up to and with each code; the last is 1. None if there are none.
    n           people with an answer; missing: those without. Both also weighted.
    effective   Kish's effective number of those with an answer; None if there are none.
    """

    counts: tuple[int, ...]
    weighted: tuple[float, ...]
    shares: tuple[Estimate, ...]
    of_all: tuple[float, ...] | None
    cumulative: tuple[float, ...] | None
    n: int
    missing: int
    weighted_n: float
    weighted_missing: float
    effective: float | None


def table_frequencies(
    table: Table,
    *,
    sampled: ArrayLike | None = None,
    population: ArrayLike | None = None,
    confidence: float = 0.95,
    method: ShareMethod = "logit",
) -> WeightedFrequencies:
    """Frequencies of a one-way table, for a sample with strata and weights but without clusters.

    table                a one-way table, or the margin (`rows()`) of a two-way one. Its last row has those without an
                         answer: they are outside the base, and inside the design.
    sampled, population  people drawn and people there, per stratum; as in `rao_scott`.
    method               of the shares' intervals, see `design_share`.

    For clusters: `design_shares.shares_with_intervals`.
    """
    check_confidence(confidence)
    found = table_distribution(table, sampled=sampled, population=population)
    weights, counts = table.weights[:, 0], table.counts[:, 0]
    total, squares = float(weights.sum()), float(table.weights_squared[:, 0].sum())
    missing = table.n[:, -1, :].sum()
    weighted_missing = float(table.weight[:, -1, :].sum())
    effective = total**2 / squares if squares > 0 else None
    people = int(table.n.sum())
    shares = tuple(
        share_interval(found, place, people, effective, confidence=confidence, method=method)
        for place in range(counts.size)
    )
    return WeightedFrequencies(
        counts=tuple(int(c) for c in counts),
        weighted=tuple(float(w) for w in weights),
        shares=shares,
        of_all=_parts(weights, total + weighted_missing),
        cumulative=_parts(np.cumsum(weights), total),
        n=int(counts.sum()),
        missing=int(missing),
        weighted_n=total,
        weighted_missing=weighted_missing,
        effective=effective,
    )


def table_distribution(
    table: Table, *, sampled: ArrayLike | None = None, population: ArrayLike | None = None
) -> Estimates:
    """Shares of a one-way table's answers with their covariances, as `design_shares.design_shares` gives from rows."""
    weights, k = table.weights[:, 0], table.counts.shape[0]
    total = float(weights.sum())
    base = Base.given(table.counts.sum(), total, k)
    shares = weights / total if total > 0 else np.zeros(k)
    transform = (np.eye(k) - shares[:, None]) / (total or 1.0)
    return _estimates(table, shares, transform, base, sampled, population)


def table_means(
    table: Table, values: ArrayLike, *, sampled: ArrayLike | None = None, population: ArrayLike | None = None
) -> Estimates:
    """Means of a scale in each column of a table, with their covariances.

    table    rows are the points of a scale, columns are groups (one group if it is a one-way table).
    values   shape (rows,), what each point counts: 1, 2, 3, ..., or 100, 0, -100 of a net score. NaN: not a point of
             the scale ("don't know"), left out.

    A group without answers has none (see reasons). As `design_by` gives from rows; no clusters.
    """
    points = np.asarray(values, dtype=np.float64)
    valid = ~np.isnan(points)
    x = np.where(valid, points, 0.0)
    weights, counts = table.weights * valid[:, None], table.counts * valid[:, None]
    rows, groups = counts.shape
    totals = weights.sum(axis=0)
    divisor = np.where(totals > 0, totals, 1.0)
    means = x @ weights / divisor
    # Influence of a cell's total on its own column's mean; (groups, rows, groups), then cells in one row.
    own = np.where(valid[:, None], x[:, None] - means, 0.0) / divisor
    transform = np.zeros((groups, rows, groups))
    transform[np.arange(groups), :, np.arange(groups)] = own.T
    base = Base.of_cells(counts.sum(axis=0), totals)
    return _estimates(table, means, transform.reshape(groups, rows * groups), base, sampled, population)


def _estimates(
    table: Table,
    values: Floats,
    transform: Floats,
    base: Base,
    sampled: ArrayLike | None,
    population: ArrayLike | None,
) -> Estimates:
    cells = stratified_variance(table, sampled=sampled, population=population)
    drawn = table.n.sum(axis=(1, 2)) if sampled is None else np.asarray(sampled, dtype=np.int64)
    present = table.n.sum(axis=(1, 2)) > 0
    rest = np.full(drawn.shape, np.inf) if population is None else np.asarray(population, dtype=np.float64)
    return from_base(
        values,
        transform @ cells @ transform.T,
        base,
        df=int(table.n.sum()) - int(present.sum()),
        lonely=int(np.count_nonzero((drawn == 1) & (rest > 1))),
        census=population is not None and bool((rest <= drawn).all()),
    )


def _parts(weights: NDArray[np.float64], total: float) -> tuple[float, ...] | None:
    return tuple(float(w) / total for w in weights) if total > 0 else None
