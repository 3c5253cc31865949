"""The one chart specification: counts, shares and where they come from, in no language and no drawing.

A chart can be kept for ever as JSON (see spec.py): labels are texts in all languages, sentences are
made when it is shown. So a frozen chart can still be read in a language that is added later.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec
from msgspec import Struct

from consult.analysis.estimate import Reason
from consult.i18n import Text

Kind = Literal["bars", "diverging", "stacked", "histogram", "nps"]
"""bars       one share per row, each of the same base: a choice of one or of several options.
diverging  a scale from negative to positive, one stacked bar per row, the middle centred.
stacked    unordered answers, one stacked bar per row.
histogram  numbers in bins, or a scale of more than 7 points: one share per row, in the order of the values.
nps        detractors, passives and promoters as one diverging bar, with the score."""

Design = Literal["open", "sample", "census"]
FIGURES = Literal["positive", "negative", "mean", "median", "nps", "spread"]
LONGEST_SCALE = 7
"""Points that still make a readable stacked bar on a telephone."""


class Part(Struct, frozen=True, omit_defaults=True):
    """How many gave an answer and which share of the row's base that is, in [0, 1]; None where it is hidden."""

    count: int | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None


class Figure(Struct, frozen=True, omit_defaults=True):
    """One number about a row: shares in [0, 1], means and medians in the question's unit, nps in [-100, 100]."""

    kind: FIGURES
    value: float | None = None
    low: float | None = None
    high: float | None = None
    reason: Reason | None = None


class Row(Struct, frozen=True, omit_defaults=True):
    """One line of a chart. base: answers its shares rest on; reason says why there are no parts to show.

    span   a bin's edges; the upper one is not in it, and None where the bin is open.
    group  the words of the table's row that a bar belongs to; bars of one group follow each other.
    """

    key: str
    label: Text = {}
    base: int = 0
    parts: tuple[Part, ...] = ()
    figures: tuple[Figure, ...] = ()
    span: tuple[float, float | None] | None = None
    group: Text = {}
    reason: Reason | None = None

    def figure(self, kind: FIGURES) -> Figure | None:
        return next((figure for figure in self.figures if figure.kind == kind), None)


class LeftOut(Struct, frozen=True):
    """Answers outside the base. kind: not_asked, skipped, dont_know or refused; label: the option's own words."""

    kind: str
    count: int
    label: Text = {}


class Source(Struct, frozen=True, omit_defaults=True):
    """Where a chart comes from: what its source line and its method say.

    responses  all answers to the survey that count; channels: how many came which way.
    taken_at   the moment whose answers are counted; snapshot: what they were, as count and digest.
    state      open: answers still come in; frozen: it no longer follows them.
    filters    what was asked of the people counted, in words; weights: the name of the weights, empty without any.
    """

    survey: Text
    slug: str
    question: str
    design: Design
    responses: int
    taken_at: datetime
    snapshot: str
    first_day: date | None = None
    last_day: date | None = None
    channels: dict[str, int] = {}
    method: str | None = None
    confidence: float | None = None
    population: int | None = None
    description: Text = {}
    state: Literal["open", "closed", "frozen"] = "closed"
    filters: tuple[Text, ...] = ()
    weights: Text = {}


class Chart(Struct, frozen=True, omit_defaults=True):
    """A question's answers.

    title     the question's words.
    series    the words of a row's parts, lowest first; empty for bars, histogram and nps.
    measure   what a scale measures (satisfaction, agreement ...); for bars "ranking" (share that put it first, mean
              place as figure), "allocation" (mean share of the points, mean points as figure), "consent"; else "none".
    base      people who answered the question; rows may rest on fewer.
    several   people could choose more than one answer, so shares add up to more than 1.
    unit      of numbers, such as "minutes"; low_end, high_end: the words at the ends of a scale without labels.
    whole     bins hold whole numbers.
    """

    kind: Kind
    title: Text
    rows: tuple[Row, ...]
    source: Source
    base: int
    series: tuple[Text, ...] = ()
    measure: str = "none"
    several: bool = False
    unit: Text = {}
    low_end: Text = {}
    high_end: Text = {}
    whole: bool = True
    left_out: tuple[LeftOut, ...] = ()
    figures: tuple[Figure, ...] = ()
    reason: Reason | None = None

    @property
    def key(self) -> str:
        """An id for the page: letters, digits, - and _ only."""
        return f"{self.source.slug}-{self.source.question}"

    @property
    def is_hidden(self) -> bool:
        """Nothing of it may or can be shown; `reason` says why."""
        return self.reason is not None

    @property
    def has_hidden_parts(self) -> bool:
        return any(row.reason is Reason.HIDDEN or any(p.share is None for p in row.parts) for row in self.rows)

    @property
    def has_intervals(self) -> bool:
        return any(part.low is not None for row in self.rows for part in row.parts)

    def figure(self, kind: FIGURES) -> Figure | None:
        return next((figure for figure in self.figures if figure.kind == kind), None)

    def frozen(self) -> Chart:
        """The same figures, marked as no longer following new answers."""
        return msgspec.structs.replace(self, source=msgspec.structs.replace(self.source, state="frozen"))


def middle(points: int) -> tuple[int, int]:
    """Where a scale's neutral part begins and ends, as positions: (2, 3) for 5 points, (2, 2) for 4."""
    return points // 2, points - points // 2


def balance(row: Row) -> tuple[float, float] | None:
    """Shares below and above a scale's middle; None where parts are hidden or missing."""
    shares = [part.share for part in row.parts]
    if not shares or any(share is None for share in shares):
        return None
    start, end = middle(len(shares))
    return sum(s or 0 for s in shares[:start]), sum(s or 0 for s in shares[end:])
