"""Multiple-response sets from a sample with weights, strata, clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import Rows, design_means, design_ratios, design_totals
from consult.analysis.complex_samples.design_shares import ShareMethod, share_interval
from consult.analysis.complex_samples.linear import Estimates
from consult.analysis.estimate import Estimate, check_confidence


@dataclass(frozen=True, slots=True)
class DesignMultiple:
    """A set's figures, one entry per option in the order of the columns.

    counts         people in the sample who chose the option (weight above 0).
    cases          people in the sample who were asked.
    answered       those who chose at least one.
    population     estimated people of the population who would choose the option, with t interval.
    of_cases       share of all asked, with interval.
    of_answered    share of those who chose at least one, with interval; these shares may add up to more than 1.
    of_responses   share of all ticks (ratio), with t interval; these add up to 1.
    mean_responses ticks per person who was asked.
    """

    counts: tuple[int, ...]
    cases: int
    answered: int
    population: tuple[Estimate, ...]
    of_cases: tuple[Estimate, ...]
    of_answered: tuple[Estimate, ...]
    of_responses: tuple[Estimate, ...]
    mean_responses: Estimate


def design_multiple(
    chosen: ArrayLike,
    design: Design,
    where: Rows | None = None,
    *,
    confidence: float = 0.95,
    method: ShareMethod = "logit",
) -> DesignMultiple:
    """Describe a multiple-response set.

    chosen  shape (n, k): 1 (or True) where the person ticked the option, 0 where not, NaN where not asked. A row with
            any NaN is in no figure, and stays in the design.
    where   shape (n,), the domain; None is everybody.
    method  of the intervals of shares, see `design_share`.

    of_answered is of a domain, of_responses a ratio of totals (both linearised). Do not run a chi-square test over
    the options: they are not independent (Bilder & Loughin, Biometrics 60, 2004).
    """
    check_confidence(confidence)
    ticks = np.asarray(chosen, dtype=np.float64)
    asked = np.asarray(~np.isnan(ticks).any(axis=1))
    if where is not None:
        asked &= where
    any_tick = asked & (np.nan_to_num(ticks).sum(axis=1) > 0)
    given = np.where(asked[:, None], ticks, np.nan)
    sums = given.sum(axis=1)

    def intervals(found: Estimates, inside: Rows) -> tuple[Estimate, ...]:
        rows, effective = int(np.count_nonzero(inside)), design.effective_n(inside)
        return tuple(
            share_interval(found, place, rows, effective, confidence=confidence, method=method)
            for place in range(ticks.shape[1])
        )

    return DesignMultiple(
        counts=tuple(int(c) for c in np.nan_to_num(given)[design.selected].sum(axis=0)),
        cases=int(np.count_nonzero(asked & design.selected)),
        answered=int(np.count_nonzero(any_tick & design.selected)),
        population=design_totals(given, design, where).all(confidence=confidence),
        of_cases=intervals(design_means(given, design, where), asked),
        of_answered=intervals(design_means(given, design, any_tick), any_tick),
        of_responses=design_ratios(given, sums, design, where).all(confidence=confidence),
        mean_responses=design_means(sums, design, where).estimate(confidence=confidence),
    )
