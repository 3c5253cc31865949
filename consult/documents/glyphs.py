"""Which letters our fonts have. Where one lacks, an accessible PDF would be refused as a whole."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from consult.settings import resource

INSTEAD = {
    "▲": "+", "▼": "−", "↑": "", "→": "", "←": "", "↓": "", "≥": ">=", "≤": "<=", "″": "”", "\t": " ",
    "\u200b": "", "\u200d": "", "\ufe0f": "", "\u2011": "-", "\u202f": "\u00a0",
}  # fmt: skip
UNKNOWN = "?"
BLANK = frozenset("\n\r ")


@cache
def covered() -> frozenset[int]:
    """The code points for which at least one of our fonts for print has a letter."""
    found: set[int] = set()
    for path in sorted(Path(resource("static", "report-fonts")).glob("*-Regular.ttf")):
        found |= points_of(path.read_bytes())
    return frozenset(found)


def points_of(font: bytes) -> set[int]:
    """The code points of a TrueType font, from its table `cmap` (OpenType, formats 4 and 12)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    places = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * tables, 16)}
    start = places[b"cmap"]
    found: set[int] = set()
    for number in range(struct.unpack_from(">H", font, start + 2)[0]):
        at = start + struct.unpack_from(">I", font, start + 8 + 8 * number)[0]
        kind = struct.unpack_from(">H", font, at)[0]
        if kind == 12:
            for group in range(struct.unpack_from(">I", font, at + 12)[0]):
                first, last, _ = struct.unpack_from(">III", font, at + 16 + 12 * group)
                found.update(range(first, last + 1))
        elif kind == 4:
            half = struct.unpack_from(">H", font, at + 6)[0]
            for segment in range(0, half, 2):
                last = struct.unpack_from(">H", font, at + 14 + segment)[0]
                first = struct.unpack_from(">H", font, at + 16 + half + segment)[0]
                found.update(range(first, last + 1))
    return found - {0xFFFF}


def printable(text: str) -> str:
    """A text in letters that our fonts have: signs are replaced by what means the same, the rest by a question mark."""
    known = covered()
    if all(ord(letter) in known or letter in BLANK for letter in text):
        return text
    return "".join(
        letter if ord(letter) in known or letter in BLANK else INSTEAD.get(letter, UNKNOWN) for letter in text
    )


def printable_all(value: Any) -> Any:
    """The same for all texts in something JSON-like."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: printable_all(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable_all(item) for item in value]
    return value
