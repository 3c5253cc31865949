"""Results of one group, and what a reader of all pages together may not find out."""

import gzip
from typing import Any

import httpx
import numpy as np
import pytest

from consult.analysis.estimate import Reason
from consult.charts.chart import Chart
from consult.charts.kinds import Heat, Intervals
from consult.errors import NotFound
from consult.results import queries
from consult.results.compared import compared
from consult.results.groups import Group
from consult.results.operations import publish_results
from tests.results.makers import NOON, a_survey, answered, definition, question, text

DISTRICTS = [{"code": code, "text": text(name)} for code, name in
             [("centar", "Centar"), ("aerodrom", "Aerodrom"), ("karpos", "Karpoš"), ("saraj", "Saraj")]]  # fmt: skip
MADE = (
    question("single", "district", options=DISTRICTS),
    question("scale", "overall"),
    question("single", "opinion"),
    question("single", "health", sensitive=True),
    question("matrix_scale", "services"),
)


def answers(**sizes: int) -> list[dict[str, Any]]:
    return [
        {
            "district": district, "overall": 5 if district == "centar" else 2, "opinion": "no" if i % 4 else "yes",
            "health": "yes", "services": {"parks": 4, "roads": 3},
        }
        for district, size in sizes.items()
        for i in range(size)
    ]  # fmt: skip


async def a_public_survey(given: list[dict[str, Any]], **more: Any) -> Any:
    made = definition(*MADE, results={"breaks": ["district"]}, **more)
    survey_id = await a_survey(made, given)
    await publish_results(survey_id=survey_id, at=NOON)
    return survey_id


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_a_group_is_a_plain_address(client: httpx.AsyncClient, language: str) -> None:
    await a_public_survey(answers(centar=20, aerodrom=30, karpos=10))
    at = f"/{language}/surveys/trees/results"
    everybody = (await client.get(at)).text
    assert '<form method="get"' in everybody
    assert 'value="centar"' in everybody
    assert "saraj" not in everybody
    page = (await client.get(f"{at}?district=centar")).text
    assert "n = 20" in page
    assert f'href="{at}"' in page
    assert "tables.csv?district=centar" in page
    assert "overall.json?district=centar" in page
    assert '<option value="centar" selected' in page


async def test_figures_and_tables_are_of_the_group(client: httpx.AsyncClient) -> None:
    await a_public_survey(answers(centar=20, aerodrom=30))
    at = "/en/surveys/trees/results"
    tables = (await client.get(f"{at}/tables.csv?district=centar")).text
    assert "opinion,,Yes,25%,5" in tables
    assert "health" not in tables
    assert (await client.get(f"{at}/overall.json?district=centar")).status_code == 200
    assert (await client.get(f"{at}/health.json?district=centar")).status_code == 404
    assert (await client.get(f"{at}?district=nowhere")).status_code == 404


async def test_a_sensitive_question_is_of_everybody_only(client: httpx.AsyncClient) -> None:
    await a_public_survey(answers(centar=20, aerodrom=30))
    page = (await client.get("/en/surveys/trees/results?district=centar")).text
    assert "This question is sensitive" in page


async def test_a_small_group_takes_the_next_smallest_with_it(client: httpx.AsyncClient) -> None:
    survey_id = await a_public_survey(answers(centar=20, aerodrom=30, karpos=8, saraj=3))
    (found,) = await queries.breaks_of(survey_id)
    assert [choice.code for choice in found.shown] == ["centar", "aerodrom"]
    page = (await client.get("/en/surveys/trees/results?district=saraj")).text
    assert "This group is not shown by itself" in page
    assert "found by subtraction" in page
    assert "n = 61" in page
    for path in ("tables.csv", "overall.json"):
        assert (await client.get(f"/en/surveys/trees/results/{path}?district=karpos")).status_code == 404


async def test_people_without_a_group_cannot_be_found_by_subtraction(db: None) -> None:
    given = answers(centar=20, aerodrom=30, karpos=8)
    for one in answers(centar=2):
        given.append({**one, "district": None})
    (found,) = await queries.breaks_of(await a_public_survey(given))
    assert [choice.code for choice in found.shown] == ["centar", "aerodrom"]


async def test_a_question_that_few_of_a_group_answered_hides_another_group(db: None) -> None:
    given = answers(centar=20, aerodrom=30, karpos=12)
    for one in given:
        if one["district"] == "karpos":
            one["overall"] = None
    for one in given[-3:]:
        one["overall"] = 1
    survey_id = await a_public_survey(given)
    charts = {
        code: (await queries.results_of(survey_id, group=Group("district", code))).charts
        for code in ("centar", "aerodrom", "karpos")
    }
    assert [charts[code]["overall"].reason for code in charts] == [Reason.HIDDEN, None, Reason.HIDDEN]
    assert all(made["opinion"].reason is None for made in charts.values())


@pytest.mark.parametrize("seed", range(12))
async def test_no_reader_of_all_pages_learns_of_fewer_than_five(db: None, seed: int) -> None:
    random = np.random.default_rng(seed)
    given = answers(**{str(one["code"]): int(random.integers(0, 14)) for one in DISTRICTS})
    for one in given:
        if random.random() < 0.4:
            one["overall"] = None
        if random.random() < 0.1:
            one["district"] = None
    survey_id = await a_public_survey(given)
    rest = {"overall": 0, "opinion": 0}
    everybody = await queries.results_of(survey_id)
    hidden = dict.fromkeys(rest, 0)
    for key in rest:
        rest[key] = everybody.charts[key].base
    (found,) = await queries.breaks_of(survey_id)
    for choice in found.shown:
        charts = (await queries.results_of(survey_id, group=Group("district", choice.code))).charts
        for key in rest:
            if charts[key].reason is None:
                assert charts[key].base >= 5
                rest[key] -= charts[key].base
            else:
                hidden[key] += 1
    for left in rest.values():
        assert left == 0 or left >= 5


async def test_only_what_the_survey_allows_makes_groups(db: None) -> None:
    made = definition(
        question("single", "secret", public=False), question("single", "ill", sensitive=True),
        question("single", "sex"), results={"breaks": ["secret", "ill", "sex"]},
    )  # fmt: skip
    given = [{"secret": "yes", "ill": "yes", "sex": "no" if i % 2 else "yes"} for i in range(40)]
    survey_id = await a_survey(made, given)
    assert [one.key for one in await queries.breaks_of(survey_id)] == ["sex"]
    with pytest.raises(NotFound):
        await queries.results_of(survey_id, group=Group("sex", "gone"))


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_each_question_by_groups(client: httpx.AsyncClient, language: str) -> None:
    await a_public_survey(answers(centar=20, aerodrom=30, karpos=8, saraj=3))
    at = f"/{language}/surveys/trees/results"
    everybody = (await client.get(at)).text
    assert f'href="{at}?by=district#q-overall"' in everybody
    assert "?by=district#q-health" not in everybody
    page = (await client.get(f"{at}?by=district")).text
    assert 'id="q-overall"' in page
    assert "Centar" in page
    figure = await client.get(f"{at}/overall.json?by=district")
    assert figure.status_code == 200
    assert "Saraj" not in figure.text
    assert (await client.get(f"{at}?by=opinion")).status_code == 404
    assert len(gzip.compress(page.encode())) < 60_000


async def test_groups_beside_each_other_are_as_each_by_itself(client: httpx.AsyncClient) -> None:
    survey_id = await a_public_survey(answers(centar=20, aerodrom=30, karpos=10))
    (by,) = await queries.breaks_of(survey_id)
    found = await compared(survey_id, by, NOON)
    dots, cells, rows, alone = (found[key] for key in ("overall", "opinion", "services", "health"))
    assert isinstance(dots, Intervals)
    assert [(row.key, row.figure.value, row.base) for row in dots.rows] == [
        ("centar", 1.0, 20), ("aerodrom", 0.0, 30), ("karpos", 0.0, 10), ("all", pytest.approx(1 / 3), 60),
    ]  # fmt: skip
    assert isinstance(cells, Heat)
    assert [cell.count for cell in cells.rows[0].cells] == [5, 8, 3, 16]
    assert isinstance(rows, Heat)
    assert [cell.value for cell in rows.rows[0].cells] == [1.0] * 4
    assert isinstance(alone, Chart)
    tables = (await client.get("/en/surveys/trees/results/tables.csv?by=district")).text
    assert "overall,Satisfied,Centar,100%," in tables or "overall," in tables


async def test_what_a_group_hides_is_hidden_beside_the_others(db: None) -> None:
    given = answers(centar=20, aerodrom=30, karpos=12)
    for one in given[-12:-3]:
        one["overall"] = None
    survey_id = await a_public_survey(given)
    (by,) = await queries.breaks_of(survey_id)
    dots = (await compared(survey_id, by, NOON))["overall"]
    assert isinstance(dots, Intervals)
    assert [row.figure.reason for row in dots.rows[:3]] == [Reason.HIDDEN, Reason.NO_DESIGN, Reason.HIDDEN]
    assert [row.base for row in dots.rows[:3]] == [0, 30, 0]


async def test_the_page_says_how_the_answers_came(client: httpx.AsyncClient) -> None:
    survey_id = await a_public_survey(answers(centar=20, aerodrom=30))
    await answered(survey_id, answers(centar=10), channel="paper")
    page = (await client.get("/en/surveys/trees/results")).text
    assert "online 83% (50), on paper 17% (10)" in page
    assert "Macedonian 100% (60)" in page
    assert "nobody had to prove who he or she is" in page
