"""The rules of a gathering: how many voters must have called it and how many must be there. No I/O."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from uuid import UUID

from consult.errors import N_, Problem
from consult.i18n import Text

CALL_RULE = "gathering-support"
QUORUM_RULE = "gathering-quorum"
CONCLUSIONS_RULE = "gathering-conclusions"
MOST_VOTERS = 10_000_000
LONGEST_SOURCE = 300


class CalledBy(StrEnum):
    MAYOR = "mayor"
    COUNCIL = "council"
    VOTERS = "voters"


CALLED_BY_NAMES: Mapping[CalledBy, str] = {
    CalledBy.MAYOR: N_("The mayor, on their own initiative"),
    CalledBy.COUNCIL: N_("The mayor, at the request of the council"),
    CalledBy.VOTERS: N_("The mayor, at the request of voters"),
}


def share_of(voters: int, percent: Decimal) -> int:
    """The smallest number of voters that is at least so many percent of them."""
    return int((voters * percent / 100).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True, slots=True)
class Gathering:
    """What stands about a gathering; a percentage is None where no rule sets one.

    supporters   how many voters asked for it, where voters did.
    """

    forum: UUID
    settlement: str
    called_by: CalledBy
    supporters: int | None
    voters: int
    counted_on: date
    source: Text
    call_percent: Decimal | None
    quorum_percent: Decimal | None

    @property
    def call_threshold(self) -> int | None:
        return None if self.call_percent is None else share_of(self.voters, self.call_percent)

    @property
    def quorum(self) -> int | None:
        return None if self.quorum_percent is None else share_of(self.voters, self.quorum_percent)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many voters are there, and how many are needed; missing is 0 once the quorum is reached."""

    present: int
    needed: int

    @property
    def is_reached(self) -> bool:
        return self.present >= self.needed

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.present)


def quorum_standing(gathering: Gathering, present: int) -> Standing | None:
    """None where no rule sets a quorum. present counts voters of the settlement only."""
    return None if gathering.quorum is None else Standing(present, gathering.quorum)


@dataclass(frozen=True, slots=True)
class GatheringContent:
    """What staff write about a gathering."""

    settlement: str
    called_by: str
    supporters: int | None
    voters: int | None
    counted_on: date | None
    source: Text = field(default_factory=dict)

    def problems(
        self, *, settlements: Collection[str], authentic: str, call_percent: Decimal | None, today: date
    ) -> Iterator[Problem]:
        if self.settlement not in settlements:
            yield Problem("settlement", N_("Choose the settlement from the list."))
        if self.called_by not in {one.value for one in CalledBy}:
            yield Problem("called_by", N_("Choose who called the gathering."))
        if self.voters is None or not 1 <= self.voters <= MOST_VOTERS:
            yield Problem("voters", N_("Write the number of voters of the settlement."))
        if self.counted_on is None or self.counted_on > today:
            yield Problem("counted_on", N_("Write the day for which the number of voters holds."))
        if not self.source.get(authentic, "").strip():
            yield Problem(f"source-{authentic}", N_("Write this at least in the official language."))
        if any(len(words) > LONGEST_SOURCE for words in self.source.values()):
            message = N_("Shorten this to at most %(most)s characters.")
            yield Problem(f"source-{authentic}", message, {"most": LONGEST_SOURCE})
        if self.called_by == CalledBy.VOTERS:
            yield from self._call_problems(call_percent)

    def _call_problems(self, percent: Decimal | None) -> Iterator[Problem]:
        if not self.supporters:
            yield Problem("supporters", N_("Write how many voters asked for the gathering."))
        elif percent is not None and self.voters and self.supporters < share_of(self.voters, percent):
            message = N_("At least %(needed)s of %(voters)s voters must ask for it.")
            yield Problem("supporters", message, {"needed": share_of(self.voters, percent), "voters": self.voters})
