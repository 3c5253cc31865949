"""A chart set out once, drawn twice: where each mark stands, as SVG and as a Plotly figure.

x is in the unit of the figures (`start` stands at the left edge, `end` at the right one), y in px from the top. Words,
axes and edges become SVG elements or Plotly's annotations and shapes; what stands for a figure becomes an element or a
point of a trace, with the words to show under the pointer.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import plotly.graph_objects as go
from markupsafe import Markup

from consult.charts import colours, marks
from consult.charts.marks import LABEL_PX, LINE, ZERO, wrap
from consult.i18n import Locale

SHAPES = {"dot": "circle", "ring": "circle-open", "square": "square"}
CAP = 5


@dataclass(frozen=True, slots=True)
class Datum:
    """A figure that can be pointed at: the lines to show, the first being what it is about, and its value."""

    lines: tuple[str, ...]
    value: float | None


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; y is its baseline. halo: an edge in the colour of the page, where it may lie on lines."""

    x: float
    y: float
    text: str
    fill: str = colours.INK
    size: int = LABEL_PX
    dx: float = 0
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False
    lang: str = ""
    halo: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line that is no figure: an axis, a cap, a target."""

    x1: float
    x2: float
    y1: float
    y2: float
    colour: str = colours.INK_2
    width: float = 2
    dash: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """From `base` to `base` + `length`; low and high are the ends of its whisker. edge: its outline."""

    base: float
    length: float
    y: float
    height: float
    fill: str
    datum: Datum
    low: float | None = None
    high: float | None = None
    edge: str = ""
    round: bool = True


@dataclass(frozen=True, slots=True)
class Dot:
    """A point with its interval across and, in px, down; its number or sign is other words.

    thick  the interval is a thick line without caps; pale: it is that in a pale colour.
    """

    x: float
    y: float
    fill: str
    datum: Datum
    radius: float = 6
    edge: str = colours.PAPER
    shape: Literal["dot", "ring"] = "dot"
    across: tuple[float, float] | None = None
    down: tuple[float, float] | None = None
    thick: bool = False
    pale: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """Lines from point to point; None interrupts them."""

    points: tuple[tuple[float, float] | None, ...]
    colour: str = colours.INK
    width: float = 2
    dash: str = ""

    def pieces(self) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
        for before, after in zip(self.points, self.points[1:], strict=False):
            if before is not None and after is not None:
                yield before, after


Item: TypeAlias = Words | Stroke | Bar | Dot | Path


@dataclass(slots=True)
class Scene:
    """start, end: the x of both edges."""

    start: float = 0.0
    end: float = 100.0
    height: float = 0.0
    items: list[Item] = field(default_factory=list)

    def add(self, *items: Item) -> None:
        self.items += items

    def at(self, percent: float) -> float:
        """The x that stands at so many percent of the width."""
        return self.start + (self.end - self.start) * percent / 100

    def label(self, text: str, y: float, locale: Locale, *, bold: bool = False, less: int = 0, lang: str = "") -> float:
        """Write a label from y down, in as many lines as it needs; returns the baseline of the last."""
        lines = wrap(text, locale, less)
        for number, line in enumerate(lines):
            self.add(Words(self.start, y + 16 + LINE * number, line, bold=bold, lang=lang))
        return y + 16 + LINE * (len(lines) - 1)

    def svg(self) -> Markup:
        return ZERO.join(self._element(item) for item in self.items)

    def _percent(self, x: float) -> str:
        return marks.percent(100 * (x - self.start) / (self.end - self.start))

    def _element(self, item: Item) -> Markup:
        at = self._percent
        if isinstance(item, Words):
            anchor = "" if item.anchor == "start" else item.anchor
            return marks.text(at(item.x), item.y, item.text, item.fill, item.size, dx=item.dx, anchor=anchor,
                              bold=item.bold, lang=item.lang, halo=item.halo)  # fmt: skip
        if isinstance(item, Stroke):
            return marks.line(at(item.x1), at(item.x2), item.y1, item.y2, item.colour, width=item.width, dash=item.dash)
        if isinstance(item, Path):
            return ZERO.join(
                marks.line(at(a[0]), at(b[0]), a[1], b[1], item.colour, width=item.width, dash=item.dash, round_=True)
                for a, b in item.pieces()
            )
        return self._bar(item) if isinstance(item, Bar) else self._dot(item)

    def _bar(self, item: Bar) -> Markup:
        width = self.end - self.start
        x, length = 100 * (item.base - self.start) / width, 100 * item.length / width
        rx = 2 if item.round else 0
        drawn = ZERO
        if item.length:
            drawn = marks.rect(x, length, item.y, item.height, item.fill, rx=rx, gap=not item.round, edge=item.edge)
        if item.low is None or item.high is None:
            return drawn
        return drawn + self._across(item.low, item.high, item.y + item.height / 2)

    def _across(self, low: float, high: float, y: float) -> Markup:
        low_, high_ = self._percent(low), self._percent(high)
        return ZERO.join(
            marks.line(x1, x2, y1, y2, colours.INK)
            for x1, x2, y1, y2 in (
                (low_, high_, y, y),
                (low_, low_, y - CAP, y + CAP),
                (high_, high_, y - CAP, y + CAP),
            )
        )

    def _dot(self, item: Dot) -> Markup:
        at = self._percent(item.x)
        drawn = ZERO
        if item.across and item.thick:
            low, high = (self._percent(end) for end in item.across)
            drawn += marks.line(low, high, item.y, item.y, colours.INTERVAL, width=4, round_=True)
        elif item.across:
            drawn += self._across(*item.across, item.y)
        if item.down:
            colour, width = (colours.PALE, 8.0) if item.pale else (colours.INK, 2.0)
            drawn += marks.line(at, at, *item.down, colour, width=width)
        if item.shape == "ring":
            return drawn + marks.circle(at, item.y, item.radius, "none", item.fill)
        return drawn + marks.circle(at, item.y, item.radius, item.fill, item.edge)

    # Plotly

    def traces(self) -> list[Any]:
        """Paths first, so that points lie on their lines; then bars, then points."""
        paths = [
            go.Scatter(
                x=[None if p is None else p[0] for p in path.points],
                y=[None if p is None else p[1] for p in path.points],
                mode="lines",
                line={"color": path.colour, "width": path.width, "dash": _dashes(path.dash)},
                hoverinfo="skip",
            )
            for path in self.items
            if isinstance(path, Path)
        ]
        bars = [item for item in self.items if isinstance(item, Bar)]
        dots = [item for item in self.items if isinstance(item, Dot)]
        return [*paths, *([_bars(bars)] if bars else ()), *([_dots(dots)] if dots else ())]

    def notes(self) -> list[dict[str, Any]]:
        found = []
        for item in self.items:
            if isinstance(item, Words):
                words = f"<b>{safe(item.text)}</b>" if item.bold else safe(item.text)
                anchor = {"start": "left", "middle": "center", "end": "right"}[item.anchor]
                found.append({
                    "x": item.x, "y": round(item.y - item.size * 0.35, 1), "text": words, "showarrow": False,
                    "xanchor": anchor, "yanchor": "middle", "xshift": item.dx, "borderpad": 0,
                    "font": {"size": item.size, "color": item.fill},
                })  # fmt: skip
        return found

    def shapes(self) -> list[dict[str, Any]]:
        return [
            {
                "type": "line", "x0": item.x1, "x1": item.x2, "y0": item.y1, "y1": item.y2, "layer": "below",
                "line": {"color": item.colour, "width": item.width, "dash": _dashes(item.dash)},
            }
            for item in self.items
            if isinstance(item, Stroke)
        ]  # fmt: skip


def _dashes(dash: str) -> str:
    """Plotly's name for an SVG's dashes: strokes shorter than their gaps are dots."""
    if not dash:
        return "solid"
    stroke, gap = map(float, dash.split())
    return "dot" if stroke < gap else "dash"


def safe(text: str) -> str:
    """Plotly reads its own small HTML in texts; an author's `<b>` must stay four letters."""
    return html.escape(text, quote=False)


def _said(data: Iterable[Datum]) -> list[list[object]]:
    """What stands under the pointer, and the figure itself."""
    return [["<br>".join(safe(line) for line in datum.lines if line), datum.value] for datum in data]


def _error(
    values: Sequence[float], ends: Sequence[tuple[float, float] | None], **more: object
) -> dict[str, Any] | None:
    if not any(ends):
        return None
    pairs = list(zip(values, ends, strict=True))
    return {
        "type": "data", "symmetric": False, "color": colours.INK, "thickness": 2, "width": CAP,
        "array": [end[1] - value if end else 0 for value, end in pairs],
        "arrayminus": [value - end[0] if end else 0 for value, end in pairs],
        **more,
    }  # fmt: skip


def _bars(bars: list[Bar]) -> go.Bar:
    ends = [(b.low, b.high) if b.low is not None and b.high is not None else None for b in bars]
    return go.Bar(
        base=[bar.base for bar in bars],
        x=[bar.length for bar in bars],
        y=[bar.y + bar.height / 2 for bar in bars],
        width=[bar.height for bar in bars],
        orientation="h",
        marker={
            "color": [bar.fill for bar in bars],
            "line": {
                "color": [bar.edge or colours.PAPER for bar in bars],
                "width": [0 if bar.round and not bar.edge else 1.5 for bar in bars],
            },
        },
        error_x=_error([bar.base + bar.length for bar in bars], ends),
        customdata=_said(bar.datum for bar in bars),
        hovertemplate="%{customdata[0]}<extra></extra>",
    )  # fmt: skip


def _dots(dots: list[Dot]) -> go.Scatter:
    pale = {"color": colours.PALE, "thickness": 8, "width": 0} if any(dot.pale for dot in dots) else {}
    thick = {"color": colours.INTERVAL, "thickness": 4, "width": 0} if any(dot.thick for dot in dots) else {}
    return go.Scatter(
        x=[dot.x for dot in dots],
        y=[dot.y for dot in dots],
        mode="markers",
        marker={
            "size": [2 * dot.radius for dot in dots],
            "symbol": [SHAPES[dot.shape] for dot in dots],
            "color": [dot.fill for dot in dots],
            "opacity": 1,
            "line": {"color": [dot.fill if dot.shape == "ring" else dot.edge for dot in dots], "width": 2},
        },
        error_x=_error([dot.x for dot in dots], [dot.across for dot in dots], **thick),
        error_y=_error([dot.y for dot in dots], [dot.down and (min(dot.down), max(dot.down)) for dot in dots], **pale),
        customdata=_said(dot.datum for dot in dots),
        hovertemplate="%{customdata[0]}<extra></extra>",
    )
