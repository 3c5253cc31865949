"""Answers as files to take away: CSV (RFC 4180) and XLSX, written block by block whatever their number."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import UUID

import xlsxwriter

from consult.charts.showing import table
from consult.columns.answers import BLOCK, Answered, blocks
from consult.columns.united import united
from consult.errors import NotFound
from consult.i18n import Locale
from consult.results import rule, sheet
from consult.results.queries import Results
from consult.surveys import queries as surveys
from consult.surveys.definition import Definition

BOM = "\ufeff".encode()
"""Excel takes a CSV file without it for the machine's old code page, and breaks every Cyrillic and Georgian word."""
XLSX_ROWS = 1_048_576
Progress = Callable[[int], None]


def no_progress(_: int) -> None:
    """Nobody is waiting to hear how many rows are done."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to take away. locale: words of one language, None writes codes; without: flags whose answers stay out.

    impersonal  leave out the columns that may name a person.
    """

    locale: Locale | None = None
    without: tuple[str, ...] = ()
    impersonal: bool = False


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The columns of all versions, and which of them each version has."""

    definition: Definition
    columns: tuple[sheet.Field, ...]
    offered: Mapping[int, frozenset[str]]

    def cells(self, row: Answered, locale: Locale | None) -> list[sheet.Cell]:
        return [sheet.cell(column, row, locale, self.offered[row.version]) for column in self.columns]


async def _sheet(survey_id: UUID, wanted: Wanted) -> _Sheet:
    versions = await surveys.versions(survey_id)
    if not versions:
        raise NotFound
    definition = united([version.definition for version in versions])
    columns = tuple(field for field in sheet.fields(definition) if not (wanted.impersonal and field.is_personal))
    offered = {v.number: frozenset(field.name for field in sheet.fields(v.definition)) for v in versions}
    return _Sheet(definition, columns, offered)


async def definition_of(survey_id: UUID) -> Definition:
    """All versions' questions and options in one. Raises NotFound for a survey that was never published."""
    return (await _sheet(survey_id, Wanted())).definition


async def csv_blocks(survey_id: UUID, wanted: Wanted, *, bom: bool = False) -> AsyncIterator[bytes]:
    """The answers as CSV, UTF-8, lines ending in CR LF, by codes or with labels and headings in words."""
    made, locale = await _sheet(survey_id, wanted), wanted.locale
    head = [column.name if locale is None else column.heading(locale) for column in made.columns]
    yield (BOM if bom else b"") + _lines([[sheet.harmless(name) for name in head]])
    async for block in blocks(survey_id, without=wanted.without):
        yield _lines([[sheet.harmless(cell) for cell in made.cells(row, locale)] for row in block])


async def codebook_csv(survey_id: UUID, locale: Locale) -> bytes:
    """What columns and codes mean, as CSV. Raises NotFound."""
    definition = await definition_of(survey_id)
    return BOM + _lines([[sheet.harmless(cell) for cell in line] for line in sheet.codebook(definition, locale)])


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
    async for block in csv_blocks(survey_id, Wanted(locale), bom=bom):
        out.write(block)
        progress(done)
        done += BLOCK


async def export_xlsx(
    survey_id: UUID,
    locale: Locale,
    path: Path,
    *,
    codes: bool = False,
    wanted: Wanted | None = None,
    progress: Progress = no_progress,
) -> None:
    """Write a workbook with the answers and a codebook in one language. Raises NotFound.

    Rows are written out as they come, so memory does not grow with them. Answers beyond Excel's limit go on in
    another sheet. Every text is stored as a text, so nothing in it is run as a formula.
    """
    wanted = wanted or Wanted()
    made, values = await _sheet(survey_id, wanted), None if codes else locale
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), {**options, "strings_to_numbers": False})
    try:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        name = locale.gettext("Answers")
        head = [column.name if codes else column.heading(locale) for column in made.columns]
        page, line, number, done = _page(book, name, head, bold), 1, 1, 0
        async for block in blocks(survey_id, without=wanted.without):
            for row in block:
                if line == XLSX_ROWS:
                    number, line = number + 1, 1
                    page = _page(book, f"{name} {number}", head, bold)
                _write(page, line, made.cells(row, values))
                line += 1
            done += len(block)
            progress(done)
        page = book.add_worksheet(locale.gettext("Codebook"))
        page.set_column(0, 7, 24)
        for line, cells in enumerate(sheet.codebook(made.definition, locale)):
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


def _write(page: xlsxwriter.worksheet.Worksheet, line: int, cells: list[sheet.Cell]) -> None:
    for place, value in enumerate(cells):
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
    lines.append([locale.gettext("Which answers count"), "", rule.said(results.left, locale), "", ""])
    return BOM + _lines([[sheet.harmless(cell) for cell in line] for line in lines])
