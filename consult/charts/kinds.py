"""The other chart specifications: groups beside each other, intervals, waves, matrices, maps of points, words.

Like `chart.Chart` they are values in no language: labels are texts in all languages, kept as JSON with their kind as
`kind`. All that any of them is worth comes from elsewhere: here is no arithmetic.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from consult.analysis.estimate import Reason
from consult.charts.chart import LeftOut, Source
from consult.i18n import Text

Shown = TypeVar("Shown", bound="Common")


class Measure(Struct, frozen=True, omit_defaults=True):
    """What the numbers of a chart are, and so how they are written.

    kind   share: in [0, 1], written as a percentage; score: in [-100, 100], written with its sign; index: in [0, 100];
           number: in `unit`; count: whole numbers; residual: signed, two decimals.
    name   what is measured, such as "Satisfied or very satisfied" or "Mean waiting time"; empty for plain shares.
    unit   of numbers, such as "minutes"; digits: decimals of numbers and indices.
    low, high   the ends of the axis; None takes 0 and 1 for shares, 0 and 100 for indices, else the values' own reach.
    """

    kind: Literal["share", "score", "index", "number", "count", "residual"] = "share"
    name: Text = {}
    unit: Text = {}
    digits: int = 1
    low: float | None = None
    high: float | None = None


class Value(Struct, frozen=True, omit_defaults=True):
    """A figure in the unit of the chart's measure, with its interval where there is one.

    n        people it rests on, unweighted; None where that is the base of its row.
    letters  the column letters of the groups that it is significantly larger than, such as "AC".
    reason   why there is no value, or else no interval.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    letters: str = ""
    reason: Reason | None = None


class Note(Struct, frozen=True, omit_defaults=True):
    """How figures came about, as a code of `notes.NOTES` (which has the sentence) and what it names."""

    code: str
    numbers: dict[str, float] = {}
    words: dict[str, Text] = {}


class Common(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """What every one of these charts has.

    base   people whose answers it rests on, unweighted.
    notes  method, tests, weights: sentences of the source line, in this order.
    reason why there is nothing to show.
    """

    title: Text
    source: Source
    base: int
    measure: Measure = Measure()
    notes: tuple[Note, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    reason: Reason | None = None

    @property
    def key(self) -> str:
        """An id for the page: letters, digits, - and _ only."""
        return f"{self.source.slug}-{self.source.question}"

    @property
    def is_hidden(self) -> bool:
        return self.reason is not None

    def frozen(self: Shown) -> Shown:
        """The same figures, marked as no longer following new answers."""
        return msgspec.structs.replace(self, source=msgspec.structs.replace(self.source, state="frozen"))


class Group(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One group of people and its figures, one for each answer. letter: its name in tests of columns, such as "A"."""

    key: str
    label: Text
    base: int
    values: tuple[Value, ...] = ()
    letter: str = ""
    is_total: bool = False
    reason: Reason | None = None


class Grouped(Common, frozen=True, kw_only=True, omit_defaults=True, tag="grouped"):
    """Answers side by side for several groups: below each answer one bar for each group.

    answers  the words of the answers, in the order of each group's values.
    breaks   the words of what people are grouped by; several: people could choose more than one answer.
    """

    answers: tuple[Text, ...]
    groups: tuple[Group, ...]
    breaks: Text = {}
    several: bool = False


class Dot(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row with a figure. group: the words above it and the rows that follow with the same ones."""

    key: str
    label: Text
    figure: Value
    base: int
    group: Text = {}
    letter: str = ""
    is_total: bool = False


class Intervals(Common, frozen=True, kw_only=True, omit_defaults=True, tag="intervals"):
    """One figure for each row as a dot with its interval: means, indices, importances, shares of one answer.

    reference, reference_label   a line through all rows, such as everybody's mean.
    target                       what staff have set themselves; drawn as another line.
    """

    rows: tuple[Dot, ...]
    reference: float | None = None
    reference_label: Text = {}
    target: float | None = None


class Wave(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One measurement in time.

    centre, lower, upper  the control chart's centre line and limits here; None without them.
    signals  why it counts as a signal: "beyond" (outside the limits), "run" (the eighth on one side), or none.
    broken   what changed in the method before this wave, so that it does not compare; empty if nothing did.
    """

    key: str
    label: Text
    figure: Value
    base: int
    on: date | None = None
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None
    signals: tuple[Literal["beyond", "run"], ...] = ()
    broken: Text = {}


class Line(Common, frozen=True, kw_only=True, omit_defaults=True, tag="line"):
    """A figure over waves, in the order of time. target: what staff have set themselves."""

    waves: tuple[Wave, ...]
    target: float | None = None


class Column(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A column of a matrix. letter: its name in tests of columns."""

    key: str
    label: Text
    base: int | None = None
    letter: str = ""
    is_total: bool = False


class Cell(Struct, frozen=True, omit_defaults=True):
    """A cell of a matrix.

    value     in the unit of the measure; None where it is hidden or cannot be given.
    count     people in it, unweighted.
    residual  adjusted residual; flag: -1 or 1 where it is significantly rarer or more frequent than if rows and
              columns had nothing to do with each other, else 0.
    letters   the letters of the columns whose share in this row is significantly smaller.
    """

    value: float | None = None
    count: int | None = None
    residual: float | None = None
    flag: Literal[-1, 0, 1] = 0
    letters: str = ""
    low: float | None = None
    high: float | None = None
    reason: Reason | None = None


class Band(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A row of a matrix."""

    key: str
    label: Text
    cells: tuple[Cell, ...]
    base: int | None = None
    group: Text = {}
    is_total: bool = False


class Heat(Common, frozen=True, kw_only=True, omit_defaults=True, tag="heat"):
    """A matrix: a cross-tab, or several questions with the same answers.

    across  what shares are shares of: each column, each row, everybody; "none" where they add up to nothing.
    shade   what darkens a cell: its value, or its adjusted residual by size and sign.
    row_title, column_title   the words of what stands in rows and in columns.
    tested  flags and letters are results of tests; False: residuals are a description, nothing was tested.
    """

    rows: tuple[Band, ...]
    columns: tuple[Column, ...]
    across: Literal["column", "row", "total", "none"] = "column"
    shade: Literal["value", "residual"] = "value"
    row_title: Text = {}
    column_title: Text = {}
    several: bool = False
    tested: bool = True


class Axis(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An axis of a map.

    cross      where the line that parts the map stands.
    low, high  its ends; None takes those of the points.
    """

    name: Text
    measure: Measure = Measure("number")
    cross: float | None = None
    low: float | None = None
    high: float | None = None


class Spot(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A point of a map; `x` across and `y` upwards, each with its interval."""

    key: str
    label: Text
    x: Value
    y: Value
    base: int


class Scatter(Common, frozen=True, kw_only=True, omit_defaults=True, tag="scatter"):
    """A map of points, above all of importance (upwards) and performance (across).

    quadrants  words of the four fields: above left, above right, below left, below right; none takes those of an
               importance-performance map.
    diagonal   draw the line on which importance and performance are in balance: left of it is more urgent.
    """

    spots: tuple[Spot, ...]
    x: Axis
    y: Axis
    quadrants: tuple[Text, Text, Text, Text] | None = None
    diagonal: bool = False


class Word(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A word, or a pair of words, as people wrote it. count: how many wrote it, each person once; None: hidden.

    share  of those who wrote anything, in [0, 1].
    """

    word: str
    count: int | None = None
    share: float | None = None
    language: str = ""


class Words(Common, frozen=True, kw_only=True, omit_defaults=True, tag="words"):
    """The most frequent words of written answers. of: single words, or pairs that follow each other.

    base  people who wrote something; languages: how many of them in which language.
    """

    words: tuple[Word, ...]
    of: Literal["word", "pair"] = "word"
    languages: dict[str, int] = {}
