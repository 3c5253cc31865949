"""The rules of a consultation: its states by date, its phases, its shortest lawful length. No I/O.

A consultation is prepared as a draft. Once published its state follows the calendar at the moment of asking: announced
before it opens, open until it closes, closed afterwards. What no calendar can know is set by a person: answering,
reported, archived, cancelled. Nothing has to run at midnight for a consultation to open or close.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from consult.errors import N_, Problem
from consult.i18n import Text

LONGEST_TITLE = 200
LONGEST_TEXT = 5_000
MOST_PHASES = 8
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class State(StrEnum):
    """What a reader is told. ANNOUNCED, OPEN and CLOSED are computed from the dates, the others are stored."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    ANSWERING = "answering"
    REPORTED = "reported"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class Stored(StrEnum):
    """What the database keeps: PUBLISHED stands for announced, open and closed."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ANSWERING = "answering"
    REPORTED = "reported"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class Kind(StrEnum):
    REGULATION = "regulation"
    PLAN = "plan"
    BUDGET = "budget"
    SERVICE = "service"
    OTHER = "other"


KIND_NAMES: Mapping[Kind, str] = {
    Kind.REGULATION: N_("Draft regulation"),
    Kind.PLAN: N_("Plan or project"),
    Kind.BUDGET: N_("Budget"),
    Kind.SERVICE: N_("City service"),
    Kind.OTHER: N_("Other matter"),
}

STATE_NAMES: Mapping[State, str] = {
    State.DRAFT: N_("In preparation"),
    State.ANNOUNCED: N_("Announced"),
    State.OPEN: N_("Open"),
    State.CLOSED: N_("Closed"),
    State.ANSWERING: N_("Answers are being prepared"),
    State.REPORTED: N_("Report published"),
    State.ARCHIVED: N_("Archived"),
    State.CANCELLED: N_("Cancelled"),
}

# From which state a person may move a consultation to which. Leaving DRAFT is publishing and has its own rules.
MOVES: Mapping[State, tuple[Stored, ...]] = {
    State.DRAFT: (Stored.CANCELLED,),
    State.ANNOUNCED: (Stored.CANCELLED,),
    State.OPEN: (Stored.CANCELLED,),
    State.CLOSED: (Stored.ANSWERING, Stored.REPORTED, Stored.CANCELLED),
    State.ANSWERING: (Stored.REPORTED, Stored.CANCELLED),
    State.REPORTED: (Stored.ARCHIVED,),
    State.ARCHIVED: (),
    State.CANCELLED: (),
}


@dataclass(frozen=True, slots=True)
class Phase:
    """One step shown on the page; a step may have only a beginning or only an end.

    rule is the key of a legal rule in the profile, minimum_days what it asked for when the dates were set. Below that
    a step needs a reason, which everybody reads.
    """

    key: str
    label: Text
    starts: date | None = None
    ends: date | None = None
    rule: str = ""
    minimum_days: int = 0
    short_reason: str = ""

    @property
    def is_short(self) -> bool:
        """Shorter than its rule asks for."""
        if self.starts is None or self.ends is None:
            return False
        return length_in_days(self.starts, self.ends) < self.minimum_days

    def is_done(self, today: date) -> bool:
        last = self.ends or self.starts
        return last is not None and last < today

    def is_now(self, today: date) -> bool:
        """Between its two dates; a step with one date only is "now" on that day."""
        if self.starts is not None and self.ends is not None:
            return self.starts <= today <= self.ends
        return today in (self.starts, self.ends)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the town asked, what people said, what the town did; one Text each."""

    asked: Text
    said: Text
    did: Text


@dataclass(frozen=True, slots=True)
class Consultation:
    id: UUID
    slug: str
    kind: Kind
    title: Text
    summary: Text
    plain_words: Text
    legal_basis: Text
    contact: Text
    authentic_language: str
    stored: Stored
    announced_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None
    answers_due: date | None
    minimum_days: int
    short_reason: str
    phases: tuple[Phase, ...]
    outcome: Outcome | None
    is_demo: bool

    @property
    def is_public(self) -> bool:
        return self.stored is not Stored.DRAFT

    def state_at(self, now: datetime) -> State:
        return state_at(self.stored, self.opens_at, self.closes_at, now)

    def is_open(self, now: datetime) -> bool:
        return self.state_at(now) is State.OPEN

    def first_day(self, zone: str | tzinfo) -> date | None:
        if self.opens_at is None:
            return None
        return self.opens_at.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone).date()

    def last_day(self, zone: str | tzinfo) -> date | None:
        """The last day on which one can still take part: closing at midnight belongs to the day before."""
        return last_day(self.closes_at, zone) if self.closes_at else None


def state_at(stored: Stored, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> State:
    if stored is not Stored.PUBLISHED:
        return State(stored.value)
    if opens_at is None or now < opens_at:
        return State.ANNOUNCED
    if closes_at is None or now < closes_at:
        return State.OPEN
    return State.CLOSED


def first_moment(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def end_of(day: date, zone: str) -> datetime:
    """The moment at which this day is over where the municipality lives: midnight, also when clocks change."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def last_day(closes_at: datetime, zone: str | tzinfo) -> date:
    place = ZoneInfo(zone) if isinstance(zone, str) else zone
    return (closes_at - timedelta(microseconds=1)).astimezone(place).date()


def length_in_days(opens_on: date, last_on: date) -> int:
    """Both days count: from the 3rd to the 3rd is one day."""
    return (last_on - opens_on).days + 1


def date_problems(opens_on: date | None, last_on: date | None, *, minimum_days: int, reason: str) -> list[Problem]:
    """What is wrong with the two dates; going below the lawful minimum is possible only with a written reason."""
    problems = []
    if opens_on is None:
        problems.append(Problem("opens_on", N_("Write the first day.")))
    if last_on is None:
        problems.append(Problem("last_on", N_("Write the last day.")))
    if opens_on is None or last_on is None:
        return problems
    if last_on < opens_on:
        return [Problem("last_on", N_("The last day must not come before the first day."))]
    days = length_in_days(opens_on, last_on)
    if days < minimum_days and not reason.strip():
        problems.append(
            Problem(
                "short_reason",
                N_("The period has %(days)s days, the rule asks for %(minimum)s. Write why it is shorter."),
                {"days": days, "minimum": minimum_days},
            )
        )
    return problems


def slug_problems(slug: str) -> list[Problem]:
    if 3 <= len(slug) <= 80 and _SLUG.fullmatch(slug) and slug != "new":
        return []
    return [
        Problem(
            "slug",
            N_("Write the address with small Latin letters, digits and hyphens, from 3 to 80 characters."),
        )
    ]


def text_problems(place: str, text: Text, *, needed: Sequence[str], longest: int) -> list[Problem]:
    """Which languages of a text are missing or too long; a field of language xx is called place-xx in the form."""
    problems = [
        Problem(f"{place}-{language}", N_("Write this text; it is needed in this language."))
        for language in needed
        if not text.get(language, "").strip()
    ]
    problems += [
        Problem(f"{place}-{language}", N_("Use at most %(most)s characters."), {"most": longest})
        for language, value in text.items()
        if len(value) > longest
    ]
    return problems


def phases_from_json(items: Sequence[Mapping[str, Any]]) -> tuple[Phase, ...]:
    return tuple(
        Phase(
            key=item["key"],
            label=dict(item["label"]),
            starts=date.fromisoformat(item["starts"]) if item.get("starts") else None,
            ends=date.fromisoformat(item["ends"]) if item.get("ends") else None,
            rule=item.get("rule", ""),
            minimum_days=item.get("minimum_days", 0),
            short_reason=item.get("short_reason", ""),
        )
        for item in items
    )


def phases_to_json(phases: Sequence[Phase]) -> list[dict[str, Any]]:
    return [
        {
            "key": phase.key,
            "label": dict(phase.label),
            "starts": phase.starts.isoformat() if phase.starts else None,
            "ends": phase.ends.isoformat() if phase.ends else None,
            **({"rule": phase.rule, "minimum_days": phase.minimum_days} if phase.rule else {}),
            **({"short_reason": phase.short_reason} if phase.short_reason else {}),
        }
        for phase in phases
    ]
