"""What changed between two wordings, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Literal["same", "ins", "del"]
    text: str


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """Pieces that, without the deleted ones, give `after`, and without the inserted ones `before`."""
    old, new = WORD.findall(before), WORD.findall(after)
    pieces: list[Piece] = []
    for kind, a, b, c, e in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        if b > a:
            pieces.append(Piece("del", "".join(old[a:b])))
        if e > c:
            pieces.append(Piece("ins", "".join(new[c:e])))
    return tuple(pieces)
