"""Caps on weights, and raking that respects them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consult.analysis.estimate import Reason
from consult.analysis.sampling.projections import Floats
from consult.analysis.sampling.weighting import Margin, Weighting, rake

LOWEST, HIGHEST = 0.2, 5.0
"""A choice of ours, not a rule: these times the median weight. No source names a threshold for all surveys (Potter &
Zheng, Methods and Issues in Trimming Extreme Weights in Sample Surveys); R's trimWeights leaves it to its caller."""
RERAKES = 5
PASSES = 1000
ROUNDING = 1e-12
"""By how much a weight may exceed a cap, relatively, before it counts as beyond it."""


@dataclass(frozen=True, slots=True, eq=False)
class Trimmed:
    """weights (n,), or None with a reason; low, high: how many weights were beyond each cap at first."""

    weights: Floats | None
    low: int
    high: int
    passes: int
    reason: Reason | None = None


def caps(weights: ArrayLike, lowest: float = LOWEST, highest: float = HIGHEST) -> tuple[float, float]:
    """The caps as multiples of the median of the weights above 0; (0, inf) where there is none.

    weights  any shape, >= 0; lowest, highest  multiples, no units. NaN is not expected.
    """
    w = np.asarray(weights, dtype=np.float64).ravel()
    w = w[w > 0]
    if not w.size:
        return 0.0, float("inf")
    middle = float(np.median(w))
    return lowest * middle, highest * middle


def trim(weights: ArrayLike, lower: float = -np.inf, upper: float = np.inf, *, strict: bool = False) -> Trimmed:
    """Bring weights into [lower, upper]; what they lose or gain is shared out evenly over the weights within.

    weights  (n,), >= 0; a weight of 0 stays 0.
    strict   repeat until none is beyond a cap; else one pass, after which a few may be.

    The sum stays. Equal to R's trimWeights: the surplus is added, not multiplied, and weights that an earlier pass put
    on a cap take part in the next one. NO_SOLUTION if no weight is left within to take up the surplus.
    """
    if not lower <= upper:
        raise ValueError(f"the lower cap {lower!r} is above the upper one {upper!r}")
    w = np.asarray(weights, dtype=np.float64).ravel()
    rows = np.flatnonzero(w)
    made = w[rows]
    low, high = int((made < lower).sum()), int((made > upper).sum())
    passes = 0
    for passes in range(1, (PASSES if strict else 1) + 1):
        outside = _outside(made, lower, upper)
        if not outside.any():
            passes -= 1
            break
        if outside.all():
            return Trimmed(None, low, high, passes, Reason.NO_SOLUTION)
        capped = np.clip(made, lower, upper)
        surplus = float((made - capped).sum())
        capped[~outside] += surplus / int((~outside).sum())
        made = capped
    if strict and passes == PASSES:
        return Trimmed(None, low, high, passes, Reason.NO_SOLUTION)
    full = np.zeros_like(w)
    full[rows] = np.clip(made, lower, upper) if strict else made
    return Trimmed(full, low, high, passes)


def rake_within(
    weights: ArrayLike,
    margins: Sequence[Margin],
    *,
    lowest: float = LOWEST,
    highest: float = HIGHEST,
    rerakes: int = RERAKES,
) -> Weighting:
    """Rake, trim to multiples of the median weight, and rake again, at most `rerakes` times.

    The result is always one of a raking, so the margins hold: the one that left the fewest weights outside the caps,
    which stay those of the first raking. `trimmed` counts the weights that were outside at first, `beyond` those that
    still are. Other arguments as for `rake`.
    """
    first = made = rake(weights, margins)
    if first.weights is None:
        return first
    low, high = caps(first.weights, lowest, highest)
    fewest = trimmed = _beyond(first.weights, low, high)
    best = first
    for _ in range(rerakes):
        cut = trim(made.weights, low, high, strict=True) if fewest and made.weights is not None else None
        if cut is None or cut.weights is None:
            break
        made = rake(cut.weights, margins)
        if made.weights is not None and _beyond(made.weights, low, high) < fewest:
            best, fewest = made, _beyond(made.weights, low, high)
    return replace(best, caps=(low, high), trimmed=trimmed, beyond=fewest, rescaled=first.rescaled)


def _beyond(weights: Floats, low: float, high: float) -> int:
    return int(_outside(weights[weights > 0], low, high).sum())


def _outside(weights: Floats, low: float, high: float) -> NDArray[np.bool_]:
    return np.asarray((weights < low - ROUNDING * abs(low)) | (weights > high + ROUNDING * abs(high)))
