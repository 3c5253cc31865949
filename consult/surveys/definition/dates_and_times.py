"""Days and times of day as text: how they are written, and the one form in which they are kept (2026-03-27, 09:30)."""

from __future__ import annotations

import datetime as dt
import re

PARTS = ("day", "month", "year")
ENDS = ("from", "to")
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = re.compile(r"([0-9]{1,2})(?:[:.h ]?([0-9]{2}))?")
FIRST_YEAR, LAST_YEAR = 1800, 2200


def day_fields(name: str) -> tuple[str, ...]:
    """The fields of one day. The first stands for the whole: a day in ISO form, as programs send it."""
    return (name, *(f"{name}.{part}" for part in PARTS))


def iso_day(text: str) -> dt.date | None:
    if not ISO_DAY.fullmatch(text):
        return None
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def day_of_parts(day: str, month: str, year: str) -> dt.date | None:
    """`7`, `03` and `2026` are 7 March 2026. None for what is no day."""
    if not all(part.isascii() and part.isdigit() for part in (day, month, year)) or len(day) > 2 or len(month) > 2:
        return None
    return iso_day(f"{year}-{month:0>2}-{day:0>2}")


def time_of_day(written: str) -> str | None:
    """`9`, `9.30` and `0930` are 09:00, 09:30 and 09:30. None for what is no time."""
    match = TIME.fullmatch(written.strip())
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return None
    return f"{int(match[1]):02}:{match[2] or '00'}"
