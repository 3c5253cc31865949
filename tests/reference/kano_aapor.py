"""Reference cases of the topic `kano_aapor`: each statistic's name -> what computes its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from consult.analysis.models.kano import kano
from consult.analysis.sampling.outcomes import Dispositions, outcome_rates
from tests.reference.cases import Case


def kano_feature(case: Case) -> dict[str, object]:
    found = kano(case.args)  # type: ignore[arg-type]
    published = case.expected.get("published")
    return {
        "category": found.category,
        "better": found.better.value,
        "worse": found.worse.value,
        "total_strength": found.total_strength,
        "category_strength": found.category_strength,
        # What a publication printed: the figures that it gives, computed, in its rounding.
        "published": published
        and {key: _printed(getattr(found, key, None), value) for key, value in published.items()},
    }


def _printed(figure: object, published: object) -> object:
    figure = getattr(figure, "value", figure)
    if not isinstance(published, float) or not isinstance(figure, float):
        return figure
    return round(figure, len(str(published).partition(".")[2]))


def aapor(case: Case) -> dict[str, object]:
    a = case.args
    cases = Dispositions(a["I"], a["P"], a["R"], a["NC"], a["O"], a["UH"], a["UO"])
    rates = outcome_rates(cases, e=a["e"])
    kinds = {"RR": 6, "COOP": 4, "REF": 3, "CON": 3}
    return {f"{kind}{i}": getattr(rates, f"{kind}{i}".lower()) for kind, n in kinds.items() for i in range(1, n + 1)}


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "Kano category and satisfaction coefficients": kano_feature,
    "AAPOR outcome rates": aapor,
}
