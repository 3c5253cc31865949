"""What a figure is: an estimate with its interval, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a figure, or its interval, is missing. The value is a stable code; `consult.results` has the sentence."""

    NO_ANSWERS = "no_answers"
    """Nobody answered (n = 0)."""
    ONE_ANSWER = "one_answer"
    """A spread cannot be estimated from a single answer (n = 1)."""
    NO_SPREAD = "no_spread"
    """Everybody gave the same answer: the formula would give a width of 0, which would be false certainty."""
    NO_DESIGN = "no_design"
    """No sampling design is declared, so there is no margin of error."""
    EMPTY_GROUP = "empty_group"
    """Nobody in the sample stands for a part of the population."""
    NO_POPULATION = "no_population"
    """Respondents belong to a category that has no people in the population."""
    NO_SOLUTION = "no_solution"
    """No weights meet all totals (or all caps) together."""
    TOO_FEW_ANSWERS = "too_few_answers"
    """Fewer complete answers than the method has unknowns."""
    ONE_ITEM = "one_item"
    """The method compares items, and there is only one."""
    NO_SPREAD_IN_ITEM = "no_spread_in_item"
    """Everybody gave the same answer to one of the items; the result names it."""
    NO_COMMON_SPREAD = "no_common_spread"
    """The items' answers cancel out: their sum does not vary, or they do not depend on one another as assumed."""
    NOT_CONVERGED = "not_converged"
    """The calculation did not settle, so no number of it may be shown."""
    DISCONNECTED = "disconnected"
    """Some items were never compared with the others, so there is no common order."""
    HIDDEN = "hidden"
    """Too few people: showing it could reveal who answered what."""
    NO_WEIGHT = "no_weight"
    """All who answered have a weight of 0."""
    ONE_UNIT = "one_unit"
    """All answers come from one primary sampling unit in each stratum, so their spread cannot be seen."""
    LONELY_UNIT = "lonely_unit"
    """A stratum has a single sampling unit, and the design forbids to approximate its spread."""
    NO_BASE = "no_base"
    """A ratio's denominator is 0."""
    ONE_GROUP = "one_group"
    """A comparison needs two groups, or two different answers, with anybody in them."""
    TOO_FEW_UNITS = "too_few_units"
    """So few primary sampling units were drawn that no degree of freedom is left for the test."""
    FEW_WAVES = "few_waves"
    """Fewer waves than control limits can rest on."""
    BEYOND_DATA = "beyond_data"
    """An end of a quantile's interval lies beyond the lowest or highest answer; the other end may be given."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and what bounds it.

    value    the estimate, in the unit that the function names; None if it cannot be given.
    n        answers it rests on.
    se       standard error, same unit; None where it is not defined.
    low, high  bounds of the interval at `confidence`; None if there is none.
    df       degrees of freedom of the interval's t quantile; None where it uses none.
    method   the interval's name: "wilson", "clopper-pearson", "t", ...; None without an interval.
    reason   why value, or else the interval, is None; None exactly when both are given.
    deff     design effect: the variance over that of a simple random sample of as many; None where it is not computed.
    lonely   strata with a single sampling unit, whose spread had to be approximated: more than 0 is worth a warning.
    """

    value: float | None
    n: int
    se: float | None = None
    low: float | None = None
    high: float | None = None
    df: float | None = None
    method: str | None = None
    confidence: float | None = None
    reason: Reason | None = None
    deff: float | None = None
    lonely: int = 0

    def without_interval(self, reason: Reason) -> Estimate:
        """The same value without a margin of error, as for answers that no design selected."""
        return Estimate(self.value, self.n, reason=self.reason if self.value is None else reason)


def check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a coverage between 0 and 1, not {confidence!r}")
