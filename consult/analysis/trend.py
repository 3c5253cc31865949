"""Series of waves: control limits, and which waves stand out of what chance does by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import fmean

from consult.analysis.estimate import Reason

FEWEST_WAVES = 6
LONGEST_BASELINE = 20
RUN = 8
MANY_ANSWERS = 10_000
"""Above so many answers in a wave, binomial limits are so narrow that nearly all waves leave them: Laney's instead."""
D2 = 1.128
D4 = 3.267


class Signal(StrEnum):
    """Why a wave stands out."""

    BEYOND = "beyond"
    """Outside the control limits."""
    RUN = "run"
    """One of eight or more waves in a row on the same side of the centre."""


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A series with its limits, one entry per wave in all of them.

    values     None where a wave has no figure.
    centre, low, high   None where there are no limits; limits are those of the wave's part of the series.
    signals    empty where a wave does not stand out.
    baseline   waves that the last part's limits rest on; they stay as they are when waves are added.
    sigma      last part's spread of single waves (XmR), or factor of the binomial spread (Laney); None otherwise.
    mean_range, range_high   XmR only: mean moving range of the last part and its upper limit.
    method     "xmr", "p", "laney-p", "u".
    reason     FEW_WAVES if no wave has limits.
    """

    values: tuple[float | None, ...]
    centre: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    signals: tuple[tuple[Signal, ...], ...]
    baseline: int
    method: str
    sigma: float | None = None
    mean_range: float | None = None
    range_high: float | None = None
    reason: Reason | None = None


def xmr_chart(
    values: Sequence[float | None],
    *,
    baseline: int | None = None,
    breaks: Sequence[int] = (),
    lowest: float | None = None,
    highest: float | None = None,
) -> ControlChart:
    """Limits for single figures such as means and indices: centre +- 3/1.128 times the mean moving range.

    values    one per wave, in order; None where there is none: the range then spans it.
    baseline  waves at the start that the limits rest on. None takes the first 20, or all if fewer: limits stay frozen
              from then on.
    breaks    places of the waves from which the method is another: each part has limits of its own.
    lowest, highest  of the scale: limits are cut there.

    Wheeler, Understanding Variation, 2000; the ranges' limit is 3.267 times their mean. Fewer than 6 waves in a part
    give it no limits. It takes waves as they are, whatever their sampling error: that is part of their spread.
    """

    def limits(part: Sequence[float | None], count: int) -> _Limits:
        given = [value for value in part[:count] if value is not None]
        centre = fmean(given)
        spread = fmean(abs(b - a) for a, b in pairwise(given))
        sigma = spread / D2
        low, high = _cut(centre - 3 * sigma, centre + 3 * sigma, lowest, highest)
        return _Limits([(centre, low, high)] * len(part), sigma, spread, D4 * spread)

    return _charted(list(values), limits, baseline, breaks, "xmr")


def p_chart(
    counts: Sequence[float | None],
    sizes: Sequence[float],
    *,
    baseline: int | None = None,
    breaks: Sequence[int] = (),
    sigmas: float = 3.0,
    laney: bool | None = None,
) -> ControlChart:
    """Limits for shares: centre +- 3 sqrt(p (1 - p)/n), wider for small waves, cut to [0, 1].

    counts  how many chose it in each wave; for weighted waves the share times the effective number of answers.
    sizes   answers of each wave, or effective ones. A wave with 0 has no figure.
    laney   widen by what the shares vary beyond chance (Laney, Quality Engineering 14, 2002); None does so if a wave of
            the baseline has more than 10,000 answers, as then every small change of method or season leaves the limits.

    The centre is all counts over all sizes of the baseline (Shewhart). baseline, breaks as in `xmr_chart`.
    """
    n = [float(size) for size in sizes]
    values = _rates(counts, n)

    def limits(part: Sequence[float | None], count: int, start: int) -> _Limits:
        own = n[start : start + len(part)]
        known = [(v, m) for v, m in zip(part[:count], own[:count], strict=True) if v is not None]
        centre = sum(v * m for v, m in known) / sum(m for _, m in known)
        unit = math.sqrt(centre * (1 - centre))
        factor = 1.0
        wide = laney if laney is not None else max(m for _, m in known) > MANY_ANSWERS
        if wide and unit > 0:
            z = [(v - centre) / (unit / math.sqrt(m)) for v, m in known]
            factor = fmean(abs(b - a) for a, b in pairwise(z)) / D2
        rows = []
        for m in own:
            half = sigmas * factor * unit / math.sqrt(m) if m > 0 else None
            rows.append((centre, None, None) if half is None else (centre, *_cut(centre - half, centre + half, 0, 1)))
        return _Limits(rows, factor if wide else None)

    wide = laney if laney is not None else max(n, default=0) > MANY_ANSWERS
    return _charted(values, limits, baseline, breaks, "laney-p" if wide else "p")


def u_chart(
    counts: Sequence[float | None],
    sizes: Sequence[float],
    *,
    baseline: int | None = None,
    breaks: Sequence[int] = (),
    sigmas: float = 3.0,
) -> ControlChart:
    """Limits for events per unit, such as complaints per 1,000 requests: centre +- 3 sqrt(u/n), not below 0 (Poisson).

    counts  events in each wave.  sizes  units in each wave.  The rest as in `p_chart`.
    """
    n = [float(size) for size in sizes]

    def limits(part: Sequence[float | None], count: int, start: int) -> _Limits:
        own = n[start : start + len(part)]
        known = [(v, m) for v, m in zip(part[:count], own[:count], strict=True) if v is not None]
        centre = sum(v * m for v, m in known) / sum(m for _, m in known)
        rows: list[_Row] = []
        for m in own:
            half = sigmas * math.sqrt(centre / m) if m > 0 else None
            rows.append((centre, None, None) if half is None else (centre, max(0.0, centre - half), centre + half))
        return _Limits(rows)

    return _charted(_rates(counts, n), limits, baseline, breaks, "u")


_Row = tuple[float, float | None, float | None]


@dataclass(frozen=True, slots=True)
class _Limits:
    rows: Sequence[_Row]
    sigma: float | None = None
    mean_range: float | None = None
    range_high: float | None = None


def _rates(counts: Sequence[float | None], sizes: Sequence[float]) -> list[float | None]:
    if len(counts) != len(sizes) or any(size < 0 for size in sizes):
        raise ValueError("each wave has a count and a size that is not negative")
    return [None if c is None or n == 0 else c / n for c, n in zip(counts, sizes, strict=True)]


def _cut(low: float, high: float, lowest: float | None, highest: float | None) -> tuple[float, float]:
    return (
        low if lowest is None else max(low, lowest),
        high if highest is None else min(high, highest),
    )


def _charted(
    values: list[float | None],
    limits: Callable[..., _Limits],
    baseline: int | None,
    breaks: Sequence[int],
    method: str,
) -> ControlChart:
    edges = sorted({0, len(values), *(place for place in breaks if 0 < place < len(values))})
    rows: list[_Row | None] = []
    signals: list[tuple[Signal, ...]] = []
    last, counted = _Limits(()), 0
    for start, stop in pairwise(edges):
        part = values[start:stop]
        count = min(len(part), LONGEST_BASELINE) if baseline is None else min(len(part), baseline)
        last, counted = _Limits(()), 0
        if sum(value is not None for value in part[:count]) >= FEWEST_WAVES:
            last = limits(part, count) if method == "xmr" else limits(part, count, start)
            counted = count
        own: list[_Row | None] = list(last.rows) if last.rows else [None] * len(part)
        rows += own
        signals += _signals(part, own)
    return ControlChart(
        tuple(values),
        tuple(None if row is None else row[0] for row in rows),
        tuple(None if row is None else row[1] for row in rows),
        tuple(None if row is None else row[2] for row in rows),
        tuple(signals),
        counted,
        method,
        last.sigma,
        last.mean_range,
        last.range_high,
        None if any(row is not None for row in rows) else Reason.FEW_WAVES,
    )


def _signals(values: Sequence[float | None], rows: Sequence[_Row | None]) -> list[tuple[Signal, ...]]:
    """Western Electric's rules 1 and 4 (Statistical Quality Control Handbook, 1956); more rules cry wolf more often."""
    found: list[list[Signal]] = [[] for _ in values]
    run: list[int] = []
    side = 0
    for place, (value, row) in enumerate(zip(values, rows, strict=True)):
        if value is None or row is None:
            continue
        centre, low, high = row
        if (low is not None and value < low) or (high is not None and value > high):
            found[place].append(Signal.BEYOND)
        here = (value > centre) - (value < centre)
        run = [*run, place] if here == side and here != 0 else [place]
        side = here
        if len(run) >= RUN:
            for member in run[:-1] if len(run) == RUN else []:
                found[member].append(Signal.RUN)
            found[place].append(Signal.RUN)
    return [tuple(dict.fromkeys(one)) for one in found]
