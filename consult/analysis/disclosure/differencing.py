"""What several published tables tell together: linked tables, filters that differ by few people, successive waves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Literal

import numpy as np
import scipy
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
Kind = Literal["group", "hidden", "difference"]
SLACK = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """A published table of some of the people, or one that is about to be.

    axes    axes of the common table that span its cells, in order; the others are summed over. () is a single count.
    where   shape of the common table: which of its groups are counted, the release's filter; None: all.
    hidden  shape of the release's cells: those not shown; None: all are shown.
    totals  whether its totals are shown: over each of the axes, and over all.
    """

    axes: tuple[int, ...]
    where: Mask | None = None
    hidden: Mask | None = None
    totals: bool = True


@dataclass(frozen=True, slots=True)
class Exposed:
    """People about whom the releases tell too much.

    kind   "group": a group of the common table; "hidden": a cell that a release hides; "difference": those whom one
           release counts and another does not.
    place  group: its index. hidden: (release, *cell). difference: (release, other release, *cell of their common axes),
           without a cell for all whom only the first counts.
    count  how many they are.
    low, high  what a reader can narrow the count down to.
    """

    kind: Kind
    place: tuple[int, ...]
    count: int
    low: float
    high: float


def differencing(counts: NDArray[np.integer], releases: Sequence[Release], threshold: int) -> tuple[Exposed, ...]:
    """Find what a reader of all releases together can compute about fewer than `threshold` people.

    counts     the common table, any number of axes: everybody by all variables and filters that any release uses. A
               filter is an axis (in it, not in it), a wave is an axis, too.
    releases   all that is known to the reader: earlier publications as well as the new one.
    threshold  k: groups of 1..k-1 people must be left an interval at least k wide; cells hidden, whatever their count.

    The differencing attack as one linear system: counts that are not negative and give all published figures. Bounds by
    linear programming, for each small group of the common table, each hidden cell, and each small difference between
    two releases over their common axes. Not for weighted or rounded figures (see `cellkey`), nor for groups finer than
    the common table.
    """
    table = np.asarray(counts, dtype=np.int64)
    if (table < 0).any():
        raise ValueError("a count is negative")
    known = _Known(table, releases)
    found = []
    seen: set[bytes] = set()
    for kind, place, members in _targets(table, releases, threshold):
        key = members.tobytes()
        if key in seen:
            continue
        seen.add(key)
        low, high = known.interval(members)
        if high - low < threshold - SLACK:
            found.append(Exposed(kind, place, int(table[members].sum()), low, high))
    return tuple(found)


def safe_release(
    counts: NDArray[np.integer], published: Sequence[Release], new: Release, threshold: int
) -> Release | None:
    """Hide more cells of a new release until it tells nothing beyond what the published ones tell already.

    Cells are hidden one by one, the smallest that takes part in an exposure first, then the totals. None: it cannot be
    published next to the others at all. Arguments as in `differencing`.
    """
    before = {(one.kind, one.place) for one in differencing(counts, published, threshold)}
    while True:
        exposed = [
            one for one in differencing(counts, [*published, new], threshold) if (one.kind, one.place) not in before
        ]
        if not exposed:
            return new
        weaker = _weaker(counts, [*published, new], exposed[0])
        if weaker is None:
            return None
        new = weaker


def _weaker(counts: NDArray[np.integer], releases: Sequence[Release], exposed: Exposed) -> Release | None:
    new = releases[-1]
    target = _members(counts.shape, releases, exposed)
    hidden = np.zeros(_size(counts.shape, new), dtype=bool) if new.hidden is None else new.hidden.copy()
    # A difference is of people whom the release does not count; it takes part through the same cells all the same.
    shown = [
        (int(counts[members].sum()), cell)
        for (cell, members), (_, whole) in zip(
            _cells(counts.shape, new), _cells(counts.shape, replace(new, where=None)), strict=True
        )
        if not hidden[cell] and (whole & target).any() and counts[members].sum() > 0
    ]
    if shown:
        hidden[min(shown)[1]] = True
        return replace(new, hidden=hidden)
    return replace(new, hidden=hidden, totals=False) if new.totals else None


class _Known:
    """The published figures as a linear system over the groups of the common table."""

    def __init__(self, table: NDArray[np.int64], releases: Sequence[Release]) -> None:
        rows = [members.ravel() for release in releases for members in _shown(table.shape, release)]
        unique = np.unique(np.array(rows, dtype=bool).reshape(len(rows), table.size), axis=0)
        self.sums = scipy.sparse.csr_array(unique.astype(np.float64))
        self.values = self.sums @ table.ravel().astype(np.float64)

    def interval(self, members: Mask) -> tuple[float, float]:
        target = members.ravel().astype(np.float64)
        if not self.values.size:
            return 0.0, np.inf
        ends = [
            scipy.optimize.linprog(sign * target, A_eq=self.sums, b_eq=self.values, bounds=(0, None), method="highs")
            for sign in (1, -1)
        ]
        low = float(ends[0].fun) if ends[0].status == 0 else 0.0
        return low, float(-ends[1].fun) if ends[1].status == 0 else np.inf


def _targets(
    table: NDArray[np.int64], releases: Sequence[Release], threshold: int
) -> Iterator[tuple[Kind, tuple[int, ...], Mask]]:
    """Whom to look at: those who are few, and hidden cells. The first name of the same people counts."""
    for number, release in enumerate(releases):
        for cell, members in _cells(table.shape, release):
            if release.hidden is not None and release.hidden[cell]:
                yield "hidden", (number, *cell), members
    for (i, first), (j, second) in product(enumerate(releases), repeat=2):
        if i == j:
            continue
        apart = _where(table.shape, first) & ~_where(table.shape, second)
        common = tuple(axis for axis in first.axes if axis in second.axes)
        for axes in dict.fromkeys((common, ())):
            for cell, members in _cells(table.shape, Release(axes, apart)) if apart.any() else ():
                if 0 < table[members].sum() < threshold:
                    yield "difference", (i, j, *cell), members
    for index in np.argwhere((table > 0) & (table < threshold)):
        members = np.zeros(table.shape, dtype=bool)
        members[tuple(index)] = True
        yield "group", tuple(int(i) for i in index), members


def _members(shape: tuple[int, ...], releases: Sequence[Release], exposed: Exposed) -> Mask:
    members = np.zeros(shape, dtype=bool)
    if exposed.kind == "group":
        members[exposed.place] = True
        return members
    if exposed.kind == "hidden":
        return dict(_cells(shape, releases[exposed.place[0]]))[exposed.place[1:]]
    first, second = (releases[place] for place in exposed.place[:2])
    cell = exposed.place[2:]
    common = tuple(axis for axis in first.axes if axis in second.axes) if cell else ()
    apart = Release(common, _where(shape, first) & ~_where(shape, second))
    return dict(_cells(shape, apart))[cell]


def _where(shape: tuple[int, ...], release: Release) -> Mask:
    return np.ones(shape, dtype=bool) if release.where is None else release.where


def _size(shape: tuple[int, ...], release: Release) -> tuple[int, ...]:
    return tuple(shape[axis] for axis in release.axes)


def _cells(shape: tuple[int, ...], release: Release) -> Iterator[tuple[tuple[int, ...], Mask]]:
    """Each cell of a release with the groups of the common table in it."""
    where = _where(shape, release)
    for cell in product(*(range(size) for size in _size(shape, release))):
        yield cell, _sliced(where, release.axes, cell)


def _sliced(where: Mask, axes: Sequence[int], cell: Sequence[int]) -> Mask:
    place: list[slice | int] = [slice(None)] * where.ndim
    for axis, code in zip(axes, cell, strict=True):
        place[axis] = slice(code, code + 1)
    members = np.zeros(where.shape, dtype=bool)
    members[tuple(place)] = where[tuple(place)]
    return members


def _shown(shape: tuple[int, ...], release: Release) -> Iterator[Mask]:
    """The groups in each published figure of a release: its cells that are not hidden, and its totals."""
    for cell, members in _cells(shape, release):
        if release.hidden is None or not release.hidden[cell]:
            yield members
    if release.totals:
        where = _where(shape, release)
        for length in range(len(release.axes)):
            for axes in combinations(release.axes, length):
                for cell in product(*(range(shape[axis]) for axis in axes)):
                    yield _sliced(where, axes, cell)
