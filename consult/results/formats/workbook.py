"""Excel workbooks (.xlsx), written row by row by xlsxwriter, which keeps one row in memory.

Every text is stored as a text; one that a spreadsheet would take for a formula when it is typed again carries Excel's
own mark for that (quotePrefix), so that it stays harmless and its words stay what was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

from consult.documents.cells import harmless
from consult.results.sheet import Cell

ROWS = 1_048_576
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
NAME, WIDTH, LONGEST = 31, 18, 32_767
A4 = 9
"""Excel's number of the paper."""


class Workbook:
    """Write a sheet after the other: `sheet`, then its rows, then `close`."""

    def __init__(self, path: Path) -> None:
        self.book = xlsxwriter.Workbook(str(path), OPTIONS)
        self.bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.quoted = self.book.add_format({"quote_prefix": True})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.words: object = None
        self.name, self.number, self.line = "", 0, 0
        self.head: list[Cell] = []

    def sheet(self, name: str, head: Sequence[Cell], width: int = WIDTH, *, is_read: bool = False) -> None:
        """is_read: people read its texts from end to end, so they wrap."""
        self.words = self.wrapped if is_read else None
        self.name, self.head, self.width, self.number = name, list(head), width, 1
        self._begin(name)

    def _begin(self, name: str) -> None:
        self.page = self.book.add_worksheet(name[:NAME])
        self.page.set_column(0, max(len(self.head) - 1, 0), self.width)
        self.page.freeze_panes(1, 1)
        self.page.set_landscape()
        self.page.set_paper(A4)
        self.page.repeat_rows(0)
        self.page.repeat_columns(0)
        self.page.print_across()
        self.page.set_footer("&L&A&R&P / &N")
        self._write(0, self.head, self.bold)
        self.line = 1

    def rows(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Rows beyond Excel's limit go on in another sheet."""
        for row in rows:
            if self.line == ROWS:
                self.number += 1
                self._begin(f"{self.name} {self.number}")
            self._write(self.line, row, self.words)
            self.line += 1

    def close(self) -> None:
        self.book.close()

    def _write(self, line: int, cells: Sequence[Cell], form: object = None) -> None:
        for place, value in enumerate(cells):
            if not isinstance(value, str):
                self.page.write_number(line, place, value, form)
            elif value:
                style = self.quoted if form is not self.bold and harmless(value) != value else form
                self.page.write_string(line, place, value[:LONGEST], style)
