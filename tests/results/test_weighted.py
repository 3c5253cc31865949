"""Published figures under weights and a declared design, against figures worked out by hand and by other functions."""

from __future__ import annotations

from typing import Any

import httpx
import numpy as np
import pytest

from consult.analysis.complex_samples.design import Design
from consult.analysis.complex_samples.design_shares import design_share
from consult.charts.chart import Chart
from consult.columns.column import Coded
from consult.columns.frame import frame
from consult.columns.reading import columns
from consult.results.building import chart
from consult.results.counting import CONFIDENCE, PUBLIC
from consult.results.estimating import Weighing
from consult.results.groups import Group
from consult.results.operations import publish_results
from consult.results.queries import results_of
from consult.surveys import queries as surveys
from consult.weighting import operations as weighting
from consult.weighting.declared import Declared
from consult.weighting.queries import DEFAULT, weights_of
from consult.weighting.recipe import Group as Of
from consult.weighting.recipe import Margin, Recipe
from tests.results.makers import NOON, a_survey, definition, question, source, text

WOMEN, MEN = 30, 10
"""Women are three quarters of those who answered and half of the population: each man counts for three women."""
WEIGHTS = np.array([2 / 3] * WOMEN + [2.0] * MEN)


def weighed(asked: dict[str, Any], women: list[Any], men: list[Any], *, design: str = "sample", **more: Any) -> Chart:
    made = definition(asked)
    given = [*women, *men]
    filled = columns(made, (({"q": answer}, "web") for answer in given))
    sampling = Design(WEIGHTS[: len(given)], **more)
    by = Weighing(filled, sampling, np.ones(len(given), dtype=bool), design == "sample", CONFIDENCE)
    return chart(made.questions[0], filled, source(design), PUBLIC, by)


def shares(made: Chart) -> list[float | None]:
    return [None if row.parts[0].share is None else round(row.parts[0].share, 6) for row in made.rows]


def test_a_choice_is_weighted_and_its_base_is_not() -> None:
    made = weighed(question("single"), ["yes"] * 15 + ["no"] * 15, ["yes"] * 10)
    # 15 x 2/3 + 10 x 2 = 30 of 40.
    assert shares(made) == [0.75, 0.25, 0]
    assert [row.parts[0].count for row in made.rows] == [25, 15, 0]
    assert made.base == 40
    assert made.source.method == "design"


def test_its_interval_is_that_of_the_design() -> None:
    strata = np.array([0] * WOMEN + [1] * MEN)
    made = weighed(question("single"), ["yes"] * 15 + ["no"] * 15, ["yes"] * 7 + ["no"] * 3, strata=strata)
    part = made.rows[0].parts[0]
    # Strata of half the population each: p = (0.5 + 0.7)/2, v = (0.25/29 + 0.21/9)/4.
    assert part.share == pytest.approx(0.6)
    se = np.sqrt((0.25 / 29 + 0.21 / 9) / 4)
    t = 2.024394  # 38 degrees of freedom
    logit, half = np.log(0.6 / 0.4), t * se / 0.24
    assert part.low == pytest.approx(1 / (1 + np.exp(-(logit - half))), abs=1e-6)
    assert part.high == pytest.approx(1 / (1 + np.exp(-(logit + half))), abs=1e-6)


@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.parametrize("design", ["open", "sample"])
def test_a_scale(design: str, is_reversed: bool) -> None:
    asked = question("scale", reversed=is_reversed)
    made = weighed(asked, [5] * 30, [1] * 10, design=design)
    found = [round(part.share or 0, 6) for part in made.rows[0].parts]
    assert found == [0.5, 0, 0, 0, 0.5]
    mean = made.figure("mean")
    assert mean is not None
    assert mean.value == pytest.approx(3)
    assert (mean.low is None) == (design == "open")
    positive = weighed(asked, [5] * 30, [4] * 5 + [2] * 5, design=design).figure("positive")
    assert positive is not None
    assert positive.value == pytest.approx(0.25 if is_reversed else 0.75)


@pytest.mark.parametrize("design", ["open", "sample"])
def test_a_recommendation_score(design: str) -> None:
    made = weighed(question("nps"), [10] * 30, [3] * 5 + [8] * 5, design=design)
    assert [round(part.share or 0, 6) for part in made.rows[0].parts] == [0.25, 0.25, 0.5]
    score = made.figure("nps")
    assert score is not None
    assert score.value == pytest.approx(25)


@pytest.mark.parametrize("design", ["open", "sample"])
def test_several_choices(design: str) -> None:
    made = weighed(question("multiple"), [["yes"]] * 30, [["yes", "no"]] * 5 + [["no"]] * 5, design=design)
    assert shares(made) == [0.75, 0.5, 0]
    assert made.several


def test_the_rows_of_tables() -> None:
    women, men = [{"parks": 5, "roads": 1}] * 30, [{"parks": 1}] * 10
    made = weighed(question("matrix_scale"), women, men)
    assert [round(part.share or 0, 6) for part in made.rows[0].parts] == [0.5, 0, 0, 0, 0.5]
    assert made.rows[1].base == 30
    rows = [{"code": "parks", "text": text("Parks")}]
    single = weighed(question("matrix_single", rows=rows), [{"parks": "yes"}] * 30, [{"parks": "no"}] * 10)
    assert [round(part.share or 0, 6) for part in single.rows[0].parts] == [0.5, 0.5, 0]
    several = question("matrix_multiple", rows=rows, options=question("single")["options"])
    bars = weighed(several, [{"parks": ["yes"]}] * 30, [{"parks": ["no"]}] * 10)
    assert shares(bars) == [0.5, 0.5, 0]


@pytest.mark.parametrize("design", ["open", "sample"])
def test_numbers(design: str) -> None:
    made = weighed(question("number", decimals=0), [1] * 30, [2] * 6 + [3] * 4, design=design)
    assert [share for share in shares(made) if share] == [0.5, 0.3, 0.2]
    mean, median = made.figure("mean"), made.figure("median")
    assert mean is not None
    assert median is not None
    assert mean.value == pytest.approx(1.7)
    assert median.value == 1


def test_what_shares_something_out() -> None:
    options = [{"code": code, "text": text(code)} for code in ("a", "b")]
    ranked = weighed({**question("ranking"), "options": options}, [["a", "b"]] * 30, [["b", "a"]] * 10)
    assert shares(ranked) == [0.5, 0.5]
    given = weighed(
        {**question("allocation"), "options": options}, [{"a": 100, "b": 0}] * 30, [{"a": 50, "b": 50}] * 10
    )
    assert shares(given) == [0.75, 0.25]


def test_few_people_are_hidden_whatever_their_weight() -> None:
    made = weighed(question("single"), ["yes"] * 4, [])
    assert made.is_hidden
    sensitive = weighed(question("single", sensitive=True), ["yes"] * 27 + ["no"] * 3, ["yes"] * 10)
    assert [row.parts[0].count for row in sensitive.rows] == [None, None, 0]


MADE = (question("single", "sex"), question("single", "opinion"), question("scale", "overall"))
GIVEN = [{"sex": "yes", "opinion": "yes" if i < 15 else "no", "overall": 1 + i % 5} for i in range(30)] + [
    {"sex": "no", "opinion": "yes", "overall": 5} for _ in range(10)
]


async def a_weighted_survey(*, kind: str = "sample") -> Any:
    survey_id = await a_survey(definition(*MADE, design={"kind": kind}, results={"breaks": ["sex"]}), GIVEN)
    margin = Margin(
        text("Census"), (Of("f", text("Women"), 500), Of("m", text("Men"), 500)), {}, "sex", {"yes": "f", "no": "m"}
    )
    key = await weighting.create_weights(survey_id=survey_id, name="Census 2021", recipe=Recipe((margin,)), at=NOON)
    await weighting.set_default(survey_id=survey_id, key=key, at=NOON)
    await publish_results(survey_id=survey_id, at=NOON)
    return survey_id


async def test_published_figures_use_the_default_weights(client: httpx.AsyncClient) -> None:
    await a_weighted_survey()
    page = (await client.get("/en/surveys/trees/results")).text
    assert "Weighted with “Census 2021”." in page
    assert "Intervals respect the weights and the declared design" in page
    assert "75%" in page
    assert "n = 40" in page
    assert "opinion,,Yes,75%,25" in (await client.get("/en/surveys/trees/results/tables.csv")).text


async def test_weights_of_an_open_consultation_give_no_margin_of_error(client: httpx.AsyncClient) -> None:
    await a_weighted_survey(kind="open")
    page = (await client.get("/ka/surveys/trees/results")).text
    assert "Census 2021" in page
    chart = (await results_of((await surveys.survey("trees")).id)).charts["opinion"]
    part = chart.rows[0].parts[0]
    assert (round(part.share or 0, 6), part.low, chart.source.method) == (0.75, None, None)


async def test_a_change_of_weights_or_design_changes_the_page(client: httpx.AsyncClient) -> None:
    survey_id = await a_weighted_survey()
    at = "/en/surveys/trees/results"
    assert "Weighted with" in (await client.get(at)).text
    await weighting.set_default(survey_id=survey_id, key="", at=NOON)
    plain = (await client.get(at)).text
    assert "Weighted with" not in plain
    assert "None: every answer counts the same." in plain
    assert "Wilson" in plain
    await weighting.declare_design(survey_id=survey_id, declared=Declared(kind="census"), frame=None, at=NOON)
    assert "there is no sampling error" in (await client.get(at)).text


async def test_a_group_keeps_the_design_of_all(db: None) -> None:
    survey_id = await a_weighted_survey()
    made = (await results_of(survey_id, group=Group("sex", "yes"))).charts["opinion"]
    everybody = await frame(survey_id)
    sexes = everybody.column("sex")
    assert isinstance(sexes, Coded)
    women = sexes.codes == sexes.points.index("yes")
    opinions = everybody.column("opinion")
    assert isinstance(opinions, Coded)
    used = await weights_of(everybody, DEFAULT)
    expected = design_share(opinions.codes == 0, used.design, women)
    part = made.rows[0].parts[0]
    assert (made.base, part.count) == (30, 15)
    assert part.share == pytest.approx(0.5)
    assert (part.low, part.high) == pytest.approx((expected.low, expected.high))
