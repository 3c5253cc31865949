"""Multiple-response sets: questions with several answers per person."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.analysis.estimate import Estimate, Reason
from consult.analysis.simple_samples.proportions import share


@dataclass(frozen=True, slots=True)
class MultipleResponse:
    """A set's figures, one entry per option in the order of the columns.

    counts        people who chose the option.
    cases         people who were asked.
    answered      people who chose at least one: the base of `of_answered`.
    responses     ticks altogether, the sum of counts.
    of_cases      share of all asked, with interval.
    of_answered   share of those who chose at least one, with interval. These shares may add up to more than 1.
    of_responses  share of all ticks, with SE (ratio) and no interval; these add up to 1.
    """

    counts: tuple[int, ...]
    cases: int
    answered: int
    responses: int
    of_cases: tuple[Estimate, ...]
    of_answered: tuple[Estimate, ...]
    of_responses: tuple[Estimate, ...]

    @property
    def mean_responses(self) -> float | None:
        """Ticks per person who was asked."""
        return self.responses / self.cases if self.cases else None


def multiple_response(
    chosen: NDArray[np.bool_], *, confidence: float = 0.95, population: int | None = None
) -> MultipleResponse:
    """Describe a multiple-response set from a simple random sample.

    chosen      shape (n, k); True where the person ticked the option. People who were not asked are not rows; people
                who were asked and ticked nothing are rows of False, in `cases` but not in `answered`.
    confidence  coverage of Wilson's intervals.
    population  as in `share`; used for the shares of all asked only (the size of the answering part is unknown).

    The ratio's SE is linearised (Taylor; R's `svyratio` with equal weights and no design), divisor n - 1.
    Do not run a chi-square test over these options: they are not independent (Bilder & Loughin, Biometrics 60, 2004).
    """
    cases, k = chosen.shape
    counts = tuple(int(c) for c in chosen.sum(axis=0))
    ticks = chosen.sum(axis=1)
    answered, responses = int((ticks > 0).sum()), int(ticks.sum())
    return MultipleResponse(
        counts,
        cases,
        answered,
        responses,
        tuple(share(c, cases, confidence=confidence, population=population) for c in counts),
        tuple(share(c, answered, confidence=confidence) for c in counts),
        tuple(_ratio(chosen[:, j], ticks, cases, responses) for j in range(k)),
    )


def _ratio(ticked: NDArray[np.bool_], ticks: NDArray[np.integer], cases: int, responses: int) -> Estimate:
    if responses == 0:
        return Estimate(None, 0, reason=Reason.NO_ANSWERS)
    ratio = int(ticked.sum()) / responses
    if cases < 2:
        return Estimate(ratio, responses, reason=Reason.ONE_ANSWER)
    influence = (ticked - ratio * ticks) / (responses / cases)
    se = math.sqrt(float(influence @ influence) / (cases - 1) / cases)
    return Estimate(ratio, responses, se, reason=Reason.NO_DESIGN)
