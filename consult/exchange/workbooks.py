"""Workbooks from outside: bounded before they are opened, opened in a process of their own, read as texts only.

Formulas are never computed (the value that the file carries is read), macros and links are not looked at.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from consult.errors import N_, Problem
from consult.exchange.report import NotReadable

LARGEST_BYTES = 4 * 1024 * 1024
LARGEST_INSIDE_BYTES = 64 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS, MOST_COLUMNS = 20_000, 400
PATIENCE_S = 30
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
CHILD = Path(__file__).with_name("calamine_child.py")
CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})(\d+)["']""")

Sheet = Sequence[Sequence[str]]

TOO_LARGE = N_("The file is too large: at most %(mib)s MiB.")
BOMB = N_("The file is far larger inside than it looks. It is not opened.")
TOO_WIDE = N_("A sheet has more than %(rows)s rows or %(columns)s columns. It is not opened.")
NO_WORKBOOK = N_("This is no Excel workbook, or it is damaged. Open it in a spreadsheet program and save it again.")
PASSWORD = N_("The workbook is protected by a password. Save it without one.")


def refused(message: str, **parameters: object) -> NotReadable:
    return NotReadable([Problem("file", message, parameters)])


def is_workbook(content: bytes) -> bool:
    return content.startswith((ZIP, OLE))


def sheets(content: bytes, wanted: Sequence[str]) -> Mapping[str, Sheet]:
    """The wanted sheets (by their names in lower case) as rows of texts. Raises NotReadable."""
    if len(content) > LARGEST_BYTES:
        raise refused(TOO_LARGE, mib=LARGEST_BYTES // 2**20)
    if content.startswith(ZIP):
        _examine(content)
    elif not content.startswith(OLE):
        raise refused(NO_WORKBOOK)
    elif ENCRYPTED in content:
        raise refused(PASSWORD)
    found = _read(content, wanted)
    return {name.strip().lower(): _trimmed(rows) for name, rows in found.items()}


def _examine(content: bytes) -> None:
    """Unpack every part to its end, keeping none: sizes that a file states of itself may lie."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_INSIDE_BYTES:
                raise refused(BOMB)
            if "xl/workbook.xml" not in archive.namelist():
                raise refused(NO_WORKBOOK)
            inside = 0
            for part in parts:
                if part.flag_bits & 1:
                    raise refused(PASSWORD)
                with archive.open(part) as stream:
                    kept = b""
                    while piece := stream.read(1 << 20):
                        inside += len(piece)
                        if inside > LARGEST_INSIDE_BYTES:
                            raise refused(BOMB)
                        if part.filename.startswith("xl/worksheets/"):
                            _narrow(kept + piece)
                            kept = piece[-40:]
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError):
        raise refused(NO_WORKBOOK) from None


def _narrow(piece: bytes) -> None:
    """One far-off cell would make a reader set aside memory for all cells before it."""
    for letters, digits in CELL.findall(piece):
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - 64
        if column > MOST_COLUMNS or len(digits) > 7 or int(digits) > MOST_ROWS:
            raise refused(TOO_WIDE, rows=MOST_ROWS, columns=MOST_COLUMNS)


def _read(content: bytes, wanted: Sequence[str]) -> Mapping[str, list[list[str]]]:
    command = [sys.executable, "-I", str(CHILD), *wanted]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=PATIENCE_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise refused(NO_WORKBOOK) from None
    if done.returncode == 4:
        raise refused(PASSWORD)
    if done.returncode == 5:
        raise refused(TOO_WIDE, rows=MOST_ROWS, columns=MOST_COLUMNS)
    if done.returncode:
        raise refused(NO_WORKBOOK)
    found: Mapping[str, list[list[str]]] = json.loads(done.stdout)["sheets"]
    return found


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Blank ends of rows and of the sheet cut off; characters that no text may hold taken out."""
    clean = [[re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", cell).strip() for cell in row] for row in rows]
    while clean and not any(clean[-1]):
        clean.pop()
    return clean
