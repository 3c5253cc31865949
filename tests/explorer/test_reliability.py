"""Whether ratings measure one thing."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from consult.app import Application
from consult.explorer import reliability
from consult.explorer.items import items_of
from consult.explorer.selecting import opened, selected
from consult.i18n import locale
from consult.web.forms import Form
from tests.people.makers import staff
from tests.results.makers import NOON, a_survey, definition, question

QUESTIONS = (question("matrix_scale", "services"), question("scale", "effort", reversed=True))
ANSWERS: list[dict[str, Any]] = [
    {"services": {"parks": parks, "roads": roads}, "effort": effort}
    for parks, roads, effort in ((1, 2, 5), (2, 1, 4), (3, 3, 3), (4, 5, 1), (5, 4, 2))
]
PAGE = "/staff/{}/results/trees/reliability"


async def test_alpha_of_two_items_is_twice_their_covariance_over_the_variance_of_the_sum(
    application: Application,
) -> None:
    await a_survey(definition(*QUESTIONS), ANSWERS)
    survey, given = await opened("trees")
    asked, _ = reliability.read(Form(), items_of(given), given)
    made = reliability.found(asked, await selected(survey, given, asked.who, NOON))
    assert made is not None
    # Sums of squares 10 and 10, of products 8: alpha = 2 (1 - 20/36).
    assert made.alpha.alpha.value == pytest.approx(8 / 9)
    assert "hang together well (α = 0.89)" in reliability.says(made, locale("en"))
    asked, _ = reliability.read(Form({"items": ["services.parks", "effort"]}), items_of(given), given)
    made = reliability.found(asked, await selected(survey, given, asked.who, NOON))
    assert made is not None
    # Effort is turned round: its low end is the better one. Sum of products 9, so 2 (1 - 20/38).
    assert made.alpha.alpha.value == pytest.approx(18 / 19)
    assert "fewer would do" in reliability.says(made, locale("en"))


async def test_the_page_speaks_every_language_and_refuses_in_words(client: httpx.AsyncClient) -> None:
    await a_survey(definition(*QUESTIONS, design={"kind": "sample", "population": 900}), ANSWERS)
    await staff(client, NOON, "analyst")
    for language in ("mk", "ka", "en"):
        page = await client.get(PAGE.format(language))
        assert page.status_code == 200
        assert page.text.count("<table") == 2
    assert "Feldt" in page.text
    for query, words in (
        ("items=", "Choose at least two ratings"),
        ("items=gone&items=effort", "no question “gone”"),
        ("where=services.parks:5", "too few complete answers"),
    ):
        assert words in (await client.get(f"{PAGE.format('en')}?{query}")).text
    assert (await client.get(f"{PAGE.format('en')}.xlsx")).content.startswith(b"PK")
