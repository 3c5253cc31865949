"""Whatever people answer, figures are finite or None with a reason: nothing raises, nothing is NaN."""

import dataclasses
import math
from collections.abc import Iterator, Mapping

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.analysis.basis.moments import correlation, pairwise_covariance
from consult.analysis.complex_samples.design import Design
from consult.analysis.models.acsi import satisfaction_index
from consult.analysis.models.coders import krippendorff_alpha
from consult.analysis.models.drivers import key_drivers
from consult.analysis.models.factors import hierarchy
from consult.analysis.models.importance import derived_importance, stated_importance
from consult.analysis.models.kano import continuous_kano, kano, kano_counts
from consult.analysis.models.pathestimate import path_model
from consult.analysis.models.pathmodel import PathModel
from consult.analysis.models.ranking import ranking
from consult.analysis.models.reliability import cronbach_alpha, omega_total
from consult.analysis.models.satisfaction import design_effort, design_net_promoter, design_satisfaction
from consult.analysis.models.servqual import servqual

FIVE = (1.0, 5.0)
points = st.one_of(st.integers(1, 5).map(float), st.just(math.nan))
ratings = st.integers(0, 12).flatmap(
    lambda n: st.lists(st.lists(points, min_size=4, max_size=4), min_size=n, max_size=n)
)


def numbers(found: object, place: str = "") -> Iterator[tuple[str, float]]:
    if dataclasses.is_dataclass(found) and not isinstance(found, type):
        for field in dataclasses.fields(found):
            if field.name != "htmt":
                yield from numbers(getattr(found, field.name), f"{place}.{field.name}")
    elif isinstance(found, Mapping):
        for key, value in found.items():
            yield from numbers(value, f"{place}[{key}]")
    elif isinstance(found, list | tuple):
        for value in found:
            yield from numbers(value, place)
    elif isinstance(found, np.ndarray):
        yield from ((place, float(value)) for value in found.ravel())
    elif isinstance(found, float):
        yield place, found


@settings(max_examples=60, deadline=None)
@given(ratings)
def test_no_figure_is_nan(answers: list[list[float]]) -> None:
    x = np.array(answers).reshape(-1, 4)
    design, n = Design.simple(len(x)), len(x)
    sides = {"a": x[:, 0], "b": x[:, 1]}
    others = {"a": x[:, 2], "b": x[:, 3]}
    model = PathModel({"one": ("a", "b"), "two": ("c", "d")}, (("one", "two"),))
    drivers = key_drivers(x[:, 0], x[:, 1:], ["b", "c", "d"], resamples=20)
    order = np.where(np.isnan(x), np.nan, np.argsort(np.argsort(x, axis=1), axis=1) + 1)
    found = [
        cronbach_alpha(x),
        omega_total(x),
        omega_total(x[:, :2]),
        drivers,
        path_model(dict(zip("abcd", x.T, strict=True)), model, scale=FIVE, resamples=20),
        ranking(order),
        ranking(order, unranked="absent", partial="share"),
        kano(kano_counts(x[:, 0], x[:, 1])),
        continuous_kano(x[:, 0], x[:, 1]),
        satisfaction_index(x, FIVE, design),
        design_satisfaction(x[:, 0], design),
        design_effort(x[:, 0], design),
        design_net_promoter(x[:, 0], design),
        servqual(sides, others, {"all": ["a", "b"]}, design, points={"all": x[:, 3]}),
        stated_importance(sides, others, design, performance_scale=FIVE, importance_scale=FIVE),
        derived_importance({"b": x[:, 1], "z": x[:, 0]}, drivers, design, performance_scale=FIVE),
        *(krippendorff_alpha(x.T, level) for level in ("nominal", "ordinal", "interval")),
    ]
    for result in found:
        wrong = [place for place, value in numbers(result) if not math.isfinite(value)]
        assert not wrong, (type(result).__name__, n, wrong)
    covariance = pairwise_covariance(x, np.ones(n))
    if np.isfinite(covariance).all() and (np.diag(covariance) > 0).all():
        assert all(math.isfinite(value) for _, value in numbers(hierarchy(correlation(covariance), 2)))
