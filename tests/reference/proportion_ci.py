"""Reference cases of the topic `proportion_ci`: each statistic's name -> what computes its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from consult.analysis.complex_samples.design_shares import design_share
from tests.reference.cases import Case


def proportion(case: Case) -> Mapping[str, object]:
    event = case.condition(case.args["event"])
    found = design_share(event, case.design, confidence=case.level, method=case.args["method"])
    return {"estimate": found.value, "ci_low": found.low, "ci_high": found.high, "df": found.df}


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {"proportion CI": proportion}
