"""The rules at the door: what comes of an act there. No I/O.

A door may have no network for hours. Everything done there is an act with an id that the door made; acts arrive later,
perhaps twice, perhaps after another door let the same people in, perhaps after a cancellation. People who were let in
are in the hall whatever the list says, so they are counted at once; what does not fit is listed for a person to settle.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from consult.errors import N_
from consult.forums.registration import Registration, State

MOST_PEOPLE = 50
MOST_ACTS = 500
LONGEST_DOOR = 40
LONGEST_REASON = 300
LATEST = timedelta(days=2)
"""Acts that are older are from a device whose clock is wrong."""


class Kind(StrEnum):
    ARRIVE = "arrive"
    WALK_IN = "walk_in"
    UNDO = "undo"


class Outcome(StrEnum):
    NOTED = "noted"
    NOTHING = "nothing"
    TWICE = "twice"
    CANCELLED = "cancelled"
    WAITING = "waiting"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


class Settled(StrEnum):
    RIGHTLY = "rightly"
    WRONGLY = "wrongly"
    MISTAKE = "mistake"


GOOD = frozenset({Outcome.NOTED, Outcome.NOTHING})
INSIDE_ALL_THE_SAME = frozenset({Outcome.CANCELLED, Outcome.WAITING, Outcome.ELSEWHERE, Outcome.UNKNOWN})
"""Conflicts of people whom no other entry counts: they are in the hall."""

OUTCOME_SAYS: Mapping[Outcome, str] = {
    Outcome.NOTED: N_("Checked in."),
    Outcome.NOTHING: N_("Nothing had to be changed."),
    Outcome.TWICE: N_("Already checked in."),
    Outcome.CANCELLED: N_("This registration has been cancelled."),
    Outcome.WAITING: N_("On the waiting list: no place is kept."),
    Outcome.ELSEWHERE: N_("Registered for another session of this meeting."),
    Outcome.UNKNOWN: N_("This code is not on the list."),
}
SETTLED_SAYS: Mapping[Settled, str] = {
    Settled.RIGHTLY: N_("Rightly inside"),
    Settled.WRONGLY: N_("Wrongly admitted"),
    Settled.MISTAKE: N_("A mistake: nobody came in"),
}


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that was done at a door.

    voters     how many of the people are entitled to vote, at a gathering.
    is_forced  the people are inside, whatever the list says.
    """

    id: UUID
    kind: Kind
    acted_at: datetime
    registration: UUID | None = None
    code: str = ""
    people: int | None = None
    voters: int = 0
    door: str = ""
    is_forced: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """People inside: a registered party, or who came without one (registration is None)."""

    id: UUID
    registration: UUID | None
    people: int
    voters: int
    door: str
    came_at: datetime
    is_wrong: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """An act that did not fit and that nobody has settled yet, with the other entry of a registration seen twice."""

    id: UUID
    outcome: Outcome
    registration: UUID | None
    name: str
    code: str
    people: int
    door: str
    acted_at: datetime
    other_door: str
    other_at: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """People at one session. expected: with a place and not here yet; voters: those who count for a quorum."""

    inside: int
    walk_ins: int
    wrongly: int
    expected: int
    voters: int


def outcome_of(registration: Registration | None, *, session: UUID, is_inside: bool) -> Outcome:
    """What comes of letting somebody in."""
    if registration is None:
        return Outcome.UNKNOWN
    if registration.session != session:
        return Outcome.ELSEWHERE
    if is_inside:
        return Outcome.TWICE
    if registration.state is State.WAITLISTED:
        return Outcome.WAITING
    return Outcome.NOTED if registration.takes_seats else Outcome.CANCELLED


def acted_at(said: datetime, received: datetime) -> datetime:
    """When an act happened, by the door's clock; a clock that is plainly wrong is not believed."""
    return said if received - LATEST <= said <= received else received


def digits(written: str) -> str:
    """The digits of a code as people type it or as a camera reads an address that ends with it."""
    tail = written.strip().rstrip("/").rpartition("/")[2]
    return "".join(letter for letter in tail if letter.isascii() and letter.isdigit())


def figures(arrivals: list[Arrival], registrations: list[Registration]) -> Figures:
    known = {one.id: one for one in registrations}
    counted = [one for one in arrivals if one.registration is None or not _is_taken_back(known.get(one.registration))]
    held = {one.registration for one in counted}
    late = [one for one in registrations if one.state is State.ATTENDED and one.id not in held]
    return Figures(
        inside=sum(one.people for one in counted) + sum(one.seats for one in late),
        walk_ins=sum(one.people for one in counted if one.registration is None),
        wrongly=sum(one.people for one in counted if one.is_wrong),
        expected=sum(one.seats for one in registrations if one.state in {State.CONFIRMED, State.HELD, State.OFFERED}),
        voters=sum(one.voters for one in counted if not one.is_wrong),
    )


def _is_taken_back(registration: Registration | None) -> bool:
    """Whether staff have said on the list of the session that a checked-in party is not here."""
    return registration is not None and registration.state in {State.CONFIRMED, State.NO_SHOW}
