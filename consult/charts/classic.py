"""The grid of a question's chart (chart.Chart): shares, intervals where there are any, and n."""

from __future__ import annotations

from collections.abc import Iterator

from consult.charts import grid, wording
from consult.charts.chart import Chart, Part, Row
from consult.charts.grid import Cell, Grid, Number
from consult.charts.kinds import Measure
from consult.errors import N_
from consult.i18n import Locale

SHARES = {"ranking": N_("Ranked first"), "allocation": N_("Share of the points")}
MEANS = {"ranking": N_("Mean place"), "allocation": N_("Mean points")}
SHARE, MEAN = Measure(), Measure("number")


def table(chart: Chart, locale: Locale) -> Grid:
    number = "n"
    caption = wording.plain(chart.title, locale)
    head: tuple[str, ...]
    if chart.kind in ("bars", "histogram"):
        head = (locale.gettext("Answer"), locale.gettext(SHARES.get(chart.measure, N_("Share"))))
        if chart.has_intervals:
            level = locale.percent(chart.source.confidence or 0.95)
            head = (*head, locale.gettext("Interval %(level)s", level=level))
        if chart.measure in MEANS:
            head = (*head, locale.gettext(MEANS[chart.measure]))
        return Grid(caption, (*head, number), tuple(_single(chart, row, locale) for row in chart.rows))
    if len(chart.rows) == 1:
        head = (locale.gettext("Answer"), locale.gettext("Share"), number)
        return Grid(caption, head, tuple(_points(chart, chart.rows[0], locale)))
    head = (locale.gettext("Item"), *wording.series(chart, locale), number)
    return Grid(caption, head, tuple(_many(chart, row, locale) for row in chart.rows))


def _points(chart: Chart, row: Row, locale: Locale) -> Iterator[tuple[Cell, ...]]:
    """A single stacked bar reads best with its parts below each other."""
    for name, part in zip(wording.series(chart, locale), row.parts, strict=False):
        yield name, grid.share(part.share, locale), grid.count(part.count, locale)


def _single(chart: Chart, row: Row, locale: Locale) -> tuple[Cell, ...]:
    part = row.parts[0] if row.parts else Part()
    cells: list[Cell] = [wording.in_group(chart, row, locale), grid.share(part.share, locale)]
    if chart.has_intervals:
        cells.append(grid.span(part.low, part.high, SHARE, locale))
    if chart.measure in MEANS:
        mean = row.figure("mean")
        cells.append(grid.figure(None if mean is None else mean.value, MEAN, locale))
    cells.append(grid.count(part.count, locale))
    return tuple(cells)


def _many(chart: Chart, row: Row, locale: Locale) -> tuple[Cell, ...]:
    label = wording.row_label(chart, row, locale)
    base = grid.hidden(locale) if row.reason and row.base else grid.count(row.base, locale)
    if not row.parts:
        empty = grid.hidden(locale) if row.base else Number(None, grid.NONE)
        return (label, *[empty] * len(wording.series(chart, locale)), base)
    return (label, *(grid.share(part.share, locale) for part in row.parts), base)
