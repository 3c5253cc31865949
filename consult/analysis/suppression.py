"""Disclosure control of one published table of counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

EXACT_CELLS = 200
"""Up to so many cells the fewest are hidden (integer programme); above, a greedy choice, audited in the same way."""
TIME_LIMIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Suppression:
    """What to hide: boolean arrays of the table's shape.

    primary    too few people in the cell.
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


def suppress(counts: ArrayLike, threshold: int, *, row_totals: bool = True, column_totals: bool = True) -> Suppression:
    """Choose the cells of one table to hide before it is published.

    counts       shape (r, c) or (c,): unweighted numbers of people, whole, >= 0. A vector is one row.
    threshold    k: cells with 0 < count < k are hidden (primary).
    row_totals, column_totals   which totals are published, exactly. Without any, only the primary cells are hidden.
                 A vector has no column totals.

    Secondary cells are the fewest, and among equally many those of the least total count, such that a reader who knows
    the published cells, the totals and that no count is negative can narrow down no hidden cell to fewer than k + 1
    values (an interval at least k wide). Zeros are hidden last, only where nothing else protects. Found by an integer
    programme (Fischetti & Salazar, J Am Stat Assoc 95, 2000) up to 200 cells, above that cell by cell; both are audited
    by linear programming. If no choice protects, every cell is hidden.

    Hide everything derived from a hidden cell as well: share, mean, interval, letters. It knows one table: not the same
    people in another table, filter or wave (differencing), no dominance rule, and not that a reader may know k.
    """
    table = np.asarray(counts, dtype=np.int64)
    shape = table.shape
    table = np.atleast_2d(table)
    if (table < 0).any():
        raise ValueError("a count is negative")
    primary = small_cells(table, threshold)
    sums = _sums(table.shape, row_totals, column_totals and len(shape) > 1)
    if not primary.any() or not len(sums):
        return Suppression(primary.reshape(shape), np.zeros(shape, dtype=bool))
    flat, first = table.ravel().astype(float), primary.ravel()
    hidden = None
    for candidates in (flat > 0, np.ones(flat.size, dtype=bool)):
        hidden = (_fewest if flat.size <= EXACT_CELLS else _greedy)(flat, first, candidates, sums, threshold)
        if hidden is not None:
            break
    if hidden is None:
        hidden = np.ones(flat.size, dtype=bool)
    return Suppression(primary.reshape(shape), (hidden & ~first).reshape(shape))


def attack(
    counts: ArrayLike, hidden: NDArray[np.bool_], *, row_totals: bool = True, column_totals: bool = True
) -> NDArray[np.float64]:
    """What a reader can compute: shape (..., 2), the least and greatest count that each cell may have.

    Arguments as in `suppress`; hidden has the shape of counts. A published cell has an interval of width 0; infinity
    is the upper bound of a cell that no total limits.
    """
    table = np.asarray(counts, dtype=float)
    shape = table.shape
    sums = _sums(np.atleast_2d(table).shape, row_totals, column_totals and len(shape) > 1)
    flat = table.ravel()
    bounds = np.stack([flat, flat], axis=-1)
    for cell in np.flatnonzero(hidden.ravel()):
        bounds[cell] = _interval(int(cell), flat, hidden.ravel(), sums)
    return bounds.reshape(*shape, 2)


def _sums(shape: tuple[int, ...], row_totals: bool, column_totals: bool) -> NDArray[np.float64]:
    """One 0/1 row for each published total, over the flat cells."""
    cells = np.arange(shape[0] * shape[1]).reshape(shape)
    groups = ([*cells] if row_totals else []) + ([*cells.T] if column_totals else [])
    return np.array([np.isin(cells.ravel(), group) for group in groups], dtype=float)


def _interval(
    cell: int, flat: NDArray[np.float64], hidden: NDArray[np.bool_], sums: NDArray[np.float64]
) -> tuple[float, float]:
    free = np.flatnonzero(hidden)
    target = (free == cell).astype(float)
    rows = sums[:, free]
    found = [
        scipy.optimize.linprog(sign * target, A_eq=rows, b_eq=rows @ flat[free], bounds=(0, None)) for sign in (1, -1)
    ]
    low = float(found[0].fun) if found[0].status == 0 else 0.0
    return low, float(-found[1].fun) if found[1].status == 0 else float("inf")


def _exposed(
    flat: NDArray[np.float64], hidden: NDArray[np.bool_], sums: NDArray[np.float64], width: float
) -> list[int]:
    """Hidden cells that the totals narrow down to less than width."""
    exposed = []
    for cell in np.flatnonzero(hidden):
        low, high = _interval(int(cell), flat, hidden, sums)
        if high - low < width - 1e-6:
            exposed.append(int(cell))
    return exposed


def _fewest(
    flat: NDArray[np.float64],
    primary: NDArray[np.bool_],
    candidates: NDArray[np.bool_],
    sums: NDArray[np.float64],
    width: float,
) -> NDArray[np.bool_] | None:
    """Solve for the primary cells; while the audit finds a secondary cell exposed, protect that one too if hidden."""
    protected = [int(cell) for cell in np.flatnonzero(primary)]
    while True:
        hidden = _solve(flat, primary, candidates | primary, sums, width, protected)
        if hidden is None:
            return None
        exposed = [cell for cell in _exposed(flat, hidden, sums, width) if cell not in protected]
        if not exposed:
            return hidden
        protected += exposed


def _solve(
    flat: NDArray[np.float64],
    primary: NDArray[np.bool_],
    candidates: NDArray[np.bool_],
    sums: NDArray[np.float64],
    width: float,
    protected: list[int],
) -> NDArray[np.bool_] | None:
    """The integer programme. Variables: hide x (one per cell), then for each protected cell two other tables that the
    reader cannot tell from the true one, as deviations up and down; they differ by width at that cell if it is hidden.
    """
    cells, tables = flat.size, 2 * len(protected)
    size = cells * (1 + tables)
    reach = flat.sum() + width
    rows: list[NDArray[np.float64]] = []
    lows: list[float] = []
    highs: list[float] = []

    def constrain(row: NDArray[np.float64], low: float, high: float) -> None:
        rows.append(row)
        lows.append(low)
        highs.append(high)

    for number in range(tables):
        start = cells * (1 + number)
        for group in sums:
            row = np.zeros(size)
            row[start : start + cells] = group
            constrain(row, 0, 0)
        for cell in range(cells):
            up, down = np.zeros(size), np.zeros(size)
            up[start + cell], up[cell] = 1, -reach
            down[start + cell], down[cell] = 1, flat[cell]
            constrain(up, -np.inf, 0)
            constrain(down, 0, np.inf)
    for number, cell in enumerate(protected):
        row = np.zeros(size)
        row[cells * (1 + 2 * number) + cell] = 1
        row[cells * (2 + 2 * number) + cell] = -1
        row[cell] = -width
        constrain(row, 0, np.inf)
    lower, upper = np.full(size, -np.inf), np.full(size, np.inf)
    lower[:cells], upper[:cells] = primary, candidates
    # One cell more always costs more than all counts together, so fewest cells go first, then the least total.
    cost = np.concatenate([1 + flat / (flat.sum() + 1), np.zeros(size - cells)])
    found = scipy.optimize.milp(
        cost,
        integrality=(np.arange(size) < cells).astype(int),
        bounds=scipy.optimize.Bounds(lower, upper),
        constraints=scipy.optimize.LinearConstraint(scipy.sparse.csr_array(np.array(rows)), lows, highs),
        options={"time_limit": TIME_LIMIT_S, "mip_rel_gap": 0},
    )
    return None if found.x is None else np.asarray(found.x[:cells] > 0.5)


def _greedy(
    flat: NDArray[np.float64],
    primary: NDArray[np.bool_],
    candidates: NDArray[np.bool_],
    sums: NDArray[np.float64],
    width: float,
) -> NDArray[np.bool_] | None:
    """Hide, for each exposed cell, the smallest cell that shares a total with it, until the audit finds nothing."""
    hidden = primary.copy()
    while exposed := _exposed(flat, hidden, sums, width):
        added = False
        for cell in exposed:
            for group in sums[sums[:, cell] > 0] > 0:
                others = np.flatnonzero(group & candidates & ~hidden)
                if others.size:
                    hidden[others[np.argmin(flat[others])]] = True
                    added = True
        if not added:
            return None
    return hidden
