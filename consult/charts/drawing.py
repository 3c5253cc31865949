"""Charts as static SVG that needs no script, no style and no font of its own.

x and widths are percentages, y and heights are pixels, and there is no viewBox: bars stretch with the page while text
keeps its size, from 320 px up. Presentation attributes only, so the Content-Security-Policy has nothing to forbid.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from consult.charts import colours, wording
from consult.charts.chart import LONGEST_SCALE, Chart, Part, Row, balance, middle
from consult.charts.marks import LABEL_PX, LINE, SMALL_PX, ZERO, line, percent, px, rect, text, wrap
from consult.i18n import Locale

BAR_WIDTH = 80.0
"""Percent of the width that the axis takes; the rest is for the number behind the longest bar."""
SIDES = (12.0, 88.0)
INSIDE = 7.5
"""A number is written into a segment that takes at least this many percent of the width (24 px of 320)."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Elements and the height they take, in px."""

    body: Markup
    height: float


def svg(chart: Chart, locale: Locale, bar: str = colours.BAR, id_: str = "") -> Markup:
    """The chart as an SVG element; empty if there is nothing to show. id_ makes its ids unique on a page."""
    if chart.is_hidden:
        return ZERO
    draw = {"bars": _bars, "diverging": _stacked, "stacked": _stacked, "nps": _stacked, "histogram": _histogram}
    drawn = draw[chart.kind](chart, locale, bar)
    return framed(
        drawn.body, drawn.height, id_ or chart.key, wording.plain(chart.title, locale), description(chart, locale)
    )


def framed(body: Markup, height: float, id_: str, title: str, desc: str) -> Markup:
    """The SVG element around a drawing, with its name and the figures in words."""
    return Markup(
        '<svg role="img" aria-labelledby="{id}-t {id}-d" width="100%" height="{height}" focusable="false">'
        '<title id="{id}-t">{title}</title><desc id="{id}-d">{desc}</desc>{body}</svg>'
    ).format(id=id_, height=px(height), title=title, desc=desc, body=body)


def legend(chart: Chart, locale: Locale) -> list[tuple[Markup, str]]:
    """A square and a name for each part of the stacked kinds; empty where labels stand at the bars themselves."""
    names = wording.series(chart, locale)
    square = Markup(
        '<svg width="16" height="16" aria-hidden="true" focusable="false">'
        '<rect width="16" height="16" rx="2" fill="{}"/></svg>'
    )
    return [(square.format(colour), name) for colour, name in zip(_palette(chart), names, strict=False)]


def description(chart: Chart, locale: Locale) -> str:
    """The figures in words, for those who hear the page; the table below has them all again."""
    names = wording.series(chart, locale)
    parts = []
    for row in chart.rows:
        label = wording.in_group(chart, row, locale)
        shares = [p.share for p in row.parts]
        if not shares or None in shares:
            parts.append(f"{label}: {locale.gettext('hidden')}")
        elif len(shares) == 1:
            parts.append(f"{label}: {locale.percent(shares[0] or 0)}")
        else:
            listed = ", ".join(f"{n} {locale.percent(s or 0)}" for n, s in zip(names, shares, strict=True))
            parts.append(f"{label}: {listed}" if label else listed)
    return "; ".join(parts) + "."


def _bars(chart: Chart, locale: Locale, bar: str) -> Drawing:
    # Bars of at most one half are drawn to a whole of one half: else the differences are too small to see.
    reach = max((p.high or p.share or 0 for row in chart.rows for p in row.parts), default=0)
    unit = BAR_WIDTH / (1 if reach > 0.5 else 0.5)
    items, y, group = [], 0.0, ""
    for row in chart.rows:
        if (words := wording.plain(row.group, locale)) != group:
            heading, top = _label(words, y, locale, bold=True)
            items.append(heading)
            group, y = words, top + 12
        label, top = _label(wording.row_label(chart, row, locale), y, locale)
        items += [label, _bar(row.parts[0] if row.parts else Part(), top + 7, unit, bar, locale)]
        y = top + 40
    return Drawing(ZERO.join(items), max(0, y - 14))


def _bar(part: Part, y: float, unit: float, bar: str, locale: Locale) -> Markup:
    axis = line("0", "0", y - 3, y + 23, colours.INK_2)
    if part.share is None:
        return axis + text("0", y + 16, locale.gettext("hidden"), colours.INK_2, LABEL_PX, dx=8)
    end = part.share
    items = [axis] if end == 0 else [rect(0, end * unit, y, 20, bar, rx=2), axis]
    if part.low is not None and part.high is not None:
        low, high = percent(part.low * unit), percent(part.high * unit)
        items += [
            line(low, high, y + 10, y + 10, colours.INK),
            line(low, low, y + 5, y + 15, colours.INK),
            line(high, high, y + 5, y + 15, colours.INK),
        ]
        end = part.high
    items.append(text(percent(end * unit), y + 16, locale.percent(part.share), colours.INK, 16, dx=8, bold=True))
    return ZERO.join(items)


def _stacked(chart: Chart, locale: Locale, bar: str) -> Drawing:
    sides = [both for row in chart.rows if (both := _sides(chart, row)) is not None]
    left, right = max((s[0] for s in sides), default=0), max((s[1] for s in sides), default=1)
    unit = (SIDES[1] - SIDES[0]) / max(left + right, 0.01)
    centre = SIDES[0] + left * unit
    if chart.kind == "stacked":
        unit, centre = 100.0, 0.0
    items, y = [], 0.0
    for row in chart.rows:
        words = wording.row_label(chart, row, locale)
        label, top = _label(words, y, locale) if words else (ZERO, y - 4)
        items += [label, _segments(chart, row, centre, unit, top + 7, locale)]
        y = top + 46
    return Drawing(ZERO.join(items), max(0, y - 12))


def _segments(chart: Chart, row: Row, centre: float, unit: float, y: float, locale: Locale) -> Markup:
    both = _sides(chart, row)
    if both is None:
        reason = locale.gettext("no answers") if not row.base else locale.gettext("hidden")
        return text("0", y + 18, reason, colours.INK_2, LABEL_PX)
    items, x = [], centre - both[0] * unit
    start = x
    for part, colour in zip(row.parts, _palette(chart), strict=False):
        width = (part.share or 0) * unit
        if width:
            items.append(rect(x, width, y, 26, colour, gap=True))
        if width >= INSIDE and len(row.parts) <= LONGEST_SCALE:
            number = locale.number(100 * (part.share or 0), 0)
            items.append(text(percent(x + width / 2), y + 18, number, colours.on(colour), 14, anchor="middle"))
        x += width
    totals = balance(row) if chart.kind != "stacked" else None
    if totals:
        low, high = (locale.number(100 * total, 0) for total in totals)
        items.append(text(percent(start), y + 19, low, colours.ENDS[0], 16, dx=-7, anchor="end", bold=True))
        items.append(text(percent(x), y + 19, high, colours.ENDS[1], 16, dx=7, bold=True))
    return ZERO.join(items)


def _sides(chart: Chart, row: Row) -> tuple[float, float] | None:
    """How far a row reaches left and right of the centre, the neutral part halved."""
    shares = [part.share for part in row.parts]
    if not shares or None in shares:
        return None
    if chart.kind == "stacked":
        return 0.0, sum(s or 0 for s in shares)
    start, end = middle(len(shares))
    neutral = sum(s or 0 for s in shares[start:end]) / 2
    return sum(s or 0 for s in shares[:start]) + neutral, sum(s or 0 for s in shares[end:]) + neutral


def _histogram(chart: Chart, locale: Locale, bar: str) -> Drawing:
    # Lying bars: their labels have room at 320 px, where labels under standing ones would collide.
    labels = [wording.row_label(chart, row, locale) for row in chart.rows]
    start = min(34.0, 6 + 3.2 * max(len(label) for label in labels))
    reach = max((row.parts[0].share or 0 for row in chart.rows if row.parts), default=0) or 1
    unit = (88 - start) / reach
    items, y = [], 0.0
    for row, label in zip(chart.rows, labels, strict=True):
        share = row.parts[0].share if row.parts else None
        items.append(text(percent(start), y + 17, label, colours.INK, 14, dx=-8, anchor="end"))
        if share is None:
            items.append(text(percent(start), y + 17, locale.gettext("hidden"), colours.INK_2, SMALL_PX, dx=8))
        else:
            items.append(rect(start, share * unit, y + 2, 20, bar))
            number = locale.percent(share)
            items.append(text(percent(start + share * unit), y + 17, number, colours.INK, 14, dx=6, bold=True))
        y += 26
    items.append(line(percent(start), percent(start), 0, y, colours.INK_2))
    if chart.unit:
        items.append(text(percent(start), y + 16, wording.plain(chart.unit, locale), colours.INK_2, SMALL_PX))
        y += 18
    return Drawing(ZERO.join(items), y + 4)


def _palette(chart: Chart) -> tuple[str, ...]:
    if chart.kind == "nps":
        return colours.scale(3)
    if chart.kind == "diverging":
        return colours.scale(len(chart.series))
    return colours.series(len(chart.series)) if chart.kind == "stacked" else ()


def _label(label: str, y: float, locale: Locale, *, bold: bool = False) -> tuple[Markup, float]:
    """The label's lines from y down; returns them and the baseline of the last."""
    lines = wrap(label, locale)
    base = y + 16
    items = [
        text("0", base + LINE * number, words, colours.INK, LABEL_PX, bold=bold) for number, words in enumerate(lines)
    ]
    return ZERO.join(items), base + LINE * (len(lines) - 1)
