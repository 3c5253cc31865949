"""Whatever people answered and however they were selected: a number or a reason, never NaN and never an exception."""

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_estimates import (
    design_change,
    design_means,
    design_net_score,
    design_ratio,
    design_totals,
    design_variance,
)
from consult.analysis.complex_samples.design_groups import design_by, design_difference, design_t_test
from consult.analysis.complex_samples.design_multiple import design_multiple
from consult.analysis.complex_samples.design_quantiles import design_quantiles
from consult.analysis.complex_samples.design_shares import design_counts, design_share, shares_with_intervals
from consult.analysis.complex_samples.linear import Estimates
from consult.analysis.complex_samples.replicates import bootstrap, jackknife, replicate_means
from consult.analysis.estimate import Estimate


@st.composite
def samples(draw: Any) -> tuple[Design, Any, Any, Any]:
    """Small and awkward: no rows, weights of 0, lonely and empty units, missing and equal answers, census strata."""
    n = draw(st.integers(0, 8))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    weights = random.choice([0.0, 1.0, 1.0, 2.5, 1e6], n)
    strata = random.integers(0, 3, n) if draw(st.booleans()) else None
    stages: tuple[Any, ...] = draw(
        st.sampled_from([(), (random.integers(0, 3, n),), (random.integers(0, 3, n), np.arange(n))])
    )
    fpc = tuple(np.full(n, float(draw(st.sampled_from([8, 9, 1e6, np.inf])))) for _ in stages or (0,))
    lonely = draw(st.sampled_from(["adjust", "certainty", "average", "fail"]))
    design = Design(weights, strata, stages, fpc if draw(st.booleans()) else (), lonely=lonely)
    x = random.choice([np.nan, 0.0, 0.0, 1.0, 5.0, 1e9], n)
    return design, x, random.integers(-1, 3, n), random.random(n) < draw(st.sampled_from([0.0, 0.5, 1.0]))


def numbers(found: object) -> Iterator[float]:
    if isinstance(found, float):
        yield found
    elif isinstance(found, np.ndarray):
        yield from found.ravel().tolist()
    elif isinstance(found, tuple | list):
        for one in found:
            yield from numbers(one)
    elif is_dataclass(found):
        for part in fields(found):
            yield from numbers(getattr(found, part.name))


def estimates_in(found: object) -> Iterator[Estimate]:
    if isinstance(found, Estimate):
        yield found
    elif isinstance(found, Estimates):
        yield from found.all()
    elif isinstance(found, tuple | list):
        for one in found:
            yield from estimates_in(one)
    elif is_dataclass(found):
        for part in fields(found):
            yield from estimates_in(getattr(found, part.name))


@given(samples(), st.sampled_from(["logit", "beta", "likelihood", "asin", "mean", "wilson"]))
@settings(max_examples=100)
def test_a_number_or_a_reason(sample: Any, method: Any) -> None:
    design, x, codes, where = sample
    event = np.where(np.isnan(x), np.nan, x > 0)
    ticks = np.column_stack([event, codes == 1])
    everything: list[object] = [
        design_means(np.column_stack([x, codes]), design, where),
        design_totals(x, design, where),
        design_variance(x, design, where),
        design_ratio(x, codes, design, where),
        design_net_score(x, design, where, promoters=(1, 2), detractors=(0, 0)),
        design_change(x, codes, design, where),
        design_by(x, codes, 3, design, where),
        design_by(x, codes, 3, design, where, statistic="total"),
        design_difference(x, where, ~where, design),
        design_t_test(x, np.minimum(codes, 1), design, where),
        design_share(event, design, where, method=method),
        shares_with_intervals(codes, 3, design, where, method=method),
        design_counts(codes, 3, design, where),
        design_quantiles(x, [0, 0.3, 1], design, where),
        design_quantiles(x, [0.5], design, where, rule="hf7", interval="beta"),
        design_multiple(ticks, design, where, method=method),
        replicate_means(x, jackknife(design), where),
        replicate_means(x, bootstrap(design, 5, seed=1), where),
    ]
    for found in everything:
        assert all(math.isfinite(number) for number in numbers(found)), found
        for one in estimates_in(found):
            assert (one.reason is None) == (one.value is not None and one.low is not None and one.high is not None), one
            assert one.low is None or one.high is None or one.low <= one.high
