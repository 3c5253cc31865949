"""What published sums tell about hidden cells, and which further cells to hide so that they tell too little.

The tables are flat here: cells, and published sums of them as rows of zeros and ones, so that several linked tables are
one system like any other.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
SLACK = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """cells: shape (n,), the true counts. sums: shape (m, n), 0/1: each published sum, exact, as the cells in it."""

    cells: Floats
    sums: Floats

    def interval(self, cell: int, hidden: Mask) -> tuple[float, float]:
        """The least and the greatest count that the published figures leave possible; infinity where nothing limits."""
        return self._end(cell, hidden, 1)[0], self._end(cell, hidden, -1)[0]

    def _end(self, cell: int, hidden: Mask, sign: int) -> tuple[float, Floats | None, Floats | None]:
        """The bound, a possible table that reaches it, and the reduced costs of all cells."""
        free = np.flatnonzero(hidden)
        target = sign * (free == cell).astype(float)
        rows = self.sums[:, free]
        used = rows.any(axis=1)
        if not used.any():
            return (0.0 if sign > 0 else np.inf), None, None
        found = scipy.optimize.linprog(
            target, A_eq=rows[used], b_eq=rows[used] @ self.cells[free], bounds=(0, None), method="highs"
        )
        if found.status != 0:
            return (0.0 if sign > 0 else np.inf), None, None
        table = self.cells.copy()
        table[free] = found.x
        duals = np.zeros(len(self.sums))
        duals[used] = found.eqlin.marginals
        costs = sign * (np.arange(self.cells.size) == cell).astype(float) - self.sums.T @ duals
        return sign * float(found.fun), table, costs

    def exposed(self, hidden: Mask, width: float, *, most: int | None = None) -> list[tuple[int, Floats]]:
        """Hidden cells that can be narrowed down to less than width, each with what has to change.

        What has to change: a of shape (n,), such that the sum of a over the cells that are hidden must be at least the
        width if this cell is to be protected (a cut in the sense of Fischetti & Salazar). most: stop after so many.
        """
        found = []
        low, high = self.cells.copy(), self.cells.copy()
        for cell in np.flatnonzero(hidden):
            if high[cell] - low[cell] >= width - SLACK:
                continue
            cut = np.zeros(self.cells.size)
            for sign in (1, -1):
                end, table, costs = self._end(int(cell), hidden, sign)
                if table is None or costs is None:
                    low[cell], high[cell] = (end, high[cell]) if sign > 0 else (low[cell], end)
                    continue
                # One possible table shows at once how far every other cell can be off.
                np.minimum(low, table, out=low)
                np.maximum(high, table, out=high)
                cut += np.where(costs < -1e-9, width, self.cells * np.maximum(costs, 0))
            if high[cell] - low[cell] < width - SLACK:
                found.append((int(cell), np.minimum(cut, width)))
                if len(found) == most:
                    break
        return found


@dataclass(slots=True)
class _Cuts:
    rows: list[Floats] = field(default_factory=list)

    def add(self, cell: int, coefficients: Floats, need: float, *, always: bool) -> None:
        """coefficients x >= need, if the cell is hidden."""
        row = coefficients.copy()
        if not always:
            row[cell] -= need
        self.rows.append(np.append(row, need if always else 0.0))


def fewest(system: System, primary: Mask, candidates: Mask, width: float, *, seconds: float) -> Mask | None:
    """The fewest cells to hide besides, and among equally many those of the least count; None if no choice protects.

    An integer programme over the cells alone, made stricter by one cut for each exposed cell until the audit finds none
    (Fischetti & Salazar, J Am Stat Assoc 95, 2000). After `seconds` a greedy choice takes its place.
    """
    deadline = time.monotonic() + seconds
    cuts = _Cuts()
    for first in (int(cell) for cell in np.flatnonzero(primary)):
        for group in system.sums[system.sums[:, first] > 0]:
            # A cell that changes needs another in each of its sums; it can fall to 0 and no further.
            others = group * (np.arange(group.size) != first)
            cuts.add(first, others, 1.0, always=True)
            if width > system.cells[first]:
                cuts.add(first, others * system.cells, width - float(system.cells[first]), always=True)
    cost = 1 + system.cells / (system.cells.sum() + 1)
    while time.monotonic() < deadline:
        hidden = _solved(cost, cuts, primary, candidates | primary, deadline - time.monotonic())
        if hidden is None:
            return None
        exposed = system.exposed(hidden, width)
        if not exposed:
            return hidden
        for cell, cut in exposed:
            cuts.add(cell, cut, width, always=bool(primary[cell]))
    return greedy(system, primary, candidates, width)


def _solved(cost: Floats, cuts: _Cuts, primary: Mask, allowed: Mask, seconds: float) -> Mask | None:
    rows = np.array(cuts.rows)
    found = scipy.optimize.milp(
        cost,
        integrality=np.ones(cost.size),
        bounds=scipy.optimize.Bounds(primary.astype(float), allowed.astype(float)),
        constraints=scipy.optimize.LinearConstraint(scipy.sparse.csr_array(rows[:, :-1]), rows[:, -1] - SLACK, np.inf)
        if len(rows)
        else None,
        options={"mip_rel_gap": 0, "time_limit": max(0.1, seconds)},
    )
    return None if found.x is None else np.asarray(found.x > 0.5)


def greedy(system: System, primary: Mask, candidates: Mask, width: float, *, seconds: float = 2.0) -> Mask | None:
    """Hide, for each exposed cell, the smallest cell of each sum that it is in, until the audit finds nothing; then,
    for so many seconds, show again what can be shown, largest first. None if no choice protects."""
    hidden = primary.copy()
    while exposed := system.exposed(hidden, width):
        before = int(hidden.sum())
        for cell, _ in exposed:
            for group in system.sums[system.sums[:, cell] > 0] > 0:
                others = np.flatnonzero(group & candidates & ~hidden)
                if others.size:
                    hidden[others[np.argmin(system.cells[others])]] = True
        if int(hidden.sum()) == before:
            return None
    deadline = time.monotonic() + seconds
    added = np.flatnonzero(hidden & ~primary)
    for cell in added[np.argsort(-system.cells[added], kind="stable")]:
        if time.monotonic() > deadline:
            break
        hidden[cell] = False
        hidden[cell] = bool(system.exposed(hidden, width, most=1))
    return hidden
