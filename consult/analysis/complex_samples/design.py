"""How rows were selected: weights, strata, stages, finite populations; and the variance that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from consult.analysis.basis.stages import Codes, Floats, Stage, as_columns, dense, later_stage

Lonely = Literal["adjust", "certainty", "average", "fail"]


class Projection(Protocol):
    """What calibration takes away: a statistic's part that the known totals explain has no sampling error."""

    def residuals(self, z: Floats) -> Floats:
        """Residuals of z = w u, shape (n, p), on the calibration variables; same shape, still times w."""
        ...


class LonelyStratum(Exception):
    """A stratum has a single primary unit, and the design says `lonely="fail"`."""


@dataclass(frozen=True, eq=False)
class Design:
    """How rows were selected.

    weights      shape (n,), >= 0, of any scale (sums of them estimate population counts). A row of weight 0 stays in
                 its stratum and unit, but is in no estimate, no n and no degrees of freedom.
    strata       shape (n,), any whole numbers, one per stratum of the first stage; None: one stratum.
    stages       ids of the primary sampling units, then of the units of later stages, each of shape (n,). An id counts
                 within its stratum and within the unit around it, so ids may repeat between them. () = rows are units.
    fpc          population counts of units for each stage, shape (n,), constant within a stratum; inf = no correction.
                 Less than the number drawn is a mistake. One more than there are stages is for rows within the last.
                 (), as most surveys: drawn with replacement.
    projections  of calibrated weights: variances are of residuals.
    lonely       a stratum with one primary unit has no spread to see. "adjust": its squared total enters, uncentred
                 (for means and ratios that is centring at the grand mean; conservative); "certainty": it adds nothing;
                 "average": it gets the mean variance of the other strata; "fail": no variance (LonelyStratum).
    later_strata strata of stages 2, 3, ...: shape (n,) each; they count within the unit around them.

    Variance: Binder (Int Stat Rev 51, 1983) by Wolter, Introduction to Variance Estimation, 2007: the statistic's
    influence is summed within primary units and compared between them within strata. Later stages add their variance
    times the sampled fraction of the stages before, and only where fpc is given for each of them, as R's `svyrecvar`
    does. Not for two-phase samples, and not for unequal probabilities without replacement (those are taken as with
    replacement).
    """

    weights: Floats
    strata: Codes | None = None
    stages: tuple[Codes, ...] = ()
    fpc: tuple[Floats, ...] = ()
    projections: tuple[Projection, ...] = ()
    lonely: Lonely = "adjust"
    later_strata: tuple[Codes, ...] = ()

    def __post_init__(self) -> None:
        weights = np.asarray(self.weights, dtype=np.float64)
        object.__setattr__(self, "weights", weights)
        if weights.ndim != 1 or not np.isfinite(weights).all():
            raise ValueError("weights are numbers, one per row; a missing weight has no meaning")
        if (weights < 0).any():
            raise ValueError("a weight is negative")
        columns: Sequence[NDArray[np.generic] | None] = (self.strata, *self.stages, *self.fpc, *self.later_strata)
        if any(column is not None and column.shape != weights.shape for column in columns):
            raise ValueError("strata, stages and fpc need one entry per row")
        if any(not (counts > 0).all() for counts in self.fpc):
            raise ValueError("a population count is missing or not above 0")

    @classmethod
    def simple(cls, n: int, *, population: int | None = None) -> Design:
        """A simple random sample: equal weights; `population` gives the finite population correction.

        Weights are 1, or population / n, so that totals are of the population.
        """
        if population is None:
            return cls(np.ones(n))
        return cls(np.full(n, population / max(n, 1)), fpc=(np.full(n, float(population)),))

    @property
    def n(self) -> int:
        """Rows, those of weight 0 too."""
        return int(self.weights.size)

    @cached_property
    def selected(self) -> NDArray[np.bool_]:
        """Rows with a weight above 0."""
        return self.weights > 0

    @cached_property
    def stratified(self) -> tuple[Stage, ...]:
        """The stages that add to the variance, outermost first."""
        units = self.stages[0] if self.stages else None
        first = Stage.build(self.n, self.strata, units, self.fpc[0] if self.fpc else None)
        found = [first]
        ids = (*self.stages, np.arange(self.n, dtype=np.int64))  # Rows may be the units of the last stage.
        for depth, counts in enumerate(self.fpc[1 : len(ids)], start=1):
            strata = self.later_strata[depth - 1] if depth <= len(self.later_strata) else None
            found.append(later_stage(found[-1], strata, ids[depth], counts))
        return tuple(found)

    @property
    def df(self) -> int:
        """Degrees of freedom: primary units less strata, counting those with a row of weight above 0."""
        return self.df_where(None)

    def df_where(self, where: NDArray[np.bool_] | None) -> int:
        """Degrees of freedom of a domain: only units and strata with a row in it count (R's `degf(subset(...))`)."""
        inside = self.selected if where is None else self.selected & where
        return self.stratified[0].freedom(inside)

    @property
    def lonely_strata(self) -> int:
        """Strata of the first stage with a single unit that is not the whole stratum."""
        return self.stratified[0].lonely_count

    @property
    def is_census(self) -> bool:
        """Every unit of every stage was taken: nothing is left to chance."""
        return bool(self.fpc) and all(stage.is_census for stage in self.stratified)

    def variance(self, z: Floats) -> Floats:
        """Covariance matrix of sums of influences.

        z  shape (n, p) or (n,): weight times influence, w u; 0 outside a statistic's domain. All rows are there:
           leaving rows out would lose units and strata.

        Shape (p, p), in the squared unit of the statistic. Raises LonelyStratum if so declared.
        """
        columns = as_columns(z)
        for projection in self.projections:
            columns = projection.residuals(columns)
        return self._sum([stage.variance(stage.totals(columns), self.lonely) for stage in self.stratified])

    def variance_of_groups(self, z: Floats, groups: Codes, k: int) -> Floats:
        """The same for k statistics of disjoint domains, in one pass.

        z       shape (n,): weight times influence of the statistic whose domain the row is in.
        groups  shape (n,): 0..k-1, the row's domain; -1 = in none.

        Shape (k, k): covariances between domains are there too, because they share units.
        """
        if self.projections or k == 1:
            columns = np.zeros((self.n, k))
            inside = groups >= 0
            columns[inside, groups[inside]] = z[inside]
            return self.variance(columns)
        return self._sum([stage.variance_of_groups(z, groups, k, self.lonely) for stage in self.stratified])

    def _sum(self, parts: Sequence[Floats]) -> Floats:
        alone = sum(stage.lonely_count for stage in self.stratified)
        if self.lonely == "fail" and alone:
            raise LonelyStratum(f"{alone} strata have only one unit")
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        return total

    def sum_of_weights(self, where: NDArray[np.bool_] | None = None) -> float:
        """The estimated size of the population, or of a domain."""
        return float(self.weights.sum() if where is None else self.weights @ where)

    def effective_n(self, where: NDArray[np.bool_] | None = None) -> float | None:
        """Kish's effective number of answers, (sum w)^2 / sum w^2 (Survey Sampling, 1965): at most n.

        Knows weights only, no clusters; None if all weights are 0.
        """
        w = self.weights if where is None else self.weights[where]
        squares = float(w @ w)
        return float(w.sum()) ** 2 / squares if squares > 0 else None


@dataclass(frozen=True)
class _Part:
    """A wave's projection within a stacked design."""

    projection: Projection
    rows: slice

    def residuals(self, z: Floats) -> Floats:
        found = z.copy()
        found[self.rows] = self.projection.residuals(z[self.rows])
        return found


def stacked(designs: Sequence[Design], *, shared_units: bool = False) -> Design:
    """One design for several samples, such as waves, whose rows stand one below the other.

    shared_units  False: the samples were drawn apart, so each has strata of its own. True: strata and primary units
                  with the same numbers are the same in all samples (a panel of places, with new people in each wave);
                  then differences profit from what the waves have in common.

    All need the same number of stages and population counts. Projections stay with their sample.
    """
    if len({(len(d.stages), len(d.fpc), len(d.later_strata), d.lonely) for d in designs}) != 1:
        raise ValueError("the samples were not drawn alike")
    ends = np.cumsum([design.n for design in designs])
    strata: list[Codes] = []
    above = 0
    for design in designs:
        own = np.zeros(design.n, dtype=np.int64) if design.strata is None else dense(design.strata)
        if shared_units and design.strata is not None:
            own = design.strata
        strata.append(own + above)
        above += 0 if shared_units else int(own.max(initial=-1)) + 1
    parts = [
        _Part(projection, slice(int(end) - design.n, int(end)))
        for design, end in zip(designs, ends, strict=True)
        for projection in design.projections
    ]
    return Design(
        np.concatenate([design.weights for design in designs]),
        np.concatenate(strata),
        tuple(np.concatenate(column) for column in zip(*(design.stages for design in designs), strict=True)),
        tuple(np.concatenate(column) for column in zip(*(design.fpc for design in designs), strict=True)),
        tuple(parts),
        designs[0].lonely,
        tuple(np.concatenate(column) for column in zip(*(design.later_strata for design in designs), strict=True)),
    )
