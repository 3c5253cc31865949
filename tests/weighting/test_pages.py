"""The workspace's pages on designs and weights."""

import httpx
import pytest

from consult.results.operations import publish_results
from consult.weighting import queries
from consult.weighting.declared import Declared
from tests.people.makers import staff
from tests.results.makers import NOON
from tests.weighting.makers import ANSWERS, a_weighable_survey

SAME = {"sec-fetch-site": "same-origin"}
HERE = "/staff/en/results/trees"
TABLE = "variable;category;population\nTown;North;500\nTown;South;500\nAge;Young;30\nAge;Old;70\n"


async def make_weights(client: httpx.AsyncClient, table: str = TABLE, name: str = "Estimate") -> httpx.Response:
    return await client.post(f"{HERE}/weights/new", data={"name": name, "table": table}, headers=SAME)


@pytest.mark.parametrize("path", ["weights", "weights/new", "design", "weights/estimate", "weights/estimate/add"])
async def test_strangers_and_moderators_see_nothing(client: httpx.AsyncClient, path: str) -> None:
    await a_weighable_survey()
    assert "sign-in" in (await client.get(f"{HERE}/{path}")).headers["location"]
    await staff(client, NOON, "moderator")
    assert (await client.get(f"{HERE}/{path}")).status_code == 403


async def test_a_pasted_table_becomes_weights_that_find_their_questions(client: httpx.AsyncClient) -> None:
    survey_id = await a_weighable_survey()
    await staff(client, NOON, "analyst")
    answer = await make_weights(client)
    assert answer.headers["location"] == f"{HERE}/weights/estimate?done=created"
    (found,) = await queries.weight_sets(survey_id)
    assert [margin.variable for margin in found.recipe.margins] == ["town", "age"]
    page = (await client.get(answer.headers["location"])).text
    for words in ("75.0%", "50.0%", "Design effect", "What the weights change", "<svg"):
        assert words in page
    assert "Estimate" in (await client.get(f"{HERE}/weights")).text


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"name": "", "table": TABLE}, "Write a name"),
        ({"name": "x"}, "Choose at least one distribution"),
        ({"name": "x", "table": "a;b;c\nsex;women;many\n"}, "is not a number of people"),
    ],
)
async def test_a_new_set_keeps_what_was_typed_beside_its_problem(
    client: httpx.AsyncClient, data: dict[str, str], problem: str
) -> None:
    await a_weighable_survey()
    await staff(client, NOON, "analyst")
    answer = await client.post(f"{HERE}/weights/new", data=data, headers=SAME)
    assert answer.status_code == 422
    assert problem in answer.text
    assert data.get("table", "")[:20] in answer.text


async def test_groups_are_matched_joined_and_left_out_by_hand(client: httpx.AsyncClient) -> None:
    survey_id = await a_weighable_survey([*ANSWERS, {"town": "away", "age": "old", "trees": "no"}])
    await staff(client, NOON, "analyst")
    await make_weights(client)
    form = {
        "name": "Estimate 2", "variable-0": "town", "group-0-north": "~1", "group-0-south": "~2",
        "group-0-away": "-outside",
        "variable-1": "age", "group-1-young": "~1", "group-1-old": "~2", "with-1-~1": "~2",
    }  # fmt: skip
    answer = await client.post(f"{HERE}/weights/estimate", data=form, headers=SAME)
    assert answer.status_code == 303
    found = await queries.weight_set(survey_id, "estimate")
    assert found.name == "Estimate 2"
    assert not found.recipe.is_capped
    assert found.recipe.margins[0].belongs["away"] == "-outside"
    assert found.recipe.margins[1].groups[0].into == "~2"
    assert "1 answer is not of the population" in (await client.get(f"{HERE}/weights/estimate")).text
    removed = await client.post(f"{HERE}/weights/estimate", data={**form, "remove": "0"}, headers=SAME)
    assert removed.status_code == 303
    assert len((await queries.weight_set(survey_id, "estimate")).recipe.margins) == 1


async def test_wrong_limits_are_told_at_their_fields(client: httpx.AsyncClient) -> None:
    await a_weighable_survey()
    await staff(client, NOON, "analyst")
    await make_weights(client)
    form = {"name": "Estimate", "capped": "1", "lowest": "lots", "highest": "0.5", "variable-0": "town"}
    answer = await client.post(f"{HERE}/weights/estimate", data=form, headers=SAME)
    assert answer.status_code == 422
    assert answer.text.count("Write a number") == 4
    assert 'value="lots"' in answer.text


async def test_weights_that_cannot_be_made_say_why_and_where(client: httpx.AsyncClient) -> None:
    await a_weighable_survey([given for given in ANSWERS if given["town"] == "north"])
    await staff(client, NOON, "analyst")
    await make_weights(client)
    page = (await client.get(f"{HERE}/weights/estimate")).text
    assert "Nobody in the sample stands for a part of the population." in page
    assert "Town: South" in page
    assert "What the weights change" not in page


async def test_a_set_is_chosen_for_publication_added_to_and_deleted(client: httpx.AsyncClient) -> None:
    survey_id = await a_weighable_survey()
    await staff(client, NOON, "analyst")
    await make_weights(client)
    await client.post(f"{HERE}/weights/estimate/default", data={"use": "1"}, headers=SAME)
    assert await queries.default_weights(survey_id) == "estimate"
    assert "Publish results without these weights" in (await client.get(f"{HERE}/weights/estimate")).text
    await client.post(f"{HERE}/weights/estimate/default", data={"use": ""}, headers=SAME)
    assert await queries.default_weights(survey_id) == ""
    assert (await client.get(f"{HERE}/weights/estimate/add")).status_code == 200
    assert (await client.post(f"{HERE}/weights/estimate/add", data={}, headers=SAME)).status_code == 422
    census = await client.post(f"{HERE}/weights/estimate/add", data={"margins": "0"}, headers=SAME)
    assert census.status_code == 303
    assert len((await queries.weight_set(survey_id, "estimate")).recipe.margins) == 3
    await client.post(f"{HERE}/weights/estimate/delete", headers=SAME)
    assert (await client.get(f"{HERE}/weights/estimate")).status_code == 404


async def test_a_sample_by_groups_is_declared_in_two_steps(client: httpx.AsyncClient) -> None:
    survey_id = await a_weighable_survey()
    await staff(client, NOON, "analyst")
    form = {"kind": "sample", "strata": "town", "drawn": "100", "description-en": "By lot", "frame-mk": "Регистар"}
    shown = await client.post(f"{HERE}/design", data={**form, "go": "groups"}, headers=SAME)
    assert shown.status_code == 200
    assert 'name="count-south"' in shown.text
    assert "By lot" in shown.text
    refused = await client.post(f"{HERE}/design", data={**form, "count-north": "many"}, headers=SAME)
    assert refused.status_code == 422
    assert "Write a whole number of people" in refused.text
    counts = {"count-north": "4 000", "count-south": "1,000", "count-away": "10"}
    saved = await client.post(f"{HERE}/design", data={**form, **counts}, headers=SAME)
    assert saved.status_code == 303
    assert await queries.design_of(survey_id) == Declared(
        kind="sample", drawn=100, strata="town", counts={"north": 4000, "south": 1000, "away": 10},
        description={"en": "By lot"}, frame={"mk": "Регистар"},
    )  # fmt: skip
    assert "The design is declared" in (await client.get(saved.headers["location"])).text
    await client.post(f"{HERE}/design/withdraw", headers=SAME)
    assert (await queries.design_of(survey_id)).kind == "open"


async def test_a_design_without_a_kind_is_refused(client: httpx.AsyncClient) -> None:
    await a_weighable_survey()
    await staff(client, NOON, "analyst")
    answer = await client.post(f"{HERE}/design", data={"population": "-4"}, headers=SAME)
    assert answer.status_code == 422
    assert "Choose how respondents were chosen." in answer.text


@pytest.mark.parametrize("language", ["mk", "ka"])
async def test_a_survey_without_answers_has_all_pages(client: httpx.AsyncClient, language: str) -> None:
    await a_weighable_survey(())
    await staff(client, NOON, "analyst")
    await make_weights(client)
    for path in ("design", "weights", "weights/new", "weights/estimate", "weights/estimate/add"):
        assert (await client.get(f"/staff/{language}/results/trees/{path}")).status_code == 200


async def test_a_declared_design_shows_in_the_figures(client: httpx.AsyncClient) -> None:
    survey_id = await a_weighable_survey()
    await staff(client, NOON, "analyst")
    await publish_results(survey_id=survey_id, at=NOON)
    public = "/en/surveys/trees/results"
    for address in (HERE, public):
        assert "interval" not in (await client.get(address)).text.lower()
    form = {"kind": "sample", "population": "4000", "description-en": "Drawn by lot from the register"}
    await client.post(f"{HERE}/design", data=form, headers=SAME)
    for address in (HERE, public):
        page = (await client.get(address)).text
        assert "Drawn by lot from the register" in page
        assert "interval" in page.lower()
    assert (await queries.design_of(survey_id)).people == 4000
