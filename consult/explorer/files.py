"""What a view shows as a workbook: charts of the spreadsheet's own, and tables below."""

from __future__ import annotations

import io
from collections.abc import Iterable

import xlsxwriter
from litestar import Response

from consult.charts.grid import Cell, Grid, Number
from consult.charts.spec import Spec
from consult.charts.workbook import for_paper, xlsx_chart
from consult.i18n import Locale

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook_of(charts: Iterable[Spec], tables: Iterable[Grid], locale: Locale, name: str) -> Response[bytes]:
    """name: of the file. Numbers stay numbers; nothing in a text is run as a formula."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        sheet, row = book.add_worksheet(), 0
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 12, 13)
        for_paper(sheet)
        for chart in charts:
            row = xlsx_chart(book, sheet, chart, locale, row=row) + 1
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        for grid in tables:
            sheet.write_string(row, 0, grid.caption, bold)
            for place, head in enumerate(grid.head):
                sheet.write_string(row + 1, place, head, bold)
            for line, cells in enumerate(grid.rows, row + 2):
                for place, cell in enumerate(cells):
                    _write(book, sheet, line, place, cell)
            row += len(grid.rows) + 3
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(made.getvalue(), media_type=XLSX, headers=headers)


def _write(book: xlsxwriter.Workbook, sheet: object, line: int, place: int, cell: Cell) -> None:
    if isinstance(cell, Number) and cell.value is not None:
        sheet.write_number(line, place, cell.value, book.add_format({"num_format": cell.format}))  # type: ignore[attr-defined]
    else:
        sheet.write_string(line, place, cell if isinstance(cell, str) else cell.written)  # type: ignore[attr-defined]
