"""Names and labels as other programs allow them: unique, and cut where a letter ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

NOT_SPSS = re.compile(r"[^A-Za-z0-9_.]")
NOT_STATA = re.compile(r"[^A-Za-z0-9_]")
SPSS_WORDS = "ALL AND BY EQ GE GT LE LT NE NOT OR TO WITH"
STATA_WORDS = (
    "aggregate alias array boolean break byte case catch class colvector complex const continue default delegate delete"
    " do double else eltypedef end enum explicit export external float for friend function global goto if inline int"
    " local long mata matrix namespace new null numeric nvarlist pointer polymorphic pragma private protected public"
    " quad real return rowvector scalar short static string struct super switch template this throw transmorphic try"
    " typedef typename union unsigned using vector version virtual void volatile while with in"
)
SPSS_RESERVED, STATA_RESERVED = frozenset(SPSS_WORDS.split()), frozenset(STATA_WORDS.split())
SPSS_NAME, STATA_NAME = 64, 32
STRING_TYPE = re.compile(r"str\d+$")


def spss_names(names: Iterable[str]) -> dict[str, str]:
    """Column -> a name that SPSS takes: at most 64 bytes, first a letter, unique whatever the case."""

    def valid(name: str) -> str:
        # Columns about the response begin with a line, which SPSS does not take.
        made = NOT_SPSS.sub("_", f"r{name}" if name.startswith("_") else name).rstrip("._")
        return f"{made}_q" if made.upper() in SPSS_RESERVED else made

    return _unique(names, valid, SPSS_NAME)


def stata_names(names: Iterable[str]) -> dict[str, str]:
    """Column -> a name that Stata takes: at most 32 letters, no reserved word, unique."""

    def valid(name: str) -> str:
        made = NOT_STATA.sub("_", f"r{name}" if name.startswith("_") else name)
        return f"{made}_q" if made in STATA_RESERVED or STRING_TYPE.match(made) else made

    return _unique(names, valid, STATA_NAME)


def _unique(names: Iterable[str], valid: Callable[[str], str], most: int) -> dict[str, str]:
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        whole = valid(name)
        made, number = whole[:most].rstrip("._"), 1
        while made.lower() in taken:
            number += 1
            made = f"{whole[: most - len(str(number)) - 1]}_{number}"
        taken.add(made.lower())
        found[name] = made
    return found


def cut(text: str, most: int) -> bytes:
    """A text as UTF-8 of at most so many bytes, cut between letters; control characters become blanks."""
    data = "".join(" " if letter < " " else letter for letter in text).encode()
    return data if len(data) <= most else data[:most].decode(errors="ignore").rstrip().encode()
