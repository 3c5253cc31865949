"""A chart's figures as a grid: numbers as they are, and as they are written. Tables and workbooks are made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from consult.analysis.estimate import Reason
from consult.charts.kinds import Measure, Value
from consult.charts.wording import signed
from consult.i18n import Locale, pick

NONE = "–"


@dataclass(frozen=True, slots=True)
class Number:
    """value: what a workbook keeps, None where there is nothing to keep; written: what a page says."""

    value: float | None
    written: str
    format: str = "0"


@dataclass(frozen=True, slots=True)
class Span:
    """An interval: one cell on a page, two in a workbook."""

    low: Number
    high: Number
    written: str


Cell: TypeAlias = str | Number | Span


@dataclass(frozen=True, slots=True)
class Grid:
    """A chart's table. The first cell of each row is its head.

    spans   the columns that hold intervals.
    shades  for each row the shade of each cell behind its head: "", "high", "higher", "low" or "lower".
    langs   for each row the language of its head where that is not the page's.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shades: tuple[tuple[str, ...], ...] = ()
    langs: tuple[str, ...] = ()

    def is_span(self, column: int) -> bool:
        return any(isinstance(row[column], Span) for row in self.rows)


def written(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.written


def hidden(locale: Locale) -> Number:
    return Number(None, locale.gettext("hidden"))


def share(value: float | None, locale: Locale) -> Number:
    return hidden(locale) if value is None else Number(value, locale.percent(value), "0%")


def count(value: int | None, locale: Locale) -> Number:
    return hidden(locale) if value is None else Number(value, locale.number(value, 0), "#,##0")


def figure(value: float | None, measure: Measure, locale: Locale, *, unit: bool = False) -> Number:
    """A figure as its measure is written; unit: with the unit's name behind it."""
    if value is None:
        return Number(None, NONE)
    if measure.kind == "share":
        return share(value, locale)
    if measure.kind == "count":
        return count(round(value), locale)
    if measure.kind in ("score", "residual"):
        digits = 0 if measure.kind == "score" else 2
        decimals = "." + "0" * digits if digits else ""
        return Number(value, signed(value, locale, digits), f"+0{decimals};-0{decimals};0{decimals}")
    words = locale.number(value, measure.digits)
    name = pick(measure.unit, locale.code, locale.order)[0] if unit and measure.unit else ""
    return Number(value, f"{words} {name}".rstrip(), "0" + ("." + "0" * measure.digits if measure.digits else ""))


def span(low: float | None, high: float | None, measure: Measure, locale: Locale) -> Cell:
    """An interval in one cell; shares as whole percentages without the sign: 68–74."""
    if low is None or high is None:
        return Number(None, NONE)
    ends = figure(low, measure, locale), figure(high, measure, locale)
    if measure.kind == "share":
        return Span(*ends, f"{locale.number(100 * low, 0)}–{locale.number(100 * high, 0)}")
    return Span(*ends, f"{ends[0].written} – {ends[1].written}" if low < 0 else f"{ends[0].written}–{ends[1].written}")


def interval_of(value: Value, measure: Measure, locale: Locale) -> Cell:
    return span(value.low, value.high, measure, locale)


def value_of(value: Value, measure: Measure, locale: Locale) -> Number:
    """A figure's cell: hidden, missing or written."""
    if value.value is None and value.reason == "hidden":
        return hidden(locale)
    return figure(value.value, measure, locale)


def base_of(base: int, reason: Reason | None, locale: Locale) -> Number:
    """How many people a row rests on; hidden where its figure is."""
    return hidden(locale) if reason is Reason.HIDDEN else count(base, locale)
