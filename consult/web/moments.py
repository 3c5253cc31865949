"""Days and hours as fields of forms hold them. A half-written year (0002, 0026) is none that anybody means."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from typing import TypeVar

YEARS = range(2000, 2101)
Day = TypeVar("Day", date, datetime)


def day_in(written: str) -> date:
    """A day as browsers write it. Raises ValueError."""
    return _of_these_times(date.fromisoformat(written))


def local_in(written: str) -> datetime:
    """A day with its hour, of no time zone. Raises ValueError."""
    return _of_these_times(datetime.fromisoformat(written).replace(tzinfo=None))


def moment_in(written: str, zone: tzinfo) -> datetime:
    """A day with its hour in the town's time, on the world's clock. Raises ValueError."""
    return local_in(written).replace(tzinfo=zone).astimezone(UTC)


def _of_these_times(day: Day) -> Day:
    if day.year not in YEARS:
        raise ValueError(f"the year {day.year} is none of {YEARS.start} to {YEARS.stop - 1}")
    return day
