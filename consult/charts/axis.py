"""Where an axis begins and ends, and the round numbers to write at it. No language, no drawing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from consult.charts.kinds import Measure, Value

STEPS = (1.0, 2.0, 5.0, 10.0)
ENDS = {"share": (0.0, 1.0), "index": (0.0, 100.0), "score": (-100.0, 100.0)}


def reach(values: Iterable[Value]) -> tuple[float, float] | None:
    """The least and the greatest of the figures and their intervals; None without figures."""
    found = [end for v in values if v.value is not None for end in (v.value, v.low, v.high) if end is not None]
    return (min(found), max(found)) if found else None


def ends(values: Sequence[Value], measure: Measure, more: Iterable[float | None] = ()) -> tuple[float, float]:
    """A stretch with round ends that holds all figures, intervals and other lines, within what the measure can be."""
    low, high = reach(values) or ENDS.get(measure.kind, (0.0, 1.0))
    known = [value for value in more if value is not None]
    low, high = min([low, *known]), max([high, *known])
    limits = ENDS.get(measure.kind, (-math.inf, math.inf))
    limits = (
        limits[0] if measure.low is None else measure.low,
        limits[1] if measure.high is None else measure.high,
    )
    step = step_of(low, high)
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if low == high:
        low, high = low - step, high + step
    return max(limits[0], low), min(limits[1], high)


def step_of(low: float, high: float, number: int = 4) -> float:
    """A round distance that parts the stretch into about so many pieces."""
    rough = (high - low) / number
    if rough <= 0:
        rough = abs(high) / 10 or 0.1
    size = 10.0 ** math.floor(math.log10(rough))
    return next(step * size for step in STEPS if step * size >= rough * (1 - 1e-9))


def ticks(low: float, high: float, number: int = 4) -> list[float]:
    """Round numbers from low to high."""
    step = step_of(low, high, number)
    first = math.ceil(low / step - 1e-9)
    return [round(step * i, 10) for i in range(first, math.floor(high / step + 1e-9) + 1)]
