"""Fitting path models to answers: gaps, weights, bootstrap intervals, and all that is reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from consult.analysis.basis.moments import Array, Moments, complete, correlation, moments, percentiles, resampled, rows
from consult.analysis.estimate import Estimate, Reason, check_confidence
from consult.analysis.models import pathfit
from consult.analysis.models.pathfit import Fit, Scheme
from consult.analysis.models.pathmodel import Effect, Item, Latent, Path, PathModel, PathResult

Missing = Literal["mean", "listwise"]
IndexWeights = Literal["unstandardised", "standardised"]

MISSING_AT_MOST = 0.3
"""Share of missing answers above which an item is left out."""
ROWS_PER_PATH = 10


def path_model(
    answers: Mapping[str, ArrayLike],
    model: PathModel,
    *,
    scale: tuple[float, float] | None = None,
    weights: ArrayLike | None = None,
    scheme: Scheme = "path",
    missing: Missing = "mean",
    index_weights: IndexWeights = "unstandardised",
    resamples: int = 0,
    confidence: float = 0.95,
    seed: int = 20_230_417,
) -> PathResult:
    """Fit a path model by partial least squares, mode A, standardised items.

    answers        item -> shape (n,), NaN is missing; more items than the model's do not matter.
    scale          lowest and highest point of all items, for the indices; None gives no index.
    weights        shape (n,), >= 0: weighted covariances (Becker & Ismail, European Management Journal 34, 2016).
    missing        "mean": a missing answer becomes the item's mean (as semPLS and seminr do; it weakens correlations);
                   "listwise": rows with all answers. Items that over 30 % left out are dropped first.
    index_weights  "unstandardised": weight / sd, Fornell's (1996) for indices; "standardised": the weights as they are.
    resamples      for percentile intervals; 500 to 1,000 are usual. Rows are drawn: strata and clusters are not known.

    An item that does not vary: NO_SPREAD_IN_ITEM, named in at_fault. Not converged: no numbers. Paths are associations
    in the order that the model assumes; the data cannot show that the arrows do not point the other way.
    """
    check_confidence(confidence)
    used = _Usable.of(answers, model, weights, missing)
    if used.reason is not None:
        return PathResult(used.n, used.model, scheme, dropped=used.dropped, at_fault=used.at_fault, reason=used.reason)
    found = moments(used.x, used.w)
    block = np.array([j for j, items in enumerate(used.model.blocks.values()) for _ in items])
    fitted = pathfit.fit(correlation(found.covariance)[None], block, used.model.leads, scheme)
    if not fitted.converged[0]:
        return PathResult(found.n, used.model, scheme, dropped=used.dropped, reason=Reason.NOT_CONVERGED)
    drawn = _draw(used, fitted, block, scheme, resamples, seed, index_weights) if resamples else None
    return _Summary(used, scheme, block, found, fitted, drawn, scale, index_weights, confidence).result()


@dataclass(frozen=True, slots=True, eq=False)
class _Usable:
    """What of the answers a model can be fitted to: rows x (n, p) without gaps and their weights w; or a reason."""

    model: PathModel
    x: Array
    w: Array
    dropped: tuple[str, ...] = ()
    at_fault: tuple[str, ...] = ()
    reason: Reason | None = None

    @property
    def n(self) -> int:
        return len(self.x)

    @property
    def names(self) -> list[str]:
        return [item for block in self.model.blocks.values() for item in block]

    @classmethod
    def of(
        cls, answers: Mapping[str, ArrayLike], model: PathModel, weights: ArrayLike | None, missing: Missing
    ) -> _Usable:
        names = [item for block in model.blocks.values() for item in block]
        x, w = rows(np.column_stack([np.asarray(answers[name], dtype=np.float64) for name in names]), weights)
        some = ~np.isnan(x).all(axis=1)
        x, w = x[some], w[some]
        if not len(x):
            return cls(model, x, w, reason=Reason.NO_ANSWERS)
        absent = w @ np.isnan(x) / w.sum() > MISSING_AT_MOST
        dropped = tuple(name for name, left_out in zip(names, absent, strict=True) if left_out)
        kept = model.without(dropped)
        if kept is None:
            return cls(model, x, w, (), dropped, Reason.TOO_FEW_ANSWERS)
        x = x[:, ~absent]
        x, w = complete(x, w) if missing == "listwise" else (_mean_replaced(x, w), w)
        if len(x) <= int(kept.leads.sum(axis=1).max()) + 2:
            return cls(kept, x, w, dropped, (), Reason.TOO_FEW_ANSWERS)
        constant = moments(x, w).constant
        names = [name for name in names if name not in dropped]
        at_fault = tuple(name for name, same in zip(names, constant, strict=True) if same)
        return cls(kept, x, w, dropped, at_fault, Reason.NO_SPREAD_IN_ITEM if at_fault else None)


def _mean_replaced(x: Array, w: Array) -> Array:
    given = ~np.isnan(x)
    if given.all():
        return x
    mean = (w[:, None] * np.where(given, x, 0)).sum(axis=0) / (w[:, None] * given).sum(axis=0)
    return np.where(given, x, mean)


def _index(weights: Array, mean: Array, covariance: Array, own: NDArray[np.bool_], rule: IndexWeights) -> Array:
    """(…, q): weighted means of the items, on their scale; NaN where a block's weights cancel out."""
    if rule == "unstandardised":
        weights = weights / np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    total = weights @ own
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(total > 0, ((weights * mean) @ own) / total, np.nan))


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """What bootstrap resamples gave: paths and effects (B, q, q), means of the items by block (B, q)."""

    paths: Array
    effects: Array
    index: Array


def _draw(
    used: _Usable,
    reference: Fit,
    block: NDArray[np.int64],
    scheme: Scheme,
    resamples: int,
    seed: int,
    rule: IndexWeights,
) -> _Drawn | None:
    mean, covariance = resampled(used.x, used.w, resamples, seed)
    variance = np.diagonal(covariance, axis1=-2, axis2=-1)
    varied = (variance > 1e-12 * used.x.var(axis=0)).all(axis=1)
    mean, covariance = mean[varied], covariance[varied]
    found = pathfit.fit(correlation(covariance), block, used.model.leads, scheme)
    good = found.converged
    if int(good.sum()) < 2:
        return None
    found = pathfit.aligned(found, reference, block)
    own = block[:, None] == np.arange(len(used.model.blocks))
    index = _index(found.weights[good], mean[good], covariance[good], own, rule)
    return _Drawn(found.paths[good], pathfit.total_effects(found.paths[good]), index)


@dataclass(frozen=True, slots=True, eq=False)
class _Summary:
    used: _Usable
    scheme: Scheme
    block: NDArray[np.int64]
    moments: Moments
    fit: Fit
    drawn: _Drawn | None
    scale: tuple[float, float] | None
    rule: IndexWeights
    confidence: float

    @property
    def model(self) -> PathModel:
        return self.used.model

    def result(self) -> PathResult:
        leads, q = self.model.leads, len(self.model.blocks)
        r = correlation(self.moments.covariance)
        communality = self.fit.loadings[0] ** 2
        several = np.bincount(self.block, minlength=q)[self.block] > 1
        explained = self.fit.r_squared[0][leads.any(axis=1)]
        fitting = float(communality[several].mean() if several.any() else communality.mean())
        return PathResult(
            n=self.moments.n,
            model=self.model,
            scheme=self.scheme,
            items=self._items(),
            latents=self._latents(r, communality),
            paths=self._paths(),
            effects=self._effects(),
            gof=float(np.sqrt(fitting * max(0.0, float(explained.mean())))),
            scores=self.fit.scores[0],
            htmt=pathfit.heterotrait_monotrait(r, self.block, q),
            is_small=self.moments.n < ROWS_PER_PATH * int(leads.sum(axis=1).max()),
            dropped=self.used.dropped,
            resamples=0 if self.drawn is None else len(self.drawn.paths),
        )

    def _items(self) -> tuple[Item, ...]:
        weights = self.fit.weights[0]
        shares = weights / self.moments.sd if self.rule == "unstandardised" else weights
        totals = np.bincount(self.block, weights=shares)
        return tuple(
            Item(
                name,
                self.model.latents[of],
                float(weights[j]),
                float(self.fit.loadings[0, j]),
                float(shares[j] / totals[of]) if totals[of] > 0 else None,
            )
            for j, (name, of) in enumerate(zip(self.used.names, self.block, strict=True))
        )

    def _latents(self, r: Array, communality: Array) -> tuple[Latent, ...]:
        own = self.block[:, None] == np.arange(len(self.model.blocks))
        means = _index(self.fit.weights[0], self.moments.mean, self.moments.covariance, own, self.rule)
        found = []
        for j, name in enumerate(self.model.latents):
            mine = self.block == j
            alpha, rho = pathfit.unidimensional(r[np.ix_(mine, mine)])
            led = bool(self.model.leads[j].any())
            explained = float(self.fit.r_squared[0, j]) if led else None
            index = self._index(float(means[j]), None if self.drawn is None else self.drawn.index[:, j])
            found.append(Latent(name, index, explained, float(communality[mine].mean()), alpha, rho))
        return tuple(found)

    def _index(self, value: float, drawn: Array | None) -> Estimate | None:
        if self.scale is None:
            return None
        if np.isnan(value):
            return Estimate(None, self.moments.n, reason=Reason.NO_COMMON_SPREAD)
        low, high = self.scale

        def on_100(points: Array) -> Array:
            return np.asarray(100 * (points - low) / (high - low))

        drawn = None if drawn is None else on_100(drawn[~np.isnan(drawn)])
        return self._estimate(float(on_100(np.array(value))), drawn)

    def _estimate(self, value: float, drawn: Array | None) -> Estimate:
        if drawn is None or len(drawn) < 2:
            return Estimate(value, self.moments.n, reason=Reason.NO_DESIGN)
        low, high = percentiles(drawn, self.confidence)
        se = float(drawn.std(ddof=1))
        return Estimate(value, self.moments.n, se, float(low), float(high), None, "bootstrap", self.confidence)

    def _paths(self) -> tuple[Path, ...]:
        found, n = [], self.moments.n
        for to, sources in enumerate(self.model.leads):
            chosen = np.flatnonzero(sources)
            if not len(chosen):
                continue
            df = n - len(chosen) - 1
            spread = np.diag(np.linalg.pinv(self.fit.scores[0][np.ix_(chosen, chosen)]))
            errors = np.sqrt(max(0.0, 1 - float(self.fit.r_squared[0, to])) / df * spread)
            for source, error in zip(chosen, errors, strict=True):
                value = float(self.fit.paths[0, to, source])
                t = value / float(error) if error > 0 else float(np.copysign(np.finfo(float).max, value))
                p = float(2 * scipy.special.stdtr(df, -abs(t)))
                drawn = None if self.drawn is None else self.drawn.paths[:, to, source]
                names = self.model.latents[source], self.model.latents[to]
                found.append(Path(*names, self._estimate(value, drawn), float(error), t, p))
        return tuple(found)

    def _effects(self) -> tuple[Effect, ...]:
        direct = self.fit.paths[0]
        total = pathfit.total_effects(direct)
        reached = self.model.leads
        for _ in range(len(reached)):
            reached = reached | (reached @ reached)
        found = []
        for source, name in enumerate(self.model.latents):
            for to, other in enumerate(self.model.latents):
                if reached[to, source]:
                    drawn = None if self.drawn is None else self.drawn.effects[:, to, source]
                    one, both = float(direct[to, source]), float(total[to, source])
                    found.append(Effect(name, other, one, both - one, self._estimate(both, drawn)))
        return tuple(found)
