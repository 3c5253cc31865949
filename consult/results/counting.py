"""What all charts share: what may be shown, intervals only with a sampling design, which answers are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from consult.analysis.estimate import Estimate, Reason
from consult.analysis.proportions import share
from consult.analysis.suppression import suppress
from consult.charts.chart import Chart, Figure, LeftOut, Part, Row, Source
from consult.columns.column import KINDS
from consult.i18n import Text
from consult.surveys.definition import AnyQuestion, Option


@dataclass(frozen=True, slots=True)
class Policy:
    """Disclosure control: a base below `base` is hidden; in a sensitive question also counts below `sensitive`."""

    base: int
    sensitive: int


PUBLIC = Policy(base=5, sensitive=10)
STAFF = Policy(base=0, sensitive=0)
"""Staff who may read single answers see every count."""

CONFIDENCE = 0.95


class Counting:
    """One question's counts on their way to a chart. sensitive: small counts are hidden whatever its author says."""

    def __init__(self, question: AnyQuestion, source: Source, policy: Policy, *, sensitive: bool = False) -> None:
        self.question, self.source, self.policy = question, source, policy
        self.sensitive = sensitive or bool(getattr(question, "sensitive", False))
        self.population = source.population

    def hidden(self, base: int) -> Reason | None:
        if base == 0:
            return Reason.NO_ANSWERS
        return Reason.HIDDEN if base < self.policy.base else None

    def parts(self, counts: tuple[int, ...], base: int, *, of_whole: bool = True) -> tuple[Part, ...]:
        """Shares of the base; of_whole: they add up to it, so one hidden count could be found by subtraction."""
        hide = np.zeros(len(counts), dtype=bool)
        if self.sensitive and self.policy.sensitive:
            hide = suppress(counts, self.policy.sensitive, row_totals=of_whole).hidden
        found = [Part() if hide[i] else self.part(count, base) for i, count in enumerate(counts)]
        return tuple(found)

    def part(self, count: int, base: int) -> Part:
        if self.source.design != "sample":
            return Part(count, count / base)
        estimate = share(count, base, confidence=CONFIDENCE, population=self.population)
        return Part(count, estimate.value, estimate.low, estimate.high)

    def figure(self, kind: Any, estimate: Estimate) -> Figure:
        if self.source.design != "sample":
            estimate = estimate.without_interval(Reason.NO_DESIGN)
        return Figure(kind, estimate.value, estimate.low, estimate.high, estimate.reason)

    def left_out(self, counts: dict[str, int], options: tuple[Option, ...] = ()) -> tuple[LeftOut, ...]:
        if self.sensitive and self.policy.sensitive:
            return ()
        words: dict[str, Text] = {str(option.missing): option.text for option in reversed(options) if option.missing}
        return tuple(LeftOut(kind, counts[kind], words.get(kind, {})) for kind in KINDS if counts.get(kind))

    def chart(self, kind: Any, rows: tuple[Row, ...], base: int, **more: Any) -> Chart:
        sampled = self.source.design == "sample"
        source = msgspec.structs.replace(
            self.source, method="wilson" if sampled else None, confidence=CONFIDENCE if sampled else None
        )
        return Chart(kind=kind, title=self.question.text, rows=rows, source=source, base=base, **more)

    def nothing(self, kind: Any, base: int, reason: Reason) -> Chart:
        return self.chart(kind, (), base if reason is Reason.NO_ANSWERS else 0, reason=reason)


def by_kind(status: Sequence[int]) -> dict[str, int]:
    """How many have each kind of no answer, from how many have each status."""
    return {kind: status[number + 1] for number, kind in enumerate(KINDS)}
