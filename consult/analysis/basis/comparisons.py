"""Many comparisons at once: p-values adjusted for their number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Correction = Literal["holm", "bonferroni", "benjamini-hochberg", "none"]


def adjusted(p: Sequence[float | None], correction: Correction = "holm") -> tuple[float | None, ...]:
    """Adjust the p-values of one family of tests, as R's `p.adjust`.

    p           p-values in [0, 1]; None for a test that could not be made, which is no member of the family.
    correction  "holm": the chance of any false finding stays below the level (Scand J Stat 6, 1979), the default.
                "bonferroni": the same, less powerful; what SPSS does.
                "benjamini-hochberg": the share of false findings among the findings (J R Stat Soc B 57, 1995); for
                screens of more than 20 tests. "none" leaves them as they are.

    In the order of p, each in [0, 1]. Say what the family is (a row of a table, a question) where it is published.
    """
    made = [number for number, value in enumerate(p) if value is not None]
    raw = np.array([value for value in p if value is not None], dtype=np.float64)
    if ((raw < 0) | (raw > 1) | np.isnan(raw)).any():
        raise ValueError("a p-value lies between 0 and 1")
    found: list[float | None] = [None] * len(p)
    for number, value in zip(made, _RULES[correction](raw), strict=True):
        found[number] = float(value)
    return tuple(found)


def _holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    return _back(np.minimum(1, steps), order)


def _bonferroni(p: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.minimum(1, p * p.size)


def _benjamini_hochberg(p: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.argsort(p, kind="stable")[::-1]
    steps = np.minimum.accumulate(p[order] * (p.size / np.arange(p.size, 0, -1)))
    return _back(np.minimum(1, steps), order)


def _none(p: NDArray[np.float64]) -> NDArray[np.float64]:
    return p


def _back(steps: NDArray[np.float64], order: NDArray[np.intp]) -> NDArray[np.float64]:
    found = np.empty_like(steps)
    found[order] = steps
    return found


_RULES = {"holm": _holm, "bonferroni": _bonferroni, "benjamini-hochberg": _benjamini_hochberg, "none": _none}
