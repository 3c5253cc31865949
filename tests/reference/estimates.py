"""Reference cases of the topic `estimates`: each statistic's name -> what computes its figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from consult.analysis.complex_samples.design_estimates import (
    design_change,
    design_means,
    design_net_score,
    design_ratio,
    design_totals,
    design_variance,
)
from consult.analysis.complex_samples.design_groups import crossed, design_by, design_t_test
from consult.analysis.complex_samples.design_shares import design_counts, design_shares
from consult.analysis.complex_samples.linear import Estimates
from tests.reference.cases import Case, level_text


def figures(found: Estimates, level: float) -> dict[str, object]:
    """What most cases of estimation ask for."""
    assert found.se is not None
    bounds = found.all(confidence=level)
    # Where there is no interval because nobody differs, R gives one of width 0.
    return {
        "estimate": found.values,
        "se": found.se,
        "ci_low": [float(v) if e.low is None else e.low for e, v in zip(bounds, found.values, strict=True)],
        "ci_high": [float(v) if e.high is None else e.high for e, v in zip(bounds, found.values, strict=True)],
        "df": found.df,
        "deff": found.deff,
        "vcov": found.vcov,
    }


def prefix(case: Case, variable: str) -> str:
    """How R names the columns of a categorical: `stype` of `~stype`, `factor(api_band)` of `~factor(api_band)`."""
    match = re.search(r"~\s*((?:as\.)?factor\(.*?\))", case.call)
    return match[1] if match else variable


def mean(case: Case) -> Mapping[str, object]:
    names = list(case.args["variables"])
    return {"names": names} | figures(design_means(case.matrix(names), case.design), case.level)


def total(case: Case) -> Mapping[str, object]:
    names = list(case.args["variables"])
    return {"names": names} | figures(design_totals(case.matrix(names), case.design), case.level)


def proportions(case: Case) -> Mapping[str, object]:
    codes, levels = case.codes(case.args["variable"])
    found = design_shares(codes, len(levels), case.design)
    return _arranged({"names": _names(case, levels)} | figures(found, case.level), case, "names")


def counts(case: Case) -> Mapping[str, object]:
    codes, levels = case.codes(case.args["variable"])
    found = design_counts(codes, len(levels), case.design)
    return _arranged({"names": _names(case, levels)} | figures(found, case.level), case, "names")


def _names(case: Case, levels: tuple[str, ...]) -> list[str]:
    start = prefix(case, case.args["variable"])
    return [start + level for level in levels]


def domain_mean(case: Case) -> Mapping[str, object]:
    name = case.args["variable"]
    where = case.condition(case.args["where"]) == 1
    return {"names": [name]} | figures(design_means(case.column(name), case.design, where), case.level)


def subgroup(case: Case) -> Mapping[str, object]:
    """Any number of grouping variables, the first of which varies fastest; groups that nobody is in are left out."""
    by = case.args["by"]
    by = [by] if isinstance(by, str) else list(by)
    event = case.args.get("event")
    values = case.condition(event) if event else _numbers(case, case.args["variable"])
    codes, levels = case.codes(by[-1])
    labels: list[tuple[str, ...]] = [(level,) for level in levels]
    for name in reversed(by[:-1]):
        inner, levels = case.codes(name)
        codes = crossed(codes, inner, len(levels))
        labels = [(level, *rest) for rest in labels for level in levels]
    found = design_by(values, codes, len(labels), case.design)
    kept = [place for place in range(len(labels)) if (codes == place).any()]
    shown = {key: _pick(value, kept) for key, value in figures(found, case.level).items() if key != "vcov"}
    for place, name in enumerate(by):
        shown[name] = [labels[group][place] for group in kept]
    shown["group"] = shown[by[0]]
    return _arranged(shown, case, *(by if len(by) > 1 else ["group"]))


def _arranged(found: Mapping[str, object], case: Case, *keys: str) -> Mapping[str, object]:
    """In the order of the expected labels, if those are the same: a data file does not tell R's order of levels."""

    def labels(columns: Mapping[str, object]) -> list[tuple[str, ...]]:
        lists = [column for column in map(columns.get, keys) if isinstance(column, list)]
        if len(lists) < len(keys):
            return []
        return list(zip(*([level_text(one) for one in column] for column in lists), strict=True))

    here, there = labels(found), labels(case.expected)
    if here == there or sorted(here) != sorted(there):
        return found
    order = [here.index(label) for label in there]
    return {
        key: _pick(value, order) if key != "vcov" and np.ndim(value) == 1 else value  # type: ignore[arg-type]
        for key, value in found.items()
    }


def _numbers(case: Case, name: str) -> NDArray[np.float64]:
    """A variable's numbers; of a text with two values, whether it is the second."""
    if case.columns[name].numbers is not None or set(case.columns[name].texts) <= {"TRUE", "FALSE", None}:
        return case.column(name)
    codes, levels = case.codes(name)
    return np.where(codes < 0, np.nan, codes == len(levels) - 1)


def _pick(value: object, kept: list[int]) -> object:
    return [value[place] for place in kept] if isinstance(value, list | tuple | np.ndarray) else value


def ratio(case: Case) -> Mapping[str, object]:
    found = design_ratio(
        case.column(case.args["numerator"]), case.column(case.args["denominator"]), case.design, confidence=case.level
    )
    return {"estimate": found.value, "se": found.se, "ci_low": found.low, "ci_high": found.high}


def variance(case: Case) -> Mapping[str, object]:
    found = design_variance(case.column(case.args["variable"]), case.design)
    assert found.value is not None
    return {"estimate": found.value, "se": found.se, "sd": found.value**0.5}


def change(case: Case) -> Mapping[str, object]:
    first, second = case.args["variables"]
    found = design_change(case.column(first), case.column(second), case.design, confidence=case.level)
    return {"estimate": found.value, "se": found.se, "ci_low": found.low, "ci_high": found.high, "df": found.df}


def t_test(case: Case) -> Mapping[str, object]:
    codes, levels = case.codes(case.args["by"])
    if len(levels) != 2:
        raise ValueError(f"{len(levels)} groups in a test of two")
    found = design_t_test(case.column(case.args["variable"]), codes, case.design, confidence=case.level)
    return {
        "statistic": found.statistic,
        "p_value": found.p_value,
        "df": found.df,
        "difference": found.difference.value,
        "ci": [found.difference.low, found.difference.high],
    }


def top_box(case: Case) -> Mapping[str, object]:
    """The highest `top` points of the scale, which may be given as all its points or as its two ends."""
    points = sorted(float(point) for point in case.args["scale"])
    if len(points) == 2:
        points = [float(point) for point in range(int(points[0]), int(points[1]) + 1)]
    x = case.column(case.args["variable"])
    event = np.where(np.isnan(x), np.nan, x >= points[-int(case.args["top"])])
    return figures(design_means(event, case.design), case.level)


def net_score(case: Case) -> Mapping[str, object]:
    x = case.column(case.args["variable"])
    up, down = case.args["promoters"], case.args["detractors"]
    # Values that stand for -1, 0, 1, so that any set of promoters and detractors is an interval.
    side = np.where(np.isnan(x), np.nan, np.isin(x, up).astype(float) - np.isin(x, down).astype(float))
    found = design_net_score(side, case.design, promoters=(1, 1), detractors=(-1, -1), confidence=case.level)
    return {
        "names": ["nps"],
        "estimate": found.value,
        "se": found.se,
        "ci_low": found.low,
        "ci_high": found.high,
        "df": found.df,
    }


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "change between two waves, same respondents": change,
    "domain mean (subset keeps the whole design)": domain_mean,
    "mean": mean,
    "net score (promoters 5, detractors 1-2) on api_band": net_score,
    "population variance": variance,
    "proportions of a categorical": proportions,
    "ratio": ratio,
    "subgroup mean (domain estimate)": subgroup,
    "subgroup proportion, two grouping variables": subgroup,
    "subgroup proportions": subgroup,
    "top-2-box": top_box,
    "total": total,
    "two-sample design-based t test": t_test,
    "weighted counts of a categorical": counts,
}
