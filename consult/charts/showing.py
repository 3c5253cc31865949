"""All that can be made of a chart: a sentence, an SVG, a Plotly figure, a table, a source line, and the whole view.

Other domains use this module, workbook.py and the specifications (chart.py, kinds.py, spec.py) only:

    chart = await results.queries.question_chart(survey_id, "services")
    seen = showing.view(chart, locale, profile)           -> charts/chart.html: {{ figure(seen) }}

A further kind is a struct in kinds.py, a module with `scene`, `table` and `sentence`, and a line in MAKERS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from consult.analysis.estimate import Reason
from consult.charts import (
    classic,
    colours,
    drawing,
    figures,
    grid,
    grouped,
    heat,
    intervals,
    line,
    origin,
    scatter,
    wording,
    words,
)
from consult.charts.chart import Chart
from consult.charts.grid import Grid
from consult.charts.kinds import Grouped, Heat, Intervals, Line, Scatter, Words
from consult.charts.scene import Scene
from consult.charts.spec import OtherKind, Spec
from consult.i18n import Locale
from consult.profile import Profile

__all__ = ["Table", "View", "alternative", "grid_of", "plotly", "sentence", "source", "svg", "table", "view"]

MOST_SPOKEN = 60
"""Figures that are read out as a description; of larger charts the sentence is, and the table has them all."""
Legend = list[tuple[Markup, str]]


@dataclass(frozen=True, slots=True)
class Maker:
    """What a kind brings: the functions of its module."""

    scene: Callable[[Any, Locale, str], Scene]
    table: Callable[[Any, Locale], Grid]
    sentence: Callable[[Any, Locale], str]
    legend: Callable[[Any, Locale], Legend] = lambda spec, locale: []
    remarks: Callable[[Any, Locale], list[str]] = lambda spec, locale: []


MAKERS: dict[type[OtherKind], Maker] = {
    Grouped: Maker(grouped.scene, grouped.table, grouped.sentence, remarks=grouped.remarks),
    Intervals: Maker(intervals.scene, intervals.table, intervals.sentence, intervals.legend),
    Line: Maker(line.scene, line.table, line.sentence, line.legend, line.remarks),
    Heat: Maker(heat.scene, heat.table, heat.sentence, heat.legend, heat.remarks),
    Scatter: Maker(scatter.scene, scatter.table, scatter.sentence, scatter.legend, scatter.remarks),
    Words: Maker(words.scene, words.table, words.sentence, remarks=words.remarks),
}


@dataclass(frozen=True, slots=True)
class Table:
    """caption and cells as text, the first cell of a row is its head; all other columns are numbers.

    shades  for each row the shade of each cell behind its head ("", "high", "higher", "low", "lower"), or nothing.
    langs   for each row the language of its head where that is not the page's, or nothing.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shades: tuple[tuple[str, ...], ...] = ()
    langs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A chart in one language, ready for the template. plotly_url is empty where the page offers no live figure."""

    id: str
    title: str
    sentence: str
    svg: Markup
    legend: Legend
    source: str
    table: Table | None
    plotly_url: str


def view(spec: Spec, locale: Locale, profile: Profile | None = None, *, id_: str = "", plotly_url: str = "") -> View:
    """Make everything the template shows. id_ is needed where one chart stands twice on a page."""
    id_ = id_ or spec.key
    return View(
        id_,
        wording.plain(spec.title, locale),
        sentence(spec, locale),
        svg(spec, locale, _bar(profile), id_),
        legend(spec, locale),
        "" if spec.is_hidden else source(spec, locale),
        None if spec.is_hidden else table(spec, locale),
        "" if spec.is_hidden else plotly_url,
    )


def svg(spec: Spec, locale: Locale, bar: str = colours.BAR, id_: str = "") -> Markup:
    """The chart as an SVG element; empty if there is nothing to show. id_ makes its ids unique on a page."""
    if isinstance(spec, Chart):
        return drawing.svg(spec, locale, bar, id_)
    if spec.is_hidden:
        return Markup("")
    made = MAKERS[type(spec)].scene(spec, locale, bar)
    title = wording.plain(spec.title, locale)
    return drawing.framed(made.svg(), made.height, id_ or spec.key, title, _spoken(spec, locale))


def plotly(spec: Spec, locale: Locale, profile: Profile | None = None, *, save: str = "") -> dict[str, Any]:
    """`data`, `layout` and `config` for Plotly, in the reader's language and the municipality's colour.

    save: offer the figure as a picture, in a file of this name.
    """
    if isinstance(spec, Chart):
        return figures.plotly(spec, locale, _bar(profile), save=save)
    made = Scene() if spec.is_hidden else MAKERS[type(spec)].scene(spec, locale, _bar(profile))
    arranged = figures.layout(locale, max(24, made.height), (made.start, made.end), made.notes(), made.shapes())
    return figures.whole(made.traces(), arranged, locale, save=save)


def sentence(spec: Spec, locale: Locale) -> str:
    """One sentence, or a few short ones, that say what the chart shows."""
    if isinstance(spec, Chart):
        return wording.sentence(spec, locale)
    if spec.reason is not None:
        return locale.gettext(wording.REASONS[spec.reason])
    return MAKERS[type(spec)].sentence(spec, locale) or locale.gettext(wording.REASONS[Reason.HIDDEN])


def source(spec: Spec, locale: Locale) -> str:
    """Who was asked, by which method, how certain it is, what is left out, as of when."""
    if isinstance(spec, Chart):
        return wording.source(spec, locale)
    return origin.source(spec, MAKERS[type(spec)].remarks(spec, locale), locale)


def alternative(spec: Spec, locale: Locale) -> str:
    """The chart in words, for a picture that stands without its page: what it shows, n, method, certainty and date."""
    words = f"{wording.plain(spec.title, locale).rstrip('.')}. {sentence(spec, locale)}"
    return words if spec.is_hidden else f"{words} {source(spec, locale)}"


def legend(spec: Spec, locale: Locale) -> Legend:
    """Small drawings and what they stand for; empty where everything is named in its place."""
    if spec.is_hidden:
        return []
    return drawing.legend(spec, locale) if isinstance(spec, Chart) else MAKERS[type(spec)].legend(spec, locale)


def table(spec: Spec, locale: Locale) -> Table:
    """The chart's figures as a table: figures, intervals where there are any, and n."""
    made = grid_of(spec, locale)
    rows = tuple(tuple(grid.written(cell) for cell in row) for row in made.rows)
    return Table(made.caption, made.head, rows, made.shades, made.langs)


def grid_of(spec: Spec, locale: Locale) -> Grid:
    """The same table with its numbers as numbers."""
    return classic.table(spec, locale) if isinstance(spec, Chart) else MAKERS[type(spec)].table(spec, locale)


def _spoken(spec: OtherKind, locale: Locale) -> str:
    """The figures in words, for those who hear the page."""
    made = grid_of(spec, locale)
    if len(made.rows) * (len(made.head) - 1) > MOST_SPOKEN:
        return sentence(spec, locale)
    rows = []
    for row in made.rows:
        cells = [(head, grid.written(cell)) for head, cell in zip(made.head[1:], row[1:], strict=True)]
        rows.append(f"{grid.written(row[0])}: " + ", ".join(f"{head} {cell}" for head, cell in cells if cell))
    return "; ".join(rows) + "."


def _bar(profile: Profile | None) -> str:
    return profile.colours.bar if profile else colours.BAR
