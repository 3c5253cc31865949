"""Reference cases of the topic `ranking`: each statistic's name -> what computes its figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np

from consult.analysis.models.plackett_luce import Unranked
from consult.analysis.models.ranking import ranking
from tests.reference.cases import Case


def ranking_question(case: Case) -> dict[str, object]:
    # The columns of the file are the items; `expected` says which, if a file holds more.
    names = [name for name in case.columns if name in set(case.expected.get("items") or case.columns)]
    # `Surv(rank)` drops what is not ranked; only a second argument, the event, would keep it as censored.
    unranked: Unranked = "last" if re.search(r"Surv\([^()]*,", case.call) or "censored" in case.call else "absent"
    found = ranking(case.matrix(names), unranked=unranked)
    worth, agreed = found.worth, found.agreement
    return {
        "items": names,
        "voters": found.n,
        "n_ranked": [item.n for item in found.items],
        "mean_rank": [item.mean_rank for item in found.items],
        "first_place": [item.first for item in found.items],
        "borda_k_minus_rank": [item.borda for item in found.items],
        "log_worth": _list(worth.log_worth),
        "log_worth_se": _list(worth.se),
        "worth": _list(worth.worth),
        "loglik": worth.loglik,
        "kendall_w": agreed.w,
        "friedman": {"statistic": agreed.statistic, "p_value": agreed.p_value, "df": [agreed.df]},
    }


def _list(values: np.ndarray | None) -> object:
    return None if values is None else values.tolist()


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "ranking question: mean rank, Borda, Plackett-Luce, Friedman": ranking_question
}
