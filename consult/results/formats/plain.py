"""CSV (RFC 4180): UTF-8, lines ending in CR LF, texts that look like formulas made harmless."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from consult.results.sheet import Cell, harmless

BOM = "\ufeff".encode()
"""Excel takes a CSV file without it for the machine's old code page, and breaks every Cyrillic and Georgian word."""


def lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([[harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode()
