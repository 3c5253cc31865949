"""What all charts share: what may be shown, intervals only with a sampling design, which answers are left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from consult.analysis.disclosure.suppression import suppress
from consult.analysis.estimate import Estimate, Reason
from consult.analysis.simple_samples.proportions import share
from consult.charts.chart import Chart, Figure, LeftOut, Part, Row, Source
from consult.columns.column import KINDS
from consult.i18n import Text
from consult.results.estimating import Weighing
from consult.surveys.definition.schema import AnyQuestion, Option, Place


@dataclass(frozen=True, slots=True)
class Policy:
    """Disclosure control: a base below `base` is hidden; in a sensitive question also counts below `sensitive`."""

    base: int
    sensitive: int


PUBLIC = Policy(base=5, sensitive=10)
STAFF = Policy(base=0, sensitive=0)
"""Staff who may read single answers see every count."""

CONFIDENCE = 0.95


def is_sensitive(question: AnyQuestion) -> bool:
    """Whether small counts of it are hidden. Of places always: neighbours know each other."""
    return isinstance(question, Place) or bool(getattr(question, "sensitive", False))


class Counting:
    """One question's counts on their way to a chart.

    weighing  how much each answer counts, where not all count alike: shares are weighted then, counts never.
    withheld  columns that may not be shown, because what is shown of other groups would tell too much of few people.
    """

    def __init__(
        self,
        question: AnyQuestion,
        source: Source,
        policy: Policy,
        weighing: Weighing | None = None,
        withheld: Collection[str] = (),
    ) -> None:
        self.question, self.source, self.policy = question, source, policy
        self.weighing, self.withheld = weighing, withheld
        self.sensitive = is_sensitive(question)
        self.population = source.population

    def hidden(self, base: int, key: str = "") -> Reason | None:
        """Why a figure on this base may not be shown. key: of its column, where that is not the question's."""
        if base == 0:
            return Reason.NO_ANSWERS
        is_withheld = (key or self.question.key) in self.withheld
        return Reason.HIDDEN if is_withheld or base < self.policy.base else None

    def parts(
        self,
        counts: tuple[int, ...],
        base: int,
        *,
        of_whole: bool = True,
        estimates: Sequence[Estimate] | None = None,
    ) -> tuple[Part, ...]:
        """Shares of the base, estimates of them where answers are weighed.

        of_whole: they add up to the base, so one hidden count could be found by subtraction.
        """
        hide = np.zeros(len(counts), dtype=bool)
        if self.sensitive and self.policy.sensitive:
            hide = suppress(counts, self.policy.sensitive, row_totals=of_whole).hidden
        given: Sequence[Estimate | None] = estimates or [None] * len(counts)
        return tuple(
            Part() if out else self.part(count, base, estimate)
            for out, count, estimate in zip(hide, counts, given, strict=True)
        )

    def part(self, count: int, base: int, estimate: Estimate | None = None) -> Part:
        if estimate is None and self.source.design != "sample":
            return Part(count, count / base)
        if estimate is None:
            estimate = share(count, base, confidence=CONFIDENCE, population=self.population)
        if self.source.design != "sample":
            return Part(count, estimate.value)
        return Part(count, estimate.value, estimate.low, estimate.high)

    def shares(self, key: str, points: Sequence[str]) -> tuple[Estimate, ...] | None:
        """The weighted shares of a single choice's points; None where every answer counts the same."""
        if self.weighing is None:
            return None
        return self.weighing.shares(self.weighing.codes(key, points), len(points))

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
            self.source, method=self.method if sampled else None, confidence=CONFIDENCE if sampled else None
        )
        return Chart(kind=kind, title=self.question.text, rows=rows, source=source, base=base, **more)

    @property
    def method(self) -> str:
        return "wilson" if self.weighing is None else "design"

    def nothing(self, kind: Any, base: int, reason: Reason) -> Chart:
        return self.chart(kind, (), base if reason is Reason.NO_ANSWERS else 0, reason=reason)


def by_kind(status: Sequence[int]) -> dict[str, int]:
    """How many have each kind of no answer, from how many have each status."""
    return {kind: status[number + 1] for number, kind in enumerate(KINDS)}
