"""Tables of a file as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from consult.drafts.sources.report import refused
from consult.errors import N_

MOST_ROWS = 3_000
MOST_COLUMNS = 60
TOO_WIDE = N_("A table has more than %(rows)s rows or %(columns)s columns. Attach it to the draft as a file instead.")
MERGED = N_("This table has merged cells: their words stand in the first of them, the others are empty.")
NESTED = N_("A table stood inside a cell of another one: its words are there, its grid is not.")


def check(rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise refused(TOO_WIDE, rows=MOST_ROWS, columns=MOST_COLUMNS)


def written(rows: Sequence[Sequence[str]], *, has_head: bool) -> str:
    """Rows of Markdown cells as a table. Without a head its head row is empty, and pages leave that out."""
    filled = [list(row) for row in rows if any(cell for cell in row)]
    width = max((len(row) for row in filled), default=0)
    if not width:
        return ""
    check(len(filled), width)
    squared = [[*map(_cell, row), *[""] * (width - len(row))] for row in filled]
    head, body = (squared[0], squared[1:]) if has_head and len(squared) > 1 else ([""] * width, squared)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * width, *body))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")
