"""Reference cases of the topic `ranktests`: each statistic's name -> what computes its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from consult.analysis.complex_samples.design_ranks import RankTest, Score, design_rank_test
from tests.reference.cases import Case

SCORES: dict[str, Score] = {"wilcoxon": "wilcoxon", "vanderWaerden": "vanderWaerden", "median": "median"}


def _compared(case: Case) -> RankTest:
    groups, levels = case.codes(str(case.args["by"]))
    score = SCORES[str(case.args.get("test", "wilcoxon"))]
    values = case.column(str(case.args["variable"]))
    return design_rank_test(values, groups, len(levels), case.design, score=score, ties="rows")


def two_groups(case: Case) -> Mapping[str, object]:
    found = _compared(case)
    return {"statistic": found.statistic, "p_value": found.p_value, "df": found.df}


def several_groups(case: Case) -> Mapping[str, object]:
    """R calls the chi-square the parameter of this test, and the groups less one its statistic."""
    found = _compared(case)
    return {"statistic": found.df[0], "p_value": found.p_value, "df": found.statistic}


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "design-based two-sample rank test": two_groups,
    "design-based k-sample rank test": several_groups,
}
