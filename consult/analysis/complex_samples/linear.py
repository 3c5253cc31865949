"""Estimates of several figures at once with their covariances, and what follows from them: intervals, contrasts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy
from numpy.typing import NDArray

from consult.analysis.basis.stages import Codes, Floats
from consult.analysis.complex_samples.design import Design, LonelyStratum
from consult.analysis.estimate import Estimate, Reason, check_confidence


@dataclass(frozen=True, slots=True)
class Estimates:
    """Figures from one sample, in an order that the function names, with what is known of their errors together.

    values   shape (p,) in the figures' unit; 0 where there is none, see reasons.
    vcov     shape (p, p): covariance matrix in the squared unit; 0 where there is none. None if the design refuses one.
    n        answers each rests on (rows in the domain with an answer and a weight above 0).
    df       degrees of freedom for t.
    reasons  why a value, or its interval, cannot be given; None where both can.
    deff     shape (p,): design effects, None where not computed.
    lonely   strata with a single sampling unit, whose spread was approximated.
    census   everybody was asked: the errors are 0 and known to be.
    """

    values: Floats
    vcov: Floats | None
    n: tuple[int, ...]
    df: int
    reasons: tuple[Reason | None, ...]
    deff: tuple[float | None, ...] | None = None
    lonely: int = 0
    census: bool = False

    @property
    def se(self) -> Floats | None:
        """Standard errors, shape (p,)."""
        return None if self.vcov is None else np.sqrt(np.maximum(np.diag(self.vcov), 0))

    def estimate(self, place: int = 0, *, confidence: float = 0.95) -> Estimate:
        """One of the figures with its interval, value +- t(df) se.

        No interval if df < 1 (ONE_UNIT), or if se is 0 although not everybody was asked (NO_SPREAD).
        """
        check_confidence(confidence)
        n, reason = self.n[place], self.reasons[place]
        if reason in VALUELESS:
            return Estimate(None, n, reason=reason)
        value = float(self.values[place])
        se = None if self.vcov is None else math.sqrt(max(float(self.vcov[place, place]), 0.0))
        base = Estimate(value, n, se, deff=self.deff[place] if self.deff else None, lonely=self.lonely)
        if self.census:
            return replace(base, se=0.0, low=value, high=value, method="census", confidence=confidence)
        if reason is None and self.df < 1:
            reason = Reason.ONE_UNIT
        if reason is None and (se is None or se <= ROUNDING * abs(value)):
            reason = Reason.LONELY_UNIT if se is None else Reason.NO_SPREAD
        if reason is not None or se is None:
            unknown = reason in (Reason.ONE_ANSWER, Reason.ONE_UNIT)
            return replace(base, se=None if unknown else se, reason=reason)
        half = t_quantile((1 + confidence) / 2, self.df) * se
        return replace(base, low=value - half, high=value + half, df=self.df, method="t", confidence=confidence)

    def all(self, *, confidence: float = 0.95) -> tuple[Estimate, ...]:
        """Every figure with its interval."""
        return tuple(self.estimate(place, confidence=confidence) for place in range(len(self.n)))

    def contrast(self, coefficients: Sequence[float]) -> Estimates:
        """A linear combination sum c_j value_j, such as a difference (1, -1), with the covariances in its error.

        n is the smallest of the figures that take part. If one of them is missing, so is the combination.
        """
        c = np.asarray(coefficients, dtype=np.float64)
        if c.shape != self.values.shape:
            raise ValueError(f"{c.size} coefficients for {self.values.size} figures")
        taking = np.flatnonzero(c)
        reasons = [self.reasons[place] for place in taking]
        missing = next((reason for reason in reasons if reason in VALUELESS), None)
        reason = missing or next((reason for reason in reasons if reason), None)
        vcov = None if self.vcov is None else np.array([[float(c @ self.vcov @ c)]])
        n = min((self.n[place] for place in taking), default=0)
        return Estimates(
            np.array([float(c @ self.values)]), vcov, (n,), self.df, (reason,), None, self.lonely, self.census
        )


ROUNDING = 1e-13
"""A standard error that is a smaller part of its value is 0."""
VALUELESS = frozenset({Reason.NO_ANSWERS, Reason.NO_WEIGHT, Reason.NO_BASE})
"""Reasons for which there is no value at all, not only no interval."""


def t_quantile(p: float, df: float) -> float:
    """Student's quantile; that of the normal distribution for infinite df."""
    return float(scipy.special.ndtri(p) if math.isinf(df) else scipy.special.stdtrit(df, p))


def t_two_sided(t: float, df: float) -> float:
    """P(|T| >= |t|)."""
    return float(2 * scipy.special.stdtr(df, -abs(t)))


@dataclass(frozen=True, slots=True)
class Base:
    """What a set of figures rests on, one entry per figure.

    answers  rows in the domain with an answer, those of weight 0 too.
    n        those with a weight above 0.
    weight   their sum of weights.
    """

    answers: NDArray[np.int64]
    n: NDArray[np.int64]
    weight: Floats

    @classmethod
    def of(cls, design: Design, inside: NDArray[np.bool_], p: int = 1) -> Base:
        """One base that p figures share."""
        n = np.count_nonzero(inside & design.selected)
        ones = np.ones(p, dtype=np.int64)
        return cls(np.count_nonzero(inside) * ones, n * ones, np.full(p, design.sum_of_weights(inside)))

    @classmethod
    def given(cls, n: int, weight: float, p: int) -> Base:
        """One base that p figures share, from a table: who has a weight of 0 is not in it."""
        return cls(np.full(p, n), np.full(p, n), np.full(p, float(weight)))

    @classmethod
    def of_cells(cls, n: NDArray[np.int64], weight: Floats) -> Base:
        """A base for each group, from a table."""
        return cls(n, n, weight)

    @classmethod
    def of_groups(cls, design: Design, groups: Codes, k: int) -> Base:
        """A base for each group 0..k-1; -1 = in none."""
        shifted = groups + 1
        answers = np.bincount(shifted, minlength=k + 1)[1:]
        if answers.size != k:
            raise ValueError(f"a code is not one of 0..{k - 1}")
        weight = np.bincount(shifted, design.weights, minlength=k + 1)[1:]
        all_selected = bool(design.selected.all())
        n = answers if all_selected else np.bincount(shifted[design.selected], minlength=k + 1)[1:]
        return cls(answers, n, np.asarray(weight, dtype=np.float64))

    @property
    def pooled(self) -> Base:
        """All groups together, for each group."""
        k = self.n.size
        return Base(np.full(k, self.answers.sum()), np.full(k, self.n.sum()), np.full(k, self.weight.sum()))

    @property
    def reasons(self) -> tuple[Reason | None, ...]:
        return tuple(map(_reason, self.answers, self.n, self.weight))


def _reason(answers: int, n: int, weight: float) -> Reason | None:
    if weight > 0:
        return Reason.ONE_ANSWER if n == 1 else None
    return Reason.NO_WEIGHT if answers else Reason.NO_ANSWERS


def assemble(
    design: Design,
    values: Floats,
    vcov: Floats | None,
    base: Base,
    *,
    df: int,
    deff: Floats | None = None,
    reasons: tuple[Reason | None, ...] | None = None,
) -> Estimates:
    """Put a design's result together; see `from_base`."""
    lonely, census = design.lonely_strata, design.is_census
    return from_base(values, vcov, base, df=df, lonely=lonely, census=census, deff=deff, reasons=reasons)


def from_base(
    values: Floats,
    vcov: Floats | None,
    base: Base,
    *,
    df: int,
    lonely: int,
    census: bool,
    deff: Floats | None = None,
    reasons: tuple[Reason | None, ...] | None = None,
) -> Estimates:
    """Put a result together. Where there is no value, or no number, zeros stand and the reason says so."""
    reasons = tuple(
        Reason.NO_BASE if reason not in VALUELESS and not np.isfinite(value) else reason
        for reason, value in zip(reasons or base.reasons, values, strict=True)
    )
    none = np.array([reason in VALUELESS for reason in reasons])
    effects = None if deff is None else tuple(float(d) if np.isfinite(d) else None for d in deff)
    if vcov is not None:
        vcov = np.where(none[:, None] | none[None, :], 0.0, vcov)
    n = tuple(int(count) for count in base.n)
    return Estimates(np.where(none, 0.0, values), vcov, n, df, reasons, effects, lonely, census)


def variance_of(design: Design, z: Floats, groups: Codes | None = None, k: int = 0) -> Floats | None:
    """The design's covariance matrix (of groups, if given), None where it refuses one because of a lonely unit."""
    try:
        return design.variance(z) if groups is None else design.variance_of_groups(z, groups, k)
    except LonelyStratum:
        return None
