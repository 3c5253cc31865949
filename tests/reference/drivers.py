"""Reference cases of the topic `drivers`: each statistic's name -> what computes its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from consult.analysis.models.drivers import Driver, key_drivers
from tests.reference.cases import Case


def importance(case: Case) -> dict[str, object]:
    names = list(case.args["drivers"])
    weights = case.args.get("weights")
    found = key_drivers(
        case.column(case.args["outcome"]),
        case.matrix(names),
        names,
        weights=case.column(weights) if weights else None,
    )

    def each(figure: Callable[[Driver], object]) -> list[object]:
        return [figure(driver) for driver in found.drivers]

    return {
        "r_squared": found.r_squared,
        "drivers": each(lambda d: d.name),
        "lmg": each(lambda d: d.lmg),
        "last": each(lambda d: d.last),
        "first": each(lambda d: d.first),
        "betasq": each(lambda d: d.betasq),
        "pratt": each(lambda d: d.pratt),
        "lmg_share": each(lambda d: d.share),
        "johnson_relative_weights": each(lambda d: d.johnson),
        "standardised_beta": each(lambda d: d.beta),
        "vif": each(lambda d: d.vif),
    }


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {"key-driver importance": importance}
