"""Whether several ratings measure one thing, so that their mean may stand for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np

from consult.analysis.estimate import Reason
from consult.analysis.models.reliability import Alpha, Omega, cronbach_alpha, omega_total
from consult.charts.grid import NONE, Cell, Grid
from consult.charts.grid import Number as Figure
from consult.charts.kinds import Dot, Intervals, Measure, Note, Value
from consult.charts.wording import plain
from consult.columns.variables import said
from consult.errors import N_, Problem
from consult.explorer.answers import Answers
from consult.explorer.drivers import MOST, TOO_MANY, signed
from consult.explorer.items import Item, battery_of, items_of, ratings
from consult.explorer.selecting import Selected
from consult.explorer.state import UNKNOWN, Selection, read_selection
from consult.i18n import Locale
from consult.web.forms import Form

WITHOUT = N_("Cronbach’s alpha without the item")
ALL = N_("All items")
TITLE = N_("How well the ratings hang together")
TOO_FEW = N_("Choose at least two ratings.")
HEAD = (N_("Rating"), N_("Correlation with the sum of the others"), N_("Alpha without it"), N_("Loading"))
VERDICTS = (
    (0.9, N_("The answers to these %(items)s questions hang together so closely that fewer would do (α = %(alpha)s).")),
    (
        0.7,
        N_(
            "The answers to these %(items)s questions hang together well (α = %(alpha)s), so their mean may stand for"
            " them."
        ),
    ),
    (
        0.5,
        N_(
            "The answers to these %(items)s questions hang together only in part (α = %(alpha)s); look at each of them"
            " rather than at their mean."
        ),
    ),
)
APART = N_(
    "The answers to these %(items)s questions do not hang together (α = %(alpha)s), so their mean would say little."
)


@dataclass(frozen=True, slots=True)
class Asked:
    items: tuple[str, ...]
    who: Selection
    is_given: bool = True

    def without(self, key: str) -> Asked:
        return Asked(self.items, self.who.without(key), self.is_given)

    def query(self) -> str:
        return urlencode([("items", key) for key in self.items if self.is_given] + self.who.pairs())


@dataclass(frozen=True, slots=True)
class Found:
    items: Mapping[str, Item]
    keys: tuple[str, ...]
    alpha: Alpha
    omega: Omega


def read(form: Form, items: Mapping[str, Item], given: Answers) -> tuple[Asked, list[Problem]]:
    """Read what a form or an address asks; without any items the longest table of ratings is proposed."""
    who, problems = read_selection(form, given.variables)
    chosen = [key for key in dict.fromkeys(form.list("items")) if key]
    problems += [Problem("items", UNKNOWN, {"key": key}) for key in chosen if key not in items]
    is_given = "items" in form
    keys = tuple(key for key in chosen if key in items) if is_given else battery_of(items)
    if is_given and len(keys) < 2:
        problems.append(Problem("items", TOO_FEW))
    if len(keys) > MOST:
        problems.append(Problem("items", TOO_MANY, {"most": MOST}))
    return Asked(keys[:MOST], who, is_given), problems


def found(asked: Asked, who: Selected) -> Found | None:
    """Calculate. None for fewer than two items."""
    if len(asked.items) < 2:
        return None
    given, where = who.given, who.people.where
    items = items_of(given)
    table = np.column_stack([ratings(items[key], given.column(key))[where] for key in asked.items])
    weights = None if who.people.weights is None else who.people.weights[where]
    alpha = cronbach_alpha(table, weights=weights)
    return Found(items, asked.items, alpha, omega_total(table, weights=weights))


def chart(found: Found, who: Selected) -> Intervals:
    """Alpha of all items with its interval, and what it would be without each of them."""
    alpha = found.alpha.alpha
    tested = who.people.design is not None
    whole = Value(alpha.value, alpha.low if tested else None, alpha.high if tested else None, alpha.n)
    rows = [Dot(key="all", label=said(ALL), figure=whole, base=alpha.n, is_total=True)]
    rows += [
        Dot(
            key=found.keys[one.item],
            label=found.items[found.keys[one.item]].variable.short,
            figure=Value(one.alpha_without, n=alpha.n),
            base=alpha.n,
        )
        for one in found.alpha.items
    ]
    notes = [Note("complete")]
    if tested and alpha.low is not None:
        notes.append(Note("feldt"))
    if found.omega.omega is not None:
        notes.append(Note("omega", {"omega": found.omega.omega}))
    return Intervals(
        title=said(TITLE),
        source=who.source(*found.keys[:1]),
        base=alpha.n,
        measure=Measure("number", name=said(WITHOUT), digits=2),
        rows=tuple(rows),
        reference=alpha.value,
        reference_label=said(ALL),
        notes=(*notes, *who.notes),
        reason=None if alpha.value is not None else alpha.reason or Reason.NO_COMMON_SPREAD,
    )


def grid(found: Found, locale: Locale) -> Grid:
    """Each item's part in the whole."""
    loadings = found.omega.loadings
    rows: list[tuple[Cell, ...]] = []
    for one in found.alpha.items:
        loading = loadings[one.item] if len(loadings) == len(found.keys) else None
        cells = [
            NONE if value is None else Figure(value, signed(value, locale), "0.00")
            for value in (one.item_total, one.alpha_without, loading)
        ]
        rows.append((plain(found.items[found.keys[one.item]].variable.short, locale), *cells))
    return Grid(locale.gettext("Each rating’s part"), tuple(locale.gettext(name) for name in HEAD), tuple(rows))


def says(found: Found, locale: Locale) -> str:
    """What alpha means, in plain words; empty where there is none."""
    value = found.alpha.alpha.value
    if value is None:
        return ""
    words = {"items": locale.number(len(found.keys), 0), "alpha": signed(value, locale)}
    return locale.gettext(next((words_ for least, words_ in VERDICTS if value >= least), APART), **words)
