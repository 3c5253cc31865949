"""Disclosure control of one published table of counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consult.analysis.disclosure.protection import System, fewest, greedy

EXACT_CELLS = 200
"""Up to so many cells the fewest are hidden (integer programme); above, a greedy choice, audited in the same way."""
TIME_LIMIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Suppression:
    """What to hide: boolean arrays of the table's shape.

    primary    too few people in the cell, or named by the caller.
    secondary  hidden besides, so that the first cannot be computed from totals.
    """

    primary: NDArray[np.bool_]
    secondary: NDArray[np.bool_]

    @property
    def hidden(self) -> NDArray[np.bool_]:
        return self.primary | self.secondary


def small_cells(counts: ArrayLike, threshold: int) -> NDArray[np.bool_]:
    """Primary suppression: 0 < count < threshold. A zero names nobody and is published."""
    table = np.asarray(counts)
    return np.asarray((table > 0) & (table < threshold))


def uniform_groups(counts: ArrayLike, sensitive: ArrayLike | None = None) -> NDArray[np.bool_]:
    """Group disclosure: cells of the rows (groups) in which everybody gave the same, sensitive answer.

    counts     shape (r, c), people per group and answer.
    sensitive  shape (c,), which answers are; None: all.

    Such a row says of each member what he or she answered, however many there are, and its zeros say it too: the whole
    row is marked. Give it to `suppress` as `also`.
    """
    table = np.asarray(counts)
    answers = np.ones(table.shape[1], dtype=bool) if sensitive is None else np.asarray(sensitive, dtype=bool)
    found = (table.sum(axis=1) > 0) & ((table > 0).sum(axis=1) == 1) & (table[:, answers].sum(axis=1) > 0)
    return np.repeat(found[:, None], table.shape[1], axis=1)


def dominated(values: ArrayLike, cells: NDArray[np.integer], size: int, *, share: float = 0.8) -> NDArray[np.bool_]:
    """The (1, k) rule for amounts, such as money: cells in which one person makes up more than `share` of the total.

    values  shape (n,), amounts; NaN is missing. Their size counts, not their sign.
    cells   shape (n,), each person's cell 0..size-1; others are in none.

    Shape (size,). A total or mean of such a cell would nearly tell that person's amount: hide it, as well as the means
    of fewer people than the threshold.
    """
    amounts = np.abs(np.asarray(values, dtype=np.float64))
    kept = ~np.isnan(amounts) & (cells >= 0) & (cells < size)
    largest, total = np.zeros(size), np.bincount(cells[kept], amounts[kept], minlength=size)
    np.maximum.at(largest, cells[kept], amounts[kept])
    return np.asarray((total > 0) & (largest > share * total))


def suppress(
    counts: ArrayLike,
    threshold: int,
    *,
    row_totals: bool = True,
    column_totals: bool = True,
    also: NDArray[np.bool_] | None = None,
    width: int | None = None,
) -> Suppression:
    """Choose the cells of one table to hide before it is published.

    counts       shape (r, c) or (c,): unweighted numbers of people, whole, >= 0. A vector is one row.
    threshold    k: cells with 0 < count < k are hidden (primary).
    row_totals, column_totals   which totals are published, exactly. Without any, only the primary cells are hidden.
                 A vector has no column totals.
    also         further cells to hide as primary, whatever their count; shape of counts.
    width        of the interval that a reader must be left with; None takes k, 1 only rules out exact recovery.

    Secondary cells are the fewest, and among equally many those of the least total count, such that a reader who knows
    the published cells, the totals and that no count is negative can narrow down no hidden cell to fewer than k + 1
    values (an interval at least k wide). Zeros are hidden last, only where nothing else protects. See `fewest`: exact
    up to 200 cells, unless that takes too long; above that cell by cell. Both are audited by linear programming. If no
    choice protects, every cell is hidden.

    Hide everything derived from a hidden cell as well: share, mean, interval, letters. It knows one table: not the same
    people in another table, filter or wave (see `differencing`), and not that a reader may know k.
    """
    table = np.asarray(counts, dtype=np.int64)
    shape = table.shape
    if (table < 0).any():
        raise ValueError("a count is negative")
    primary = small_cells(table, threshold)
    primary = primary if also is None else primary | also
    sums = table_sums(np.atleast_2d(table).shape, row_totals, column_totals and len(shape) > 1)
    if not primary.any() or not len(sums):
        return Suppression(primary, np.zeros(shape, dtype=bool))
    system, first = System(table.ravel().astype(float), sums), primary.ravel()
    wide = float(threshold if width is None else width)
    hidden = None
    for candidates in (system.cells > 0, np.ones(table.size, dtype=bool)):
        if table.size <= EXACT_CELLS:
            hidden = fewest(system, first, candidates, wide, seconds=TIME_LIMIT_S)
        else:
            hidden = greedy(system, first, candidates, wide)
        if hidden is not None:
            break
    if hidden is None:
        hidden = np.ones(table.size, dtype=bool)
    return Suppression(primary, (hidden & ~first).reshape(shape))


def attack(
    counts: ArrayLike, hidden: NDArray[np.bool_], *, row_totals: bool = True, column_totals: bool = True
) -> NDArray[np.float64]:
    """What a reader can compute: shape (..., 2), the least and greatest count that each cell may have.

    Arguments as in `suppress`; hidden has the shape of counts. A published cell has an interval of width 0; infinity
    is the upper bound of a cell that no total limits.
    """
    table = np.asarray(counts, dtype=float)
    shape = table.shape
    sums = table_sums(np.atleast_2d(table).shape, row_totals, column_totals and len(shape) > 1)
    system = System(table.ravel(), sums)
    bounds = np.stack([system.cells, system.cells], axis=-1)
    for cell in np.flatnonzero(hidden.ravel()):
        bounds[cell] = system.interval(int(cell), hidden.ravel())
    return bounds.reshape(*shape, 2)


def table_sums(shape: tuple[int, ...], row_totals: bool, column_totals: bool) -> NDArray[np.float64]:
    """One 0/1 row for each published total, over the flat cells."""
    cells = np.arange(shape[0] * shape[1]).reshape(shape)
    groups = ([*cells] if row_totals else []) + ([*cells.T] if column_totals else [])
    return np.array([np.isin(cells.ravel(), group) for group in groups], dtype=float).reshape(len(groups), cells.size)
