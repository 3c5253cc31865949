"""PLS path models: what answers say about things that cannot be asked for directly, and how those hang together.

`PathModel` is the drawing (which questions measure what, what leads to what), `PathResult` what comes of it. Fitting
one to answers is `pathestimate.path_model`, the algorithm `pathfit`; `ecsi` has the European satisfaction model ready.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.analysis.basis.moments import Array
from consult.analysis.estimate import Estimate, Reason
from consult.analysis.models.pathfit import Scheme


@dataclass(frozen=True, slots=True)
class PathModel:
    """blocks: latent variable -> its items, all reflective; paths: (from, to). No cycles; no item twice; every latent
    variable has an item and a path."""

    blocks: Mapping[str, tuple[str, ...]]
    paths: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        named = [item for block in self.blocks.values() for item in block]
        linked = {name for path in self.paths for name in path}
        if len(set(named)) != len(named) or not all(self.blocks.values()):
            raise ValueError("every item belongs to one latent variable, and each of these has an item")
        if linked != set(self.blocks):
            raise ValueError("the paths link other latent variables than the blocks have")
        reached = self.leads
        for _ in range(len(self.blocks)):
            reached = reached | (reached @ reached)
        if np.diag(reached).any():
            raise ValueError("the paths run in a circle")

    @property
    def latents(self) -> tuple[str, ...]:
        return tuple(self.blocks)

    @property
    def leads(self) -> NDArray[np.bool_]:
        """(q, q): True where the column leads to the row."""
        place = {name: j for j, name in enumerate(self.blocks)}
        found = np.zeros((len(place), len(place)), dtype=bool)
        for source, target in self.paths:
            found[place[target], place[source]] = True
        return found

    def without(self, items: Sequence[str]) -> PathModel | None:
        """The model without some items; None if a latent variable would have none left."""
        blocks = {name: tuple(item for item in block if item not in items) for name, block in self.blocks.items()}
        return PathModel(blocks, self.paths) if all(blocks.values()) else None


@dataclass(frozen=True, slots=True)
class Item:
    """weight: of the standardised item, scores having variance 1; share: of the index, sums to 1 in a block (None if
    the weights of the block cancel out); loading: correlation with the latent variable."""

    name: str
    latent: str
    weight: float
    loading: float
    share: float | None


@dataclass(frozen=True, slots=True)
class Latent:
    """A latent variable.

    index        0..100: weighted mean of the items on their scale; with bootstrap interval (weights estimated anew).
                 None if no scale was given, without a value if the block's weights cancel out.
    r_squared    explained by what leads to it; None if nothing does.
    communality  mean squared loading = AVE in mode A; 0.5 and more is usual.
    alpha, rho   standardised alpha and Dillon-Goldstein's rho of the block; 1 for a single item.
    """

    name: str
    index: Estimate | None
    r_squared: float | None
    communality: float
    alpha: float
    rho: float


@dataclass(frozen=True, slots=True)
class Path:
    """value: standardised coefficient with bootstrap interval and SE (None without resamples); se, t, p: of ordinary
    least squares on the scores, with n - k - 1 degrees of freedom, which take the scores for measured."""

    source: str
    target: str
    value: Estimate
    se: float
    t: float
    p: float


@dataclass(frozen=True, slots=True)
class Effect:
    """How much one latent variable moves another in all: direct + indirect = total (with bootstrap interval)."""

    source: str
    target: str
    direct: float
    indirect: float
    total: Estimate


@dataclass(frozen=True, slots=True, eq=False)
class PathResult:
    """Everything about a fitted model; with a reason, no numbers.

    n             answers used; is_small: fewer than 10 per path into the latent variable with most of them.
    dropped       items left out because more than 30 % did not answer them.
    at_fault      items that the reason is about.
    gof           goodness of fit: sqrt(mean communality of blocks of several items x mean R^2).
    scores        (q, q) correlations of the latent variables, in the order of `latents`; htmt (q, q), NaN where none.
    resamples     bootstrap resamples behind the intervals: those that converged, with all items varying.
    """

    n: int
    model: PathModel
    scheme: Scheme
    items: tuple[Item, ...] = ()
    latents: tuple[Latent, ...] = ()
    paths: tuple[Path, ...] = ()
    effects: tuple[Effect, ...] = ()
    gof: float | None = None
    scores: Array | None = None
    htmt: Array | None = None
    is_small: bool = False
    dropped: tuple[str, ...] = ()
    at_fault: tuple[str, ...] = ()
    resamples: int = 0
    reason: Reason | None = None

    def latent(self, name: str) -> Latent:
        return next(latent for latent in self.latents if latent.name == name)
