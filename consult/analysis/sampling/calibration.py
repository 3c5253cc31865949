"""Calibration: weights as near as possible to those before that reproduce known totals of several variables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from consult.analysis.estimate import Reason
from consult.analysis.sampling.projections import Floats, RegressionResiduals, spanning
from consult.analysis.sampling.weighting import Place, Weighting

Kind = Literal["linear", "raking", "logit"]

UNBOUNDED = (-np.inf, np.inf)
AIM, ENOUGH = 1e-13, 1e-7
"""Relative errors of the totals: Newton's steps go on until AIM or until nothing improves, ENOUGH counts as met."""
FAR = 20.0
"""Totals so many times those of the sample: weights are scaled first, and bounds hold for the scaled ones, as in R."""
HALVINGS = 30


@dataclass(frozen=True, slots=True)
class _Distance:
    """factor(t) is a weight's ratio after to before for the linear predictor t; slope its derivative."""

    factor: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


def calibrate(
    weights: ArrayLike,
    auxiliary: ArrayLike,
    totals: ArrayLike,
    *,
    names: Sequence[str] = (),
    kind: Kind = "linear",
    bounds: tuple[float, float] = UNBOUNDED,
    most: int = 100,
) -> Weighting:
    """Calibrate weights to totals (Deville & Sarndal, JASA 87, 1992, p. 376) by Newton's method.

    weights    (n,), > 0, before.
    auxiliary  (n, p), the variables; a column of ones stands for the number of people. No missing values.
    totals     (p,), the population's totals of them.
    names      p names for faults.
    kind       the distance: "linear" (the generalised regression estimator; with bounds truncated), "raking", "logit".
    bounds     of the ratio of the weights after to those before; "logit" needs both, around 1.

    NO_SOLUTION if the totals cannot be met within the bounds, with the constraint that is farthest from being met.
    Without bounds "linear" may give negative weights. Variables that repeat others are harmless if their totals agree.
    As in R's calibrate, where every total is more than 20 times the sample's, weights are scaled before bounds hold.
    """
    w = np.asarray(weights, dtype=np.float64).ravel()
    x = np.asarray(auxiliary, dtype=np.float64).reshape(w.size, -1)
    t = np.asarray(totals, dtype=np.float64).ravel()
    labels = tuple(names) or tuple(str(j + 1) for j in range(t.size))
    _check(w, x, t, labels, kind, bounds)
    method = {"linear": "linear", "raking": "raking calibration", "logit": "logit"}[kind]
    if kind == "linear" and np.isfinite(bounds).any():
        method = "truncated linear"
    used = w
    if method != "linear":
        used = w * _scale(w, x, t)
        fault = _out_of_reach(used, x, t, bounds)
        if fault is not None:
            return Weighting(None, method, reason=Reason.NO_SOLUTION, faults=(Place(labels[fault]),))
    factor, steps, errors = _newton(used, x, t, _distance(kind, bounds), most)
    worst = int(errors.argmax())
    if errors[worst] > ENOUGH:
        return Weighting(None, method, (), steps, float(errors[worst]), (), Reason.NO_SOLUTION, (Place(labels[worst]),))
    made = used * factor
    root = np.sqrt(w)
    projection = RegressionResiduals(spanning(x * root[:, None]), made / root)
    return Weighting(made, method, (projection,), steps, float(errors[worst]))


def _check(w: Floats, x: Floats, t: Floats, labels: tuple[str, ...], kind: Kind, bounds: tuple[float, float]) -> None:
    if not w.size or not np.isfinite(w).all() or (w <= 0).any():
        raise ValueError("calibration needs weights above 0")
    if x.shape[1] != t.size or len(labels) != t.size:
        raise ValueError(f"{x.shape[1]} variables, {t.size} totals, {len(labels)} names")
    if not np.isfinite(x).all() or not np.isfinite(t).all():
        raise ValueError("a variable or a total is missing")
    if not bounds[0] < 1 < bounds[1]:
        raise ValueError(f"bounds of the ratio lie around 1, not {bounds!r}")
    if kind == "logit" and not np.isfinite(bounds).all():
        raise ValueError("logit calibration needs two finite bounds")


def _scale(w: Floats, x: Floats, t: Floats) -> float:
    sample = w @ x
    if (sample == 0).any():
        return 1.0
    ratios = t / sample
    return float(ratios.mean()) if ratios.min() > FAR else 1.0


def _out_of_reach(w: Floats, x: Floats, t: Floats, bounds: tuple[float, float]) -> int | None:
    """The constraint whose total no weights within the bounds give, whatever the others; the farthest one."""
    low, high = bounds
    if not (np.isfinite(low) and np.isfinite(high)):
        return None
    wx = w[:, None] * x
    up, down = np.maximum(wx, 0).sum(axis=0), np.minimum(wx, 0).sum(axis=0)
    least, largest = up * low + down * high, up * high + down * low
    slack = 1e-9 * (1 + np.abs(t))
    over = np.maximum(least - slack - t, t - largest - slack) / (1 + np.abs(t))
    return int(over.argmax()) if over.max() > 0 else None


def _newton(w: Floats, x: Floats, t: Floats, distance: _Distance, most: int) -> tuple[Floats, int, Floats]:
    """The factors, steps made, relative errors (p,). The dual is convex: a step is halved while it goes too far."""
    size = np.sqrt((x * x).mean(axis=0))
    size[size == 0] = 1.0
    xs, ts = x / size, t / size
    scale = 1 / size + np.abs(ts)
    eta = np.zeros(t.size)
    predictor = np.zeros(w.size)
    factor = distance.factor(predictor)
    misfit = ts - (w * factor) @ xs
    best, best_factor = np.abs(misfit) / scale, factor
    steps, stalled = 0, 0
    while steps < most:
        steps += 1
        wd = w * distance.slope(predictor)
        direction = np.linalg.pinv((xs * wd[:, None]).T @ xs, rcond=1e-13, hermitian=True) @ misfit
        along = float(direction @ misfit)
        length = 1.0
        change = xs @ direction
        for _ in range(HALVINGS):
            with np.errstate(over="ignore", invalid="ignore"):
                factor = distance.factor(predictor + length * change)
                left = ts - (w * factor) @ xs
            if np.isfinite(left).all() and float(direction @ left) >= -0.9 * along:
                break
            length /= 2
        eta += length * direction
        predictor = xs @ eta
        factor = distance.factor(predictor)
        misfit = ts - (w * factor) @ xs
        errors = np.abs(misfit) / scale
        if errors.max() < best.max():
            stalled = 0 if errors.max() < 0.5 * best.max() else stalled + 1
            best, best_factor = errors, factor
        else:
            stalled += 1
        if best.max() <= AIM or stalled > (1 if best.max() <= ENOUGH else 10):
            break
    return best_factor, steps, best


def _distance(kind: Kind, bounds: tuple[float, float]) -> _Distance:
    low, high = bounds
    if kind == "logit":
        a = (high - low) / ((1 - low) * (high - 1))
        centre = np.log((1 - low) / (high - 1))

        def share(t: Floats) -> Floats:
            return np.asarray(scipy.special.expit(a * t + centre))

        return _Distance(
            lambda t: low + (high - low) * share(t), lambda t: (high - low) * a * share(t) * (1 - share(t))
        )
    if kind == "raking":
        return _Distance(
            lambda t: np.clip(np.exp(t), low, high), lambda t: np.where(_inside(np.exp(t), bounds), np.exp(t), 0.0)
        )
    return _Distance(lambda t: np.clip(1 + t, low, high), lambda t: _inside(1 + t, bounds).astype(np.float64))


def _inside(factor: Floats, bounds: tuple[float, float]) -> NDArray[np.bool_]:
    return np.asarray((factor > bounds[0]) & (factor < bounds[1]))
