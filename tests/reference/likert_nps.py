"""Reference cases of the topic `likert_nps`: each statistic's name -> what computes its figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.paired import paired_gap
from consult.analysis.simple_samples.means import mean, quantile, standard_deviation
from consult.analysis.simple_samples.proportions import share
from consult.analysis.simple_samples.scales import leik_consensus, likert, net_score, rescaled, tastle_wierman_consensus
from tests.reference.cases import Case


def scale(case: Case) -> Mapping[str, object]:
    """Numbers that are no point of the scale are answers all the same here: in n and the mean, in no count."""
    values = case.column(str(case.args["variable"]))
    given = values[~np.isnan(values)]
    ends = [float(end) for end in case.args["scale"]]
    points = np.arange(min(ends), max(ends) + 1).tolist()
    counts = [int((given == point).sum()) for point in points]
    n, boxes = given.size, 2 if len(points) > 3 else 1
    top, bottom = sum(counts[-boxes:]), sum(counts[:boxes])
    average = mean(given, confidence=case.level)
    index = rescaled(average, points[0], 100 / (points[-1] - points[0]))
    shares = [count / n for count in counts]
    inside = likert(counts, points, boxes=boxes)
    if sum(counts) == n:
        assert (inside.mean, inside.index, inside.leik) == (average, index, leik_consensus(shares))
    return {
        "counts": counts,
        "n": n,
        "missing": values.size - n,
        "mean": average.value,
        "sd": standard_deviation(given),
        "se": average.se,
        "ci_t": [average.low, average.high],
        "median_hf2": quantile(given, rule="school"),
        "mode": inside.modes,
        "top2": share(top, n).value,
        "bottom2": share(bottom, n).value,
        "net": net_score(top, n - top - bottom, bottom, unit=1).value,
        "entropy": -sum(p * math.log(p) for p in shares if p),
        "leik_consensus": leik_consensus(shares),
        "tastle_wierman_consensus": tastle_wierman_consensus(shares, points, average.value),
        "index_0_100": index.value,
        "index_se": index.se,
    }


def recommendation(case: Case) -> Mapping[str, object]:
    values = case.column(str(case.args["variable"]))
    values = values[~np.isnan(values)]
    n = values.size
    positive = int((values >= float(case.args["promoters_from"])).sum())
    negative = int((values <= float(case.args["detractors_to"])).sum())
    found = net_score(positive, n - positive - negative, negative, confidence=case.level)
    promoters, detractors = positive / n, negative / n
    se = found.se or 0.0
    return {
        "nps": found.value,
        "promoters": promoters,
        "detractors": detractors,
        "passives": 1 - promoters - detractors,
        "var_pop": (se / 100) ** 2 * (n - 1),
        "se_n": se * math.sqrt((n - 1) / n),
        "se_n_minus_1": se,
        "ci_t": [found.low, found.high],
        "n": n,
    }


def gap(case: Case) -> Mapping[str, object]:
    pairs = case.matrix([str(case.args["perception"]), str(case.args["expectation"])])
    pairs = pairs[~np.isnan(pairs).any(axis=1)]
    found = paired_gap(pairs[:, 0], pairs[:, 1], Design.simple(len(pairs)), confidence=case.level, exact=False)
    return {
        "gap": found.gap.value,
        "se": found.gap.se,
        "ci": [found.gap.low, found.gap.high],
        "t": found.t,
        "df": found.gap.df,
        "p_value": found.p,
        "wilcoxon_v": found.ranks.v,
        "wilcoxon_p": found.ranks.p,
    }


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "Likert item summary": scale,
    "Net Promoter Score with standard error": recommendation,
    "paired gap score (perception minus expectation)": gap,
}
