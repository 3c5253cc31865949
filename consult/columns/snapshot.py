"""Which answers a figure rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Which answers are counted: the same key means the same answers. taken_at is the database's clock.

    without  flags whose answers are left out, in their order.
    """

    count: int
    digest: int
    first_day: date | None
    last_day: date | None
    taken_at: datetime
    without: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return "-".join((f"{self.count}-{self.digest & (2**64 - 1):016x}", *self.without))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Which flags leave answers out, how many answers have each of them, and how many are left out in all."""

    flags: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    total: int = 0
