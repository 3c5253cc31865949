"""A report as a workbook: a sheet for each part, numbers as numbers, charts of the spreadsheet's own."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import xlsxwriter

from consult.charts.workbook import LINE, SPREAD, for_paper, written, xlsx_chart, xlsx_table
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
        self.largest: dict[str, object] = {"bold": True, "font_size": 16, "font_color": made.brand}
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.strong = workbook.add_format({"bold": True, "align": "right", "valign": "top"})
        self.top = workbook.add_format({"valign": "top"})
        self.quiet = workbook.add_format({"font_color": "#5b544a", "valign": "top"})

    def _sheet(self, name: str) -> Any:
        sheet = self.workbook.add_worksheet(" ".join(name.translate(FORBIDDEN).split())[:LONGEST_NAME].strip())
        sheet.set_column(0, 0, FIRST_WIDTH)
        sheet.set_column(1, 12, OTHER_WIDTH)
        sheet.hide_gridlines(2)
        for_paper(sheet)
        return sheet

    def front(self) -> None:
        made = self.made
        sheet = self._sheet(made.kind)
        sheet.write_string(0, 0, made.sender, self.quiet)
        written(self.workbook, sheet, 1, 0, made.title, **self.largest)
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
        written(self.workbook, sheet, 0, 0, section.title, **self.largest)
        row = 2
        for block in section.blocks:
            row = self._block(sheet, block, row)

    def _block(self, sheet: Any, block: Block, row: int) -> int:
        if isinstance(block, Drawn):
            return xlsx_chart(self.workbook, sheet, block.spec, self.locale, row=row) + 1
        if isinstance(block, Tabled):
            written(self.workbook, sheet, row, 0, block.grid.caption, bold=True)
            placed = xlsx_table(self.workbook, sheet, block.grid, self.locale, row + 1, 0)
            below = placed.head + placed.rows + 1
            if block.note:
                written(self.workbook, sheet, below, 0, block.note, font_color="#5b544a", font_size=9)
            return below + 2
        if isinstance(block, Facts):
            return self._facts(sheet, block.rows, row)
        if isinstance(block, Numerals):
            for one in block.items:
                words = f"{one.name}: {one.about}" if one.about else one.name
                sheet.write_string(row, 0, words, self.wrapped)
                sheet.set_row(row, LINE * (1 + len(words) // FIRST_WIDTH))
                sheet.write_string(row, 1, one.value, self.strong)
                sheet.write_string(row, 2, one.interval, self.top)
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
            written(self.workbook, sheet, row, 0, f"– {words}" if bullets else words)
            row += 1
        return row + 1

    def _facts(self, sheet: Any, rows: tuple[tuple[str, str], ...], row: int) -> int:
        for name, value in rows:
            sheet.write_string(row, 0, name, self.quiet)
            sheet.merge_range(row, 1, row, SPREAD, "", self.wrapped)
            sheet.write_string(row, 1, value, self.wrapped)
            sheet.set_row(row, LINE * (1 + len(value) // (SPREAD * OTHER_WIDTH)))
            row += 1
        return row + 1
