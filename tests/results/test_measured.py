"""Standing indices on the public page of a survey."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from consult.analysis.estimate import Estimate
from consult.i18n import locale as locale_of
from consult.indices import operations as indices
from consult.indices.standing import Item, Standing
from consult.results.measured import target_said
from consult.results.operations import publish_results
from tests.results.makers import NOON, a_survey, definition, question, text

STANDING = Standing(name=text("Trees index"), items=(Item("satisfaction.overall"),), target=60.0)


async def a_measuring_survey(answers: list[int], *, design: str = "sample", **more: Any) -> None:
    asked = question("scale", "overall", concept="satisfaction.overall", **more)
    made = definition(asked, design={"kind": design})
    survey_id = await a_survey(made, [{"overall": one} for one in answers])
    await publish_results(survey_id=survey_id, at=NOON)
    await indices.define(key="trees", standing=STANDING, at=NOON, person=None)


async def a_wave_before() -> None:
    day, label = date(2024, 6, 1), text("2024")
    await indices.record_elsewhere(
        key="trees", on=day, label=label, value=55.0, people=300, origin="before", at=NOON, person=None
    )


async def test_an_open_consultation_is_not_set_beside_samples(client: httpx.AsyncClient) -> None:
    await a_measuring_survey([5] * 20 + [1] * 20, design="open")
    await a_wave_before()
    page = (await client.get("/en/surveys/trees/results")).text
    assert "Trees index" in page
    assert "trees-series" not in page


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_an_index_stands_with_its_target_and_its_series(client: httpx.AsyncClient, language: str) -> None:
    await a_measuring_survey([5] * 20 + [1] * 20)
    at = f"/{language}/surveys/trees/results"
    alone = (await client.get(at)).text
    assert "Trees index" in alone
    assert locale_of(language).number(50.0, 1) in alone
    assert "trees-series" not in alone
    await a_wave_before()
    assert "index-trees-series" in (await client.get(at)).text


@pytest.mark.parametrize(
    ("answers", "more"), [([5] * 4, {}), ([5] * 40, {"public": False}), ([5] * 40, {"sensitive": True})]
)
async def test_an_index_of_what_is_kept_back_is_not_shown(
    client: httpx.AsyncClient, answers: list[int], more: dict[str, Any]
) -> None:
    await a_measuring_survey(answers, **more)
    assert "Trees index" not in (await client.get("/en/surveys/trees/results")).text


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        (Estimate(61.0, 400), "The target of 60.0 is reached."),
        (Estimate(58.5, 400), "The target of 60.0 is not reached: 1.5 points are missing."),
        (
            Estimate(61.0, 400, low=59.0, high=63.0),
            "Whether the target of 60.0 is reached cannot be said: it lies within the margin of error.",
        ),
        (Estimate(70.0, 400, low=65.0, high=75.0), "The target of 60.0 is reached."),
        (Estimate(None, 0), ""),
    ],
)
def test_a_target_is_judged_by_the_margin_of_error(estimate: Estimate, said: str) -> None:
    assert target_said(estimate, STANDING, locale_of("en")) == said
