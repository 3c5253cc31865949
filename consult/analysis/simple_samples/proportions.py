"""Shares of a population, from simple random samples, with their intervals."""

from __future__ import annotations

import math
from typing import Literal

import scipy

from consult.analysis.estimate import Estimate, Reason, check_confidence

Method = Literal["wilson", "wilson-cc", "clopper-pearson", "jeffreys", "agresti-coull"]


def share(
    count: int, n: int, *, confidence: float = 0.95, method: Method = "wilson", population: int | None = None
) -> Estimate:
    """Estimate the share of a population that chose an answer, from a simple random sample.

    count       how many chose it, 0..n.
    n           how many answered, missing answers left out; n = 0 gives no estimate (NO_ANSWERS).
    confidence  coverage of the interval, between 0 and 1.
    method      "wilson": Wilson's score interval (JASA 22, 1927, p. 209), the default: never empty, inside [0, 1].
                "wilson-cc": the same with continuity correction (Newcombe, Stat Med 17, 1998, method 4).
                "clopper-pearson": exact, so conservative (Biometrika 26, 1934, p. 404).
                "jeffreys": Beta(1/2, 1/2) prior, equal tails, not widened at 0 and n (Brown et al., Stat Sci 16, 2001).
                "agresti-coull": Wald after adding z^2/2 to both sides (Am Stat 52, 1998); may leave [0, 1].
    population  its size, for the finite population correction: n becomes n (N - 1)/(N - n), Wilson only.
                n >= N is a census: the interval is the share itself.

    value, se, low, high are in [0, 1] (but see agresti-coull). se is sqrt(p (1 - p)/(n - 1) (1 - n/N)), as R's
    `svymean` gives for equal weights; None for n = 1.
    It knows no weights, strata or clusters.
    """
    check_confidence(confidence)
    if n < 0 or not 0 <= count <= n:
        raise ValueError(f"{count} of {n} is not a share")
    if population is not None and method != "wilson":
        raise ValueError(f"the finite population correction is not defined for {method!r}")
    if n == 0:
        return Estimate(None, 0, reason=Reason.NO_ANSWERS)
    p = count / n
    rest = 1.0 if population is None else max(0.0, 1 - n / population)
    se = math.sqrt(p * (1 - p) / (n - 1) * rest) if n > 1 else None
    if population is not None and n >= population:
        return Estimate(p, n, 0.0, p, p, method="census", confidence=confidence)
    if method == "wilson" and population is not None:
        low, high = wilson(p, n * (population - 1) / (population - n), confidence)
    else:
        low, high = _BOUNDS[method](count, n, confidence)
    return Estimate(p, n, se, low, high, method=method, confidence=confidence)


def wilson(p: float, n: float, confidence: float) -> tuple[float, float]:
    """Wilson's bounds for an observed share p; n may be an effective number of answers, above 0."""
    return wilson_bounds(p, n, float(scipy.special.ndtri((1 + confidence) / 2)))


def wilson_bounds(p: float, n: float, z: float) -> tuple[float, float]:
    """The same for a quantile z, of the normal or of Student's distribution."""
    z2 = z * z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(p * (1 - p) * z2 / n + (z2 / (2 * n)) ** 2) / (1 + z2 / n)
    # At p = 0 and p = 1 the bound is exactly p; subtraction would leave a rounding error on the wrong side.
    return (0.0 if p == 0 else centre - half), (1.0 if p == 1 else centre + half)


def _wilson(count: int, n: int, confidence: float) -> tuple[float, float]:
    return wilson(count / n, n, confidence)


def _wilson_cc(count: int, n: int, confidence: float) -> tuple[float, float]:
    # R's prop.test: the correction is at most |x - n/2| (its null value is one half).
    z2 = float(scipy.special.ndtri((1 + confidence) / 2)) ** 2
    p, c = count / n, min(0.5, abs(count - n / 2)) / n

    def bound(side: int) -> float:
        q = p + side * c
        spread = math.sqrt(max(0.0, z2 * q * (1 - q) / n + (z2 / (2 * n)) ** 2))
        return (q + z2 / (2 * n) + side * spread) / (1 + z2 / n)

    return max(0.0, bound(-1)) if count else 0.0, min(1.0, bound(+1)) if count < n else 1.0


def _clopper_pearson(count: int, n: int, confidence: float) -> tuple[float, float]:
    tail, beta = (1 - confidence) / 2, scipy.special.betaincinv
    low = 0.0 if count == 0 else float(beta(count, n - count + 1, tail))
    return low, 1.0 if count == n else float(beta(count + 1, n - count, 1 - tail))


def _jeffreys(count: int, n: int, confidence: float) -> tuple[float, float]:
    tail, beta = (1 - confidence) / 2, scipy.special.betaincinv
    low = 0.0 if count == 0 else float(beta(count + 0.5, n - count + 0.5, tail))
    return low, 1.0 if count == n else float(beta(count + 0.5, n - count + 0.5, 1 - tail))


def _agresti_coull(count: int, n: int, confidence: float) -> tuple[float, float]:
    z = float(scipy.special.ndtri((1 + confidence) / 2))
    m = n + z * z
    p = (count + z * z / 2) / m
    half = z * math.sqrt(p * (1 - p) / m)
    return p - half, p + half


_BOUNDS = {
    "wilson": _wilson,
    "wilson-cc": _wilson_cc,
    "clopper-pearson": _clopper_pearson,
    "jeffreys": _jeffreys,
    "agresti-coull": _agresti_coull,
}


def margin_of_error(
    n: int, *, p: float = 0.5, confidence: float = 0.95, population: int | None = None, design_effect: float = 1.0
) -> float | None:
    """The largest half-width to announce for a whole survey: z sqrt(deff p (1 - p)/n (N - n)/(N - 1)), in [0, 1].

    None for n = 0; 0 for a census (n >= N). A planning figure: an estimate's own interval comes from `share`.
    """
    check_confidence(confidence)
    if n <= 0:
        return None
    rest = 1.0
    if population is not None:
        rest = 0.0 if n >= population else (population - n) / (population - 1)
    z = float(scipy.special.ndtri((1 + confidence) / 2))
    return z * math.sqrt(design_effect * p * (1 - p) / n * rest)
