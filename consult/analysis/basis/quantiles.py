"""Quantiles of weighted values, by any of the usual rules."""

from __future__ import annotations

from typing import Literal

import numpy as np

from consult.analysis.basis.stages import Floats

QuantileRule = Literal["math", "school", "shahvaish", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9"]


def weighted_quantile(x: Floats, weights: Floats, p: float, rule: QuantileRule = "math") -> float | None:
    """A quantile of weighted values.

    x, weights  shape (n,); no missing values; weights >= 0, those of 0 count for nothing.
    p           in [0, 1].
    rule        named as in R's `svyquantile`; W is the sum of weights, S the running sum in order of x:
                "math", "hf1": the smallest value at which S reaches p W (inverse of the distribution function).
                "school", "hf2": the same, but the mean of two neighbours where S equals p W on a whole step.
                "hf3": as hf1, but where S equals p W on an even step the value of that step.
                "hf4": linear between (S, x).
                "hf5": linear between ((S - w/2)/W, x).     "hf6": (S/(W + w_n), x).
                "hf7": linear between (S of those before/(W - w_n), x): Excel's and R's default for equal weights.
                "hf8", "hf9": (S - w/3)/(W + w_n/3) and (S - 3 w/8)/(W + w_n/4).
                "shahvaish": step at (S/mean(w) + 1/2 - w/2)/(n + 1) (Shah & Vaish 2006 as R has it): the only rule that
                changes with the scale of the weights; meant for weights with mean 1.

    Hyndman & Fan (Am Stat 50, 1996, p. 361) for equal weights. Rules hf5 to hf9 depend a little on the order of rows
    with equal x and different weights, as in R. None if no weight is above 0.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p is between 0 and 1, not {p!r}")
    ranked = Ranked(x, weights)
    return ranked.quantile(p, rule) if ranked.x.size else None


class Ranked:
    """Values in order with their running sums of weights, for several quantiles of the same values."""

    def __init__(self, x: Floats, weights: Floats) -> None:
        kept = weights > 0
        if not kept.all():
            x, weights = x[kept], weights[kept]
        order = np.argsort(x, kind="stable")
        self.x, self.w = x[order], weights[order]
        # Extended precision, as R: weights with decimals (30.97) decide by rounding whether S equals p W.
        self.sums = np.cumsum(self.w.astype(np.longdouble)).astype(np.float64)
        self.total = float(weights.astype(np.longdouble).sum())

    def quantile(self, p: float, rule: QuantileRule) -> float:
        """See `weighted_quantile`; there has to be a value."""
        n = self.x.size
        if n == 1:
            return float(self.x[0])
        x, w, sums = self.x, self.w, self.sums
        before, whole, last = np.concatenate(([0.0], sums[:-1])), float(sums[-1]), float(w[-1])
        match rule:
            case "math" | "hf1" | "school" | "hf2" | "hf3" | "hf4":
                return self._step(p, rule)
            case "shahvaish":
                at = (np.cumsum(w / w.mean()) + 0.5 - w / 2) / (n + 1)
                order = np.argsort(at, kind="stable")
                place = int(np.searchsorted(at[order], p, side="right")) - 1
                return float(x[order][max(place, 0)])
            case "hf5":
                at = (sums - w / 2) / whole
            case "hf6":
                at = sums / (whole + last)
            case "hf7":
                at = before / sums[-2]
            case "hf8":
                at = (before / 3 + sums * 2 / 3) / (whole + last / 3)
            case _:
                at = (before * 3 / 8 + sums * 5 / 8) / (whole + last / 4)
        return float(np.interp(p, at, x))

    def _step(self, p: float, rule: QuantileRule) -> float:
        x, sums = self.x, self.sums
        if rule == "hf3":
            x, first = np.unique(x, return_index=True)
            sums = np.cumsum(np.add.reduceat(self.w, first).astype(np.longdouble)).astype(np.float64)
        below = int(np.searchsorted(sums, p * self.total, side="right")) - 1
        if below < 0:
            return float(x[0])
        above = min(below + 1, x.size - 1)
        beyond = p - float(sums[below]) / self.total
        match rule:
            case "hf4":
                up = float(sums[above]) / self.total - p
                share = beyond / (up + beyond) if above > below and up + beyond > 0 else 0.0
                return float(x[below] * (1 - share) + x[above] * share)
            case "hf3" if below % 2 == 0:  # Steps count from 1, so this one is odd.
                return float(x[above])
            case "school" | "hf2" if beyond == 0:
                return float((x[below] + x[above]) / 2)
        return float(x[below] if beyond == 0 else x[above])
