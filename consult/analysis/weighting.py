"""Weights that make a sample's composition that of its population: post-stratification and raking.

A weighting is a frozen result: the weights, what they reproduce, and the projections by which a design's standard
errors respect it. Where there is none, `weights` is None and `reason` and `faults` say what stands in the way.
Calibration to totals of numbers is in `calibration`, caps on weights in `trimming`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consult.analysis.estimate import Reason
from consult.analysis.projections import CellResiduals, Codes, Floats, MarginResiduals, RegressionResiduals

MISSING = -1
"""The code of a respondent whose category is not known."""
DENSE = 1 << 16
"""Crosses of at most so many cells, or as many as rows, are kept whole; larger ones hold only the cells that occur."""
FURTHER = 1e-3
"""Below the tolerance cycles go on to this part of it, while they still help: slow fits end nearer to their limit."""

Residuals = CellResiduals | MarginResiduals | RegressionResiduals


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """One variable whose distribution in the population is known.

    name        what it is called in faults.
    codes       (n,), each respondent's category 0..k-1; negative: not known.
    labels      the k categories' names.
    population  (k,), people in each category, or shares: only their proportions and one total matter.

    Respondents whose category is not known are a category of their own, which keeps the share of the weights that it
    has in the sample; the known categories share the rest as in the population.
    """

    name: str
    codes: NDArray[np.integer]
    labels: tuple[str, ...]
    population: Floats

    def sums(self, weights: Floats) -> Floats:
        """(k,), the sum of weights in each category; those not known are left out."""
        codes = np.maximum(np.asarray(self.codes, dtype=np.intp), MISSING)
        return np.bincount(codes - MISSING, weights, len(self.labels) - MISSING)[-MISSING:].astype(np.float64)


@dataclass(frozen=True, slots=True)
class Place:
    """A category of a margin, or a constraint of a calibration (label empty)."""

    margin: str
    label: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Weighting:
    """Weights, or why there are none.

    weights      (n,), >= 0 (a linear calibration without bounds may give negative ones); None if there is no solution.
    method       "post-stratification", "raking", "linear", "raking calibration", "logit", "truncated linear".
    projections  for the design, in the order in which they are applied.
    cycles       rounds over all margins, or Newton's steps.
    error        the largest relative difference between a reproduced total and the population's.
    rescaled     names of the margins whose totals differed from the first one's and were brought to it.
    reason       why weights is None. EMPTY_GROUP: nobody in the sample stands for a part of the population, which has
                 to be merged with another one. NO_POPULATION: respondents in a category that has no people.
                 NO_SOLUTION: the totals cannot be met together (or not within the bounds). NO_ANSWERS: n = 0, or all
                 weights are 0.
    faults       where: the empty categories, or the one margin or constraint that is met worst.
    caps         the bounds that weights were trimmed to; beyond: how many the last raking left outside of them.
    """

    weights: Floats | None
    method: str
    projections: tuple[Residuals, ...] = ()
    cycles: int = 0
    error: float = 0.0
    rescaled: tuple[str, ...] = ()
    reason: Reason | None = None
    faults: tuple[Place, ...] = ()
    caps: tuple[float, float] | None = None
    trimmed: int = 0
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Kish:
    """What unequal weights cost.

    n      respondents with a weight above 0.
    deff   n sum w^2 / (sum w)^2, at least 1; None if n = 0.
    n_eff  (sum w)^2 / sum w^2, at most n.
    """

    n: int
    deff: float | None
    n_eff: float


def kish(weights: ArrayLike) -> Kish:
    """The design effect of unequal weighting (Kish, Survey Sampling, 1965, section 11.7; J. Off. Stat. 8, 1992, 183).

    weights (n,); zeros are left out of n. It holds where weights have nothing to do with the answers; how much a
    weighting to margins gains where they do, only a design-based standard error says.
    """
    w = np.asarray(weights, dtype=np.float64).ravel()
    n, squares = int(np.count_nonzero(w)), float(w @ w)
    if not squares:
        return Kish(0, None, 0.0)
    n_eff = float(w.sum()) ** 2 / squares
    return Kish(n, n / n_eff, n_eff)


def post_stratify(weights: ArrayLike, stratum: Margin) -> Weighting:
    """Weights times N_c / sum of weights in c, in each post-stratum c (Holt & Smith, JRSS A 142, 1979, p. 33).

    weights  (n,), >= 0, before.
    stratum  the post-strata; `crossed` makes one of several variables (cell weighting).

    Nothing is merged by itself: EMPTY_GROUP names the post-strata without respondents, and which of them belongs
    together with which other is for people to say.
    """
    w = _weights(weights)
    margin, fault = _prepared(w, stratum, float(stratum.population.sum()))
    if fault is not None:
        return replace(fault, method="post-stratification")
    sums = margin.sums(w)
    factor = np.divide(margin.population, sums, out=np.zeros_like(sums), where=sums > 0)
    codes = np.asarray(margin.codes, dtype=np.intp)
    made = w * factor[codes]
    return Weighting(
        made, "post-stratification", (CellResiduals(codes, made, w),), 1, _error(margin, margin.sums(made))
    )


def crossed(margins: Sequence[Margin], population: Floats) -> Margin:
    """One variable whose categories are the cross of several ones, the last margin's changing fastest.

    population  people in each cell, of the shape (k1, k2, ...); respondents with any category unknown are unknown.
    """
    sizes = [len(margin.labels) for margin in margins]
    if population.shape != tuple(sizes):
        raise ValueError(f"the population has the shape {population.shape}, its margins {sizes}")
    codes = np.zeros(len(margins[0].codes), dtype=np.intp)
    known = np.ones(codes.shape, dtype=bool)
    labels = [""]
    for margin in margins:
        codes = codes * len(margin.labels) + margin.codes
        known &= np.asarray(margin.codes) >= 0
        labels = [f"{before} x {label}" if before else label for before in labels for label in margin.labels]
    name = " x ".join(margin.name for margin in margins)
    return Margin(name, np.where(known, codes, MISSING), tuple(labels), population.ravel().astype(np.float64))


def rake(
    weights: ArrayLike,
    margins: Sequence[Margin],
    *,
    rule: Literal["margins", "table"] = "margins",
    tolerance: float = 1e-10,
    most: int = 1000,
) -> Weighting:
    """Iterative proportional fitting to several margins (Deming & Stephan, Ann. Math. Stat. 11, 1940, p. 427).

    weights    (n,), >= 0, before.
    margins    at least one; totals that differ are brought to the first one's, and `rescaled` names them.
    rule       "margins": go on until no category's relative error exceeds `tolerance`. "table": stop when no cell of
               the cross changed in a cycle by `tolerance`; with 1 and most = 10, R's default, margins are met to 1e-3.
    most       cycles; beyond them NO_SOLUTION, with the margin that is met worst (rule "table": the weights anyway).

    The rows are summed into the cells of the cross of all margins first, so a cycle costs cells, not rows.
    """
    if not margins:
        raise ValueError("raking needs a margin")
    w = _weights(weights)
    total = float(margins[0].population.sum())
    ready = []
    for margin in margins:
        prepared, fault = _prepared(w, margin, total)
        if fault is not None:
            return fault
        ready.append(prepared)
    rescaled = tuple(m.name for m in margins if not math.isclose(float(m.population.sum()), total, rel_tol=1e-9))
    cells, levels = _cells(ready)
    start = np.bincount(cells, w, levels[0].size).astype(np.float64)
    fitted, cycles, worst, place = _fit(start, ready, levels, rule, tolerance, most)
    if rule == "margins" and worst > tolerance:
        return Weighting(None, "raking", (), cycles, worst, rescaled, Reason.NO_SOLUTION, (place,))
    factor = np.divide(fitted, start, out=np.zeros_like(start), where=start > 0)
    made = w * factor[cells]
    return Weighting(made, "raking", (MarginResiduals(cells, levels, made),), cycles, worst, rescaled)


def _fit(
    table: Floats, margins: Sequence[Margin], levels: Sequence[Codes], rule: str, tolerance: float, most: int
) -> tuple[Floats, int, float, Place]:
    """The fitted table of cells, cycles made, the largest relative error and where it is."""
    limit = tolerance if tolerance >= 1 else tolerance * float(table.sum())
    worst, place = math.inf, Place(margins[0].name)
    cycles = 0
    while cycles < most:
        cycles += 1
        before, last = table, worst
        for margin, level in zip(margins, levels, strict=True):
            sums = np.bincount(level, table, margin.population.size)
            table = table * np.divide(margin.population, sums, out=np.zeros_like(sums), where=sums > 0)[level]
        if rule == "table" and np.abs(table - before).max(initial=0.0) < limit:
            break
        if rule == "margins":
            worst, place = _worst(table, margins, levels)
            if worst <= tolerance * FURTHER or (worst <= tolerance and worst > 0.9 * last):
                break
    if rule == "table":
        worst, place = _worst(table, margins, levels)
    return table, cycles, worst, place


def _worst(table: Floats, margins: Sequence[Margin], levels: Sequence[Codes]) -> tuple[float, Place]:
    worst, place = -1.0, Place(margins[0].name)
    for margin, level in zip(margins, levels, strict=True):
        sums = np.bincount(level, table, margin.population.size)
        errors = np.divide(
            np.abs(sums - margin.population), margin.population, out=np.zeros_like(sums), where=margin.population > 0
        )
        at = int(errors.argmax())
        if errors[at] > worst:
            worst, place = float(errors[at]), Place(margin.name, margin.labels[at])
    return worst, place


def _error(margin: Margin, sums: Floats) -> float:
    return _worst(sums, [margin], [np.arange(sums.size)])[0]


def _cells(margins: Sequence[Margin]) -> tuple[Codes, list[Codes]]:
    """Each row's cell in the cross of the margins, and each cell's category in each margin."""
    first = margins[0]
    cells = np.asarray(first.codes, dtype=np.intp)
    levels: list[Codes] = [np.arange(len(first.labels), dtype=np.intp)]
    for margin in margins[1:]:
        size = len(margin.labels)
        cells = cells * size
        cells += margin.codes
        m = levels[0].size
        levels = [*(np.repeat(level, size) for level in levels), np.tile(np.arange(size, dtype=np.intp), m)]
        if m * size > max(DENSE, cells.size):
            found, cells = np.unique(cells, return_inverse=True)
            levels = [level[found] for level in levels]
    return cells, levels


def _prepared(w: Floats, margin: Margin, total: float) -> tuple[Margin, Weighting | None]:
    """The margin with a category for those not known and with this total; or what makes it impossible."""
    codes, population = np.asarray(margin.codes), np.asarray(margin.population, dtype=np.float64)
    if codes.shape != w.shape or population.shape != (len(margin.labels),):
        raise ValueError(f"{margin.name}: {w.size} weights, {codes.size} codes, {population.size} categories")
    if not np.isfinite(population).all() or (population < 0).any():
        raise ValueError(f"{margin.name}: a population is negative or not a number")
    weight = float(w.sum())
    if not weight or codes.size == 0:
        return margin, Weighting(None, "raking", reason=Reason.NO_ANSWERS)
    sums = margin.sums(w)
    empty = [Place(margin.name, margin.labels[c]) for c in np.flatnonzero((population > 0) & (sums == 0))]
    if empty or not population.any():
        return margin, Weighting(None, "raking", reason=Reason.EMPTY_GROUP, faults=tuple(empty))
    nobody = [Place(margin.name, margin.labels[c]) for c in np.flatnonzero((population == 0) & (sums > 0))]
    if nobody:
        return margin, Weighting(None, "raking", reason=Reason.NO_POPULATION, faults=tuple(nobody))
    population = population * (total / float(population.sum()))
    unknown = codes < 0
    if not unknown.any():
        return Margin(margin.name, codes, margin.labels, population), None
    share = float(w[unknown].sum()) / weight
    population = np.append(population * (1 - share), total * share)
    own = np.where(unknown, len(margin.labels), codes)
    return Margin(margin.name, own, (*margin.labels, ""), population), None


def _weights(weights: ArrayLike) -> Floats:
    w = np.asarray(weights, dtype=np.float64).ravel()
    if not np.isfinite(w).all() or (w < 0).any():
        raise ValueError("a weight is negative or missing")
    return w
