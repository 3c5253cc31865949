"""All that can be made of a chart: a sentence, an SVG, a Plotly figure, a table, a source line, and the whole view.

Other domains use this module and chart.py only:

    chart = await results.queries.question_chart(survey_id, "services")
    seen = showing.view(chart, locale, profile)           -> charts/chart.html: {{ figure(seen) }}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from consult.charts import colours, drawing, figures, wording
from consult.charts.chart import Chart, Part, Row
from consult.errors import N_
from consult.i18n import Locale
from consult.profile import Profile

__all__ = ["Table", "View", "plotly", "sentence", "source", "svg", "table", "view"]

SHARES = {"ranking": N_("Ranked first"), "allocation": N_("Share of the points")}
MEANS = {"ranking": N_("Mean place"), "allocation": N_("Mean points")}
sentence = wording.sentence
source = wording.source
svg = drawing.svg


def plotly(chart: Chart, locale: Locale, profile: Profile | None = None) -> dict[str, Any]:
    """`data`, `layout` and `config` for Plotly, in the reader's language and the municipality's colour."""
    return figures.plotly(chart, locale, _bar(profile))


@dataclass(frozen=True, slots=True)
class Table:
    """caption and cells as text, the first cell of a row is its head; all other columns are numbers."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class View:
    """A chart in one language, ready for the template. plotly_url is empty where the page offers no live figure."""

    id: str
    title: str
    sentence: str
    svg: Markup
    legend: list[tuple[Markup, str]]
    source: str
    table: Table | None
    plotly_url: str


def view(chart: Chart, locale: Locale, profile: Profile | None = None, *, id_: str = "", plotly_url: str = "") -> View:
    """Make everything the template shows. id_ is needed where one chart stands twice on a page."""
    id_ = id_ or chart.key
    return View(
        id_,
        wording.plain(chart.title, locale),
        sentence(chart, locale),
        svg(chart, locale, _bar(profile), id_),
        [] if chart.is_hidden else drawing.legend(chart, locale),
        "" if chart.is_hidden else source(chart, locale),
        None if chart.is_hidden else table(chart, locale),
        "" if chart.is_hidden else plotly_url,
    )


def table(chart: Chart, locale: Locale) -> Table:
    """The chart's figures as a table: shares, intervals where there are any, and n."""
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
        return Table(caption, (*head, number), tuple(_single(chart, row, locale) for row in chart.rows))
    if len(chart.rows) == 1:
        head = (locale.gettext("Answer"), locale.gettext("Share"), number)
        return Table(caption, head, tuple(_points(chart, chart.rows[0], locale)))
    head = (locale.gettext("Item"), *wording.series(chart, locale), number)
    return Table(caption, head, tuple(_many(chart, row, locale) for row in chart.rows))


def _points(chart: Chart, row: Row, locale: Locale) -> Iterator[tuple[str, ...]]:
    """A single stacked bar reads best with its parts below each other."""
    hidden = locale.gettext("hidden")
    for name, part in zip(wording.series(chart, locale), row.parts, strict=False):
        share = hidden if part.share is None else locale.percent(part.share)
        yield name, share, hidden if part.count is None else locale.number(part.count, 0)


def _single(chart: Chart, row: Row, locale: Locale) -> tuple[str, ...]:
    part = row.parts[0] if row.parts else Part()
    hidden = locale.gettext("hidden")
    cells = [wording.in_group(chart, row, locale), hidden if part.share is None else locale.percent(part.share)]
    if chart.has_intervals:
        known = part.low is not None and part.high is not None
        cells.append(wording.interval(part.low or 0, part.high or 0, locale) if known else "–")
    if chart.measure in MEANS:
        mean = row.figure("mean")
        cells.append("–" if mean is None or mean.value is None else locale.number(mean.value, 1))
    cells.append(hidden if part.count is None else locale.number(part.count, 0))
    return tuple(cells)


def _many(chart: Chart, row: Row, locale: Locale) -> tuple[str, ...]:
    hidden = locale.gettext("hidden")
    label = wording.row_label(chart, row, locale)
    if not row.parts:
        return (label, *[hidden if row.base else "–"] * len(wording.series(chart, locale)), _base(row, locale))
    shares = [hidden if p.share is None else locale.percent(p.share) for p in row.parts]
    return (label, *shares, _base(row, locale))


def _base(row: Row, locale: Locale) -> str:
    return locale.gettext("hidden") if row.reason and row.base else locale.number(row.base, 0)


def _bar(profile: Profile | None) -> str:
    return profile.colours.bar if profile else colours.BAR
