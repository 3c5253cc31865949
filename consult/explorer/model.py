"""The satisfaction model (ECSI) of surveys that ask its questions: seven indices, and what leads to what.

Its questions are known by their concepts: ecsi.image…, ecsi.expectations…, ecsi.hardware… and ecsi.software… (quality),
ecsi.value…, ecsi.satisfaction…, ecsi.complaints…, ecsi.loyalty….
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np

from consult.analysis.estimate import Estimate, Reason
from consult.analysis.models.ecsi import LATENTS, Latent, ecsi
from consult.analysis.models.pathestimate import path_model
from consult.analysis.models.pathmodel import PathResult
from consult.charts import grid as grids
from consult.charts.grid import NONE, Cell, Grid
from consult.charts.grid import Number as Figure
from consult.charts.kinds import Dot, Intervals, Measure, Note, Value
from consult.columns.variables import said
from consult.errors import N_, Problem
from consult.explorer.answers import Answers
from consult.explorer.crossing import Floats
from consult.explorer.drivers import FEW, signed
from consult.explorer.items import Item, hundred, items_of, ratings
from consult.explorer.selecting import Selected
from consult.explorer.state import Selection, read_selection
from consult.i18n import Locale
from consult.web.forms import Form

NAMES: dict[Latent, str] = {
    "image": N_("Image"),
    "expectations": N_("Expectations"),
    "quality": N_("Perceived quality"),
    "value": N_("Perceived value"),
    "satisfaction": N_("Satisfaction"),
    "complaints": N_("Handling of complaints"),
    "loyalty": N_("Loyalty"),
}
PARTS: dict[str, Latent] = {"hardware": "quality", "software": "quality"}
TITLE = N_("Indices of the satisfaction model")
LATENT_HEAD = (N_("Index"), N_("Figure"), N_("Questions"), N_("Cronbach’s alpha"), N_("Mean communality"), N_("R²"))
PATH_HEAD = (N_("From"), N_("To"), N_("Coefficient"), N_("Interval 95%"), N_("Total effect"))
RESAMPLES = 500
INDICES = Measure("index")


@dataclass(frozen=True, slots=True)
class Asked:
    who: Selection

    def without(self, key: str) -> Asked:
        return Asked(self.who.without(key))

    def query(self) -> str:
        return urlencode(self.who.pairs())


def read(form: Form, given: Answers) -> tuple[Asked, list[Problem]]:
    who, problems = read_selection(form, given.variables)
    return Asked(who), problems


def blocks_of(items: Mapping[str, Item]) -> dict[Latent, list[str]]:
    """Items of each latent variable, in the model's order; empty where the survey does not ask for the model."""
    found: dict[Latent, list[str]] = {name: [] for name in LATENTS}
    for key, one in items.items():
        parts = one.concept.split(".")
        if parts[0] == "ecsi" and len(parts) > 1 and one.ends is not None:
            name = PARTS.get(parts[1], parts[1])
            for latent in LATENTS:
                if latent == name:
                    found[latent].append(key)
    given: dict[Latent, list[str]] = {name: keys for name, keys in found.items() if keys}
    return given if "satisfaction" in given and len(given) > 1 else {}


async def found(who: Selected) -> PathResult | None:
    """Fit the model. None where the survey does not ask for it."""
    given, where = who.given, who.people.where
    items = items_of(given)
    blocks = blocks_of(items)
    if not blocks:
        return None
    values = {
        key: hundred(items[key], ratings(items[key], given.column(key)))[where]
        for keys in blocks.values()
        for key in keys
    }
    if len(blocks.get("complaints", ())) > 1:
        # Those who complained are asked one question, the others another one.
        values["complaints"] = _first(values[key] for key in blocks["complaints"])
        blocks["complaints"] = ["complaints"]
    weights = None if who.people.weights is None else who.people.weights[where]
    n = int(where.sum())
    resamples = 0 if who.people.design is None else RESAMPLES if n <= FEW else max(100, RESAMPLES * FEW // n)

    def work() -> PathResult:
        return path_model(values, ecsi(blocks), scale=(0, 100), weights=weights, resamples=resamples)

    return work() if n * (resamples + 1) < FEW * 100 else await asyncio.to_thread(work)


def _first(columns: Iterator[Floats]) -> Floats:
    """The first answer of each row."""
    made = next(columns)
    for column in columns:
        made = np.where(np.isnan(made), column, made)
    return made


def chart(found: PathResult, who: Selected) -> Intervals:
    """The indices, in the model's order."""
    rows = [_dot(one.name, one.index, found.n) for one in found.latents if one.index is not None]
    notes = [Note("ecsi")]
    if found.resamples:
        notes += [Note("bootstrap", {"n": float(found.resamples)}), Note("bootstrap_of_people")]
    notes += [Note("small_model")] if found.is_small else []
    return Intervals(
        title=said(TITLE),
        source=who.source("ecsi"),
        base=found.n,
        measure=INDICES,
        rows=tuple(rows),
        notes=(*notes, Note("association"), *who.notes),
        reason=found.reason or (None if rows else Reason.NO_COMMON_SPREAD),
    )


def _dot(name: str, index: Estimate, n: int) -> Dot:
    value = Value(index.value, index.low, index.high, n=n, reason=index.reason)
    return Dot(key=name, label=said(_named(name)), figure=value, base=n)


def _named(name: str) -> str:
    return next(words for latent, words in NAMES.items() if latent == name)


def tables(found: PathResult, locale: Locale) -> list[Grid]:
    """How well each index is measured and explained; which leads to which."""
    if found.reason is not None:
        return []
    latents: list[tuple[Cell, ...]] = [
        (
            locale.gettext(_named(one.name)),
            grids.figure(one.index.value if one.index else None, INDICES, locale),
            grids.count(len(found.model.blocks[one.name]), locale),
            *(_number(value, locale) for value in (one.alpha, one.communality, one.r_squared)),
        )
        for one in found.latents
    ]
    totals = {(one.source, one.target): one.total.value for one in found.effects}
    paths: list[tuple[Cell, ...]] = [
        (
            locale.gettext(_named(one.source)),
            locale.gettext(_named(one.target)),
            _number(one.value.value, locale),
            grids.span(one.value.low, one.value.high, Measure("number", digits=2), locale),
            _number(totals.get((one.source, one.target)), locale),
        )
        for one in found.paths
    ]
    return [
        Grid(locale.gettext("How the indices are measured"), _heads(LATENT_HEAD, locale), tuple(latents)),
        Grid(locale.gettext("What leads to what"), _heads(PATH_HEAD, locale), tuple(paths)),
    ]


def _heads(names: tuple[str, ...], locale: Locale) -> tuple[str, ...]:
    return tuple(locale.gettext(name) for name in names)


def _number(value: float | None, locale: Locale) -> Cell:
    return NONE if value is None or np.isnan(value) else Figure(value, signed(value, locale), "0.00")


def says(found: PathResult, locale: Locale) -> str:
    """The index of satisfaction, in plain words; empty where there is none."""
    if found.reason is not None:
        return ""
    index = found.latent("satisfaction").index
    if index is None or index.value is None:
        return ""
    value = locale.number(index.value, 1)
    into = [one for one in found.effects if one.target == "satisfaction" and one.total.value is not None]
    if not into:
        return locale.gettext("The index of satisfaction is %(value)s of 100.", value=value)
    strongest = max(into, key=lambda one: one.total.value or 0.0)
    return locale.gettext(
        "The index of satisfaction is %(value)s of 100. It goes together most with: %(name)s.",
        value=value,
        name=locale.gettext(_named(strongest.source)),
    )
