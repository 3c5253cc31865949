"""Distinct integers by sorting: since NumPy 2.3 `unique` hashes, which takes ten times as long for codes like ours."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Integers = TypeVar("Integers", bound=np.integer)


def distinct(values: NDArray[Integers]) -> NDArray[Integers]:
    """The values of a one-dimensional array, each once and in order."""
    ordered = np.sort(values)
    if len(ordered) == 0:
        return ordered
    is_new = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    return ordered[is_new]
