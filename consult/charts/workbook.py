"""A chart in a workbook: its table with real numbers, and below it a chart of the spreadsheet's own made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from consult.charts import colours, heat, showing, wording
from consult.charts.chart import Chart
from consult.charts.grid import Cell, Grid, Number, Span
from consult.charts.kinds import Grouped, Heat, Intervals, Line, Scatter
from consult.charts.spec import Spec
from consult.i18n import Locale

CHART_ROWS, CHART_WIDTH, CHART_HEIGHT = 18, 720, 340
SPREAD, LETTERS, LINE, HEAD_LETTERS = 6, 110, 15.5, 11
"""A text goes over so many further columns; of letters so many stand on a line; a line is so high (points), and so many
stand on a line of a head."""
HEAD_ROWS = 3
"""Above the table: title, sentence, an empty line."""
Format = Any
"""Formats, sheets and charts of xlsxwriter, which has no types."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the table came to stand: its sheet, the row of its head, its first column, its width and its rows.

    at  for each column of the grid, where its figures are (the low end of intervals).
    """

    sheet: Any
    head: int
    first: int
    width: int
    rows: int
    at: tuple[int, ...]

    def cells(self, column: int, rows: int | None = None) -> list[object]:
        """The figures of a grid's column, as xlsxwriter names a range."""
        return [self.sheet.get_name(), self.head + 1, self.at[column], self.head + (rows or self.rows), self.at[column]]

    def name(self, column: int) -> list[object]:
        return [self.sheet.get_name(), self.head, self.at[column]]


def for_paper(sheet: Any) -> None:
    """Print as wide as a page of A4, with the number of each page."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.8)
    sheet.set_footer("&L&A&R&P / &N")


def written(workbook: Any, sheet: Any, row: int, column: int, words: str, **look: object) -> None:
    """Write a text over several columns, as high as it needs: a long one would run out of the page, or be cut."""
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top", **look})
    sheet.merge_range(row, column, row, column + SPREAD, "", wrapped)
    sheet.write_string(row, column, words, wrapped)
    lines = sum(1 + len(line) // LETTERS for line in words.split("\n"))
    sheet.set_row(row, LINE * max(1, lines * look.get("font_size", 11) / 11))  # type: ignore[operator]


def xlsx_chart(workbook: Any, sheet: Any, spec: Spec, locale: Locale, *, row: int = 0, column: int = 0) -> int:
    """Write a chart with its title, sentence, table and source into a sheet; returns the next free row.

    The table begins in `column`; the chart stands below it, so that both fit the width of a page.
    Of a chart that may not be shown only the sentence is written. Texts are written as texts, so nothing in
    them is run as a formula.
    """
    written(workbook, sheet, row, column, wording.plain(spec.title, locale), bold=True)
    written(workbook, sheet, row + 1, column, showing.sentence(spec, locale))
    if spec.is_hidden:
        return row + HEAD_ROWS
    placed = xlsx_table(workbook, sheet, showing.grid_of(spec, locale), locale, row + HEAD_ROWS, column)
    below = placed.head + placed.rows + 1
    written(workbook, sheet, below, column, showing.source(spec, locale), font_color=colours.INK_2, font_size=9)
    chart = _chart(workbook, spec, placed, locale)
    chart.set_title({"name": wording.plain(spec.title, locale), "name_font": {"size": 11}, "overlay": False})
    chart.set_size({"width": CHART_WIDTH, "height": CHART_HEIGHT})
    description = showing.alternative(spec, locale)
    sheet.insert_chart(below + 2, column, chart, {"description": description[:2000]})
    return below + 2 + CHART_ROWS


def xlsx_table(workbook: Any, sheet: Any, made: Grid, locale: Locale, top: int, first: int) -> Placed:
    """Write a grid with its head in row `top` from column `first` on; intervals take two columns."""
    head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    at, next_ = [], first
    for number, words in enumerate(made.head):
        at.append(next_)
        if made.is_span(number):
            sheet.write_string(top, next_, locale.gettext("%(name)s, lower end", name=words), head)
            sheet.write_string(top, next_ + 1, locale.gettext("%(name)s, upper end", name=words), head)
            next_ += 2
        else:
            sheet.write_string(top, next_, words, head)
            next_ += 1
    sheet.set_row(top, LINE * max(map(_lines, made.head[1:]), default=1))
    for line, row in enumerate(made.rows, top + 1):
        shades = ("", *made.shades[line - top - 1]) if made.shades else ("",) * len(row)
        for cell, place, shade in zip(row, at, shades, strict=True):
            _write(workbook, sheet, line, place, cell, shade)
    return Placed(sheet, top, first, next_ - first, len(made.rows), tuple(at))


def _lines(words: str) -> int:
    """How many lines a head takes in a narrow column: a long word is broken."""
    lines, left = 1, HEAD_LETTERS
    for word in words.split():
        if len(word) > left and left < HEAD_LETTERS:
            lines, left = lines + 1, HEAD_LETTERS
        lines, left = lines + (len(word) - 1) // HEAD_LETTERS, left - 1 - len(word) % HEAD_LETTERS
    return lines


def _write(workbook: Any, sheet: Any, line: int, place: int, cell: Cell, shade: str) -> None:
    if isinstance(cell, str):
        sheet.write_string(line, place, cell)
        return
    for offset, number in enumerate((cell.low, cell.high) if isinstance(cell, Span) else (cell,)):
        if number.value is None:
            sheet.write_string(line, place + offset, number.written)
        else:
            sheet.write_number(line, place + offset, number.value, _format(workbook, number, shade))


def _format(workbook: Any, number: Number, shade: str) -> Format:
    look = {"num_format": number.format}
    if shade:
        look["bg_color"] = heat.SHADES[shade]
    return workbook.add_format(look)


def _chart(workbook: Any, spec: Spec, placed: Placed, locale: Locale) -> Any:
    if isinstance(spec, Chart):
        return _of_question(workbook, spec, placed)
    if isinstance(spec, Grouped):
        return _of_groups(workbook, spec, placed, locale)
    if isinstance(spec, Intervals):
        return _of_intervals(workbook, spec, placed)
    if isinstance(spec, Line):
        return _of_waves(workbook, spec, placed)
    if isinstance(spec, Heat):
        return _of_matrix(workbook, spec, placed)
    if isinstance(spec, Scatter):
        return _of_map(workbook, spec, placed, locale)
    chart = _bars(workbook)
    chart.add_series(_series(placed, 1) | {"fill": {"color": colours.BAR}, "gap": 40})
    return chart


def _bars(workbook: Any, subtype: str = "", form: str = "General") -> Any:
    """Lying bars, the first row on top; form: how the axis writes its figures."""
    chart = workbook.add_chart({"type": "bar", "subtype": subtype} if subtype else {"type": "bar"})
    chart.set_y_axis({"reverse": True})
    lines = {"visible": True, "line": {"color": colours.LINE}}
    chart.set_x_axis({"major_gridlines": lines, "label_position": "low", "num_format": form})
    chart.set_legend({"none": True})
    return chart


def _series(placed: Placed, column: int, rows: int | None = None) -> dict[str, Any]:
    return {"name": placed.name(column), "categories": placed.cells(0, rows), "values": placed.cells(column, rows)}


def _errors(ends: list[tuple[float | None, float | None, float | None]]) -> dict[str, Any] | None:
    """Custom error bars from (value, low, high); None where there are none."""
    if not any(low is not None for _, low, _ in ends):
        return None
    known = [(v or 0, v if low is None else low, v if high is None else high) for v, low, high in ends]
    plus = [round((high or 0) - value, 10) for value, _, high in known]
    minus = [round(value - (low or 0), 10) for value, low, _ in known]
    return {"type": "custom", "plus_values": plus, "minus_values": minus}


def _of_question(workbook: Any, spec: Chart, placed: Placed) -> Any:
    if spec.kind in ("bars", "histogram"):
        chart = _bars(workbook, form="0%")
        parts = [row.parts[0] if row.parts else None for row in spec.rows]
        errors = _errors([(p.share, p.low, p.high) if p else (None, None, None) for p in parts])
        series = _series(placed, 1) | {"fill": {"color": colours.BAR}, "gap": 40}
        chart.add_series(series | ({"y_error_bars": errors} if errors else {}))
        return chart
    if len(spec.rows) == 1:
        chart = _bars(workbook, form="0%")
        palette = colours.series(placed.rows) if spec.kind == "stacked" else colours.scale(placed.rows)
        points = [{"fill": {"color": colour}} for colour in palette]
        chart.add_series(_series(placed, 1) | {"points": points, "gap": 40})
        return chart
    chart = _bars(workbook, "percent_stacked", "0%")
    number = len(spec.series) or 3
    palette = colours.series(number) if spec.kind == "stacked" else colours.scale(number)
    for place in range(number):
        chart.add_series(_series(placed, place + 1) | {"fill": {"color": palette[place]}, "gap": 40})
    chart.set_legend({"position": "bottom"})
    return chart


def _of_groups(workbook: Any, spec: Grouped, placed: Placed, locale: Locale) -> Any:
    chart = _bars(workbook)
    column, palette = 1, colours.series(len(spec.groups))
    for group, colour in zip(spec.groups, palette, strict=True):
        has_intervals = any(value.low is not None for value in group.values)
        series = _series(placed, column, len(spec.answers)) | {"fill": {"color": colour}, "gap": 60}
        errors = _errors([(value.value, value.low, value.high) for value in group.values])
        chart.add_series(series | ({"y_error_bars": errors} if errors else {}))
        column += 2 if has_intervals else 1
    chart.set_legend({"position": "bottom"})
    return chart


def _of_intervals(workbook: Any, spec: Intervals, placed: Placed) -> Any:
    chart = workbook.add_chart({"type": "line"})
    errors = _errors([(row.figure.value, row.figure.low, row.figure.high) for row in spec.rows])
    series = _series(placed, 1) | {"line": {"none": True}, "marker": _marker()}
    chart.add_series(series | ({"y_error_bars": errors} if errors else {}))
    chart.set_legend({"none": True})
    return chart


def _marker() -> dict[str, Any]:
    return {"type": "circle", "size": 8, "fill": {"color": colours.BAR}, "border": {"color": colours.INK}}


def _of_waves(workbook: Any, spec: Line, placed: Placed) -> Any:
    """The waves, and their centre line, limits and target as further lines."""
    chart = workbook.add_chart({"type": "line"})
    errors = _errors([(wave.figure.value, wave.figure.low, wave.figure.high) for wave in spec.waves])
    series = _series(placed, 1) | {"line": {"color": colours.BAR, "width": 2.25}, "marker": _marker()}
    chart.add_series(series | ({"y_error_bars": errors} if errors else {}))
    column = 3 if any(wave.figure.low is not None for wave in spec.waves) else 2
    if any(wave.centre is not None for wave in spec.waves):
        grey: dict[str, Any] = {"color": colours.INK_2, "width": 1.25}
        chart.add_series(_series(placed, column) | {"line": grey})
        low = _series(placed, column + 1)
        high = low | {
            "values": [*low["values"][:2], low["values"][2] + 1, low["values"][3], low["values"][4] + 1],
            "name": [*low["name"][:2], low["name"][2] + 1],
        }
        for limit in (low, high):
            chart.add_series(limit | {"line": grey | {"dash_type": "dash"}})
        column += 2
    if spec.target is not None:
        chart.add_series(_series(placed, column) | {"line": {"color": colours.ENDS[0], "dash_type": "round_dot"}})
    chart.set_legend({"position": "bottom"})
    return chart


def _of_matrix(workbook: Any, spec: Heat, placed: Placed) -> Any:
    """Rows as stacked bars where each adds up to all; else bars beside each other."""
    is_whole = spec.across == "row" and spec.measure.kind == "share" and not spec.several
    chart = _bars(workbook, "percent_stacked", "0%") if is_whole else _bars(workbook)
    shown = [number for number, column in enumerate(spec.columns, 1) if not column.is_total]
    for number, colour in zip(shown, colours.series(len(shown)), strict=True):
        chart.add_series(_series(placed, number, len(spec.rows)) | {"fill": {"color": colour}, "gap": 60})
    chart.set_legend({"position": "bottom"})
    return chart


def _of_map(workbook: Any, spec: Scatter, placed: Placed, locale: Locale) -> Any:
    chart = workbook.add_chart({"type": "scatter"})
    across = 3 if any(spot.y.low is not None for spot in spec.spots) else 2
    labels = [{"value": wording.plain(spot.label, locale)} for spot in spec.spots]
    chart.add_series(
        {
            "categories": placed.cells(across),
            "values": placed.cells(1),
            "marker": _marker(),
            "data_labels": {"value": True, "custom": labels, "position": "above"},
        }
    )
    for set_axis, named, crossing in (
        (chart.set_x_axis, spec.x, spec.x.cross),
        (chart.set_y_axis, spec.y, spec.y.cross),
    ):
        look: dict[str, Any] = {"name": wording.plain(named.name, locale), "label_position": "low"}
        look["major_gridlines"] = {"visible": False}
        if crossing is not None:
            look["crossing"] = crossing
        set_axis(look)
    chart.set_legend({"none": True})
    return chart
