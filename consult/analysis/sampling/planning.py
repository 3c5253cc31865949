"""How many people to ask."""

from __future__ import annotations

import math
from dataclasses import dataclass

import scipy

from consult.analysis.estimate import check_confidence


@dataclass(frozen=True, slots=True)
class SampleSize:
    """infinite: answers needed in a population without end; answers: in this one; invited: people to be asked.

    The first two before rounding up, as later steps go on from them; `needed` and `invited` are whole people.
    """

    infinite: float
    answers: float
    needed: int
    invited: int


def sample_size(
    margin: float,
    *,
    p: float = 0.5,
    confidence: float = 0.95,
    population: int | None = None,
    design_effect: float = 1.0,
    response: float = 1.0,
) -> SampleSize:
    """People needed so that a share is known to within a margin.

    margin         half-width of the interval, in (0, 1): 0.05 for five percentage points.
    p              the share expected; 0.5 is the worst case.
    population     its size N; None is without end.
    design_effect  what clusters and weights cost; multiplies the answers needed.
    response       share of the invited that is expected to answer, in (0, 1].

    n0 = z^2 p (1 - p)/e^2, n = n0/(1 + (n0 - 1)/N) (Cochran, Sampling Techniques, 1977, section 4.4), times the design
    effect, over the response, rounded up; never more than N.
    """
    check_confidence(confidence)
    if not (0 < margin < 1 and 0 <= p <= 1 and 0 < response <= 1 and design_effect > 0):
        raise ValueError("margin, p and response are shares, and a design effect is above 0")
    if population is not None and population < 1:
        raise ValueError("a population has people")
    z = float(scipy.special.ndtri((1 + confidence) / 2))
    infinite = z * z * p * (1 - p) / margin**2
    answers = infinite if population is None else infinite / (1 + (infinite - 1) / population)
    most = math.inf if population is None else population
    needed = min(math.ceil(answers * design_effect - 1e-9), most)
    return SampleSize(infinite, answers, int(needed), int(min(math.ceil(needed / response - 1e-9), most)))
