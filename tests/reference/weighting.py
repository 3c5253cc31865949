"""Reference cases of the topic `weighting`: each statistic's name -> what computes its figures."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.analysis.complex_samples.design import Design
from consult.analysis.sampling.calibration import Kind, calibrate
from consult.analysis.sampling.trimming import trim
from consult.analysis.sampling.weighting import Margin, Weighting, crossed, kish, post_stratify, rake
from tests.reference.cases import Case, level_text

RAKING = "raking (IPF)"


def _margin(case: Case, name: str, population: Mapping[str, float]) -> Margin:
    """A margin with its categories in the order of the population's; rows of other categories are unknown."""
    codes, levels = case.codes(name)
    labels = tuple(level_text(label) for label in population)
    place = np.array([labels.index(level) if level in labels else -1 for level in levels] + [-1])
    return Margin(name, place[codes], labels, np.array([float(count) for count in population.values()]))


def _margins(case: Case) -> list[Margin]:
    return [_margin(case, name, population) for name, population in case.args["margins"].items()]


def _cells(case: Case) -> Margin:
    """Post-strata from a table with one row per cell: a key for each variable, and the count in `Freq`."""
    cells: list[dict[str, Any]] = case.args["cells"]
    names = [name for name in cells[0] if name != "Freq"]
    labels = [list(dict.fromkeys(level_text(cell[name]) for cell in cells)) for name in names]
    population = np.zeros([len(one) for one in labels])
    for cell in cells:
        at = tuple(one.index(level_text(cell[name])) for name, one in zip(names, labels, strict=True))
        population[at] = float(cell["Freq"])
    return crossed(
        [_margin(case, name, dict.fromkeys(one, 0.0)) for name, one in zip(names, labels, strict=True)], population
    )


def _auxiliary(case: Case, term: str) -> NDArray[np.float64]:
    """A column of R's model matrix by its name: `(Intercept)`, a number, a factor with its level, products by `:`."""
    if term == "(Intercept)":
        return np.ones(case.n)
    product = np.ones(case.n)
    for part in term.split(":"):
        power = re.fullmatch(r"I\((.+)\^(\d+)\)", part)
        if power is not None:
            product = product * case.column(power[1]) ** int(power[2])
        elif part in case.columns:
            product = product * case.column(part)
        else:
            names = [name for name in case.columns if part.startswith((name, f"factor({name})"))]
            name = max(names, key=len)
            level = part.removeprefix(f"factor({name})").removeprefix(name)
            numeric = case.columns[name].numbers is not None
            product = product * case.equals(name, float(level) if numeric else level)
    return product


def _bounds(case: Case) -> tuple[float, float]:
    low, high = case.args.get("bounds") or (None, None)
    return (-math.inf if low is None else float(low), math.inf if high is None else float(high))


def _calibrated(kind: Kind) -> Callable[[Case], Mapping[str, object]]:
    def adapter(case: Case) -> Mapping[str, object]:
        population: dict[str, float] = case.args["population"]
        auxiliary = np.column_stack([_auxiliary(case, term) for term in population])
        totals, names = list(population.values()), tuple(population)
        return _figures(
            case, calibrate(case.design.weights, auxiliary, totals, names=names, kind=kind, bounds=_bounds(case))
        )

    return adapter


def _described(weights: NDArray[np.float64]) -> dict[str, object]:
    cost = kish(weights)
    return {
        "weights": weights,
        "sum": float(weights.sum()),
        "min": float(weights.min()),
        "max": float(weights.max()),
        "kish_deff": cost.deff,
        "n_eff": cost.n_eff,
    }


def _figures(case: Case, made: Weighting) -> Mapping[str, object]:
    """What describes the weights, and where the case asks for them, means and the total of `enroll` with their SE."""
    assert made.weights is not None, f"{made.reason} {made.faults}"
    found = _described(made.weights)
    design = replace(case.design, weights=made.weights, projections=made.projections)
    wanted = case.expected.get("mean")
    if wanted is not None:
        names = wanted["names"] if isinstance(wanted["names"], list) else [wanted["names"]]
        estimates, errors = [], []
        for name in names:
            y = case.column(name)
            given = ~np.isnan(y)
            total = float(made.weights[given].sum())
            centre = float(made.weights[given] @ y[given]) / total
            estimates.append(centre)
            errors.append(_error(design, made.weights * np.where(given, y - centre, 0.0) / total))
        found["mean"] = {"names": names, "estimate": estimates, "se": errors}
    for key in case.expected:
        if key.startswith("total_"):
            values = case.column(key.removeprefix("total_"))
            y = np.where(np.isnan(values), 0.0, values)
            found[key] = {"estimate": float(made.weights @ y), "se": _error(design, made.weights * y)}
    return found


def _error(design: Design, z: NDArray[np.float64]) -> float:
    return math.sqrt(float(np.asarray(design.variance(z[:, None]))[0, 0]))


def _trimmed(case: Case) -> Mapping[str, object]:
    """It starts from the raking of the same file whose id ends in -rake, and has as many rows."""
    start = next(
        other
        for other in sorted(case.others.values(), key=lambda one: _shared(one.id, case.id), reverse=True)
        if other.statistic == RAKING and other.n == case.n
    )
    raked = rake(start.design.weights, _margins(start))
    assert raked.weights is not None
    low, high = case.args.get("lower"), case.args.get("upper")
    made = trim(
        raked.weights,
        -math.inf if low is None else float(low),
        math.inf if high is None else float(high),
        strict=bool(case.args.get("strict")),
    )
    assert made.weights is not None
    return _described(made.weights)


def _shared(one: str, other: str) -> int:
    """How many first letters two ids have in common."""
    return next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _post_stratified(case: Case) -> Mapping[str, object]:
    margins = _margins(case)
    return _figures(case, post_stratify(case.design.weights, margins[0]))


def _by_cells(case: Case) -> Mapping[str, object]:
    return _figures(case, post_stratify(case.design.weights, _cells(case)))


def _raked(case: Case) -> Mapping[str, object]:
    return _figures(case, rake(case.design.weights, _margins(case)))


def _raked_as_r(case: Case) -> Mapping[str, object]:
    return _figures(case, rake(case.design.weights, _margins(case), rule="table", tolerance=1.0, most=10))


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "calibration, linear": _calibrated("linear"),
    "calibration, logit": _calibrated("logit"),
    "calibration, raking": _calibrated("raking"),
    "calibration, truncated linear": _calibrated("linear"),
    "cell weighting (post-stratification on a cross of two variables)": _by_cells,
    "post-stratification": _post_stratified,
    RAKING: _raked,
    "raking with R's default stopping rule (epsilon 1)": _raked_as_r,
    "weight trimming with redistribution, iterated": _trimmed,
    "weight trimming, one pass": _trimmed,
}
