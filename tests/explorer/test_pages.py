"""The explorer in the workspace."""

from typing import Any

import httpx
import pytest

from tests.explorer.test_tabulating import ANSWERS, QUESTIONS
from tests.people.makers import staff
from tests.results.makers import NOON, a_survey, definition

PAGE = "/staff/en/results/trees/explore"


async def shown(client: httpx.AsyncClient, query: str, **more: Any) -> httpx.Response:
    await a_survey(definition(*QUESTIONS, **more), ANSWERS * 6)
    await staff(client, NOON, "analyst")
    return await client.get(f"{PAGE}?{query}")


@pytest.mark.parametrize("role", ["designer", "moderator", "clerk"])
async def test_only_analysts_explore(client: httpx.AsyncClient, role: str) -> None:
    await a_survey(definition(*QUESTIONS), ANSWERS)
    await staff(client, NOON, role)
    assert (await client.get(PAGE)).status_code == 403


async def test_a_cross_tab_has_its_sentence_table_and_method(client: httpx.AsyncClient) -> None:
    page = await shown(client, "rows=satisfied&columns=gender&where=uses:yes")
    assert page.status_code == 200
    assert "<table" in page.text
    assert '<svg role="img"' in page.text
    assert "no margins of error and no tests" in page.text
    assert "Counted: 18 of 30 answers." in page.text


async def test_a_sample_is_tested(client: httpx.AsyncClient) -> None:
    page = await shown(client, "rows=satisfied&columns=gender", design={"kind": "sample", "population": 5000})
    assert "Rao–Scott" in page.text
    assert "Holm" in page.text
    assert "Answers differ between the groups by more than chance explains (p" in page.text


async def test_tests_as_if_random_say_so(client: httpx.AsyncClient) -> None:
    page = await shown(client, "rows=satisfied&columns=gender&as_random=1&shade=residual")
    assert "as if a random sample had answered, which is not so" in page.text
    assert "Rao–Scott" in page.text


async def test_wrong_questions_are_named_and_the_rest_is_answered(client: httpx.AsyncClient) -> None:
    page = await shown(client, "rows=satisfied&columns=gone&weights=none&where=gender:robot")
    assert page.status_code == 200
    assert page.text.count("govuk-error-summary__list") == 1
    for words in ("no question “gone”", "no weights “none”", "no answer “robot”"):
        assert words in page.text
    assert "<table" in page.text


@pytest.mark.parametrize("query", ["", "rows=", "rows=%00", "rows=services&columns=uses&statistic=mean", "rows=minutes",
                                   "rows=uses&columns=uses&statistic=total", "rows=@day&columns=@channel"])  # fmt: skip
async def test_every_question_has_an_answer(client: httpx.AsyncClient, query: str) -> None:
    page = await shown(client, query)
    assert page.status_code == 200


async def test_a_survey_without_answers_says_so(client: httpx.AsyncClient) -> None:
    await a_survey(definition(*QUESTIONS), [])
    await staff(client, NOON, "analyst")
    assert (await client.get(f"{PAGE}?rows=satisfied&columns=gender")).status_code == 200
