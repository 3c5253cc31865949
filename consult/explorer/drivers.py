"""Key drivers: with which ratings an overall one goes together, and how much. Never a proof of cause."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np

from consult.analysis.estimate import Reason
from consult.analysis.models.drivers import Driver, KeyDrivers, key_drivers
from consult.charts.grid import NONE, Cell, Grid
from consult.charts.grid import Number as Figure
from consult.charts.kinds import Dot, Intervals, Measure, Note, Value
from consult.charts.wording import plain
from consult.columns.variables import said
from consult.errors import N_, Problem
from consult.explorer.answers import Answers
from consult.explorer.crossing import Floats
from consult.explorer.items import Item, battery_of, items_of, overall_of, ratings
from consult.explorer.selecting import Selected
from consult.explorer.state import UNKNOWN, Selection, read_selection
from consult.i18n import Locale, Text
from consult.web.forms import Form

SHARE = N_("Share of what these ratings explain")
MOST = 30
TOO_MANY = N_("Choose at most %(most)s ratings.")
NONE_CHOSEN = N_("Choose at least one rating besides the overall one.")
RESAMPLES, FEW = 1_000, 5_000
"""Bootstrap samples, and answers up to which all of them are drawn; of more answers fewer samples are."""
HEAD = (
    N_("Rating"),
    N_("Share"),
    N_("Correlation"),
    N_("Standardised coefficient"),
    N_("R² alone"),
    N_("R² added last"),
    N_("Variance inflation"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """outcome, drivers: keys of items. is_given: whether the drivers were chosen and are not the ones we propose."""

    outcome: str
    drivers: tuple[str, ...]
    who: Selection
    is_given: bool = True

    def without(self, key: str) -> Asked:
        return Asked(self.outcome, self.drivers, self.who.without(key), self.is_given)

    def query(self) -> str:
        pairs = [("outcome", self.outcome)] if self.outcome else []
        pairs += [("drivers", key) for key in self.drivers] if self.is_given else []
        return urlencode(pairs + self.who.pairs())


@dataclass(frozen=True, slots=True)
class Found:
    """outcome and drivers that were meant, and how much each of them explains."""

    outcome: Item
    items: Mapping[str, Item]
    result: KeyDrivers

    @property
    def ordered(self) -> list[Driver]:
        return sorted(self.result.drivers, key=lambda one: -one.importance)


def read(form: Form, items: Mapping[str, Item], given: Answers) -> tuple[Asked, list[Problem]]:
    """Read what a form or an address asks; what it leaves open is proposed."""
    who, problems = read_selection(form, given.variables)
    outcome = form.get("outcome")
    if outcome and outcome not in items:
        problems.append(Problem("outcome", UNKNOWN, {"key": outcome}))
        outcome = ""
    outcome = outcome or overall_of(items)
    chosen = [key for key in dict.fromkeys(form.list("drivers")) if key]
    problems += [Problem("drivers", UNKNOWN, {"key": key}) for key in chosen if key not in items]
    drivers = tuple(key for key in chosen if key in items and key != outcome)
    is_given = "drivers" in form
    if not is_given:
        drivers = tuple(key for key in battery_of(items) if key != outcome)
    elif not drivers:
        problems.append(Problem("drivers", NONE_CHOSEN))
    if len(drivers) > MOST:
        problems.append(Problem("drivers", TOO_MANY, {"most": MOST}))
        drivers = drivers[:MOST]
    return Asked(outcome, drivers, who, is_given), problems


async def found(asked: Asked, who: Selected) -> Found | None:
    """Calculate. None where there is nothing to calculate from."""
    given = who.given
    items = items_of(given)
    if asked.outcome not in items or not asked.drivers:
        return None
    where = who.people.where
    table = np.column_stack([ratings(items[key], given.column(key))[where] for key in asked.drivers])
    outcome = ratings(items[asked.outcome], given.column(asked.outcome))[where]
    weights = None if who.people.weights is None else who.people.weights[where]
    result = await calculated(outcome, table, asked.drivers, weights, with_intervals=who.people.design is not None)
    return Found(items[asked.outcome], items, result)


async def calculated(
    outcome: Floats, table: Floats, names: tuple[str, ...], weights: Floats | None, *, with_intervals: bool
) -> KeyDrivers:
    """In a thread where that takes long."""
    n = len(outcome)
    resamples = 0 if not with_intervals else RESAMPLES if n <= FEW else max(100, RESAMPLES * FEW // n)

    def work() -> KeyDrivers:
        return key_drivers(outcome, table, names, weights=weights, resamples=resamples)

    return work() if n * (resamples + 1) < FEW * 200 else await asyncio.to_thread(work)


def chart(found: Found, who: Selected) -> Intervals:
    """The shares, the largest first."""
    result = found.result
    r2 = result.r_squared or 0.0
    rows = []
    for one in found.ordered:
        ends = (one.low, one.high) if one.low is not None and one.high is not None and r2 > 0 else None
        value = Value(
            one.share,
            None if ends is None else min(1.0, ends[0] / r2),
            None if ends is None else min(1.0, ends[1] / r2),
            n=result.n,
            reason=None if ends else Reason.NO_DESIGN,
        )
        rows.append(Dot(key=one.name, label=found.items[one.name].variable.short, figure=value, base=result.n))
    return Intervals(
        title=found.outcome.variable.text,
        source=who.source(found.outcome.key),
        base=result.n,
        measure=Measure(name=said(SHARE)),
        rows=tuple(rows),
        notes=(*notes(result, found.items), *who.notes),
        reason=result.reason,
    )


def notes(result: KeyDrivers, items: Mapping[str, Item]) -> tuple[Note, ...]:
    """The method, what was left out, and what it does not say."""
    made = [Note("complete"), Note(result.measure or "lmg")]
    if result.r_squared is not None:
        made.append(Note("explained", {"r2": result.r_squared}))
    if result.resamples:
        made.append(Note("bootstrap", {"n": float(result.resamples)}))
        made.append(Note("bootstrap_of_people"))
    made += [Note("constant", words={"list": _listed(result.constant, items)})] if result.constant else []
    made += [Note("collinear", words={"list": _listed(result.collinear, items)})] if result.collinear else []
    return (*made, Note("association"))


def _listed(names: tuple[str, ...], items: Mapping[str, Item]) -> Text:
    texts = [items[name].variable.short for name in names]
    languages = {code for text in texts for code in text}
    return {code: ", ".join(text.get(code) or next(iter(text.values()), "") for text in texts) for code in languages}


def grid(found: Found, locale: Locale) -> Grid:
    """Each driver's other figures."""
    rows: list[tuple[Cell, ...]] = []
    for one in found.ordered:
        correlation = math.copysign(math.sqrt(one.first), one.pratt * one.beta)
        numbers = (correlation, one.beta, one.first, one.last)
        rows.append(
            (
                plain(found.items[one.name].variable.short, locale),
                Figure(one.share, locale.percent(one.share), "0%"),
                *(Figure(value, signed(value, locale), "0.00") for value in numbers),
                Figure(one.vif, locale.number(one.vif, 1), "0.0") if np.isfinite(one.vif) else NONE,
            )
        )
    return Grid(locale.gettext("All figures of each rating"), tuple(locale.gettext(name) for name in HEAD), tuple(rows))


def signed(value: float, locale: Locale) -> str:
    return ("−" if round(value, 2) < 0 else "") + locale.number(abs(value), 2)


def says(found: Found, locale: Locale) -> str:
    """What the shares say, in plain words; empty where there are none."""
    ordered = found.ordered
    if not ordered or found.result.r_squared is None:
        return ""
    first = ordered[0]
    words = {
        "outcome": plain(found.outcome.variable.short, locale),
        "first": plain(found.items[first.name].variable.short, locale),
        "share": locale.percent(first.share),
        "explained": locale.percent(found.result.r_squared),
    }
    if len(ordered) == 1:
        return locale.gettext(
            "“%(first)s” alone explains %(explained)s of how differently people answered “%(outcome)s”.", **words
        )
    return locale.gettext(
        "“%(outcome)s” goes together most with “%(first)s” (%(share)s of what these ratings explain), then with"
        " “%(second)s” (%(second_share)s). All of them explain %(explained)s of how differently people answered.",
        second=plain(found.items[ordered[1].name].variable.short, locale),
        second_share=locale.percent(ordered[1].share),
        **words,
    )
