"""The importance-performance map: what people find important and how well it works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

import numpy as np

from consult.analysis.complex_samples.design import Design
from consult.analysis.estimate import Estimate, Reason
from consult.analysis.models.drivers import KeyDrivers
from consult.analysis.models.importance import (
    Attribute,
    Crossing,
    ImportancePerformance,
    Quadrant,
    derived_importance,
    stated_importance,
)
from consult.charts.grid import NONE, Cell, Grid
from consult.charts.grid import Number as Figure
from consult.charts.kinds import Axis, Measure, Note, Scatter, Spot, Value
from consult.charts.scatter import QUADRANTS
from consult.charts.wording import plain, signed
from consult.columns.variables import said
from consult.errors import N_, Problem
from consult.explorer import drivers
from consult.explorer.answers import Answers
from consult.explorer.crossing import Floats
from consult.explorer.items import Item, battery_of, hundred, items_of, overall_of, ratings
from consult.explorer.selecting import Selected
from consult.explorer.state import UNKNOWN, Selection, read_selection
from consult.i18n import Locale
from consult.web.forms import Form

By = Literal["stated", "derived"]
PERFORMANCE = N_("Rating, 0 to 100")
STATED = N_("Importance, 0 to 100")
MOST = 30
SCALE = (0.0, 100.0)
TITLE = N_("What is important and what works well")
HEAD = (
    N_("By urgency"),
    N_("Rating, 0 to 100"),
    N_("Importance"),
    N_("Importance above rating, in hundredths of the axes"),
    N_("Field of the map"),
)
PLACES: dict[Quadrant, int] = {"concentrate": 0, "keep": 1, "low": 2, "overkill": 3}


@dataclass(frozen=True, slots=True)
class Asked:
    """items: keys of ratings. by: importance as people stated it, or as their overall rating (outcome) tells."""

    items: tuple[str, ...]
    by: By
    outcome: str
    crossing: Crossing
    who: Selection
    is_given: bool = True

    def without(self, key: str) -> Asked:
        return Asked(self.items, self.by, self.outcome, self.crossing, self.who.without(key), self.is_given)

    def query(self) -> str:
        pairs = [("items", key) for key in self.items] if self.is_given else []
        pairs += [("by", self.by)]
        pairs += [("outcome", self.outcome)] if self.by == "derived" and self.outcome else []
        pairs += [("crossing", self.crossing)] if self.crossing != "data" else []
        return urlencode(pairs + self.who.pairs())


@dataclass(frozen=True, slots=True)
class Found:
    """The map; base: people who gave any of its ratings; result: of the drivers, where importance is derived."""

    items: Mapping[str, Item]
    map: ImportancePerformance
    base: int
    result: KeyDrivers | None = None

    @property
    def ordered(self) -> list[Attribute]:
        """The most urgent first; what cannot be placed last."""
        return sorted(self.map.attributes, key=lambda one: -2.0 if one.priority is None else one.priority, reverse=True)


def twins(items: Mapping[str, Item]) -> dict[str, str]:
    """Ratings whose importance was asked too: key of the rating -> key of its importance.

    By their concepts (ipa.parks.performance and ipa.parks.importance, satisfaction.parks and importance.parks), else by
    rows of the same code in a table that asks for importance.
    """
    concepts = {one.concept: key for key, one in items.items() if one.concept}
    important = {
        one.variable.row: key for key, one in items.items() if one.measure == "importance" and one.variable.row
    }
    found = {}
    for key, one in items.items():
        if one.ends is None or one.measure == "importance":
            continue
        head, _, tail = one.concept.partition(".")
        named = [f"{one.concept.removesuffix('.performance')}.importance", f"importance.{tail}" if head else ""]
        twin = next((concepts[name] for name in named if name in concepts and one.concept), None)
        twin = twin or (important.get(one.variable.row) if one.variable.row else None)
        if twin is not None and twin != key:
            found[key] = twin
    return found


def read(form: Form, items: Mapping[str, Item], given: Answers) -> tuple[Asked, list[Problem]]:
    """Read what a form or an address asks; what it leaves open is proposed."""
    who, problems = read_selection(form, given.variables)
    pairs = twins(items)
    by: By = "stated" if pairs and form.get("by") != "derived" else "derived"
    outcome = form.get("outcome")
    if outcome and outcome not in items:
        problems.append(Problem("outcome", UNKNOWN, {"key": outcome}))
        outcome = ""
    outcome = outcome or overall_of(items)
    chosen = [key for key in dict.fromkeys(form.list("items")) if key]
    problems += [Problem("items", UNKNOWN, {"key": key}) for key in chosen if not _is_rating(items, key)]
    is_given = "items" in form
    wanted = chosen if is_given else [*pairs] if by == "stated" else battery_of(items)
    keys = tuple(key for key in wanted if _is_rating(items, key) and (by == "stated" or key != outcome))
    if by == "stated":
        keys = tuple(key for key in keys if key in pairs)
    if is_given and not keys:
        problems.append(Problem("items", drivers.NONE_CHOSEN))
    if len(keys) > MOST:
        problems.append(Problem("items", drivers.TOO_MANY, {"most": MOST}))
    crossing: Crossing = "scale" if form.get("crossing") == "scale" and by == "stated" else "data"
    return Asked(keys[:MOST], by, outcome, crossing, who, is_given), problems


def _is_rating(items: Mapping[str, Item], key: str) -> bool:
    return key in items and items[key].ends is not None


async def found(asked: Asked, who: Selected) -> Found | None:
    """Calculate. None where there is nothing to calculate from."""
    given, where = who.given, who.people.where
    items = items_of(given)
    if not asked.items or (asked.by == "derived" and asked.outcome not in items):
        return None
    rated = {key: hundred(items[key], ratings(items[key], given.column(key))) for key in asked.items}
    base = _people(rated, where)
    design = who.people.design or Design(weights=who.used.weights)
    if asked.by == "stated":
        pairs = twins(items)
        stated = {
            key: hundred(items[pairs[key]], ratings(items[pairs[key]], given.column(pairs[key]))) for key in asked.items
        }
        made = stated_importance(
            rated, stated, design, where, performance_scale=SCALE, importance_scale=SCALE, crossing=asked.crossing
        )
        return Found(items, made, base)
    table = np.column_stack([rated[key][where] for key in asked.items])
    outcome = ratings(items[asked.outcome], given.column(asked.outcome))[where]
    weights = None if who.people.weights is None else who.people.weights[where]
    is_tested = who.people.design is not None
    result = await drivers.calculated(outcome, table, asked.items, weights, with_intervals=is_tested)
    return Found(items, derived_importance(rated, result, design, where, performance_scale=SCALE), base, result)


def _people(rated: Mapping[str, Floats], where: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> int:
    anything = np.zeros(len(where), dtype=bool)
    for values in rated.values():
        anything |= ~np.isnan(values)
    return int((anything & where).sum())


def chart(found: Found, asked: Asked, who: Selected) -> Scatter:
    """The map, the most urgent first."""
    is_tested = who.people.design is not None
    spots = [
        Spot(
            key=one.name,
            label=found.items[one.name].variable.short,
            x=_value(one.performance, is_tested=is_tested),
            y=_value(one.importance, is_tested=is_tested),
            base=one.performance.n,
        )
        for one in found.ordered
        if one.priority is not None
    ]
    cross = found.map.cross or (None, None)
    is_derived = asked.by == "derived"
    notes = [Note("scale_middle" if asked.crossing == "scale" else "grand_means")]
    reason: Reason | None = None if spots else Reason.NO_ANSWERS
    if found.result is not None:
        notes += drivers.notes(found.result, found.items)
        reason = reason and (found.result.reason or Reason.NO_COMMON_SPREAD)
    return Scatter(
        title=said(TITLE),
        source=who.source(*asked.items[:1]),
        base=found.base,
        spots=tuple(spots),
        x=Axis(name=said(PERFORMANCE), measure=Measure("number", digits=0), cross=cross[0]),
        y=Axis(
            name=said(drivers.SHARE if is_derived else STATED),
            measure=Measure("share") if is_derived else Measure("number", digits=0),
            cross=cross[1],
        ),
        notes=(*notes, *who.notes),
        reason=reason,
    )


def _value(one: Estimate, *, is_tested: bool) -> Value:
    if not is_tested:
        return Value(one.value, n=one.n, reason=Reason.NO_DESIGN)
    return Value(one.value, one.low, one.high, one.n, reason=one.reason)


def grid(found: Found, asked: Asked, locale: Locale) -> Grid:
    """All items by urgency: how far their importance is above their rating, each as a share of its axis."""
    rows: list[tuple[Cell, ...]] = []
    for one in found.ordered:
        importance: Cell = NONE
        if one.importance.value is not None and asked.by == "derived":
            importance = Figure(one.importance.value, locale.percent(one.importance.value), "0%")
        elif one.importance.value is not None:
            importance = Figure(one.importance.value, locale.number(one.importance.value, 0))
        rated, gap = one.performance.value, one.priority
        rows.append(
            (
                plain(found.items[one.name].variable.short, locale),
                NONE if rated is None else Figure(rated, locale.number(rated, 0)),
                importance,
                NONE if gap is None else Figure(100 * gap, signed(100 * gap, locale), "+0;-0;0"),
                NONE if one.quadrant is None else locale.gettext(QUADRANTS[PLACES[one.quadrant]]),
            )
        )
    return Grid(locale.gettext("What to do first"), tuple(locale.gettext(name) for name in HEAD), tuple(rows))
