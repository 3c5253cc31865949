"""Writing a survey's answers into a file of any kind: one pass over the answers, a block at a time."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol, get_args
from uuid import UUID

from consult.columns.answers import Answered, blocks
from consult.columns.frame import frame
from consult.errors import N_, Refused
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.results import rule
from consult.results.formats import dictionary
from consult.results.formats.plain import BOM, lines
from consult.results.formats.taking import FileKind, Report, Taking, Wanted, Weights, taking
from consult.results.formats.typed import variables

Progress = Callable[[int], None]
KINDS: tuple[FileKind, ...] = get_args(FileKind)
MOST_CUTS = 200


class TooManyColumns(Refused):
    message = N_("This file would have %(count)s columns, and the format holds %(most)s. Choose CSV or Parquet.")


COLUMNS = {"xlsx": 16_384, "ods": 16_384, "dta": 32_767}
"""What each format holds at most; the others hold as many as there are."""


class Writer(Protocol):
    def add(self, block: Sequence[Answered]) -> None: ...
    def close(self) -> Report: ...


def no_progress(_: int) -> None:
    """Nobody is waiting to hear how many rows are done."""


async def write(
    survey_id: UUID,
    kind: FileKind,
    path: Path,
    *,
    locale: Locale,
    wanted: Wanted,
    at: dt.datetime,
    weights: Weights | None = None,
    bom: bool = False,
    progress: Progress = no_progress,
) -> Report:
    """Write the answers into a file; memory does not grow with them. Raises NotFound, TooManyColumns.

    at      the moment that the formats of SPSS and Stata write down.
    locale  the language of headings, labels and the codebook, also where wanted.locale is None (codes).
    bom     whether a CSV file begins with a byte order mark, which Excel needs.
    """
    taken = await taking(survey_id, wanted, weights)
    most = COLUMNS.get(kind)
    if most is not None and len(taken.columns) > most:
        raise TooManyColumns(count=len(taken.columns), most=most)
    writer = await _opened(kind, path, taken, locale, wanted, at=at, bom=bom)
    done = 0
    async for block in blocks(survey_id, without=wanted.without):
        await asyncio.to_thread(writer.add, block)  # pages are answered meanwhile
        done += len(block)
        progress(done)
    report = await asyncio.to_thread(writer.close)
    return Report(report.rows, report.cuts[:MOST_CUTS], report.names)


async def _opened(
    kind: FileKind, path: Path, taken: Taking, locale: Locale, wanted: Wanted, *, at: dt.datetime, bom: bool
) -> Writer:
    if kind == "csv":
        return _Csv(path, taken, wanted, bom=bom)
    if kind in ("xlsx", "ods"):
        return _Sheets(kind, path, taken, locale, wanted)
    typed = await variables(taken)
    if kind == "parquet":
        from consult.results.formats.parquet import ParquetWriter  # 60 ms and 40 MB that only this format needs

        notes = {code: await note(taken, locale_of(code), wanted) for code in languages()}
        return ParquetWriter(path, taken, typed, wanted.locale, note=notes)
    said = await note(taken, locale, wanted)
    if kind == "sav":
        from consult.results.formats.spss import SavWriter

        return SavWriter(path, taken, typed, locale, codes=wanted.locale is None, note=said, at=at)
    from consult.results.formats.stata import DtaWriter

    return DtaWriter(path, taken, typed, locale, codes=wanted.locale is None, note=said, at=at)


async def note(taken: Taking, locale: Locale, wanted: Wanted) -> str:
    """What the file is made of: survey, days, which answers count."""
    found = await frame(taken.survey_id, without=wanted.without)
    now = found.snapshot
    parts = [
        f"{taken.definition.title.get(locale.code) or next(iter(taken.definition.title.values()), '')}.",
        rule.said(found.left, locale),
        locale.gettext("State of the answers: %(snapshot)s, %(day)s.", snapshot=now.key, day=locale.date(now.taken_at)),
    ]
    return " ".join(parts)


class _Csv:
    def __init__(self, path: Path, taken: Taking, wanted: Wanted, *, bom: bool) -> None:
        self.taken, self.locale, self.rows = taken, wanted.locale, 0
        self.out: BinaryIO = path.open("wb")
        names = [field.name if self.locale is None else field.heading(self.locale) for field in taken.columns]
        self.out.write((BOM if bom else b"") + lines([names]))

    def add(self, block: Sequence[Answered]) -> None:
        self.out.write(lines([self.taken.cells(row, self.locale) for row in block]))
        self.rows += len(block)

    def close(self) -> Report:
        self.out.close()
        return Report(self.rows)


class _Sheets:
    """A workbook: the answers, then the codebook."""

    def __init__(self, kind: FileKind, path: Path, taken: Taking, locale: Locale, wanted: Wanted) -> None:
        from consult.results.formats.opendocument import Spreadsheet
        from consult.results.formats.workbook import Workbook

        self.taken, self.locale, self.values, self.count = taken, locale, wanted.locale, 0
        self.book: Spreadsheet | Workbook = Workbook(path) if kind == "xlsx" else Spreadsheet(path)
        head = [field.name if self.values is None else field.heading(self.values) for field in taken.columns]
        self.book.sheet(locale.gettext("Answers"), head)

    def add(self, block: Sequence[Answered]) -> None:
        self.book.rows(self.taken.cells(row, self.values) for row in block)
        self.count += len(block)

    def close(self) -> Report:
        rows = list(dictionary.lines(self.taken.definition, self.locale, self.taken.columns))
        self.book.sheet(self.locale.gettext("Codebook"), rows[0], is_read=True)
        self.book.rows(rows[1:])
        self.book.close()
        return Report(self.count)
