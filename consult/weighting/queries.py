"""Reads: the declared design, the sets of weights, and the weights of a frame.

frame = await columns.frame(survey_id)
used = await weights_of(frame, "census-2021")        # "" for the design alone, DEFAULT for the published one
used.weights, used.design, used.declared.permits_intervals, used.reason
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from consult.analysis.complex_samples.design import Design
from consult.analysis.estimate import Reason
from consult.columns.frame import Frame
from consult.errors import NotFound
from consult.i18n import Text, languages
from consult.storage import fetch, fetchrow, fetchval
from consult.surveys import queries as surveys
from consult.weighting import declared as designs
from consult.weighting import recipe as recipes
from consult.weighting.declared import Declared
from consult.weighting.recipe import Recipe
from consult.weighting.weighing import Weighed, weighed

DEFAULT = "*"
"""In place of a key: the set that published results use, or none."""
MOST_KEPT = 8
MOST_ROWS = 10_000_000
"""Answers whose weights are kept, all sets together: a row takes some 30 bytes."""
FEW = 200_000
"""Answers that are weighed at once; more go to a thread."""

_kept: OrderedDict[tuple[object, ...], Weighed] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Declaration:
    """A survey's design; declared_at is None while the questionnaire's own holds."""

    design: Declared
    declared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WeightSet:
    survey_id: UUID
    key: str
    name: str
    recipe: Recipe
    is_default: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """Weights of a frame's answers, ready for `analysis`; `found` says how they came about.

    key, name  of the set; empty for the design alone. declared: whether figures may have intervals at all.
    If reason is given the set cannot be followed now: the weights are those of the design, and pages must say so.
    """

    key: str
    name: str
    declared: Declared
    found: Weighed

    @property
    def weights(self) -> NDArray[np.float64]:
        return self.found.weights

    @property
    def design(self) -> Design:
        return self.found.design

    @property
    def reason(self) -> Reason | None:
        return self.found.reason

    @property
    def title(self) -> Text:
        """The name as a text in all languages, for the source of a chart; empty for the design alone."""
        return dict.fromkeys(languages(), self.name) if self.name else {}


async def declaration(survey_id: UUID) -> Declaration:
    """The design that staff declared, else the one of the newest questionnaire. Raises NotFound."""
    row = await fetchrow("select document, declared_at from survey_design where survey = $1", survey_id)
    if row is not None:
        return Declaration(designs.from_builtins(row["document"]), row["declared_at"])
    try:
        newest = await surveys.version(survey_id)
    except NotFound:
        await surveys.survey_by_id(survey_id)
        return Declaration(Declared())
    return Declaration(designs.of_definition(newest.definition.design))


async def design_of(survey_id: UUID) -> Declared:
    """How the survey's respondents were chosen. Raises NotFound."""
    return (await declaration(survey_id)).design


async def weight_sets(survey_id: UUID) -> list[WeightSet]:
    """A survey's sets of weights by name."""
    rows = await fetch("select * from weight_set where survey = $1 order by lower(name), key", survey_id)
    return [_set(row) for row in rows]


async def weight_set(survey_id: UUID, key: str) -> WeightSet:
    """Raises NotFound."""
    row = await fetchrow("select * from weight_set where survey = $1 and key = $2", survey_id, key)
    if row is None:
        raise NotFound
    return _set(row)


async def default_weights(survey_id: UUID) -> str:
    """The key of the set that published results use; empty for none."""
    return await fetchval("select key from weight_set where survey = $1 and is_default", survey_id) or ""


async def weights_of(frame: Frame, name: str = "") -> Weighted:
    """The weights of a frame's answers by the set with this key. Raises NotFound for a set that there is not.

    name  "" for the design alone, DEFAULT for the set that published results use.
    """
    key = await default_weights(frame.survey_id) if name == DEFAULT else name
    declared = await design_of(frame.survey_id)
    if not key:
        return Weighted("", "", declared, await _weighed(frame, declared, None))
    found = await weight_set(frame.survey_id, key)
    return Weighted(key, found.name, declared, await _weighed(frame, declared, found.recipe))


async def tried(frame: Frame, recipe: Recipe) -> Weighed:
    """The weights that a recipe would give, saved or not."""
    return await _weighed(frame, await design_of(frame.survey_id), recipe)


async def _weighed(frame: Frame, declared: Declared, recipe: Recipe | None) -> Weighed:
    """Kept for as long as neither the answers, nor the recipe, nor the design change.

    Distributions without a question are left out: nobody has said yet what they belong to.
    """
    known = {one.key for one in designs.may_group(frame.variables)}
    declared = _present(declared, known)
    if recipe is not None:
        margins = tuple(margin for margin in recipe.margins if margin.variable in known)
        recipe = msgspec.structs.replace(recipe, margins=margins)
    name = (
        frame.survey_id, frame.snapshot.key, frame.snapshot.without, frame.n, msgspec.json.encode(declared),
        msgspec.json.encode(recipe),
    )  # fmt: skip
    found = _kept.get(name)
    if found is None:
        if frame.n > FEW:
            found = await asyncio.to_thread(weighed, frame, declared, recipe)
        else:
            found = weighed(frame, declared, recipe)
        _kept[name] = found
        while len(_kept) > 1 and (
            len(_kept) > MOST_KEPT or sum(one.weights.size for one in _kept.values()) > MOST_ROWS
        ):
            _kept.popitem(last=False)
    _kept.move_to_end(name)
    return found


def _present(declared: Declared, known: set[str]) -> Declared:
    """Without variables that the answers do not have."""
    strata, clusters = declared.strata, declared.clusters
    return msgspec.structs.replace(
        declared, strata=strata if strata in known else "", clusters=clusters if clusters in known else ""
    )


def _set(row: Any) -> WeightSet:
    return WeightSet(
        row["survey"],
        row["key"],
        row["name"],
        recipes.from_builtins(row["document"]),
        row["is_default"],
        row["changed_at"],
    )
