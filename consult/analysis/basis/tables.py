"""Weighted tables: what every categorical statistic needs of the answers, counted in one pass over their codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

BLOCK = 65_536
"""Rows taken at a time: their codes, weights and bins stay in the processor's cache."""
TOLERANCE = 1e-9

Codes: TypeAlias = NDArray[np.unsignedinteger]
Name: TypeAlias = str
Number = TypeVar("Number", np.int64, np.float64)


@dataclass(frozen=True, slots=True)
class Axis:
    """A column's codes: 0..points-1 are answers; every code from points on is a kind of no answer."""

    points: int

    def __post_init__(self) -> None:
        if self.points < 1:
            raise ValueError("a column has at least one possible answer")


@dataclass(frozen=True, slots=True)
class Asked:
    """A table to fill: a row variable, and a column variable unless it is one-way."""

    row: Name
    column: Name | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Sums per (stratum, row, column), each of shape (strata, rows + 1, columns + 1); one-way tables have one column.

    n        rows counted: those with a weight above 0.
    weight   sum of their weights.
    squares  sum of their squared weights.

    The last row and the last column hold those without an answer (a one-way table's only second column is empty).
    The properties leave them out.
    """

    n: NDArray[np.int64]
    weight: NDArray[np.float64]
    squares: NDArray[np.float64]

    @property
    def counts(self) -> NDArray[np.int64]:
        """(rows, columns) numbers of people, over all strata."""
        return np.asarray(self.n[:, :-1, :-1].sum(axis=0))

    @property
    def weights(self) -> NDArray[np.float64]:
        """(rows, columns) sums of weights, over all strata."""
        return np.asarray(self.weight[:, :-1, :-1].sum(axis=0))

    @property
    def weights_squared(self) -> NDArray[np.float64]:
        """(rows, columns) sums of squared weights, over all strata."""
        return np.asarray(self.squares[:, :-1, :-1].sum(axis=0))

    def __add__(self, other: Table) -> Table:
        """The table of both sets of people."""
        return Table(self.n + other.n, self.weight + other.weight, self.squares + other.squares)

    def rows(self) -> Table:
        """The one-way table of the row variable, whoever answered the column's question or not."""
        n, weight, squares = self.n.sum(axis=2), self.weight.sum(axis=2), self.squares.sum(axis=2)
        return Table(_one_way(n), _one_way(weight), _one_way(squares))

    def columns(self) -> Table:
        """The one-way table of the column variable."""
        return self.transposed().rows()

    def transposed(self) -> Table:
        turn = (0, 2, 1)
        return Table(self.n.transpose(turn), self.weight.transpose(turn), self.squares.transpose(turn))


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """What is known of the same n rows."""

    columns: Mapping[Name, Codes]
    weights: NDArray[np.float64] | None
    where: NDArray[np.bool_] | None
    strata: NDArray[np.integer] | None
    clusters: NDArray[np.integer] | None

    @property
    def n(self) -> int:
        return next((one.size for one in self._given()), 0)

    def _given(self) -> Iterator[NDArray[np.generic]]:
        yield from self.columns.values()
        yield from (one for one in (self.weights, self.where, self.strata, self.clusters) if one is not None)

    def check(self) -> None:
        shapes = {one.shape for one in self._given()}
        if len(shapes) > 1 or any(len(shape) != 1 for shape in shapes):
            raise ValueError(f"columns, weights, filter, strata and clusters have the shapes {shapes}, not one")
        for name, codes in self.columns.items():
            if codes.dtype.kind != "u":
                raise ValueError(f"the codes of {name!r} are {codes.dtype}, not unsigned")
        if self.weights is not None and self.weights.dtype != np.float64:
            raise ValueError(f"weights are {self.weights.dtype}, but their sums need float64")

    def taken(self, which: slice | NDArray[np.intp]) -> _Rows:
        return _Rows(
            {name: codes[which] for name, codes in self.columns.items()},
            None if self.weights is None else self.weights[which],
            None if self.where is None else self.where[which],
            None if self.strata is None else self.strata[which],
            None if self.clusters is None else self.clusters[which],
        )

    def counted(self) -> _Rows:
        """Without the rows that a filter or a weight of 0 leaves out."""
        where = self.where
        if self.weights is not None and self.weights.size:
            low, high = float(self.weights.min()), float(self.weights.max())
            if not (low >= 0 and np.isfinite(high)):
                raise ValueError("a weight is negative or missing")
            if low == 0:
                where = self.weights > 0 if where is None else where & (self.weights > 0)
        return self if where is None or where.all() else self.taken(np.flatnonzero(where))


class Tally:
    """Counts any number of tables at once, block by block; segments of a store are added one after another.

    axes      name -> its Axis, for every column that a table names.
    asked     the tables.
    strata    number of strata; the codes go to `add`.
    clusters  number of clusters, for tables of sums per cluster as well; 0 for none.

    A one-way table of a variable that stands in a two-way table too is that table's margin, so it costs nothing. Sums
    are float64: within a block in the order of the rows, then block by block. `tables` checks that every table accounts
    for all weight, to 1e-9.
    """

    def __init__(
        self, axes: Mapping[Name, Axis], asked: Iterable[Asked], *, strata: int = 1, clusters: int = 0
    ) -> None:
        self._axes = dict(axes)
        self._asked = list(dict.fromkeys(asked))
        crossed = [table for table in self._asked if table.column is not None]
        # name -> a two-way table that has it as a margin; later ones win, which does not matter
        margins = {name: table for table in crossed for name in (table.row, table.column)}
        self._counted = [*crossed, *(one for one in self._asked if one.column is None and one.row not in margins)]
        self._margin_of = {one: margins[one.row] for one in self._asked if one not in self._counted}
        self._strata = strata
        self._clusters = clusters
        self._parts: dict[Asked, list[NDArray[np.float64]]] = {}
        self._by_cluster: dict[Asked, NDArray[np.float64]] = {}
        for table in self._counted:
            cells = int(np.prod(self._shape(table)))
            self._parts[table] = [np.zeros(cells) for _ in range(3)]
            if clusters:
                self._by_cluster[table] = np.zeros(clusters * (cells // strata))
        self._total = 0.0

    def add(
        self,
        columns: Mapping[Name, Codes],
        *,
        weights: NDArray[np.float64] | None = None,
        where: NDArray[np.bool_] | None = None,
        strata: NDArray[np.integer] | None = None,
        clusters: NDArray[np.integer] | None = None,
    ) -> None:
        """Count rows.

        columns   name -> (n,) unsigned codes, memory-mapped or not; at least those that a table names.
        weights   (n,) float64, >= 0; None weighs each row 1. A row of weight 0 is not counted at all.
        where     (n,) rows to count; None counts all.
        strata    (n,) codes 0..strata-1; needed if there are several.
        clusters  (n,) codes 0..clusters-1; needed if clusters are asked for.
        """
        used = {name for table in self._counted for name in (table.row, table.column) if name is not None}
        rows = _Rows({name: columns[name] for name in used}, weights, where, strata, clusters)
        rows.check()
        if (strata is None and self._strata > 1) or (clusters is None and self._clusters):
            raise ValueError("several strata or clusters were announced, but their codes are missing")
        step = max(BLOCK, 4 * max((sums.size for sums in self._by_cluster.values()), default=0))
        for start in range(0, rows.n, step):
            self._block(rows.taken(slice(start, start + step)).counted())

    def tables(self) -> dict[Asked, Table]:
        """The tables so far. Raises ArithmeticError if a sum of weights went astray."""
        found = {}
        for asked, parts in self._parts.items():
            n, weight, squares = (part.reshape(self._shape(asked)).copy() for part in parts)
            if abs(float(weight.sum()) - self._total) > TOLERANCE * max(1.0, self._total):
                raise ArithmeticError(f"the weights of {asked} do not add up to those of all rows")
            found[asked] = Table(np.rint(n).astype(np.int64), weight, squares)
        for asked, source in self._margin_of.items():
            found[asked] = found[source].rows() if source.row == asked.row else found[source].columns()
        return {asked: found[asked] for asked in self._asked}

    def cluster_tables(self) -> dict[Asked, NDArray[np.float64]]:
        """Per table the sums of weights, shape (clusters, rows + 1, columns + 1); no margins of other tables."""
        return {
            asked: sums.reshape(self._clusters, *self._shape(asked)[1:]).copy()
            for asked, sums in self._by_cluster.items()
        }

    def _shape(self, asked: Asked) -> tuple[int, int, int]:
        columns = 1 if asked.column is None else self._axes[asked.column].points
        return self._strata, self._axes[asked.row].points + 1, columns + 1

    def _block(self, rows: _Rows) -> None:
        w = rows.weights
        squares = None if w is None else w * w
        stratum = None if rows.strata is None or self._strata == 1 else rows.strata.astype(np.intp)
        cluster = None if rows.clusters is None or not self._clusters else rows.clusters.astype(np.intp)
        # Every kind of no answer becomes the last code.
        codes = {name: _folded(block, self._axes[name].points) for name, block in rows.columns.items()}
        for asked in self._counted:
            _, down, across = self._shape(asked)
            place = codes[asked.row].astype(np.intp)
            place *= across
            if asked.column is not None:
                place += codes[asked.column]
            if cluster is not None:
                sums = self._by_cluster[asked]
                sums += np.bincount(cluster * (down * across) + place, w, minlength=sums.size)
            if stratum is not None:
                place += stratum * (down * across)
            parts = self._parts[asked]
            for part, by in zip(parts, (None, w, squares), strict=True):
                part += np.bincount(place, by, minlength=part.size)
        self._total += float(rows.n) if w is None else float(w.sum())


def tabulate(
    columns: Mapping[Name, tuple[Codes, int]],
    asked: Sequence[Asked],
    *,
    weights: NDArray[np.float64] | None = None,
    where: NDArray[np.bool_] | None = None,
    strata: NDArray[np.integer] | None = None,
) -> dict[Asked, Table]:
    """Count tables of one set of columns: name -> (codes, points). The rest as in `Tally`."""
    axes = {name: Axis(points) for name, (_, points) in columns.items()}
    count = 1 if strata is None or not strata.size else int(strata.max()) + 1
    tally = Tally(axes, asked, strata=count)
    tally.add({name: codes for name, (codes, _) in columns.items()}, weights=weights, where=where, strata=strata)
    return tally.tables()


def cross(
    row: NDArray[np.integer], column: NDArray[np.integer], shape: tuple[int, int], weights: NDArray[np.float64]
) -> Table:
    """One two-way table of codes of any integer type; codes outside 0..points-1, negative ones too, are no answers."""

    def folded(codes: NDArray[np.integer], points: int) -> Codes:
        return np.where((codes < 0) | (codes >= points), points, codes).astype(np.uint32)

    asked = Asked("row", "column")
    columns = {"row": (folded(row, shape[0]), shape[0]), "column": (folded(column, shape[1]), shape[1])}
    return tabulate(columns, [asked], weights=weights)[asked]


def _folded(codes: Codes, points: int) -> Codes:
    return codes if points > np.iinfo(codes.dtype).max else np.minimum(codes, codes.dtype.type(points))


def _one_way(part: NDArray[Number]) -> NDArray[Number]:
    return np.stack([part, np.zeros_like(part)], axis=-1)
