"""Reference cases of the topic `reliability`: each statistic's name -> what computes its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from consult.analysis.models.factors import hierarchy
from consult.analysis.models.reliability import cronbach_alpha, omega_total
from tests.reference.cases import Case


def alpha_and_omega(case: Case) -> dict[str, object]:
    names = list(case.args["items"])
    turned = list(case.args.get("reverse") or [])
    items, reverse = case.matrix(names), [names.index(name) for name in turned]
    listwise = cronbach_alpha(items, reverse=reverse)
    pairwise = cronbach_alpha(items, reverse=reverse, missing="pairwise")
    omega = omega_total(items, reverse=reverse)
    return {
        "n_total": len(items),
        "n_complete": listwise.complete,
        "alpha_pairwise_raw": pairwise.alpha.value,
        "alpha_complete_raw": listwise.alpha.value,
        "alpha_complete_std": listwise.standardised,
        "guttman_lambda6": listwise.lambda6,
        "mean_r": listwise.mean_r,
        "feldt_ci_95": [listwise.alpha.low, listwise.alpha.high],
        "duhachek_se": listwise.alpha.se,
        "alpha_if_dropped": [item.alpha_without for item in listwise.items],
        "item_total_corrected": [item.item_total for item in listwise.items],
        "items": names,
        "reversed": turned,
        "psych_omega": _hierarchy(case, items, reverse),
        "omega_total_1factor_ml_correlation": omega.standardised,
        "omega_total_1factor_ml_covariance": omega.omega,
        "loadings_1factor_ml": list(omega.loadings),
    }


def _hierarchy(case: Case, items: np.ndarray, reverse: list[int]) -> dict[str, object] | None:
    # The number of group factors is an argument of psych's omega, but the cases state it among their figures only.
    factors = (case.expected.get("psych_omega") or {}).get("nfactors")
    if not factors:
        return None
    whole = items[~np.isnan(items).any(axis=1)] * np.where(np.isin(np.arange(items.shape[1]), reverse), -1, 1)
    found = hierarchy(np.corrcoef(whole.T), int(factors))
    return {"nfactors": found.factors, "omega_h": found.omega_h, "omega_total": found.omega_total}


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {"Cronbach alpha, McDonald omega": alpha_and_omega}
