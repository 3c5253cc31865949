"""Key drivers in the workspace."""

from __future__ import annotations

from io import BytesIO
from itertools import product
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from consult.explorer import drivers
from consult.explorer.items import items_of
from consult.explorer.selecting import opened, selected
from consult.explorer.state import Selection
from consult.web.forms import Form
from tests.people.makers import staff
from tests.results.makers import NOON, a_survey, definition, question, text

ROWS = [{"code": code, "text": text(words)} for code, words in (("parks", "Parks"), ("roads", "Roads"))]
QUESTIONS = (
    question("scale", "overall", text=text("Satisfied on the whole?"), concept="satisfaction.overall"),
    question("matrix_scale", "services", rows=ROWS),
    question("scale", "same", text=text("All alike")),
    question("scale", "effort", text=text("How much effort?"), reversed=True, measure="effort"),
)
PAGE = "/staff/{}/results/trees/drivers"
CROSSED: list[dict[str, Any]] = [
    {"overall": (2 * parks + roads) // 3, "services": {"parks": parks, "roads": roads}, "same": 3, "effort": 6 - parks}
    for parks, roads in product((1, 2, 3, 4, 5), repeat=2)
]
"""Parks and roads are independent of each other, so that each one's share is its squared correlation over R²."""


async def found(query: dict[str, list[str]], answers: list[dict[str, Any]]) -> drivers.Found | None:
    await a_survey(definition(*QUESTIONS), answers)
    survey, given = await opened("trees")
    asked, _ = drivers.read(Form(query), items_of(given), given)
    return await drivers.found(asked, await selected(survey, given, asked.who, NOON))


async def test_independent_ratings_explain_what_their_correlations_say(db: None) -> None:
    made = await found({}, CROSSED)
    assert made is not None
    x = [(one["services"]["parks"], one["services"]["roads"], one["overall"]) for one in CROSSED]
    mean = sum(o for _, _, o in x) / 25
    spread = sum((o - mean) ** 2 for _, _, o in x) / 25
    alone = [(sum((row[j] - 3) * (row[2] - mean) for row in x) / 25) ** 2 / 2 / spread for j in (0, 1)]
    assert [one.name for one in made.ordered] == ["services.parks", "services.roads"]
    assert [one.importance for one in made.ordered] == pytest.approx(alone)
    assert made.result.r_squared == pytest.approx(sum(alone))
    assert made.result.resamples == 0


async def test_what_repeats_others_or_never_varies_is_left_out_and_named(db: None) -> None:
    made = await found({"drivers": ["services.parks", "effort", "same"]}, CROSSED)
    assert made is not None
    # Effort is turned round, for its low end is the better one, and so it is parks again.
    assert made.result.collinear == ("effort",)
    assert made.result.constant == ("same",)


async def test_the_page_says_what_goes_together_in_every_language(client: httpx.AsyncClient) -> None:
    await a_survey(definition(*QUESTIONS, design={"kind": "sample", "population": 5000}), CROSSED)
    await staff(client, NOON, "analyst")
    for language in ("mk", "ka", "en"):
        page = await client.get(PAGE.format(language))
        assert page.status_code == 200
        assert page.text.count("<table") == 2
    assert "goes together most with “Parks”" in page.text
    assert "1,000 bootstrap samples" in page.text
    assert "does not prove" in page.text
    file = await client.get(f"{PAGE.format('en')}.xlsx?drivers=services.parks")
    cells = [cell.value for row in load_workbook(BytesIO(file.content)).active.iter_rows() for cell in row]
    assert "Standardised coefficient" in cells


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("outcome=gone", "no question “gone”"),
        ("drivers=", "at least one rating"),
        ("drivers=overall&outcome=overall", "at least one rating"),
        ("drivers=gone&drivers=services.roads&where=x:y", "no question “gone”"),
        ("outcome=same", "Everybody gave the same answer"),
        ("where=@channel:web&weights=none", "no weights “none”"),
    ],
)
async def test_refusals_are_in_words(client: httpx.AsyncClient, query: str, words: str) -> None:
    await a_survey(definition(*QUESTIONS), CROSSED)
    await staff(client, NOON, "analyst")
    page = await client.get(f"{PAGE.format('en')}?{query}")
    assert page.status_code == 200
    assert words in page.text


async def test_few_answers_and_surveys_without_ratings_say_so(client: httpx.AsyncClient) -> None:
    await a_survey(definition(*QUESTIONS), CROSSED[:2])
    await staff(client, NOON, "analyst")
    assert "too few complete answers" in (await client.get(PAGE.format("en"))).text


async def test_a_survey_without_ratings_says_so(client: httpx.AsyncClient) -> None:
    await a_survey(definition(question("single")), [])
    await staff(client, NOON, "analyst")
    assert "this survey does not ask for them" in (await client.get(PAGE.format("en"))).text


def test_equal_questions_have_equal_addresses() -> None:
    asked = drivers.Asked("overall", ("a", "b"), Selection(weights="census"))
    assert asked.query() == "outcome=overall&drivers=a&drivers=b&weights=census"
    assert asked.without("x") == asked
