"""Cell keys: published counts with noise that protects single people, the same noise for the same people each time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consult.analysis.basis.tables import Table

Base = Literal[3, 5]
MODULUS = 15 * 2**16
"""Record keys are 1..MODULUS. A multiple of both bases, so that each noise is drawn with exactly its share."""


@dataclass(frozen=True, slots=True)
class Noise:
    """A line of the published lookup table.

    residue            of the true count by the base.
    from_key, to_key   cell keys for which it holds, both ends included, 0..MODULUS - 1.
    change             what is added to the count: to the next multiple of the base below or above.
    """

    residue: int
    from_key: int
    to_key: int
    change: int


def lookup_table(base: Base = 5) -> tuple[Noise, ...]:
    """The table from which all noise is read. Its mean is 0 for each residue; it may and should be published."""
    lines = []
    for residue in range(base):
        up = MODULUS // base * residue
        if residue:
            lines.append(Noise(residue, 0, up - 1, base - residue))
        lines.append(Noise(residue, up, MODULUS - 1, -residue))
    return tuple(lines)


def record_keys(ids: Iterable[bytes], secret: bytes) -> NDArray[np.float64]:
    """Each record's key, shape (n,), whole numbers 1..MODULUS, ready to be the weights of a `Tally`.

    ids     what identifies each response and never changes.
    secret  at least 16 bytes that are never published and stay the same as long as the data are published: whoever
            knows them can take the noise away.
    """
    if len(secret) < 16:
        raise ValueError("the secret needs at least 16 bytes")
    keyed = hashlib.blake2b(key=secret[:64], digest_size=8)

    def one(record: bytes) -> int:
        found = keyed.copy()
        found.update(record)
        return int.from_bytes(found.digest(), "big") % MODULUS + 1

    return np.array([one(record) for record in ids], dtype=np.float64)


def rounded(counts: ArrayLike, key_sums: ArrayLike, base: Base = 5) -> NDArray[np.int64]:
    """Counts rounded at random to multiples of the base, each by its cell's key.

    counts    any shape, people per cell, >= 0.
    key_sums  same shape, sum of the record keys of the people in the cell.

    Cell keys: Fraser & Wooten, A proposed method for confidentialising tabular output to protect against differencing,
    UNECE work session on statistical data confidentiality, 2005. The cell key is the sum modulo MODULUS; the noise,
    read from `lookup_table`, has mean 0 and stays below the base. The same people in a cell of another table, or of
    the same table a second time, get the same noise, so it cannot be averaged away. Zeros stay zero. Rounded cells do
    not add up to rounded totals: publish the totals, rounded by their own keys, beside them.
    """
    n = np.asarray(counts, dtype=np.int64)
    keys = np.asarray(np.rint(np.asarray(key_sums, dtype=np.float64)), dtype=np.int64) % MODULUS
    if n.shape != keys.shape or (n < 0).any():
        raise ValueError("counts are not negative, and each has a sum of keys")
    residue = n % base
    change = np.where(keys < MODULUS // base * residue, base - residue, -residue)
    return n + np.where(residue == 0, 0, change)


@dataclass(frozen=True, slots=True, eq=False)
class RoundedTable:
    """A cross-table for publication: cells (r, c), totals of rows (r,), of columns (c,), of all; rounded one by one."""

    cells: NDArray[np.int64]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    all: int
    base: Base

    def shares(self, of: Literal["row", "column", "total"]) -> NDArray[np.float64]:
        """(r, c) shares computed from the rounded figures, at most 1; NaN-free: 0 where the rounded base is 0."""
        base = {"row": self.rows[:, None], "column": self.columns[None, :], "total": np.array(self.all)}[of]
        whole = np.broadcast_to(base, self.cells.shape)
        found = np.divide(self.cells, whole, out=np.zeros(self.cells.shape), where=whole > 0)
        return np.asarray(np.minimum(1.0, found))


def rounded_table(table: Table, base: Base = 5) -> RoundedTable:
    """Round a table that was counted with the record keys as weights (see `record_keys`)."""
    n, keys = table.counts, table.weights
    return RoundedTable(
        rounded(n, keys, base),
        rounded(n.sum(axis=1), keys.sum(axis=1), base),
        rounded(n.sum(axis=0), keys.sum(axis=0), base),
        int(rounded(n.sum(), keys.sum(), base)),
        base,
    )
