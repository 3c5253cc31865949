"""What an audit entry says, and what a checked chain looks like."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what to which record, and when. before and after hold only what changed."""

    id: UUID
    number: int
    actor: UUID | None
    on_behalf_of: UUID | None
    at: dt.datetime
    kind: str
    record: str
    record_id: str
    before: Any
    after: Any
    reason: str | None


@dataclass(frozen=True, slots=True)
class ChainState:
    """The result of checking the trail. broken_at is the number of the first entry that does not fit.

    A chain shows changed, inserted and removed entries, but not a cut-off end: keep `head` outside the database.
    """

    entries: int
    head: str
    broken_at: int | None

    @property
    def is_intact(self) -> bool:
        return self.broken_at is None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries to list; None is no limit. since and until are a half-open span [since, until)."""

    actor: UUID | None = None
    kind: str | None = None
    record: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
