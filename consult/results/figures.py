"""Charts as Plotly figures, for readers who want to point at bars. Built by Plotly's own classes, so always valid.

Everything a reader sees is already written in the page's language: labels, percentages, the words under the pointer.
"""

from __future__ import annotations

import html
from typing import Any

import plotly.graph_objects as go

from consult.i18n import Locale
from consult.results import colours, drawing, wording
from consult.results.chart import LONGEST_SCALE, Chart, Part, Row, balance, middle

CONFIG = {"displayModeBar": False, "responsive": True, "showTips": False, "scrollZoom": False, "doubleClick": False}
SIGNS = {"mk": ",.", "ka": ",\u00a0", "en": ".,"}
TICKS = (0, 0.25, 0.5, 0.75, 1)


def plotly(chart: Chart, locale: Locale, bar: str = colours.BAR) -> dict[str, Any]:
    """The figure as plain `data`, `layout` and `config`; no data where nothing may be shown."""
    traces = [] if chart.is_hidden else _traces(chart, locale, bar)
    figure = go.Figure(data=traces, layout=_layout(chart, locale)).to_dict()
    figure["layout"].pop("template", None)
    return {"data": figure["data"], "layout": figure["layout"], "config": CONFIG}


def _traces(chart: Chart, locale: Locale, bar: str) -> list[go.Bar]:
    labels = [_words(wording.row_label(chart, row, locale), locale) for row in chart.rows]
    if chart.kind in ("bars", "histogram"):
        return [_bars(chart, [row.parts[0] if row.parts else Part() for row in chart.rows], labels, locale, bar)]
    names = wording.series(chart, locale)
    palette = colours.series(len(names)) if chart.kind == "stacked" else colours.scale(len(names))
    return [_stack(chart, number, name, labels, palette[number], locale) for number, name in enumerate(names)]


def _start(chart: Chart, row: Row) -> float:
    """Where a row's bar begins on the axis: at 0, or so far left that the scale's middle stands at 0."""
    if chart.kind == "stacked" or not row.parts:
        return 0.0
    first, last = middle(len(row.parts))
    shares = [part.share or 0 for part in row.parts]
    return -(sum(shares[:first]) + sum(shares[first:last]) / 2)


def _bars(chart: Chart, parts: list[Part], labels: list[str], locale: Locale, bar: str) -> go.Bar:
    shares = [part.share for part in parts]
    errors = None
    has_errors = chart.kind == "bars" and chart.has_intervals
    if has_errors:
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
        y=list(range(len(parts))),
        orientation="h",
        marker={"color": bar},
        error_x=errors,
        width=0.9 if chart.kind == "histogram" else 0.6,
        customdata=[_hover(label, part, locale) for label, part in zip(labels, parts, strict=True)],
        hovertemplate="%{customdata}<extra></extra>",
        text=None if has_errors else [locale.percent(s) if s is not None else "" for s in shares],
        textposition="outside",
        cliponaxis=False,
        textfont={"color": colours.INK},
    )


def _stack(chart: Chart, number: int, name: str, labels: list[str], colour: str, locale: Locale) -> go.Bar:
    parts = [row.parts[number] if row.parts else Part() for row in chart.rows]
    before = [sum(part.share or 0 for part in row.parts[:number]) for row in chart.rows]
    words = [f"{label}<br>{_safe(name)}" if label else _safe(name) for label in labels]
    is_roomy = len(chart.rows[0].parts) <= LONGEST_SCALE
    return go.Bar(
        base=[_start(chart, row) + left for row, left in zip(chart.rows, before, strict=True)],
        x=[part.share for part in parts],
        y=list(range(len(parts))),
        orientation="h",
        name=_safe(name),
        marker={"color": colour, "line": {"color": colours.PAPER, "width": 1.5}},
        width=0.6,
        customdata=[_hover(label, p, locale) for label, p in zip(words, parts, strict=True)],
        hovertemplate="%{customdata}<extra></extra>",
        text=[locale.number(100 * p.share, 0) if is_roomy and p.share and p.share >= 0.06 else "" for p in parts],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"color": colours.on(colour)},
    )


def _totals(chart: Chart, locale: Locale) -> list[dict[str, Any]]:
    """Both sides of a scale added up, at the ends of each bar."""
    found = []
    for place, row in enumerate(chart.rows):
        both = balance(row) if chart.kind in ("diverging", "nps") else None
        if both is None:
            continue
        start, length = _start(chart, row), sum(part.share or 0 for part in row.parts)
        for at, anchor, total, colour in (
            (start, "right", both[0], colours.ENDS[0]),
            (start + length, "left", both[1], colours.ENDS[1]),
        ):
            words = f"<b>{locale.number(100 * total, 0)}</b>"
            shift = -6 if anchor == "right" else 6
            found.append({"x": at, "y": place, "text": words, "showarrow": False, "xanchor": anchor, "xshift": shift,
                          "font": {"color": colour, "size": 16}})  # fmt: skip
    return found


def _hover(label: str, part: Part, locale: Locale) -> str:
    if part.share is None:
        return f"{label}<br>{_safe(locale.gettext('hidden'))}"
    lines = [label, f"<b>{locale.percent(part.share)}</b>"]
    if part.low is not None and part.high is not None:
        lines[-1] += f" ({wording.interval(part.low, part.high, locale)})"
    if part.count is not None:
        lines.append(f"n = {locale.number(part.count, 0)}")
    return "<br>".join(line for line in lines if line)


def _layout(chart: Chart, locale: Locale) -> go.Layout:
    is_stack = chart.kind in ("diverging", "stacked", "nps")
    labels = [_words(wording.row_label(chart, row, locale), locale) for row in chart.rows]
    if (
        chart.kind == "bars" and chart.has_intervals
    ):  # the end of a bar belongs to its interval, so the figure stands with the label
        shares = [row.parts[0].share if row.parts else None for row in chart.rows]
        labels = [
            label if share is None else f"{label}  <b>{locale.percent(share)}</b>"
            for label, share in zip(labels, shares, strict=True)
        ]
    lines = sum(max(1, label.count("<br>") + 1) for label in labels)
    reach = max((p.high or p.share or 0 for row in chart.rows for p in row.parts), default=1)
    row_px = 28 if chart.kind == "histogram" else 44
    axis: dict[str, Any] = {"visible": not is_stack, "fixedrange": True, "gridcolor": colours.LINE, "zeroline": True}
    axis |= {"zerolinecolor": colours.INK_2, "zerolinewidth": 2, "showticklabels": not is_stack}
    if not is_stack:
        ticks = [t for t in TICKS if t <= max(reach, 0.25) + 0.25]
        axis |= {"tickvals": ticks, "ticktext": [locale.percent(t) for t in ticks], "range": [0, min(1.1, reach * 1.2)]}
    return go.Layout(
        barmode="overlay",
        bargap=0.2,
        height=max(80, (16 if is_stack else 48) + row_px * len(chart.rows) + 18 * (lines - len(labels))),
        margin={"l": 8, "r": 24, "t": 8, "b": 8 if is_stack else 32, "pad": 6},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        separators=SIGNS.get(locale.code, ".,"),
        hoverlabel={"bgcolor": colours.WHITE, "bordercolor": colours.INK_2, "font": {"color": colours.INK, "size": 14}},
        hovermode="closest",
        dragmode=False,
        annotations=_totals(chart, locale),
        showlegend=False,
        xaxis=axis,
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True, "showgrid": False, "zeroline": False,
               "tickvals": list(range(len(labels))), "ticktext": labels},
    )  # fmt: skip


def _words(text: str, locale: Locale) -> str:
    return "<br>".join(_safe(line) for line in drawing.wrap(text, locale))


def _safe(text: str) -> str:
    """Plotly reads its own small HTML in texts; an author's `<b>` must stay four letters."""
    return html.escape(text, quote=False)
