"""Reference cases of the topic `likert_nps`: each statistic's name -> what computes its figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import scipy

from consult.analysis.means import mean, quantile, standard_deviation
from consult.analysis.proportions import share
from consult.analysis.ranks import signed_rank
from consult.analysis.scales import leik_consensus, likert, net_score, rescaled, tastle_wierman_consensus
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
    difference = case.column(str(case.args["perception"])) - case.column(str(case.args["expectation"]))
    found, ranks = mean(difference, confidence=case.level), signed_rank(difference)
    t = (found.value or 0.0) / found.se if found.se else None
    return {
        "gap": found.value,
        "se": found.se,
        "ci": [found.low, found.high],
        "t": t,
        "df": found.df,
        "p_value": None if t is None or found.df is None else 2 * scipy.special.stdtr(found.df, -abs(t)),
        "wilcoxon_v": ranks.v,
        "wilcoxon_p": ranks.p_value,
    }


CASES: dict[str, Callable[[Case], Mapping[str, object]]] = {
    "Likert item summary": scale,
    "Net Promoter Score with standard error": recommendation,
    "paired gap score (perception minus expectation)": gap,
}
