"""Counts of coded answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How often each answer was given.

    counts   per code 0..k-1, in the order of the codes (never by size).
    n        valid answers, the sum of counts.
    missing  answers left out, by kind, in the order asked for.
    """

    counts: tuple[int, ...]
    n: int
    missing: Mapping[str, int]

    @property
    def total(self) -> int:
        """All rows, with the missing ones."""
        return self.n + sum(self.missing.values())

    @property
    def shares(self) -> tuple[float, ...] | None:
        """Shares of the valid answers, in [0, 1]; None if there are none."""
        return tuple(count / self.n for count in self.counts) if self.n else None

    @property
    def shares_of_all(self) -> tuple[float, ...] | None:
        """Shares of all rows, the missing ones in the base; None if there are no rows."""
        return tuple(count / self.total for count in self.counts) if self.total else None

    @property
    def cumulative(self) -> tuple[float, ...] | None:
        """Shares of valid answers up to and with each code; the last is 1."""
        return tuple(float(s) / self.n for s in np.cumsum(self.counts)) if self.n else None


def frequencies(
    codes: NDArray[np.integer], k: int, missing: Mapping[str, int], *, where: NDArray[np.bool_] | None = None
) -> Frequencies:
    """Count coded answers in one pass.

    codes    shape (n,), unsigned: 0..k-1 are answers, the codes in `missing` are kinds of no answer.
    k        number of possible answers; those nobody gave have a count of 0.
    missing  name of the kind -> its code, each >= k. Any other code is a caller's mistake (ValueError).
    where    shape (n,), rows to count; None counts all. Rows outside are in no count at all.

    Unweighted.
    """
    seen = np.bincount(codes if where is None else codes[where], minlength=k)
    counts = tuple(int(c) for c in seen[:k])
    kinds = {name: int(seen[code]) if code < seen.size else 0 for name, code in missing.items()}
    if int(seen.sum()) != sum(counts) + sum(kinds.values()):
        raise ValueError("there are codes that are neither an answer nor a kind of missing")
    return Frequencies(counts, sum(counts), kinds)
