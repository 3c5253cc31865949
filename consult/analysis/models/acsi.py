"""A satisfaction index of the ACSI kind: several ratings of one thing, on 0 to 100."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import Rows, design_mean
from consult.analysis.estimate import Estimate, Reason


@dataclass(frozen=True, slots=True)
class SatisfactionIndex:
    """index: 0..100 with interval; item_weights: as used, adding up to 1; are_equal: no model gave them (say so)."""

    index: Estimate
    item_weights: tuple[float, ...]
    are_equal: bool


def satisfaction_index(
    items: ArrayLike,
    scale: tuple[float, float],
    design: Design,
    where: Rows | None = None,
    *,
    item_weights: Sequence[float] | None = None,
    confidence: float = 0.95,
) -> SatisfactionIndex:
    """100 (sum v mean - sum v lowest)/(sum v (highest - lowest)) (Fornell et al., Journal of Marketing 60, 1996).

    items         shape (n, k), usually three: overall satisfaction, expectations met, distance to the ideal; NaN is
                  missing, rows with any are left out.
    scale         lowest and highest point, of all items.
    item_weights  k numbers >= 0, any sum: those of the indicators in a path model, unstandardised (`Item.share`). None
                  weighs all alike, which makes the index the plain mean.

    The interval takes the item weights for fixed: the index is then a mean of one number per person, with the design's
    error. Where they were estimated from the same answers, `path_model` with resamples estimates them anew in each and
    gives the index with the wider, honest interval (`Latent.index`).
    """
    x = np.asarray(items, dtype=np.float64)
    low, high = scale
    if x.ndim != 2 or not high > low:
        raise ValueError("items are a table, and a scale rises")
    v = np.ones(x.shape[1]) if item_weights is None else np.asarray(item_weights, dtype=np.float64)
    if v.shape != (x.shape[1],) or not (v >= 0).all():
        raise ValueError("item weights are one number >= 0 for each item")
    if not v.sum() > 0:
        return SatisfactionIndex(Estimate(None, 0, reason=Reason.NO_WEIGHT), tuple(v.tolist()), False)
    v = v / v.sum()
    found = design_mean(100 * (x @ v - low) / (high - low), design, where, confidence=confidence)
    return SatisfactionIndex(found, tuple(float(one) for one in v), item_weights is None)
