"""Cells of tables that people open in a spreadsheet: what it would calculate is made a text.

A spreadsheet divides a file at the sign that its country uses: where that is the semicolon, a cell between commas is
cut at its semicolons and its line ends, whatever quotes stand around it. So not only the beginning of a text may be the
beginning of a cell.
"""

from __future__ import annotations

import re

SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""What formulas begin with; the last four are the wide signs, which a spreadsheet for East Asia takes for the same."""
BEGINS = re.compile(f"""(?:^(?='*[{SIGNS}\\t\\r\\n]))|(?:[;\\t\\r\\n]"*(?='*[{SIGNS}]))""")
MADE_HARMLESS = re.compile(f"""(^|[;\\t\\r\\n]"*)'(?='*[{SIGNS}]|(?<=^')'*[\\t\\r\\n])""")


def harmless(text: str) -> str:
    """A text in which an apostrophe stands before whatever a spreadsheet would calculate."""
    return BEGINS.sub(lambda found: f"{found[0]}'", text)


def restored(text: str) -> str:
    """The text that `harmless` was given."""
    return MADE_HARMLESS.sub(r"\1", text)
