"""Tables that people send: CSV in the encodings of the region, XLSX, XLS. Whatever is hostile in them does nothing."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from consult.errors import N_, Invalid, Problem

MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 2_000
LARGEST_UNPACKED = 128 * 2**20
TIME_S = 30
READER = Path(__file__).with_name("reader.py")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CELL = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
CYRILLIC = re.compile("[А-яЁёЃѓЌќЅѕЈјЉљЊњЏџЂђЋћ]")
DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
READ_AS_1251 = N_("The file is not written in UTF-8. It was read as Windows-1251: look whether all letters are right.")


class Unreadable(Invalid):
    message = N_("This table could not be read.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first table of a file: cells are trimmed texts, rows are as long as the head, empty rows are left out.

    numbers    which line of the file each row is, as a spreadsheet counts them
    note       what the person should look at, a msgid; "" for nothing
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    note: str = ""


def _no(message: str, **parameters: object) -> Unreadable:
    return Unreadable([Problem("file", message, parameters)])


async def read(content: bytes) -> Sheet:
    """Read a table; what kind of file it is, its content tells and not its name. Raises Unreadable."""
    return await asyncio.to_thread(parse, content)


def parse(content: bytes) -> Sheet:
    """`read`, in this thread."""
    if not content.strip():
        raise _no(N_("The file is empty. Choose another one."))
    if content.startswith(b"PK\x03\x04"):
        _check_workbook(content)
        return _sheet(_open(content), "")
    if content.startswith(OLE):
        return _sheet(_open(content), "")
    text, note = decoded(content)
    return _sheet(_separated(text), note)


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a CSV file, and what should be said about its encoding. Raises Unreadable."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _strictly(content, encoding), ""
    try:
        return _clean(content.decode("utf-8")), ""
    except UnicodeDecodeError:
        text = _strictly(content, "cp1251")
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    right = [word for word in words if all(map(CYRILLIC.match, word))]  # “Zürich” read wrongly is half Latin
    if len(right) < 0.9 * len(words) or not words:
        raise _no(N_("The letters of this file cannot be read. Save it as “CSV UTF-8” or as XLSX."))
    return text, READ_AS_1251


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return _clean(content.decode(encoding))
    except UnicodeDecodeError as fault:
        raise _no(N_("The letters of this file cannot be read. Save it as “CSV UTF-8” or as XLSX.")) from fault


def _clean(text: str) -> str:
    if "\0" in text:
        raise _no(N_("This is not a table. Choose a CSV, XLSX or XLS file."))
    return text


def _separated(text: str) -> list[list[str]]:
    """Rows of a CSV text; the separator is the one that the first lines use most evenly."""
    lines = [line for line in text.splitlines()[:20] if line.strip()] or [""]
    separator = max(",;\t", key=lambda sign: (min(line.count(sign) for line in lines), lines[0].count(sign)))
    if not any(line.count(separator) for line in lines[:1]):
        separator = max(",;\t", key=lines[0].count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append(row)
            if len(rows) > MOST_ROWS + 1:
                break
    except csv.Error as fault:
        message = N_("Row %(number)s of the file cannot be read: a quotation mark has no partner.")
        raise _no(message, number=len(rows) + 1) from fault
    return rows


def _check_workbook(content: bytes) -> None:
    """Refuse bombs before anything parses them: packed sizes may lie, so the parts are unpacked and counted."""
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = [entry for entry in package.infolist() if not entry.filename.endswith("/")]
            if len(names) > 2_000:
                raise _no(N_("The workbook is too large. Keep only the table, and at most 20,000 rows."))
            for entry in names:
                part = bytearray()
                with package.open(entry) as stream:
                    while piece := stream.read(2**20):
                        unpacked += len(piece)
                        if unpacked > LARGEST_UNPACKED:
                            raise _no(N_("The workbook is too large. Keep only the table, and at most 20,000 rows."))
                        if entry.filename.startswith("xl/worksheets/"):
                            part += piece
                _check_cells(bytes(part))
    except DAMAGED as fault:
        raise _no(N_("The workbook is damaged or locked by a password. Save it anew.")) from fault


def _check_cells(part: bytes) -> None:
    """One cell in the last corner would make a reader ask for all the memory there is."""
    for column, row in CELL.findall(part):
        number = 0
        for letter in column:
            number = number * 26 + letter - 64
        if int(row) > MOST_ROWS + 1 or number > 4 * MOST_COLUMNS:
            raise _no(N_("The workbook is too large. Keep only the table, and at most 20,000 rows."))


def _open(content: bytes) -> list[list[str]]:
    command = [sys.executable, "-I", str(READER), str(MOST_ROWS + 1), str(MOST_COLUMNS)]
    try:
        answer = subprocess.run(command, input=content, capture_output=True, timeout=TIME_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as fault:
        raise _no(N_("The workbook is too large. Keep only the table, and at most 20,000 rows.")) from fault
    if answer.returncode:
        raise _no(N_("The workbook is damaged or locked by a password. Save it anew."))
    return msgspec.json.decode(answer.stdout, type=list[list[str]])


def _sheet(found: Sequence[Sequence[str]], note: str) -> Sheet:
    tidy = [(number, [_cell(cell) for cell in row]) for number, row in enumerate(found, 1)]
    filled = [(number, row) for number, row in tidy if any(row)]
    if not filled:
        raise _no(N_("The file is empty. Choose another one."))
    (_, head), *rows = filled
    width = max(index for index, cell in enumerate(head, 1) if cell)
    if width > MOST_COLUMNS:
        raise _no(N_("The table has more than %(number)s columns. Keep those that are needed."), number=MOST_COLUMNS)
    if len(rows) > MOST_ROWS:
        raise _no(N_("The table has more than %(number)s rows. Divide it into several files."), number=MOST_ROWS)
    if not rows:
        raise _no(N_("The table has a first row with names of columns, but nothing below it."))
    return Sheet(
        head=tuple(head[:width]),
        rows=tuple(tuple((row + [""] * width)[:width]) for _, row in rows),
        numbers=tuple(number for number, _ in rows),
        note=note,
    )


def _cell(raw: str) -> str:
    """A cell as one trimmed line of characters that can be shown."""
    shown = "".join(" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in raw[:LONGEST_CELL])
    return unicodedata.normalize("NFC", " ".join(shown.split()))
