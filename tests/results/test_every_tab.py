"""Every page about a survey's results answers, whatever there is to tell: nothing, one answer, words only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from consult.results import queries
from consult.results.operations import publish_results
from consult.surveys import operations
from tests.people.makers import staff
from tests.results.makers import NOON, Answers, a_survey, definition, question

ONE_OF_EACH = [
    question(type_, type_)
    for type_ in ("single", "multiple", "scale", "nps", "matrix_scale", "matrix_single", "number", "text")
]
ANSWER: Answers = {
    "single": "yes",
    "multiple": ["yes", "no"],
    "scale": 4,
    "nps": 9,
    "matrix_scale": {"parks": 5, "roads": 2},
    "matrix_single": {"parks": "yes", "roads": "no"},
    "number": 7,
    "text": "=1+1 more trees",
}
NO_ANSWER: Answers = {"single": "dont_know", "scale": "dont_know"}
WORDS = [question("text", "text"), question("text", "more", long=True)]
STATES: dict[str, tuple[str, list[dict[str, Any]], Sequence[Answers]]] = {
    "no answer": ("mk", ONE_OF_EACH, []),
    "one answer": ("ka", ONE_OF_EACH, [ANSWER]),
    "nobody knows": ("en", ONE_OF_EACH, [NO_ANSWER] * 3),
    "all alike": ("mk", ONE_OF_EACH, [ANSWER] * 40),
    "words only": ("ka", WORDS, [{"text": "Повеќе дрвја", "more": "x"}] * 2),
}
TABS = ("", "explore", "drivers", "weights", "weights/new", "design", "texts", "downloads")
MORE = (
    "explore.xlsx?rows=single&columns=multiple",
    "explore?rows=matrix_scale&columns=scale&statistic=mean&as_random=1",
    "explore?rows=matrix_single&rows=single&as_random=1",
    "explore?rows=multiple&as_random=1",
    "explore?rows=number&statistic=mean",
    "drivers.xlsx",
)
STRANGE = (
    "explore?rows=%00&columns=%00&weights=%00&where=%00:%00&statistic=%00",
    "explore?rows=" + "&rows=".join(["matrix_scale"] * 60),
    "explore?where=" + "x" * 3000,
    "explore?where=scale&where=:&where=number:7",
    "drivers?outcome=%00&items=%00&weights=%00&where=%00:%00",
    "drivers?outcome=gone&weights=gone",
    "texts/text?search=%00&page=-1",
    "texts/text?page=99999999999999999999999",
    "texts/text?page=x&language=%00&weights=%00",
    "?without=gone&without=%00",
    "weights/%00",
    "weights/gone",
    "downloads/gone",
    "%00",
)


async def a_survey_in(state: str) -> tuple[str, list[dict[str, Any]]]:
    language, questions, answers = STATES[state]
    survey_id = await a_survey(definition(*questions), answers)
    await publish_results(survey_id=survey_id, at=NOON, person=None)
    return language, questions


@pytest.mark.parametrize("state", STATES)
async def test_every_tab_answers(client: httpx.AsyncClient, state: str) -> None:
    language, _ = await a_survey_in(state)
    await staff(client, NOON, "analyst", "designer")
    found = {path: (await client.get(f"/staff/{language}/results/trees/{path}".rstrip("/"))) for path in TABS + MORE}
    linked = set(re.findall(rf'"/staff/{language}/results/trees/([a-z]+)"', found[""].text)) - {"publish", "withdraw"}
    for path in linked - set(TABS):
        found[path] = await client.get(f"/staff/{language}/results/trees/{path}")
    assert {path: answer.status_code for path, answer in found.items() if answer.status_code != 200} == {}
    assert [path for path, answer in found.items() if re.search(r">\s*(nan|inf)\s*<", answer.text)] == []


@pytest.mark.parametrize("state", STATES)
async def test_the_public_sees_an_answer(client: httpx.AsyncClient, state: str) -> None:
    language, questions = await a_survey_in(state)
    keys = [q["key"] for q in questions if q["type"] != "text"]
    at = f"/{language}/surveys/trees/results"
    paths = [at, f"/{language}/results", f"{at}/tables.csv", f"{at}/open-data.zip", "/api/v1/surveys/trees/results",
             "/api/v1/surveys/trees/json-stat", *(f"{at}/{key}.json" for key in keys)]  # fmt: skip
    found = {path: await client.get(path) for path in paths}
    assert {path: answer.status_code for path, answer in found.items() if answer.status_code != 200} == {}
    for path, answer in found.items():
        assert "NaN" not in answer.text, path


async def test_strange_addresses_are_no_errors_of_ours(client: httpx.AsyncClient) -> None:
    await a_survey_in("all alike")
    await staff(client, NOON, "analyst", "designer")
    found = {path: await client.get(f"/staff/mk/results/trees/{path}") for path in STRANGE}
    found |= {path: await client.get(path) for path in ("/mk/surveys/trees/results/%00.json", "/mk/surveys/%00/results",
              "/api/v1/surveys/%00/results", "/api/v1/surveys/trees/json-stat/%00", "/staff/mk/indices/%00",
              "/staff/mk/results/%00", "/staff/mk/results/trees/attach?source=explorer:%00")}  # fmt: skip
    assert {path: answer.status_code for path, answer in found.items() if answer.status_code >= 500} == {}


async def test_a_survey_that_was_never_published_has_no_results(client: httpx.AsyncClient) -> None:
    await operations.import_working_copy(definition=definition(*WORDS), at=NOON)
    await staff(client, NOON, "analyst", "designer")
    found = {path: await client.get(f"/staff/mk/results/trees/{path}".rstrip("/")) for path in TABS + MORE}
    assert {path: answer.status_code for path, answer in found.items() if answer.status_code >= 500} == {}


async def test_what_came_with_a_link_is_in_nothing_public(client: httpx.AsyncClient) -> None:
    questions = [question("single", "q"), question("hidden", "from", parameter="from")]
    answers = [{"q": "yes", "from": "anna@example.org"}] * 9
    survey_id = await a_survey(definition(*questions), answers)
    await publish_results(survey_id=survey_id, at=NOON, person=None)
    at = "/en/surveys/trees/results"
    for path in (at, f"{at}/tables.csv", "/api/v1/surveys/trees/results", "/api/v1/surveys/trees/json-stat"):
        answer = await client.get(path)
        assert (answer.status_code, "anna@" in answer.text) == (200, False), path
    assert [one.key for one in queries.published(definition(*questions))] == ["q"]
    assert (await client.get("/api/v1/surveys/trees/json-stat/from")).status_code == 404
