"""Agreement of coders: whether two or more people who sort open answers sort them alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from consult.analysis.basis.moments import Array
from consult.analysis.estimate import Reason

Level = Literal["nominal", "ordinal", "interval"]


@dataclass(frozen=True, slots=True)
class CoderAgreement:
    """alpha: 1 = coders agree always, 0 = as if by chance, below 0 = they contradict each other; 0.8 is good, below
    0.667 not to be relied on (Krippendorff). units: those with two codes and more, codes: in these."""

    alpha: float | None
    units: int
    codes: int
    reason: Reason | None = None


def krippendorff_alpha(codes: ArrayLike, level: Level = "nominal") -> CoderAgreement:
    """Krippendorff's alpha: 1 - observed / expected disagreement.

    codes  shape (coders, units); NaN where a coder did not code the unit. Units with fewer than two codes say nothing.
    level  "nominal": categories without order; "ordinal": ranks, distances by how many codes lie between; "interval":
           numbers.

    Krippendorff, Content Analysis (2004), chapter 11. All codes alike: NO_SPREAD (nothing to disagree about). No
    interval. Several codes per unit (multiple answers) are taken one by one, as a yes/no of each code.
    """
    table = np.asarray(codes, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError("codes are a table of coders and units")
    table = table[:, (~np.isnan(table)).sum(axis=0) > 1]
    units = table.shape[1]
    if not units:
        return CoderAgreement(None, 0, 0, Reason.NO_ANSWERS)
    values, place = np.unique(table, return_inverse=True, equal_nan=True)
    k = len(values) - int(np.isnan(values[-1]))
    place = place.reshape(table.shape)
    # How often each value was given to each unit.
    counts = np.stack([(place == value).sum(axis=0) for value in range(k)], axis=1).astype(np.float64)
    per_unit, per_value = counts.sum(axis=1), counts.sum(axis=0)
    total = float(per_value.sum())
    pairs = (counts / (per_unit - 1)[:, None]).T @ counts - np.diag((counts / (per_unit - 1)[:, None]).sum(axis=0))
    distance = _distances(values[:k], per_value, level)
    expected = float((np.outer(per_value, per_value) * distance).sum()) / (total - 1)
    if expected == 0:
        return CoderAgreement(None, units, int(total), Reason.NO_SPREAD)
    return CoderAgreement(1 - float((pairs * distance).sum()) / expected, units, int(total))


def _distances(values: Array, times: Array, level: Level) -> Array:
    """(k, k): squared distances of the values."""
    if level == "nominal":
        return 1 - np.eye(len(values))
    if level == "interval":
        return np.asarray((values[:, None] - values) ** 2)
    # Between two ranks lie all codes of the ranks between, and half of those of each.
    middle = np.cumsum(times) - times / 2
    return np.asarray((middle[:, None] - middle) ** 2)
