"""The closed list of statistics that reference cases may name, and the module here that computes each."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping

from tests.reference.cases import Case

Adapter = Callable[[Case], Mapping[str, object]]

TOPICS: dict[str, str] = {
    "design-based test of independence": "chisq",
    "column proportion tests with letters (pooled z, no continuity correction)": "crosstab",
    "cross-tab: chi-square, effect sizes, residuals": "crosstab",
    "key-driver importance": "drivers",
    "change between two waves, same respondents": "estimates",
    "domain mean (subset keeps the whole design)": "estimates",
    "mean": "estimates",
    "net score (promoters 5, detractors 1-2) on api_band": "estimates",
    "population variance": "estimates",
    "proportions of a categorical": "estimates",
    "ratio": "estimates",
    "subgroup mean (domain estimate)": "estimates",
    "subgroup proportion, two grouping variables": "estimates",
    "subgroup proportions": "estimates",
    "top-2-box": "estimates",
    "total": "estimates",
    "two-sample design-based t test": "estimates",
    "weighted counts of a categorical": "estimates",
    "binomial interval, simple random sample": "intervals",
    "published: Newcombe (1998), 81/263 Wilson score": "intervals",
    "sample size for a proportion, with finite population correction": "intervals",
    "AAPOR outcome rates": "kano_aapor",
    "Kano category and satisfaction coefficients": "kano_aapor",
    "Likert item summary": "likert_nps",
    "Net Promoter Score with standard error": "likert_nps",
    "paired gap score (perception minus expectation)": "likert_nps",
    "multiple-response set": "multiple_response",
    "multiple-response set, unweighted, 0/1 columns": "multiple_response",
    "PLS path model, mode A, standardised data": "pls",
    "path coefficients from a second package, three decimals": "pls",
    "proportion CI": "proportion_ci",
    "quantiles": "quantiles",
    "quantiles with Woodruff-type CI": "quantiles",
    "ranking question: mean rank, Borda, Plackett-Luce, Friedman": "ranking",
    "Kruskal-Wallis with post-hoc tests": "ranks_classic",
    "Mann-Whitney, two groups": "ranks_classic",
    "design-based k-sample rank test": "ranktests",
    "design-based two-sample rank test": "ranktests",
    "Cronbach alpha, McDonald omega": "reliability",
    "jackknife variance": "replicates",
    "ratio with balanced repeated replication": "replicates",
    "ratio, linearisation": "replicates",
    "small-cell suppression, primary and complementary": "suppression",
    "XmR chart": "trend",
    "change of a mean, waves treated as independent samples": "trend",
    "change of a proportion between two independent waves": "trend",
    "p-chart limits from the trial samples": "trend",
    "u-chart limits": "trend",
    "calibration, linear": "weighting",
    "calibration, logit": "weighting",
    "calibration, raking": "weighting",
    "calibration, truncated linear": "weighting",
    "cell weighting (post-stratification on a cross of two variables)": "weighting",
    "post-stratification": "weighting",
    "raking (IPF)": "weighting",
    "raking with R's default stopping rule (epsilon 1)": "weighting",
    "weight trimming with redistribution, iterated": "weighting",
    "weight trimming, one pass": "weighting",
}


def adapter(statistic: str) -> Adapter | None:
    """The function that computes a statistic's figures from a case; None if the name is unknown or has none yet."""
    topic = TOPICS.get(statistic)
    if topic is None:
        return None
    cases: dict[str, Adapter] = importlib.import_module(f"tests.reference.{topic}").CASES
    return cases.get(statistic)
