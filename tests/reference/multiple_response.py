"""Reference cases of the topic `multiple_response`: each statistic's name -> what computes its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from consult.analysis.complex_samples.design_multiple import design_multiple
from consult.analysis.estimate import Estimate
from consult.analysis.simple_samples.multiple import multiple_response
from tests.reference.cases import Case


def weighted(case: Case) -> Mapping[str, object]:
    options = list(case.args["options"])
    chosen = np.column_stack([case.equals(name, case.args["selected"]) for name in options])
    found = design_multiple(chosen, case.design, confidence=case.level)
    return {
        "options": options,
        "weighted_count": [one.value for one in found.population],
        "weighted_count_se": [one.se for one in found.population],
        "mean_responses": found.mean_responses.value,
        **_percent("pct_of_all_cases", found.of_cases),
        **_percent("pct_of_cases_with_any", found.of_answered),
        **_percent("pct_of_responses", found.of_responses),
    }


def unweighted(case: Case) -> Mapping[str, object]:
    options = list(case.args["options"])
    chosen = np.column_stack([case.equals(name, case.args["selected"]) for name in options])
    found = multiple_response(chosen[~np.isnan(chosen).any(axis=1)] == 1, confidence=case.level)
    return {
        "options": options,
        "counts": found.counts,
        "cases": found.cases,
        "cases_with_any": found.answered,
        "responses": found.responses,
        "mean_responses": found.mean_responses,
        **_percent("pct_of_all_cases", found.of_cases),
        **_percent("pct_of_cases_with_any", found.of_answered),
        **_percent("pct_of_responses", found.of_responses),
    }


def _percent(key: str, shares: tuple[Estimate, ...]) -> dict[str, object]:
    return {
        key: [None if one.value is None else 100 * one.value for one in shares],
        f"{key}_se": [None if one.se is None else 100 * one.se for one in shares],
    }


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "multiple-response set": weighted,
    "multiple-response set, unweighted, 0/1 columns": unweighted,
}
