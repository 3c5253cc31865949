"""Charts as Plotly figures, for readers who want to point at bars. Built by Plotly's own classes, so always valid.

Everything a reader sees is already written in the page's language: labels, percentages, the words under the pointer.
A figure looks like the drawing it replaces: labels above their bars, x in shares of the axis, y in px from the top.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

from consult.charts import colours, dialect, drawing, wording
from consult.charts.chart import LONGEST_SCALE, Chart, Part, Row, balance, middle
from consult.charts.marks import wrap
from consult.charts.scene import safe
from consult.i18n import Locale

LABEL_LINE = 20
BAR_PX = {"bars": 20, "histogram": 20, "diverging": 26, "stacked": 26, "nps": 26}
ROW_GAP = {"bars": 16, "histogram": 6, "diverging": 18, "stacked": 18, "nps": 18}


@dataclass(slots=True)
class Plan:
    """Where rows stand and how far the axis reaches: y of each bar's middle and the height in px, x as shares."""

    rows: list[float] = field(default_factory=list)
    height: float = 0.0
    start: float = 0.0
    end: float = 1.0
    notes: list[dict[str, Any]] = field(default_factory=list)


def plotly(chart: Chart, locale: Locale, bar: str = colours.BAR, *, save: str = "") -> dict[str, Any]:
    """The figure as plain `data`, `layout` and `config`; no data where nothing may be shown."""
    plan = _plan(chart, locale)
    traces = [] if chart.is_hidden else _traces(chart, locale, bar, plan)
    notes, shapes = ([], []) if chart.is_hidden else (plan.notes, _axis(chart, plan))
    return whole(traces, layout(locale, plan.height, (plan.start, plan.end), notes, shapes), locale, save=save)


def _plan(chart: Chart, locale: Locale) -> Plan:
    """Set out the rows with their labels and numbers, in the drawing's proportions."""
    plan, thickness, y = Plan(), BAR_PX[chart.kind], 0.0
    plan.start, plan.end = _reach(chart, locale)
    group = ""
    for row in chart.rows:
        if (heading := wording.plain(row.group, locale)) != group:
            lines = wrap(heading, locale)
            plan.notes.append(_label(y, "<br>".join(f"<b>{safe(line)}</b>" for line in lines)))
            group, y = heading, y + LABEL_LINE * len(lines) + 8
        words = wording.row_label(chart, row, locale)
        if words and chart.kind == "histogram":
            plan.notes.append(_note(0, y + thickness / 2, safe(words), anchor="right", shift=-8, size=14))
        elif words:
            lines = wrap(words, locale)
            plan.notes.append(_label(y, "<br>".join(safe(line) for line in lines)))
            y += LABEL_LINE * len(lines) + 4
        plan.rows.append(y + thickness / 2)
        plan.notes += _numbers(chart, row, plan.rows[-1], locale)
        y += thickness + ROW_GAP[chart.kind]
    plan.height = max(24, y - ROW_GAP[chart.kind] + 2)
    if chart.kind == "histogram" and chart.unit:
        plan.notes.append(_note(0, plan.height + 10, safe(wording.plain(chart.unit, locale)), size=13))
        plan.height += 22
    return plan


def _reach(chart: Chart, locale: Locale) -> tuple[float, float]:
    """The first and the last share on the axis: room for the numbers, whatever the width."""
    reach = max((p.high or p.share or 0 for row in chart.rows for p in row.parts), default=0) or 1
    if chart.kind == "bars":
        return -0.004, (1 if reach > 0.5 else 0.5) * 100 / drawing.BAR_WIDTH
    if chart.kind == "histogram":
        letters = max((len(wording.row_label(chart, row, locale)) for row in chart.rows), default=0)
        left = min(34.0, 6 + 3.2 * letters)
        unit = (84 - left) / reach
        return -left / unit, (100 - left) / unit
    if chart.kind == "stacked":
        return 0.0, 1.0
    lefts = [-_start(chart, row) for row in chart.rows]
    rights = [sum(p.share or 0 for p in row.parts) + _start(chart, row) for row in chart.rows]
    left, right = max(lefts, default=0), max(rights, default=1)
    edge = (left + right or 1) * drawing.SIDES[0] / (drawing.SIDES[1] - drawing.SIDES[0])
    return -left - edge, right + edge


def _label(y: float, words: str) -> dict[str, Any]:
    return _note(0, y, words, size=15) | {"xref": "paper", "yanchor": "top", "yshift": 2}


def _note(
    x: float, y: float, words: str, *, anchor: str = "left", shift: int = 0, size: int = 16, colour: str = colours.INK
) -> dict[str, Any]:
    return {"x": x, "y": y, "text": words, "showarrow": False, "xanchor": anchor, "xshift": shift, "yanchor": "middle",
            "align": "left", "borderpad": 0, "font": {"size": size, "color": colour}}  # fmt: skip


def _numbers(chart: Chart, row: Row, y: float, locale: Locale) -> list[dict[str, Any]]:
    """What stands beside a row's bar: its share behind the interval, or a scale's totals at both ends."""
    shares = [part.share for part in row.parts]
    if not shares or None in shares:
        has_none = chart.kind not in ("bars", "histogram") and not row.base
        words = locale.gettext("no answers") if has_none else locale.gettext("hidden")
        return [_note(max(0.0, _start(chart, row)), y, safe(words), shift=8, size=15, colour=colours.INK_2)]
    if chart.kind in ("bars", "histogram"):
        part = row.parts[0]
        words, size = f"<b>{locale.percent(part.share or 0)}</b>", 16 if chart.kind == "bars" else 14
        end = part.high if chart.kind == "bars" else None  # an interval is drawn on bars only
        return [_note(end or part.share or 0, y, words, shift=8, size=size)]
    both = balance(row) if chart.kind != "stacked" else None
    if both is None:
        return []
    start = _start(chart, row)
    ends = (start, "right", -6), (start + sum(share or 0 for share in shares), "left", 6)
    return [
        _note(x, y, f"<b>{locale.number(100 * total, 0)}</b>", anchor=anchor, shift=shift, colour=colour)
        for (x, anchor, shift), total, colour in zip(ends, both, colours.ENDS, strict=True)
    ]


def _traces(chart: Chart, locale: Locale, bar: str, plan: Plan) -> list[go.Bar]:
    labels = [_words(wording.in_group(chart, row, locale), locale) for row in chart.rows]
    if chart.kind in ("bars", "histogram"):
        parts = [row.parts[0] if row.parts else Part() for row in chart.rows]
        return [_bars(chart, parts, labels, locale, bar, plan)]
    names = wording.series(chart, locale)
    palette = colours.series(len(names)) if chart.kind == "stacked" else colours.scale(len(names))
    return [_stack(chart, number, name, labels, palette[number], locale, plan) for number, name in enumerate(names)]


def _start(chart: Chart, row: Row) -> float:
    """Where a row's bar begins on the axis: at 0, or so far left that the scale's middle stands at 0."""
    if chart.kind == "stacked" or not row.parts:
        return 0.0
    first, last = middle(len(row.parts))
    shares = [part.share or 0 for part in row.parts]
    return -(sum(shares[:first]) + sum(shares[first:last]) / 2)


def _bars(chart: Chart, parts: list[Part], labels: list[str], locale: Locale, bar: str, plan: Plan) -> go.Bar:
    shares = [part.share for part in parts]
    errors = None
    if chart.kind == "bars" and chart.has_intervals:
        errors = {
            "type": "data",
            "symmetric": False,
            "array": [(p.high or 0) - (p.share or 0) if p.high is not None else 0 for p in parts],
            "arrayminus": [(p.share or 0) - (p.low or 0) if p.low is not None else 0 for p in parts],
            "color": colours.INK,
            "thickness": 2,
            "width": 5,
        }
    return go.Bar(
        x=shares,
        y=plan.rows,
        orientation="h",
        marker={"color": bar},
        error_x=errors,
        width=BAR_PX[chart.kind],
        customdata=[_hover(label, part, locale) for label, part in zip(labels, parts, strict=True)],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _stack(chart: Chart, number: int, name: str, labels: list[str], colour: str, locale: Locale, plan: Plan) -> go.Bar:
    parts = [row.parts[number] if row.parts else Part() for row in chart.rows]
    before = [sum(part.share or 0 for part in row.parts[:number]) for row in chart.rows]
    words = [f"{label}<br>{safe(name)}" if label else safe(name) for label in labels]
    is_roomy = len(chart.rows[0].parts) <= LONGEST_SCALE
    least = drawing.INSIDE / 100 * (plan.end - plan.start)
    return go.Bar(
        base=[_start(chart, row) + left for row, left in zip(chart.rows, before, strict=True)],
        x=[part.share for part in parts],
        y=plan.rows,
        orientation="h",
        name=safe(name),
        marker={"color": colour, "line": {"color": colours.PAPER, "width": 1.5}},
        width=BAR_PX[chart.kind],
        customdata=[_hover(label, p, locale) for label, p in zip(words, parts, strict=True)],
        hovertemplate="%{customdata}<extra></extra>",
        text=[locale.number(100 * p.share, 0) if is_roomy and p.share and p.share >= least else "" for p in parts],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont={"color": colours.on(colour), "size": 14},
    )


def _hover(label: str, part: Part, locale: Locale) -> str:
    if part.share is None:
        return f"{label}<br>{safe(locale.gettext('hidden'))}"
    lines = [label, f"<b>{locale.percent(part.share)}</b>"]
    if part.low is not None and part.high is not None:
        lines[-1] += f" ({wording.interval(part.low, part.high, locale)})"
    if part.count is not None:
        lines.append(f"n = {locale.number(part.count, 0)}")
    return "<br>".join(line for line in lines if line)


def layout(
    locale: Locale,
    height: float,
    reach: tuple[float, float],
    notes: list[dict[str, Any]],
    shapes: list[dict[str, Any]],
) -> go.Layout:
    """A figure's layout: x reaches over the whole width, y counts px from the top, all words are notes."""
    hidden_axis: dict[str, Any] = {"visible": False, "fixedrange": True, "showgrid": False, "zeroline": False}
    return go.Layout(
        barmode="overlay",
        height=height,
        margin={"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0, "autoexpand": False},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        separators=dialect.separators(locale),
        hoverlabel={"bgcolor": colours.WHITE, "bordercolor": colours.INK_2, "font": {"color": colours.INK, "size": 14}},
        hovermode="closest",
        dragmode=False,
        annotations=notes,
        shapes=shapes,
        showlegend=False,
        xaxis=hidden_axis | {"range": reach},
        yaxis=hidden_axis | {"range": [height, 0]},
    )


def whole(data: list[Any], arranged: go.Layout, locale: Locale, *, save: str = "") -> dict[str, Any]:
    """The figure as plain values; what is not valid is refused here."""
    figure = go.Figure(data=data, layout=arranged).to_dict()
    figure["layout"].pop("template", None)
    return {"data": figure["data"], "layout": figure["layout"], "config": dialect.config(locale, save=save)}


def _axis(chart: Chart, plan: Plan) -> list[dict[str, Any]]:
    """The line at 0 that bars begin at; scales have none, their middle is seen."""
    if chart.kind not in ("bars", "histogram"):
        return []
    half = BAR_PX[chart.kind] / 2 + 3
    line = {"color": colours.INK_2, "width": 2}
    return [{"type": "line", "x0": 0, "x1": 0, "y0": y - half, "y1": y + half, "line": line} for y in plan.rows]


def _words(text: str, locale: Locale) -> str:
    return "<br>".join(safe(line) for line in wrap(text, locale))
