"""Days of the content, counted from the day of seeding, as dates and moments of the town's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEFORE_NOW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Calendar:
    """at is the moment of seeding."""

    at: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def moment(self, offset: int, clock: str = "10:00") -> datetime:
        """A moment of that day, whether past or to come."""
        return datetime.combine(self.day(offset), time.fromisoformat(clock), self.zone)

    def past(self, offset: int, clock: str = "10:00") -> datetime:
        """The same, but never after the moment of seeding: what is said to have been done has been done."""
        return min(self.moment(offset, clock), self.at - BEFORE_NOW)
