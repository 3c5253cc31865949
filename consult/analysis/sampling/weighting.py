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
from consult.analysis.sampling.projections import CellResiduals, Codes, Floats, MarginResiduals, RegressionResiduals

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
    codes = _placed(stratum, w.size)
    sums = np.bincount(codes, w, len(stratum.labels) + 1).astype(np.float64)
    target, fault = _target(stratum, sums, float(stratum.population.sum()))
    if fault is not None:
        return replace(fault, method="post-stratification")
    made = w * _ratio(target, sums)[codes]
    return Weighting(made, "post-stratification", (CellResiduals(codes, made, w),), 1)


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
    cells, levels = _cells([_placed(margin, w.size) for margin in margins], [len(m.labels) + 1 for m in margins])
    start = np.bincount(cells, w, levels[0].size).astype(np.float64)
    targets = []
    for margin, level in zip(margins, levels, strict=True):
        sums = np.bincount(level, start, len(margin.labels) + 1).astype(np.float64)
        target, fault = _target(margin, sums, total)
        if fault is not None:
            return fault
        targets.append(target)
    rescaled = tuple(m.name for m in margins if not math.isclose(float(m.population.sum()), total, rel_tol=1e-9))
    fitted, cycles = _fit(start, targets, levels, rule, tolerance, most)
    errors = _errors(fitted, targets, levels)
    worst = max(float(error.max()) for error in errors)
    if rule == "margins" and worst > tolerance:
        number = int(np.argmax([error.max() for error in errors]))
        margin, at = margins[number], int(errors[number].argmax())
        place = Place(margin.name, (*margin.labels, "")[at])
        return Weighting(None, "raking", (), cycles, worst, rescaled, Reason.NO_SOLUTION, (place,))
    made = w * _ratio(fitted, start)[cells]
    return Weighting(made, "raking", (MarginResiduals(cells, levels, made),), cycles, worst, rescaled)


def _fit(
    table: Floats, targets: Sequence[Floats], levels: Sequence[Codes], rule: str, tolerance: float, most: int
) -> tuple[Floats, int]:
    """The table of cells after the cycles that it took, and how many these were."""
    limit = tolerance if tolerance >= 1 else tolerance * float(table.sum())
    worst, cycles = math.inf, 0
    while cycles < most:
        cycles += 1
        before, last = table, worst
        for target, level in zip(targets, levels, strict=True):
            sums = np.bincount(level, table, target.size).astype(np.float64)
            table = table * _ratio(target, sums)[level]
        if rule == "table":
            if np.abs(table - before).max(initial=0.0) < limit:
                break
        else:
            worst = max(float(error.max()) for error in _errors(table, targets, levels))
            if worst <= tolerance * FURTHER or (worst <= tolerance and worst > 0.9 * last):
                break
    return table, cycles


def _errors(table: Floats, targets: Sequence[Floats], levels: Sequence[Codes]) -> list[Floats]:
    """The relative error of each category of each margin; 0 where nobody is."""
    return [
        _ratio(np.abs(np.bincount(level, table, target.size) - target), target)
        for target, level in zip(targets, levels, strict=True)
    ]


def _ratio(one: Floats, other: Floats) -> Floats:
    return np.divide(one, other, out=np.zeros(other.shape), where=other > 0)


def _placed(margin: Margin, n: int) -> Codes:
    """Each row's category; those not known have the number behind the last one."""
    codes = np.asarray(margin.codes)
    if codes.shape != (n,) or margin.population.shape != (len(margin.labels),):
        raise ValueError(f"{margin.name}: codes, categories and population do not belong together")
    if codes.size and int(codes.max()) >= len(margin.labels):
        raise ValueError(f"{margin.name}: a code is beyond the last category")
    placed = codes.astype(np.intp)
    if codes.size and int(codes.min()) < 0:
        placed[codes < 0] = len(margin.labels)
    return placed


def _cells(codes: Sequence[Codes], sizes: Sequence[int]) -> tuple[Codes, list[Codes]]:
    """Each row's cell in the cross of the margins, and each cell's category in each margin."""
    cells = codes[0]
    levels: list[Codes] = [np.arange(sizes[0], dtype=np.intp)]
    for more, size in zip(codes[1:], sizes[1:], strict=True):
        cells = cells * size
        cells += more
        m = levels[0].size
        levels = [*(np.repeat(level, size) for level in levels), np.tile(np.arange(size, dtype=np.intp), m)]
        if m * size > max(DENSE, cells.size):
            found, cells = np.unique(cells, return_inverse=True)
            levels = [level[found] for level in levels]
    return cells, levels


def _target(margin: Margin, sums: Floats, total: float) -> tuple[Floats, Weighting | None]:
    """What each category is to add up to, those not known last; or what makes that impossible.

    sums  (k + 1,), of the weights as they are.
    """
    population = np.asarray(margin.population, dtype=np.float64)
    if not np.isfinite(population).all() or (population < 0).any():
        raise ValueError(f"{margin.name}: a population is negative or not a number")
    weight = float(sums.sum())
    if not weight:
        return sums, Weighting(None, "raking", reason=Reason.NO_ANSWERS)
    known = sums[:-1]
    empty = [Place(margin.name, margin.labels[c]) for c in np.flatnonzero((population > 0) & (known == 0))]
    if empty or not population.any():
        return sums, Weighting(None, "raking", reason=Reason.EMPTY_GROUP, faults=tuple(empty))
    nobody = [Place(margin.name, margin.labels[c]) for c in np.flatnonzero((population == 0) & (known > 0))]
    if nobody:
        return sums, Weighting(None, "raking", reason=Reason.NO_POPULATION, faults=tuple(nobody))
    share = float(sums[-1]) / weight
    return np.append(population * (total / float(population.sum()) * (1 - share)), total * share), None


def _weights(weights: ArrayLike) -> Floats:
    w = np.asarray(weights, dtype=np.float64).ravel()
    if not np.isfinite(w).all() or (w < 0).any():
        raise ValueError("a weight is negative or missing")
    return w
