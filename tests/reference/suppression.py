"""Reference cases of the topic `suppression`: each statistic's name -> what computes its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from consult.analysis.disclosure.suppression import attack, suppress
from tests.reference.cases import Case


def _places(mask: NDArray[np.bool_]) -> list[list[int]]:
    """Cells [row, column] from 1, column by column as in R."""
    return [[int(row) + 1, int(column) + 1] for column, row in np.argwhere(mask.T)]


def _found(table: NDArray[np.int64], threshold: int, width: int) -> Mapping[str, object]:
    found = suppress(table, threshold, width=width)
    size, total = int(found.secondary.sum()), int(table[found.secondary].sum())
    example = found.secondary
    # Several choices may be equally good: the expected example is the first of them, column by column.
    free = list(np.argwhere((table.T > 0) & ~found.primary.T))
    for chosen in combinations(free, size):
        mask = np.zeros(table.shape, dtype=bool)
        for column, row in chosen:
            mask[row, column] = True
        if table[mask].sum() != total:
            continue
        bounds = attack(table, found.primary | mask)
        if ((bounds[..., 1] - bounds[..., 0])[found.primary | mask] >= width - 1e-6).all():
            example = mask
            break
    return {"min_secondary_cells": size, "min_total_count_at_that_number": total, "example": _places(example)}


def small_cells(case: Case) -> Mapping[str, object]:
    table, threshold = np.array(case.args["table"], dtype=np.int64), int(case.args["threshold"])
    return {
        "primary": _places(suppress(table, threshold).primary),
        "not_exactly_recoverable": _found(table, threshold, 1),
        "interval_width_at_least_threshold": _found(table, threshold, threshold),
    }


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "small-cell suppression, primary and complementary": small_cells
}
