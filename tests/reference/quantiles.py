"""Reference cases of the topic `quantiles`: each statistic's name -> what computes its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from consult.analysis.complex_samples.design_quantiles import design_quantiles
from consult.analysis.estimate import Estimate
from tests.reference.cases import Case


def _found(case: Case) -> tuple[Estimate, ...]:
    return design_quantiles(
        case.column(case.args["variable"]),
        case.args["p"],
        case.design,
        rule=case.args["rule"],
        interval=case.args.get("interval", "mean"),
        confidence=case.level,
    )


def quantiles(case: Case) -> Mapping[str, object]:
    """Without intervals, R's `coef` may have kept the first quantile only; then that is the one to compare."""
    values = [found.value for found in _found(case)]
    wanted = case.expected.get("quantiles")
    count = len(wanted) if isinstance(wanted, list) else 1
    return {"quantiles": values[:1] if count == 1 else values}


def with_intervals(case: Case) -> Mapping[str, object]:
    found = _found(case)
    return {
        "quantiles": [one.value for one in found],
        "ci_low": [one.low for one in found],
        "ci_high": [one.high for one in found],
        "se": [one.se for one in found],
    }


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "quantiles": quantiles,
    "quantiles with Woodruff-type CI": with_intervals,
}
