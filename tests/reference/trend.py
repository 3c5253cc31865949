"""Reference cases of the topic `trend`: each statistic's name -> what computes its figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from consult.analysis.complex_samples.design_estimates import design_mean
from consult.analysis.simple_samples.differences import change, share_difference
from consult.analysis.trend import ControlChart, Signal, p_chart, u_chart, xmr_chart
from tests.reference.cases import Case


def _beyond(chart: ControlChart) -> list[int]:
    return [place for place, signals in enumerate(chart.signals, start=1) if Signal.BEYOND in signals]


def _one(values: Sequence[float | None]) -> object:
    """R's charts give one limit where all samples are of one size."""
    first = values[0]
    return first if all(value == first for value in values) else list(values)


def xmr(case: Case) -> Mapping[str, object]:
    name = str(case.args.get("variable", next(iter(case.columns))))
    values = [float(value) for value in case.column(name) if not np.isnan(value)]
    chart = xmr_chart(values, baseline=len(values))
    return {
        "center": chart.centre[0],
        "mean_mr": chart.mean_range,
        "sigma": chart.sigma,
        "lcl": chart.low[0],
        "ucl": chart.high[0],
        "mr_ucl": chart.range_high,
        "out_of_control": _beyond(chart),
    }


def _samples(case: Case) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    counts, sizes = case.column(str(case.args["count"])), case.column(str(case.args["size"]))
    where = str(case.args.get("where") or "")
    if not where:
        return counts, sizes
    truth = re.fullmatch(r"\s*([\w.]+)\s*(==\s*(TRUE|T|1))?\s*", where)
    chosen = case.column(truth[1]) if truth and truth[1] in case.columns else case.condition(where)
    return counts[chosen == 1], sizes[chosen == 1]


def shares(case: Case) -> Mapping[str, object]:
    counts, sizes = _samples(case)
    sigmas = float(case.args.get("sigma", 3))
    chart = p_chart(counts.tolist(), sizes.tolist(), baseline=len(counts), sigmas=sigmas, laney=False)
    return {
        "center": chart.centre[0],
        "lcl": _one(chart.low),
        "ucl": _one(chart.high),
        "out_of_control": _beyond(chart),
    }


def rates(case: Case) -> Mapping[str, object]:
    counts, sizes = _samples(case)
    sigmas = float(case.args.get("sigma", 3))
    chart = u_chart(counts.tolist(), sizes.tolist(), baseline=len(counts), sigmas=sigmas)
    return {
        "center": chart.centre[0],
        "lcl": _one(chart.low),
        "ucl": _one(chart.high),
        "out_of_control": _beyond(chart),
    }


def change_of_share(case: Case) -> Mapping[str, object]:
    (x, y), (n, m) = (tuple(int(value) for value in case.args[name]) for name in ("x", "n"))
    found = share_difference((x, n), (y, m), confidence=case.level)
    return {
        "difference": found.difference.value,
        "z": found.z,
        "chi2": found.chi2,
        "p_value": found.p_value,
        "wald_ci": found.wald,
        "p_yates": found.p_yates,
        "p_fisher": found.p_fisher,
        "newcombe_ci": [found.difference.low, found.difference.high],
    }


def change_of_mean(case: Case) -> Mapping[str, object]:
    before, after = (design_mean(case.column(str(case.args[name])), case.design) for name in ("wave0", "wave1"))
    found = change(before, after)
    return {"difference": found.difference.value, "se": found.difference.se, "z": found.z}


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "XmR chart": xmr,
    "change of a mean, waves treated as independent samples": change_of_mean,
    "change of a proportion between two independent waves": change_of_share,
    "p-chart limits from the trial samples": shares,
    "u-chart limits": rates,
}
