"""Rating scales from weighted answers, with the errors that a sampling design gives them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consult.analysis.basis.stages import Codes, Floats
from consult.analysis.basis.tables import Table
from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import Rows
from consult.analysis.complex_samples.design_shares import design_counts, share_interval
from consult.analysis.complex_samples.linear import VALUELESS, Estimates
from consult.analysis.complex_samples.rao_scott import stratified_variance
from consult.analysis.estimate import Estimate, Reason
from consult.analysis.simple_samples.scales import (
    LikertSummary,
    checked_scale,
    leik_consensus,
    rescaled,
    tastle_wierman_consensus,
)

EVEN = 1e-9


def design_likert(
    codes: Codes,
    k: int,
    design: Design,
    points: Sequence[float] | None = None,
    where: Rows | None = None,
    *,
    boxes: int | None = None,
    confidence: float = 0.95,
) -> LikertSummary:
    """Summarise a rating scale of a population from a sample of any design.

    codes         shape (n,): 0..k-1, lowest point first, or -1 for no answer.
    where         shape (n,), the domain; rows outside keep their place in the design.
    points, boxes as in `scales.likert`.

    counts are people, everything else is weighted. Mean, net and index have Student's intervals at the design's df, the
    top and bottom share logit ones; sd has n/(n - 1), n people who answered. The consensus measures have no error here.
    """
    inside = (codes >= 0) & design.selected if where is None else (codes >= 0) & design.selected & where
    counts = np.bincount(codes[inside], minlength=k)
    rows = design.n if where is None else int(np.count_nonzero(where))
    found = design_counts(codes, k, design, where)
    return _summary(found, counts, points, boxes, rows, design.effective_n(inside), confidence)


def table_likert(
    table: Table,
    points: Sequence[float] | None = None,
    *,
    boxes: int | None = None,
    confidence: float = 0.95,
    sampled: ArrayLike | None = None,
    population: ArrayLike | None = None,
) -> LikertSummary:
    """The same for a sample without clusters, from the scale's one-way table of sums alone.

    table                of the people in the domain; see `Tally`.
    sampled, population  as in `rao_scott`. Who answered is a domain of those drawn.
    """
    counts, totals = table.counts[:, 0], table.weights[:, 0]
    n, k = int(counts.sum()), counts.size
    present = int((table.n.sum(axis=(1, 2)) > 0).sum())
    reason = None if n > 1 else Reason.ONE_ANSWER if n else Reason.NO_ANSWERS
    drawn = np.asarray(table.n.sum(axis=(1, 2)) if sampled is None else sampled)
    census = population is not None and bool((drawn >= np.asarray(population)).all())
    variance = stratified_variance(table, sampled=sampled, population=population)
    df = int(table.n.sum()) - present
    found = Estimates(totals, variance, (n,) * k, df, (reason,) * k, census=census)
    squares = float(table.weights_squared.sum())
    effective = float(totals.sum()) ** 2 / squares if squares > 0 else None
    return _summary(found, counts, points, boxes, int(table.n.sum()), effective, confidence)


def _summary(
    found: Estimates,
    counts: NDArray[np.integer],
    points: Sequence[float] | None,
    boxes: int | None,
    rows: int,
    effective: float | None,
    confidence: float,
) -> LikertSummary:
    k = counts.size
    values, boxes = checked_scale(k, points, boxes)
    people, n = tuple(int(count) for count in counts), int(counts.sum())
    if (reason := found.reasons[0]) in VALUELESS or found.values.sum() <= 0:
        nothing = Estimate(None, n, reason=reason or Reason.NO_WEIGHT)
        return LikertSummary(
            people, n, None, nothing, None, None, (), boxes, nothing, nothing, nothing, nothing, None, None, None
        )
    v, w = np.array(values), found.values
    p = w / w.sum()
    top, bottom = np.arange(k) >= k - boxes, np.arange(k) < boxes
    figures = _ratios(found, np.stack([v, top, bottom, top * 1.0 - bottom]))
    mean, net = figures.estimate(0, confidence=confidence), figures.estimate(3, confidence=confidence)
    centre = float(figures.values[0])
    shares = tuple(float(share) for share in p)
    return LikertSummary(
        counts=people,
        n=n,
        shares=shares,
        mean=mean,
        sd=math.sqrt(float(p @ (v - centre) ** 2) * n / (n - 1)) if n > 1 else None,
        median=_median(values, shares),
        modes=tuple(value for value, share in zip(values, p, strict=True) if share == p.max()),
        boxes=boxes,
        top=share_interval(figures, 1, rows, effective, confidence=confidence),
        bottom=share_interval(figures, 2, rows, effective, confidence=confidence),
        net=_within(net, 1.0),
        index=rescaled(mean, values[0], 100 / (values[-1] - values[0])),
        entropy=-sum(share * math.log(share) for share in shares if share) + 0.0,
        leik=leik_consensus(shares),
        tastle_wierman=tastle_wierman_consensus(shares, values),
    )


def _ratios(totals: Estimates, scores: Floats) -> Estimates:
    """Means of scores, shape (figures, k), over people counted by point: linear in the totals once centred."""
    whole = float(totals.values.sum())
    means = scores @ totals.values / whole
    slopes = (scores - means[:, None]) / whole
    vcov = None if totals.vcov is None else slopes @ totals.vcov @ slopes.T
    size = len(means)
    return Estimates(
        means,
        vcov,
        (totals.n[0],) * size,
        totals.df,
        (totals.reasons[0],) * size,
        None,
        totals.lonely,
        totals.census,
    )


def _median(values: Sequence[float], shares: Sequence[float]) -> float:
    """Between two points where the shares split evenly but for rounding."""
    chosen = [(value, share) for value, share in zip(values, shares, strict=True) if share > 0]
    reached = np.cumsum([share for _, share in chosen])
    place = int(np.searchsorted(reached, 0.5 - EVEN))
    if abs(reached[place] - 0.5) <= EVEN and place + 1 < len(chosen):
        return (chosen[place][0] + chosen[place + 1][0]) / 2
    return chosen[place][0]


def _within(found: Estimate, most: float) -> Estimate:
    if found.low is None or found.high is None:
        return found
    return replace(found, low=max(-most, found.low), high=min(most, found.high))
