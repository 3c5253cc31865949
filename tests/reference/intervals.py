"""Reference cases of the topic `intervals`: each statistic's name -> what computes its figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from consult.analysis.sampling.planning import sample_size
from consult.analysis.simple_samples.proportions import Method, margin_of_error, share
from tests.reference.cases import Case


def _bounds(x: int, n: int, level: float, method: Method) -> list[float | None]:
    found = share(x, n, confidence=level, method=method)
    return [found.low, found.high]


def binomial(case: Case) -> Mapping[str, object]:
    x, n = int(case.args["x"]), int(case.args["n"])
    return {
        "clopper_pearson": _bounds(x, n, case.level, "clopper-pearson"),
        "wilson": _bounds(x, n, case.level, "wilson"),
        "wilson_cc": _bounds(x, n, case.level, "wilson-cc"),
        "jeffreys": _bounds(x, n, case.level, "jeffreys"),
        "agresti_coull": _bounds(x, n, case.level, "agresti-coull"),
    }


def published(case: Case) -> Mapping[str, object]:
    """Keys such as wilson_15_148 name further counts."""
    found = dict(binomial(case))
    for key in case.expected:
        method, *counts = key.rsplit("_", 2)
        if method == "wilson" and len(counts) == 2:
            found[key] = _bounds(int(counts[0]), int(counts[1]), case.level, "wilson")
    return found


def planned(case: Case) -> Mapping[str, object]:
    n, population, p = int(case.args["n"]), int(case.args["N"]), float(case.args["p"])
    found = sample_size(float(case.args["e"]), p=p, confidence=case.level, population=population)
    figures: dict[str, object] = {
        "n0": found.infinite,
        "n_fpc": found.answers,
        "n0_ceiling": math.ceil(found.infinite),
        "n_fpc_ceiling": found.needed,
        "moe_of_n": margin_of_error(n, p=p, confidence=case.level),
        "moe_of_n_fpc": margin_of_error(n, p=p, confidence=case.level, population=population),
    }
    for key in case.expected:
        if key.startswith("moe_deff_"):
            effect = float(key.removeprefix("moe_deff_").replace("_", "."))
            figures[key] = margin_of_error(n, p=p, confidence=case.level, design_effect=effect)
    return figures


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "binomial interval, simple random sample": binomial,
    "published: Newcombe (1998), 81/263 Wilson score": published,
    "sample size for a proportion, with finite population correction": planned,
}
