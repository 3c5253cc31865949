"""Reference cases of the topic `ranks_classic`: each statistic's name -> what computes its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from consult.analysis.simple_samples.ranks import kruskal_wallis, mann_whitney, value_table
from tests.reference.cases import Case, level_text


def several_groups(case: Case) -> Mapping[str, object]:
    groups, levels = case.codes(str(case.args["by"]))
    found = kruskal_wallis(value_table(case.column(str(case.args["variable"])), groups, len(levels)))
    first, second = [levels[pair.first] for pair in found.pairs], [levels[pair.second] for pair in found.pairs]
    return {
        "statistic": found.statistic,
        "p_value": found.p_value,
        "df": found.df,
        "n": found.n,
        "epsilon_squared": found.epsilon_squared,
        "eta_squared_h": found.eta_squared,
        "pairwise_holm": {"a": first, "b": second, "p": [pair.mann_whitney_holm for pair in found.pairs]},
        "dunn": {
            "a": first,
            "b": second,
            "z": [pair.z for pair in found.pairs],
            "p": [pair.p for pair in found.pairs],
            "p_holm": [pair.p_holm for pair in found.pairs],
        },
    }


def two_groups(case: Case) -> Mapping[str, object]:
    groups, levels = case.codes(str(case.args["by"]))
    wanted = [levels.index(level_text(group)) for group in case.args.get("groups") or levels]
    table = value_table(case.column(str(case.args["variable"])), groups, len(levels))
    found = mann_whitney(table[:, wanted])
    return {
        "U": found.u,
        "p_continuity": found.p_value,
        "p_no_continuity": found.p_plain,
        "rank_biserial": found.rank_biserial,
        "prob_superiority": found.superiority,
        "n1": found.n[0],
        "n2": found.n[1],
    }


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "Kruskal-Wallis with post-hoc tests": several_groups,
    "Mann-Whitney, two groups": two_groups,
}
