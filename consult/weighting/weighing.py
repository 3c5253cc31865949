"""From a design, a recipe and the answers to weights: pure functions of arrays and values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from consult.analysis.complex_samples.design import Design
from consult.analysis.estimate import Reason
from consult.analysis.sampling.trimming import rake_within
from consult.analysis.sampling.weighting import MISSING, Kish, Margin, Place, Weighting, kish, post_stratify, rake
from consult.columns.column import Coded, Column
from consult.weighting import recipe as recipes
from consult.weighting.declared import Declared
from consult.weighting.recipe import OUTSIDE, Recipe

Floats = NDArray[np.float64]


class Answers(Protocol):
    """What is needed of a frame."""

    @property
    def n(self) -> int: ...
    def column(self, key: str) -> Column: ...


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """Weights of n answers.

    weights   (n,), those of the design where `reason` says why the recipe gives none.
    design    with these weights and the projections by which standard errors respect them.
    start     (n,), the design's own weights; 0 for answers from outside the population.
    margins   as they were raked to; made: how the raking went, None without a recipe.
    reason    why the recipe (or the design's strata) could not be followed, and where.
    """

    weights: Floats
    design: Design
    start: Floats
    margins: tuple[Margin, ...] = ()
    made: Weighting | None = None
    reason: Reason | None = None
    faults: tuple[Place, ...] = ()

    @property
    def cost(self) -> Kish:
        return kish(self.weights)


def weighed(answers: Answers, declared: Declared, recipe: Recipe | None) -> Weighed:
    """Weigh the answers; without a recipe by the design alone."""
    design, fault = designed(answers, declared)
    start = design.weights
    if recipe is None or not recipe.margins:
        return Weighed(start, design, start, (), None, *_fault(fault))
    margins = tuple(margin_of(answers, margin) for margin in recipe.margins)
    start = np.where(outside(answers, recipe), 0.0, start)
    if not start.any():
        return Weighed(design.weights, design, design.weights, margins, None, Reason.NO_ANSWERS)
    if recipe.is_capped:
        made = rake_within(start, margins, lowest=recipe.lowest, highest=recipe.highest)
    else:
        made = rake(start, margins)
    if made.weights is None:
        return Weighed(design.weights, design, start, margins, made, made.reason, made.faults)
    calibrated = Design(made.weights, design.strata, design.stages, design.fpc, made.projections)
    return Weighed(made.weights, calibrated, start, margins, made, *_fault(fault))


def _fault(fault: Weighting | None) -> tuple[Reason | None, tuple[Place, ...]]:
    return (None, ()) if fault is None else (fault.reason, fault.faults)


def designed(answers: Answers, declared: Declared) -> tuple[Design, Weighting | None]:
    """The declared design with its own weights; and what stands in the way of them.

    Weights are people for each respondent: N_h / n_h with strata, N / n with a population, else 1. Whose stratum is not
    known is a stratum apart, whose stratum is not of the population weighs nothing; who has no cluster is one alone.
    The finite population counts only where rows are the units: how many clusters there are, nobody is asked.
    """
    n = answers.n
    ones = np.ones(n)
    if declared.kind == "open" or not n:
        return Design(ones), None
    strata, fault = None, None
    weights, fpc = ones, np.full(n, np.inf)
    if declared.strata and declared.counts:
        margin, foreign = strata_of(answers, declared)
        ones = np.where(foreign, 0.0, ones)
        made = post_stratify(ones, margin)
        if made.weights is None:
            fault = made
        else:
            weights = made.weights
            known = np.asarray(margin.codes) >= 0
            sizes = np.append(margin.population, np.inf)[margin.codes]
            drawn = np.bincount(np.where(known, margin.codes, len(margin.labels)))[margin.codes]
            fpc = np.where(known, np.maximum(sizes, drawn), np.inf)
        strata = np.where(np.asarray(margin.codes) < 0, len(margin.labels), margin.codes).astype(np.int64)
    elif declared.population:
        weights = np.full(n, declared.population / n)
        fpc = np.full(n, float(max(declared.population, n)))
    stages = (clusters_of(answers, declared.clusters),) if declared.clusters else ()
    return Design(weights, strata, stages, () if stages or not np.isfinite(fpc).any() else (fpc,)), fault


def strata_of(answers: Answers, declared: Declared) -> tuple[Margin, NDArray[np.bool_]]:
    """The strata with their population, and which answers come from groups that do not belong to it."""
    column = answers.column(declared.strata)
    assert isinstance(column, Coded)  # noqa: S101 - declared.problems admits no other
    labels = tuple(declared.counts)
    population = np.array([float(count) for count in declared.counts.values()])
    codes = codes_of(column, {point: i for i, point in enumerate(labels)})
    foreign = codes_of(column, {point: 0 for point in column.points if point not in declared.counts}) == 0
    return Margin(declared.strata, codes, labels, population), foreign


def clusters_of(answers: Answers, key: str) -> NDArray[np.int64]:
    """Each row's cluster; rows without one are clusters of their own."""
    column = answers.column(key)
    assert isinstance(column, Coded)  # noqa: S101
    codes = codes_of(column, {point: i for i, point in enumerate(column.points)})
    return np.where(codes < 0, len(column.points) + np.arange(answers.n), codes).astype(np.int64)


def margin_of(answers: Answers, margin: recipes.Margin) -> Margin:
    """A recipe's margin over these answers: groups that are counted together are one."""
    together = margin.together()
    kept = [group for group in margin.groups if together[group.key] == group.key]
    place = {group.key: number for number, group in enumerate(kept)}
    population = np.zeros(len(kept))
    for group in margin.groups:
        population[place[together[group.key]]] += group.people
    column = answers.column(margin.variable)
    assert isinstance(column, Coded)  # noqa: S101 - recipe.problems admits no other
    belongs = {point: place[together[key]] for point, key in margin.belongs.items() if key in together}
    return Margin(margin.variable, codes_of(column, belongs), tuple(place), population)


def outside(answers: Answers, recipe: Recipe) -> NDArray[np.bool_]:
    """(n,) answers of people who do not belong to the population."""
    found = np.zeros(answers.n, dtype=bool)
    for margin in recipe.margins:
        points = [point for point, key in margin.belongs.items() if key == OUTSIDE]
        if points:
            column = answers.column(margin.variable)
            assert isinstance(column, Coded)  # noqa: S101
            found |= codes_of(column, dict.fromkeys(points, 0)) == 0
    return found


def codes_of(column: Coded, place: Mapping[str, int]) -> NDArray[np.int16]:
    """(n,) the place of each answer's point; MISSING for points that have none and for no answer."""
    table = np.full(int(np.iinfo(column.codes.dtype).max) + 1, MISSING, dtype=np.int16)
    for code, point in enumerate(column.points):
        table[code] = place.get(point, MISSING)
    return np.asarray(table[column.codes])


def shares(margin: Margin, weights: Floats) -> tuple[Floats, float]:
    """The share of the weights in each category among those known, and the share that is not known."""
    sums, total = margin.sums(weights), float(weights.sum())
    known = float(sums.sum())
    return (sums / known if known else sums), (1 - known / total if total else 0.0)


def shares_of(column: Coded, weights: Floats) -> Floats:
    """The share of each point among the answers that name one."""
    size = int(np.iinfo(column.codes.dtype).max) + 1
    sums = np.bincount(column.codes, weights, size)[: len(column.points)].astype(np.float64)
    return sums / sums.sum() if sums.sum() else sums


def relative(weights: Floats) -> Floats:
    """The weights above 0, with a mean of 1."""
    found = weights[weights > 0]
    return found / found.mean() if found.size else found
