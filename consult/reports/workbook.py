"""A report as a workbook: a sheet for each part, numbers as numbers, charts of the spreadsheet's own."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import xlsxwriter

from consult.charts.workbook import xlsx_chart, xlsx_table
from consult.i18n import Locale
from consult.reports.document import (
    Block,
    Bullets,
    Document,
    Drawn,
    Facts,
    Marked,
    Numerals,
    Paragraph,
    Section,
    Spoken,
    Tabled,
)

FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
LONGEST_NAME = 31
FIRST_WIDTH, OTHER_WIDTH = 52, 13


def compile_xlsx(made: Document, locale: Locale, *, made_at: dt.datetime) -> bytes:
    """Write the workbook; texts are texts, so nothing in them is run as a formula."""
    out = BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({
        "title": made.title, "subject": made.kind, "author": made.sender, "comments": "",
        "created": made_at.replace(tzinfo=None, microsecond=0),
    })  # fmt: skip
    sheets = _Sheets(workbook, made, locale)
    sheets.front()
    for number, section in enumerate(made.sections, 1):
        sheets.section(section, number)
    workbook.close()
    return out.getvalue()


class _Sheets:
    def __init__(self, workbook: Any, made: Document, locale: Locale) -> None:
        self.workbook, self.made, self.locale = workbook, made, locale
        self.bold = workbook.add_format({"bold": True})
        self.large = workbook.add_format({"bold": True, "font_size": 16, "font_color": made.brand})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.quiet = workbook.add_format({"font_color": "#5b544a"})

    def _sheet(self, name: str) -> Any:
        sheet = self.workbook.add_worksheet(" ".join(name.translate(FORBIDDEN).split())[:LONGEST_NAME].strip())
        sheet.set_column(0, 0, FIRST_WIDTH)
        sheet.set_column(1, 12, OTHER_WIDTH)
        sheet.hide_gridlines(2)
        return sheet

    def front(self) -> None:
        made = self.made
        sheet = self._sheet(made.kind)
        sheet.write_string(0, 0, made.sender, self.quiet)
        sheet.write_string(1, 0, made.title, self.large)
        row = self._facts(sheet, made.facts, 3) + 1
        if made.is_demo:
            sheet.write_string(row, 0, made.words["demo"], self.bold)
            row += 2
        sheet.write_string(row, 0, made.words["contents"], self.bold)
        for number, section in enumerate(made.numbered, 1):
            sheet.write_string(row + number, 0, f"{number}  {section.title}")
        sheet.write_string(row + len(made.numbered) + 2, 0, made.contact, self.quiet)

    def section(self, section: Section, number: int) -> None:
        sheet = self._sheet(f"{number} {section.title}")
        sheet.write_string(0, 0, section.title, self.large)
        row = 2
        for block in section.blocks:
            row = self._block(sheet, block, row)

    def _block(self, sheet: Any, block: Block, row: int) -> int:
        if isinstance(block, Drawn):
            return xlsx_chart(self.workbook, sheet, block.spec, self.locale, row=row) + 1
        if isinstance(block, Tabled):
            sheet.write_string(row, 0, block.grid.caption, self.bold)
            placed = xlsx_table(self.workbook, sheet, block.grid, self.locale, row + 1, 0)
            below = placed.head + placed.rows + 1
            sheet.write_string(below, 0, block.note, self.quiet)
            return below + 2
        if isinstance(block, Facts):
            return self._facts(sheet, block.rows, row)
        if isinstance(block, Numerals):
            for one in block.items:
                sheet.write_string(row, 0, f"{one.name}: {one.about}", self.wrapped)
                sheet.write_string(row, 1, one.value, self.bold)
                sheet.write_string(row, 2, one.interval)
                row += 1
            return row + 1
        if isinstance(block, Marked):
            return self._texts(sheet, ["".join(words for _, words in block.pieces)], row, bullets=False)
        if isinstance(block, Spoken):
            return self._texts(sheet, [block.head, block.text], row, bullets=False)
        texts = [block.text] if isinstance(block, Paragraph) else list(block.items)
        return self._texts(sheet, texts, row, bullets=isinstance(block, Bullets))

    def _texts(self, sheet: Any, texts: list[str], row: int, *, bullets: bool) -> int:
        """Each text over several columns, as high as it needs."""
        for words in texts:
            sheet.merge_range(row, 0, row, 6, "", self.wrapped)
            sheet.write_string(row, 0, f"– {words}" if bullets else words, self.wrapped)
            sheet.set_row(row, 15 * (1 + len(words) // 125))
            row += 1
        return row + 1

    def _facts(self, sheet: Any, rows: tuple[tuple[str, str], ...], row: int) -> int:
        for name, value in rows:
            sheet.write_string(row, 0, name, self.quiet)
            sheet.write_string(row, 1, value)
            row += 1
        return row + 1
