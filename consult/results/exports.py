"""Answers as files to take away: CSV (RFC 4180) and XLSX, written block by block whatever their number."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import IO
from uuid import UUID

import xlsxwriter

from consult.errors import NotFound
from consult.i18n import Locale
from consult.results import sheet
from consult.results.answers import BLOCK, Answered, blocks
from consult.results.charts import table
from consult.results.queries import Results
from consult.results.united import united
from consult.surveys import queries as surveys
from consult.surveys.definition import Definition

BOM = "\ufeff".encode()
"""Excel takes a CSV file without it for the machine's old code page, and breaks every Cyrillic and Georgian word."""
XLSX_ROWS = 1_048_576
Progress = Callable[[int], None]


def no_progress(_: int) -> None:
    """Nobody is waiting to hear how many rows are done."""


async def definition_of(survey_id: UUID) -> Definition:
    """All versions' questions and options in one. Raises NotFound for a survey that was never published."""
    versions = await surveys.versions(survey_id)
    if not versions:
        raise NotFound
    return united([version.definition for version in versions])


async def csv_blocks(survey_id: UUID, locale: Locale | None, *, bom: bool = False) -> AsyncIterator[bytes]:
    """The answers as CSV, UTF-8, lines ending in CR LF; locale None writes codes, else labels and headings in words."""
    definition = await definition_of(survey_id)
    columns = sheet.fields(definition)
    head = [column.name if locale is None else column.heading(locale) for column in columns]
    yield (BOM if bom else b"") + _lines([[sheet.harmless(name) for name in head]])
    async for block in blocks(survey_id):
        yield _lines([[sheet.harmless(sheet.cell(c, row, locale)) for c in columns] for row in block])


def _lines(rows: list[list[sheet.Cell]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


async def export_csv(
    survey_id: UUID,
    locale: Locale | None,
    out: IO[bytes],
    *,
    bom: bool = False,
    progress: Progress = no_progress,
) -> None:
    """Write the answers to a file; locale None writes codes. Raises NotFound."""
    done = 0
    async for block in csv_blocks(survey_id, locale, bom=bom):
        out.write(block)
        progress(done)
        done += BLOCK


async def export_xlsx(
    survey_id: UUID, locale: Locale, path: Path, *, codes: bool = False, progress: Progress = no_progress
) -> None:
    """Write a workbook with the answers and a codebook in one language. Raises NotFound.

    Rows are written out as they come, so memory does not grow with them. Answers beyond Excel's limit go on in
    another sheet. Every text is stored as a text, so nothing in it is run as a formula.
    """
    definition = await definition_of(survey_id)
    columns = sheet.fields(definition)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), {**options, "strings_to_numbers": False})
    try:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        name = locale.gettext("Answers")
        head = [column.name if codes else column.heading(locale) for column in columns]
        page, line, number, done = _page(book, name, head, bold), 1, 1, 0
        async for block in blocks(survey_id):
            for row in block:
                if line == XLSX_ROWS:
                    number, line = number + 1, 1
                    page = _page(book, f"{name} {number}", head, bold)
                _write(page, line, columns, row, None if codes else locale)
                line += 1
            done += len(block)
            progress(done)
        page = book.add_worksheet(locale.gettext("Codebook"))
        page.set_column(0, 5, 24)
        for line, cells in enumerate(sheet.codebook(definition, locale)):
            for place, cell in enumerate(cells):
                page.write_string(line, place, cell, bold if line == 0 else None)
    finally:
        book.close()


def _page(book: xlsxwriter.Workbook, name: str, head: list[str], bold: object) -> xlsxwriter.worksheet.Worksheet:
    page = book.add_worksheet(name[:31])
    page.set_column(0, len(head) - 1, 16)
    page.freeze_panes(1, 1)
    for place, words in enumerate(head):
        page.write_string(0, place, words, bold)
    return page


def _write(
    page: xlsxwriter.worksheet.Worksheet,
    line: int,
    columns: tuple[sheet.Field, ...],
    row: Answered,
    locale: Locale | None,
) -> None:
    for place, column in enumerate(columns):
        value = sheet.cell(column, row, locale)
        if isinstance(value, str):
            if value:
                page.write_string(line, place, value)
        else:
            page.write_number(line, place, value)


def tables_csv(results: Results, locale: Locale) -> bytes:
    """The published tables of a survey, one line per figure, as they stand on the page: suppressed and rounded."""
    lines: list[list[sheet.Cell]] = [
        [locale.gettext("Question"), locale.gettext("Item"), locale.gettext("Answer"), locale.gettext("Share"), "n"]
    ]
    for key, chart in results.charts.items():
        if chart.is_hidden:
            continue
        found = table(chart, locale)
        if found.head[0] == locale.gettext("Item"):
            for row in found.rows:
                pairs = zip(found.head[1:-1], row[1:-1], strict=True)
                lines += [[key, row[0], answer, share, row[-1]] for answer, share in pairs]
        else:
            lines += [[key, "", row[0], row[1], row[-1]] for row in found.rows]
    return BOM + _lines([[sheet.harmless(cell) for cell in line] for line in lines])
