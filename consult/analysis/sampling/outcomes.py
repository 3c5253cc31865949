"""Outcome rates of a survey with a sample frame: what became of everybody who was drawn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dispositions:
    """How many cases of the sample ended in each way.

    complete, partial   interviews
    refused             refusals and break-offs
    not_contacted       eligible, but never reached, or reached and silent
    other               eligible, not interviewed for another reason
    unknown_household   unknown whether there is anybody eligible (an address that sends everything back)
    unknown_other       unknown eligibility for another reason
    """

    complete: int
    partial: int = 0
    refused: int = 0
    not_contacted: int = 0
    other: int = 0
    unknown_household: int = 0
    unknown_other: int = 0

    def __post_init__(self) -> None:
        if any(count < 0 for count in self.counts):
            raise ValueError("a disposition cannot be negative")

    @property
    def counts(self) -> tuple[int, ...]:
        return (
            self.complete, self.partial, self.refused, self.not_contacted, self.other, self.unknown_household,
            self.unknown_other,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OutcomeRates:
    """Shares in [0, 1]; None where nobody stands in the denominator.

    rr1 to rr6     response: 1, 3, 5 count complete interviews, 2, 4, 6 partial ones too; 1 and 2 take every case of
                   unknown eligibility for eligible, 3 and 4 the share e of them, 5 and 6 none
    coop1 to coop4 cooperation of those reached; 1 and 2 count `other` as reached, 3 and 4 do not
    ref1 to ref3   refusal; con1 to con3 contact; their three treat unknown eligibility as rr1, rr3 and rr5 do
    """

    rr1: float | None
    rr2: float | None
    rr3: float | None
    rr4: float | None
    rr5: float | None
    rr6: float | None
    coop1: float | None
    coop2: float | None
    coop3: float | None
    coop4: float | None
    ref1: float | None
    ref2: float | None
    ref3: float | None
    con1: float | None
    con2: float | None
    con3: float | None


def outcome_rates(found: Dispositions, *, e: float = 1.0) -> OutcomeRates:
    """The outcome rates of AAPOR, Standard Definitions, 10th edition (2023).

    e   estimated share of eligible cases among those of unknown eligibility, 0..1; whoever gives it has to justify it.

    They say nothing of surveys that anybody may answer: those have no frame, so no response rate.
    """
    if not 0 <= e <= 1:
        raise ValueError(f"e is a share between 0 and 1, not {e!r}")
    full, interviews = found.complete, found.complete + found.partial
    reached = interviews + found.refused + found.other
    eligible = reached + found.not_contacted
    unknown = found.unknown_household + found.unknown_other
    bases = (eligible + unknown, eligible + e * unknown, float(eligible))
    return OutcomeRates(
        *(_share(count, base) for base in bases for count in (full, interviews)),
        *(_share(count, base) for base in (reached, reached - found.other) for count in (full, interviews)),
        *(_share(found.refused, base) for base in bases),
        *(_share(reached, base) for base in bases),
    )


def _share(count: int, base: float) -> float | None:
    return count / base if base else None
