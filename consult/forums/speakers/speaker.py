"""The rules of the speakers' list. No I/O."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from consult.errors import N_, Problem

LONGEST_NAME = 120
SHORTEST_LIMIT_S, LONGEST_LIMIT_S = 30, 3600


class State(StrEnum):
    WAITING = "waiting"
    SPEAKING = "speaking"
    PAUSED = "paused"
    DONE = "done"
    WITHDRAWN = "withdrawn"


STATE_NAMES: Mapping[State, str] = {
    State.WAITING: N_("Waits"),
    State.SPEAKING: N_("Speaks"),
    State.PAUSED: N_("Interrupted"),
    State.DONE: N_("Has spoken"),
    State.WITHDRAWN: N_("Taken off the list"),
}


@dataclass(frozen=True, slots=True)
class Rules:
    """How long one speaks, and whether the sides take turns."""

    limit_s: int = 180
    alternates: bool = False

    def problems(self) -> list[Problem]:
        if SHORTEST_LIMIT_S <= self.limit_s <= LONGEST_LIMIT_S:
            return []
        return [Problem("minutes", N_("Write the minutes for one speaker, from half a minute to 60."))]


@dataclass(frozen=True, slots=True)
class Speaker:
    """One turn of a person on the list. question: the question in advance that it is about."""

    id: UUID
    session: UUID
    position: int
    name: str
    side: str
    question: UUID | None
    question_number: int | None
    state: State
    limit_s: int
    used_s: int
    started_at: datetime | None
    first_started_at: datetime | None

    def used(self, at: datetime) -> int:
        """Seconds that this person has spoken."""
        running = (at - self.started_at).total_seconds() if self.started_at else 0
        return self.used_s + max(0, int(running))

    def left(self, at: datetime) -> int:
        """Seconds that remain; below zero once the time is over."""
        return self.limit_s - self.used(at)

    @property
    def may_speak(self) -> bool:
        return self.state in {State.WAITING, State.PAUSED}


@dataclass(frozen=True, slots=True)
class Total:
    """What one side has spoken."""

    side: str
    speeches: int
    used_s: int


def in_turn(speakers: Sequence[Speaker], rules: Rules) -> list[Speaker]:
    """Who waits, in the order in which they will speak.

    Where the sides take turns, a speaker of the side that has just spoken lets the first of another side pass. Whoever
    names no side is a side of their own. Where only one side waits, its order stands.
    """
    waiting = sorted((one for one in speakers if one.state is State.WAITING), key=lambda one: one.position)
    if not rules.alternates:
        return waiting
    spoken = [(one.first_started_at, one.side) for one in speakers if one.first_started_at is not None]
    side = max(spoken)[1] if spoken else ""
    turn = []
    while waiting:
        chosen = next((one for one in waiting if not side or one.side != side), waiting[0])
        waiting.remove(chosen)
        turn.append(chosen)
        side = chosen.side
    return turn


def totals(speakers: Iterable[Speaker], at: datetime) -> tuple[Total, ...]:
    """Speaking time by side, the longest first; those who named none stand together under an empty name."""
    sums: dict[str, tuple[int, int]] = {}
    for one in speakers:
        if one.first_started_at is not None:
            speeches, used_s = sums.get(one.side, (0, 0))
            sums[one.side] = (speeches + 1, used_s + one.used(at))
    made = [Total(side, speeches, used_s) for side, (speeches, used_s) in sums.items()]
    return tuple(sorted(made, key=lambda one: (-one.used_s, one.side)))


def clock(seconds: int) -> str:
    """3:05, or −0:12 once the time is over."""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'−' if seconds < 0 else ''}{minutes}:{rest:02}"


def entry_problems(name: str, side: str) -> list[Problem]:
    found = []
    if not name.strip():
        found.append(Problem("name", N_("Write a name.")))
    for place, words in (("name", name), ("side", side)):
        if len(words) > LONGEST_NAME:
            found.append(Problem(place, N_("Use at most %(most)s characters."), {"most": LONGEST_NAME}))
    return found
