"""One stage of a sample: its units, its strata, and the variance between units within strata."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

CENSUS = 1e-7
"""A stratum of which less than this is left unsampled was taken whole."""


def as_columns(x: ArrayLike) -> Floats:
    """Numbers of shape (n, p); one column if there is but one dimension."""
    columns = np.asarray(x, dtype=np.float64)
    return columns if columns.ndim == 2 else columns.reshape(columns.size, 1)


def sum_by(codes: Codes, k: int, z: Floats) -> Floats:
    """Sums of z, shape (n, p), by code 0..k-1: shape (k, p)."""
    return np.column_stack([np.bincount(codes, z[:, column], minlength=k) for column in range(z.shape[1])])


def dense(codes: Codes, *around: Codes | None) -> Codes:
    """Codes 0..m-1 for the distinct combinations of whole numbers, in their order."""
    found = _dense_one(codes)
    for other in around:
        if other is not None:
            found = _dense_one(_dense_one(other) * (int(found.max(initial=0)) + 1) + found)
    return found


def _dense_one(codes: Codes) -> Codes:
    """Codes 0..m-1 in the order of the values; without sorting rows where the values lie close together."""
    if not codes.size:
        return codes.astype(np.int64)
    lowest, highest = int(codes.min()), int(codes.max())
    if highest - lowest > 4 * codes.size + 1024:
        return np.unique(codes, return_inverse=True)[1].reshape(-1).astype(np.int64)
    shifted = codes.astype(np.int64) - lowest
    seen = np.zeros(highest - lowest + 1, dtype=np.bool_)
    seen[shifted] = True
    return shifted if seen.all() else (np.cumsum(seen) - 1)[shifted]


@dataclass(frozen=True, eq=False)
class Stage:
    """Units of one stage; those of a later stage lie within the strata that earlier units are.

    units     shape (n,): each row's unit, 0..U-1; None if every row is a unit of its own.
    stratum   shape (U,): each unit's stratum, 0..H-1; None if there is one.
    drawn     shape (H,): units per stratum.
    left      shape (U,) or scalar 1: the share of the unit's stratum that was not drawn, 1 - n/N.
    factor    shape (H,): sampled fraction of all stages before, 1 at the first.
    """

    n: int
    units: Codes | None
    stratum: Codes | None
    drawn: NDArray[np.int64]
    left: Floats | None
    factor: Floats | None = None

    @classmethod
    def build(cls, n: int, strata: Codes | None, ids: Codes | None, counts: Floats | None) -> Stage:
        """The first stage, from columns with one entry per row."""
        rows = None if strata is None else dense(strata)
        units = None if ids is None else dense(ids, rows)
        return cls._of(n, rows, units, counts)

    @classmethod
    def _of(cls, n: int, rows: Codes | None, units: Codes | None, counts: Floats | None) -> Stage:
        if units is not None and int(units.max(initial=-1)) + 1 == n:
            units = None  # Every row is a unit: rows serve as their own codes.
        stratum, population = rows, counts
        size = n
        if units is not None:
            size = int(units.max(initial=-1)) + 1
            first = np.empty(size, dtype=np.int64)
            first[units[::-1]] = np.arange(n - 1, -1, -1)
            stratum = None if rows is None else rows[first]
            population = None if counts is None else counts[first]
        drawn = np.array([size]) if stratum is None else np.bincount(stratum)
        left = None
        if population is not None:
            sizes = drawn[0] if stratum is None else drawn[stratum]
            if (population < sizes * (1 - 1e-9)).any():
                raise ValueError("a population count is smaller than the number of units drawn from it")
            left = np.where(
                np.isinf(population), 1.0, (population - sizes) / np.where(np.isinf(population), 1, population)
            )
        return cls(n, units, stratum, drawn, left)

    @property
    def size(self) -> int:
        """Units."""
        return int(self.drawn.sum())

    @cached_property
    def is_lonely(self) -> NDArray[np.bool_]:
        """Shape (H,): strata of one unit that is not the whole stratum."""
        alone = np.asarray(self.drawn == 1)
        if self.left is None or not alone.any():
            return alone
        rest = np.zeros(self.drawn.size)
        np.maximum.at(rest, self._strata, self.left)
        return np.asarray(alone & (rest > CENSUS))

    @property
    def lonely_count(self) -> int:
        return int(self.is_lonely.sum())

    @property
    def is_census(self) -> bool:
        return self.left is not None and bool((self.left <= CENSUS).all())

    @property
    def _strata(self) -> Codes:
        return np.zeros(self.size, dtype=np.int64) if self.stratum is None else self.stratum

    @property
    def strata_of_rows(self) -> Codes:
        """Shape (n,): each row's stratum, 0..H-1."""
        return self._strata if self.units is None else self._strata[self.units]

    def freedom(self, inside: NDArray[np.bool_]) -> int:
        """Units less strata, of rows inside."""
        if self.units is None:
            present = inside
        else:
            present = np.zeros(self.size, dtype=np.bool_)
            present[self.units[inside]] = True
        units = int(np.count_nonzero(present))
        if self.stratum is None:
            return units - min(units, 1)
        return units - int(np.count_nonzero(np.bincount(self.stratum[present], minlength=1)))

    def totals(self, z: Floats) -> Floats:
        """Sums of z, shape (n, p), by unit: shape (U, p)."""
        return z if self.units is None else sum_by(self.units, self.size, z)

    def variance(self, totals: Floats, lonely: str) -> Floats:
        """Covariance of the sum of totals, shape (U, p): within strata between units. Shape (p, p)."""
        if self.stratum is None:
            centred = totals - totals.mean(axis=0) if self.drawn[0] > 1 else totals
        else:
            means = sum_by(self.stratum, self.drawn.size, totals) / self.drawn[:, None]
            means[self.drawn == 1] = 0
            centred = totals - means[self.stratum]
        scale = self._scale(lonely)
        if scale.ndim == 0:
            return np.asarray(scale * (centred.T @ centred))
        return np.asarray(centred.T @ (centred * scale[:, None]))

    def variance_of_groups(self, z: Floats, groups: Codes, k: int, lonely: str) -> Floats:
        """The same for k columns of which each row has an entry in one alone (`groups`, -1 = in none)."""
        inside = groups >= 0
        if not inside.all():
            z, groups = z[inside], groups[inside]
        if self.units is not None:
            units = self.units if inside.all() else self.units[inside]
            cells = np.asarray(np.bincount(units * k + groups, z, self.size * k), np.float64).reshape(self.size, k)
            return self.variance(cells, lonely)
        strata = self.drawn.size
        rows = None if self.stratum is None else (self.stratum if inside.all() else self.stratum[inside])
        cell = groups if rows is None else rows * k + groups
        count = strata * k
        sums = np.bincount(cell, z, minlength=count)
        sizes = np.maximum(np.bincount(cell, minlength=count), 1)
        scale = self._scale(lonely)
        by_stratum = np.full(strata, float(scale)) if scale.ndim == 0 else self._per_stratum(scale)
        # Around each cell's own mean first: where a cell is a whole stratum nothing but that is left, and it is small.
        apart = z - (sums / sizes)[cell]
        within = np.bincount(cell, apart * apart, minlength=count).reshape(strata, k).T @ by_stratum
        sums, sizes = sums.reshape(strata, k), sizes.reshape(strata, k)
        several = np.where(self.drawn > 1, 1 / np.maximum(self.drawn, 1), 0.0)[:, None]
        between = (sums * sums * (1 / sizes - several)).T @ by_stratum
        crossing = sums * by_stratum[:, None] * several
        found = -(sums.T @ crossing)
        np.fill_diagonal(found, within + between)
        return np.asarray(found)

    def _per_stratum(self, scale: Floats) -> Floats:
        found = np.zeros(self.drawn.size)
        found[self._strata] = scale
        return found

    def _scale(self, lonely: str) -> Floats:
        """(1 - f) n/(n - 1) times the fraction sampled before, for each unit; one number if it is the same for all."""
        per_stratum = np.where(self.drawn > 1, self.drawn / np.maximum(self.drawn - 1, 1), 1.0)
        if self.factor is not None:
            per_stratum = per_stratum * self.factor
        if self.lonely_count:
            alone = self.is_lonely
            if lonely in ("certainty", "average"):
                per_stratum[alone] = 0
            if lonely == "average" and not alone.all():
                per_stratum[~alone] *= alone.size / (~alone).sum()
        if self.stratum is None:
            return np.asarray(per_stratum[0] if self.left is None else self._uniform(per_stratum[0] * self.left))
        scale = per_stratum[self.stratum]
        return scale if self.left is None else scale * self.left

    @staticmethod
    def _uniform(scale: Floats) -> Floats:
        same = scale.size > 0 and bool((scale == scale[0]).all())
        return np.asarray(scale[0]) if same else scale


def later_stage(before: Stage, strata: Codes | None, ids: Codes, counts: Floats) -> Stage:
    """The stage within the units of another: each of those is a stratum, or is parted into the given strata."""
    around = np.arange(before.n, dtype=np.int64) if before.units is None else before.units
    rows = around if strata is None else dense(strata, around)
    units = dense(ids, rows)
    stage = Stage._of(before.n, rows, units, counts)
    first = np.empty(stage.drawn.size, dtype=np.int64)
    first[rows[::-1]] = np.arange(before.n - 1, -1, -1)
    parents = around[first]
    left = np.ones(before.size) if before.left is None else before.left
    factor = 1 - left[parents]
    if before.factor is not None:
        factor = factor * before.factor[before._strata[parents]]
    return Stage(stage.n, stage.units, stage.stratum, stage.drawn, stage.left, factor)
