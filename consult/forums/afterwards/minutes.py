"""The rules of minutes and promises. No I/O.

Minutes follow the agenda: an item holds what was said, answers, decisions and promises in their order. Nothing here
names a resident. Once the minutes are public, the words of a promise stay as they are and the day on which it was
first due stays on record; whether it is late follows from the day and is never stored.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from consult.errors import N_, Problem
from consult.i18n import Text

LONGEST_HEADING = 300
LONGEST_TEXT = 5_000
MOST_ITEMS = 60
MOST_ENTRIES = 60


class EntryKind(StrEnum):
    SAID = "said"
    ANSWER = "answer"
    DECISION = "decision"
    PROMISE = "promise"


class PromiseState(StrEnum):
    """What staff have said of a promise; late follows from its day."""

    OPEN = "open"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """How a promise stands on a day, as residents see it."""

    OPEN = "open"
    LATE = "late"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


ENTRY_NAMES: Mapping[EntryKind, str] = {
    EntryKind.SAID: N_("What was said"),
    EntryKind.ANSWER: N_("Question and answer"),
    EntryKind.DECISION: N_("Decision"),
    EntryKind.PROMISE: N_("Promise"),
}
STANDING_NAMES: Mapping[Standing, str] = {
    Standing.OPEN: N_("In progress"),
    Standing.LATE: N_("Late"),
    Standing.KEPT: N_("Kept"),
    Standing.WITHDRAWN: N_("Withdrawn"),
}
STANDING_TAGS: Mapping[Standing, str] = {
    Standing.OPEN: "part",
    Standing.LATE: "no",
    Standing.KEPT: "ok",
    Standing.WITHDRAWN: "off",
}


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise with the meeting at which it was given. first_due_on differs from due_on once its day was moved."""

    id: UUID
    forum: UUID
    forum_slug: str
    forum_title: Text
    text: Text
    unit: UUID
    unit_name: Text
    due_on: date
    first_due_on: date
    state: PromiseState
    note: Text
    settled_on: date | None
    given_at: datetime | None

    def standing(self, today: date) -> Standing:
        if self.state is PromiseState.OPEN and today > self.due_on:
            return Standing.LATE
        return Standing(self.state)

    def days_late(self, today: date) -> int:
        """How many days the promise is late; one that was kept counts to the day on which it was kept."""
        until = self.settled_on if self.state is not PromiseState.OPEN and self.settled_on else today
        return max(0, (until - self.due_on).days)

    @property
    def was_moved(self) -> bool:
        return self.due_on != self.first_due_on


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of the minutes; promise is set for promises alone."""

    id: UUID
    item: UUID
    kind: EntryKind
    text: Text
    promise: Promise | None = None


@dataclass(frozen=True, slots=True)
class Item:
    id: UUID
    heading: Text
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of one forum. corrected_at is the last change after publication."""

    forum: UUID
    summary: Text
    published_at: datetime | None
    corrected_at: datetime | None
    items: tuple[Item, ...] = ()

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    def of_kind(self, kind: EntryKind) -> tuple[Entry, ...]:
        return tuple(entry for item in self.items for entry in item.entries if entry.kind is kind)

    @property
    def promises(self) -> tuple[Promise, ...]:
        return tuple(entry.promise for entry in self.of_kind(EntryKind.PROMISE) if entry.promise is not None)

    def entry(self, entry_id: UUID) -> Entry | None:
        return next((one for item in self.items for one in item.entries if one.id == entry_id), None)

    def item(self, item_id: UUID) -> Item | None:
        return next((item for item in self.items if item.id == item_id), None)


@dataclass(frozen=True, slots=True)
class EntryContent:
    """What staff write down; unit and due_on belong to a promise."""

    kind: str
    text: Text
    unit: UUID | None = None
    due_on: date | None = None

    @property
    def is_promise(self) -> bool:
        return self.kind == EntryKind.PROMISE

    def problems(self, *, authentic: str) -> list[Problem]:
        found = list(text_problems("text", self.text, authentic=authentic, longest=LONGEST_TEXT))
        if self.kind not in {kind.value for kind in EntryKind}:
            found.append(Problem("kind", N_("Choose what you write down.")))
        if self.is_promise and self.unit is None:
            found.append(Problem("unit", N_("Choose the unit that keeps the promise.")))
        if self.is_promise and self.due_on is None:
            found.append(Problem("due_on", N_("Write by which day the promise is to be kept.")))
        return found


@dataclass(frozen=True, slots=True)
class Settling:
    """What staff say of a promise later: kept, withdrawn, in progress again, or another day."""

    state: str
    note: Text = field(default_factory=dict)
    due_on: date | None = None

    def problems(self, promise: Promise, *, authentic: str) -> list[Problem]:
        found = []
        if self.state not in {state.value for state in PromiseState}:
            found.append(Problem("state", N_("Choose how the promise stands.")))
        moved = self.due_on is not None and self.due_on != promise.due_on
        if (moved or self.state == PromiseState.WITHDRAWN) and not self.note.get(authentic, "").strip():
            found.append(Problem(f"note-{authentic}", N_("Give the reason, at least in the official language.")))
        if self.state == PromiseState.OPEN and self.due_on is None:
            found.append(Problem("due_on", N_("Write by which day the promise is to be kept.")))
        return found + list(_length_problems("note", self.note, LONGEST_TEXT))


def text_problems(place: str, text: Text, *, authentic: str, longest: int) -> Iterable[Problem]:
    if not text.get(authentic, "").strip():
        yield Problem(f"{place}-{authentic}", N_("Write this at least in the official language."))
    yield from _length_problems(place, text, longest)


def _length_problems(place: str, text: Text, longest: int) -> Iterable[Problem]:
    for language, words in text.items():
        if len(words) > longest:
            yield Problem(f"{place}-{language}", N_("Shorten this to at most %(most)s characters."), {"most": longest})


def counted(promises: Iterable[Promise], today: date) -> dict[Standing, int]:
    """How many promises stand in each way, in the order of Standing, with zeros."""
    found = Counter(promise.standing(today) for promise in promises)
    return {standing: found[standing] for standing in Standing}


def agenda_headings(agenda: Text) -> list[Text]:
    """The lines of an agenda as headings, languages side by side: the longest language decides how many there are."""
    lines = {code: [line.strip() for line in words.splitlines() if line.strip()] for code, words in agenda.items()}
    most = max((len(found) for found in lines.values()), default=0)
    return [
        {code: found[number][:LONGEST_HEADING] for code, found in lines.items() if number < len(found)}
        for number in range(min(most, MOST_ITEMS))
    ]
