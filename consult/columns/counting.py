"""Weighted tables straight from the files, segment by segment and block by block: memory does not grow with answers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from consult.analysis.basis.tables import Asked, Axis, Table, Tally
from consult.columns.column import Coded
from consult.columns.joining import moved, spec_of
from consult.columns.layout import Array
from consult.columns.reading import FACTS, Columns


def tables(
    columns: Columns,
    asked: Iterable[Asked],
    *,
    weights: NDArray[np.float64] | None = None,
    where: NDArray[np.bool_] | None = None,
) -> dict[Asked, Table]:
    """Count any number of one-way and two-way tables of coded variables in one pass. Raises KeyError for others.

    asked    variables by their keys; the order of a table's cells is that of their points
    weights  (n,), >= 0, in the order of the columns' rows; None weighs each 1
    where    (n,) rows that count; None counts all
    """
    wanted = list(asked)
    keys = {key for one in wanted for key in (one.row, one.column) if key is not None}
    read = {key: _Codes(columns, key) for key in keys}
    tally = Tally({key: Axis(max(1, one.points)) for key, one in read.items()}, wanted)
    start = row = 0
    for number, segment in enumerate(columns.segments):
        stop = start + segment.n
        kept = None if columns.where is None else np.flatnonzero(columns.where[start:stop])
        n = segment.n if kept is None else len(kept)
        own = slice(row, row + n)
        tally.add(
            {key: one.of(number, own, kept) for key, one in read.items()},
            weights=None if weights is None else weights[own],
            where=None if where is None else where[own],
        )
        start, row = stop, row + n
    return tally.tables()


class _Codes:
    """One variable's codes by segment; those that depend on all answers (links, computed values) are made whole."""

    def __init__(self, columns: Columns, key: str) -> None:
        kind, points = columns.found[key]
        if kind != "coded":
            raise KeyError(key)
        self.points = len(points)
        spec = columns.specs.get(key)
        self.whole: Array | None = None
        if spec is None or not (spec.form == "coded" or (spec.form == "listed" and key in FACTS)):
            column = columns.column(key)
            assert isinstance(column, Coded)  # noqa: S101 - its kind says so
            self.whole = column.codes
            return
        self.held = [segment.held.get(key) for segment in columns.segments]
        self.sizes = [segment.n for segment in columns.segments]
        self.spec = spec_of(spec, self.held)

    def of(self, number: int, own: slice, kept: Array | None) -> Array:
        """A segment's codes: `own` are its places among all rows that count, `kept` those within the segment."""
        if self.whole is not None:
            return self.whole[own]
        codes = moved(self.held[number], self.spec, self.sizes[number])[0]
        return codes if kept is None else codes[kept]
