"""Who gets which time: the order of requests by a rule, then the times in that order. Anybody can repeat it.

The draw. A seed of 64 hexadecimal digits is made when the rule is frozen, and its SHA-256 is published at once: the
commitment. After the requests have closed and the times are given the seed itself is published. The place of a request
in the draw is the SHA-256 of the seed followed by its number in decimal digits, as hexadecimal digits in the order of
their letters:

    for n in 1 2 3; do printf '%s %s\n' "$(printf '%s%s' SEED $n | sha256sum | cut -c1-64)" $n; done | sort

What it does not prove: that nobody inside knew the seed while requests were open and filed requests until a number was
lucky. Numbers are given in the order of arrival and each address has one, so that would show in the list of requests.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Rule(StrEnum):
    FIRST_COME = "first_come"
    DRAW = "draw"
    NEVER_HEARD = "never_heard"


class Tie(StrEnum):
    """How those are ordered whom a rule treats alike."""

    DRAW = "draw"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Entry:
    """A request as the rule sees it. topic None asks about something else; heard_before: received within two years."""

    id: UUID
    number: int
    topic: int | None = None
    language: str = ""
    heard_before: bool = False


@dataclass(frozen=True, slots=True)
class Free:
    """A time with room. topic None takes every topic, language "" or an interpreter every language."""

    id: UUID
    room: int
    topic: int | None = None
    language: str = ""
    has_interpreter: bool = False

    def suits(self, entry: Entry) -> bool:
        speaks = not self.language or self.has_interpreter or self.language == entry.language
        return speaks and (self.topic is None or self.topic == entry.topic)


def new_seed() -> str:
    return secrets.token_hex(32)


def commitment(seed: str) -> str:
    """What is published before the requests open."""
    return hashlib.sha256(seed.encode()).hexdigest()


def drawn(seed: str, number: int) -> str:
    """The place of a request in the draw: the smaller, the earlier."""
    return hashlib.sha256(f"{seed}{number}".encode()).hexdigest()


def needs_seed(rule: Rule, tie: Tie) -> bool:
    return rule is Rule.DRAW or (rule is Rule.NEVER_HEARD and tie is Tie.DRAW)


def order(entries: Iterable[Entry], rule: Rule, tie: Tie, seed: str | None) -> list[Entry]:
    """The requests in the order in which they are given times. Raises ValueError where a draw has no seed.

    first_come   by number.
    draw         by the draw.
    never_heard  first those who have not been received within two years, each part by the draw or by number (tie).
    """
    if needs_seed(rule, tie):
        if not seed:
            raise ValueError("a draw needs its seed")
        placed = sorted(entries, key=lambda one: drawn(seed, one.number))
    else:
        placed = sorted(entries, key=lambda one: one.number)
    return sorted(placed, key=lambda one: one.heard_before) if rule is Rule.NEVER_HEARD else placed


def assign(ordered: Iterable[Entry], free: Sequence[Free]) -> dict[UUID, UUID]:
    """Give each request, in order, the first time that has room and suits it. free is in the order of time."""
    room = {time.id: time.room for time in free}
    given = {}
    for entry in ordered:
        chosen = next((time for time in free if room[time.id] > 0 and time.suits(entry)), None)
        if chosen is not None:
            room[chosen.id] -= 1
            given[entry.id] = chosen.id
    return given
