"""The colours of charts: one municipal colour for bars, a fixed pair of blue and orange for scales."""

from __future__ import annotations

from consult.profile import contrast

INK, INK_2, LINE, PAPER, WHITE = "#211e1a", "#5b544a", "#e2d9ca", "#fcfaf6", "#ffffff"
LINE_STRONG = "#85796a"
BAR, PALE, INTERVAL = "#4f88a3", "#cfe2ea", "#6c6458"
# Blue against orange is the pair that colour-blind readers tell apart, whatever the municipality's own colour is.
SCALE = ("#a6480b", "#e39a52", "#d9d2c5", "#7fb0c4", "#14506e")
LONG = ("#a6480b", "#e39a52", "#f3d2ad", "#cfe2ea", "#7fb0c4", "#14506e")
ENDS_ALONE = (SCALE[:1], SCALE[-1:])
ENDS = ("#8a3a07", "#14506e")
SERIES = ("#14506e", "#7fb0c4", "#d9d2c5", "#4f88a3", "#a9cbd9", "#85796a", "#c5b9a4", "#0d3a52")


def scale(points: int) -> tuple[str, ...]:
    """One colour per point of a scale, from the most negative to the most positive; an odd one has a neutral middle."""
    half = points // 2
    low, high = ENDS_ALONE if half == 1 else (SCALE[:2], SCALE[3:]) if half == 2 else (LONG[:3], LONG[3:])
    neutral = SCALE[2:3] if points % 2 else ()
    return (*_steps(low, half), *neutral, *_steps(high, half))


def series(parts: int) -> tuple[str, ...]:
    """Colours of parts without an order; neighbours differ in lightness."""
    return tuple(SERIES[i % len(SERIES)] for i in range(parts))


def on(colour: str) -> str:
    """Ink or white, whichever reads better on the colour."""
    return INK if contrast(INK, colour) >= contrast(WHITE, colour) else WHITE


def _steps(stops: tuple[str, ...], number: int) -> tuple[str, ...]:
    return tuple(_between(stops, i / max(1, number - 1)) for i in range(number))


def _between(stops: tuple[str, ...], at: float) -> str:
    if len(stops) == 1:
        return stops[0]
    place = at * (len(stops) - 1)
    low = min(int(place), len(stops) - 2)
    part = place - low
    mixed = [
        round(int(stops[low][i : i + 2], 16) * (1 - part) + int(stops[low + 1][i : i + 2], 16) * part)
        for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{value:02x}" for value in mixed)
