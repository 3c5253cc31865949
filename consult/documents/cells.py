"""Cells of tables that people open in a spreadsheet: what it would calculate is made a text."""

from __future__ import annotations

CALCULATED = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Beginnings of formulas; the last four are the wide signs, which a spreadsheet for East Asia takes for the same."""


def harmless(text: str) -> str:
    """A text that a spreadsheet would calculate, with an apostrophe before it."""
    return f"'{text}" if text.startswith(CALCULATED) else text
