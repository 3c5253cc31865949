"""Bins for a histogram of numbers, chosen for readers: round edges, few bins, no outlier that flattens all the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Bins:
    """edges: k + 1 rising numbers, a bin holds its lower edge but not its upper; the last is None if the bin is open.

    counts: k whole numbers that add up to the answers given.
    """

    edges: tuple[float | None, ...]
    counts: tuple[int, ...]


def bins(values: ArrayLike, counts: ArrayLike | None = None, *, whole: bool, most: int = 12) -> Bins | None:
    """Count numbers in bins of equal, round width (1, 2 or 5 times a power of ten).

    values  shape (n,); NaN is a missing answer and is left out. Or, with counts, the distinct values.
    counts  shape like values, how many gave each value; whole numbers > 0.
    whole   the numbers are whole, so no bin is narrower than 1 and few different numbers get a bin each.
    most    the greatest number of bins, at least 3.

    Values above the third quartile plus three times the interquartile range (Tukey's far-out fence) share one open bin
    at the end. None if there is no answer. Unweighted.
    """
    x, times = _table(values, counts)
    if not x.size:
        return None
    low, high = float(x[0]), float(x[-1])
    q1, q3 = _quantile(x, times, 0.25), _quantile(x, times, 0.75)
    fence = q3 + 3 * (q3 - q1)
    is_open = q3 > q1 and high > fence
    stop = float(x[x <= fence][-1]) if is_open else high
    step = _step(stop - low, most - is_open, whole)
    start = math.floor(low / step) * step
    count = max(1, math.floor((stop - start) / step + 1e-9) + 1)
    edges = [round(start + step * i, 10) for i in range(count + 1)]
    place = np.clip(np.searchsorted(np.array(edges), x, side="right") - 1, 0, count if is_open else count - 1)
    found = tuple(round(c) for c in np.bincount(place, times, minlength=count + is_open))
    return Bins((*edges, None) if is_open else tuple(edges), found)


def _table(values: ArrayLike, counts: ArrayLike | None) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The distinct values, rising, and how often each was given."""
    x = np.asarray(values, dtype=np.float64).ravel()
    times = np.ones(x.shape, dtype=np.int64) if counts is None else np.asarray(counts, dtype=np.int64).ravel()
    given = ~np.isnan(x)
    distinct, place = np.unique(x[given], return_inverse=True)
    return distinct, np.bincount(place, times[given], minlength=len(distinct)).astype(np.int64)


def _quantile(x: NDArray[np.float64], times: NDArray[np.int64], p: float) -> float:
    """NumPy's own rule (linear), without writing every answer out."""
    reached = np.cumsum(times)
    rank = p * (int(reached[-1]) - 1)
    below, above = (float(x[np.searchsorted(reached, r, side="right")]) for r in (math.floor(rank), math.ceil(rank)))
    return below + (above - below) * (rank - math.floor(rank))


def _step(width: float, most: int, whole: bool) -> float:
    if width < 1e-6:  # all alike, or nearer to each other than any question asks
        return 1.0
    power = 10.0 ** math.floor(math.log10(width / most))
    for factor in (1, 2, 5, 10, 20):
        step = factor * power
        # One bin more than the width holds, as the first edge is rounded down.
        if width / step + 1 <= most and (not whole or step >= 1):
            return step
    return 50 * power
