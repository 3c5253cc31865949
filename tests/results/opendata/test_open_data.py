"""Open data: nobody can be found in the tables, the same cell is always alike, and other programs can read them."""

import csv
import io
import json
import zipfile
from typing import Any
from uuid import UUID

import httpx
import numpy as np
import pytest

from consult import i18n
from consult.columns.frame import frame
from consult.profile import load_profile
from consult.results.opendata import queries
from consult.results.opendata.jsonstat import TOTAL, collection, dataset
from consult.results.opendata.protected import Dimension, Protected
from consult.results.operations import publish_results
from consult.settings import Settings, resource
from tests.results.makers import NOON, a_survey, answered, definition, question, text

QUESTIONS = [
    question("single", "sex", options=[{"code": "f", "text": text("Woman")}, {"code": "m", "text": text("Man")}]),
    question("single", "one"),
    question("multiple", "many"),
    question("scale", "mark", sensitive=True),
    question("single", "secret", public=False),
    question("text", "words"),
    question("number", "age"),
]
ANSWERS: list[dict[str, Any]] = [
    {
        "sex": "f" if n % 3 else "m",
        "one": "yes" if n % 4 else "no",
        "many": ["yes", "no"] if n % 2 else ["yes"],
        "mark": 1 + n % 5 if n < 60 else 5,
        "secret": "yes",
        "words": f"Ана {n}",
        "age": n,
    }
    for n in range(83)
] + [{"one": "other", "sex": "m"}] * 2


@pytest.fixture(autouse=True)
def _configured(settings: Settings) -> None:
    profile = load_profile(resource("profiles", "skopje.toml"))
    i18n.configure(profile)
    queries.configure(settings, profile.name)


async def survey() -> UUID:
    return await a_survey(definition(*QUESTIONS, results={"breaks": ["sex", "secret"]}), ANSWERS)


def figures(table: Protected) -> list[int | None]:
    return [one for row in table.cells for one in row] + [*table.totals, *table.answers_of_all, table.all]


async def test_small_counts_are_hidden_and_the_others_are_multiples_of_five(db: None) -> None:
    found = await queries.open_data(await survey(), NOON)
    assert set(found.tables) == {"sex", "one", "many", "mark", "one-by-sex", "many-by-sex", "mark-by-sex"}
    for table in found.tables.values():
        assert all(one is None or one % 5 == 0 for one in figures(table)), table.name
    one = found.tables["one"]
    assert one.answers.codes == ("yes", "no", "other")
    assert one.cells[0][2] is None and one.cells[0].count(None) >= 2  # what is left would tell it
    exact = [62, 21, 2]
    assert all(shown is None or abs(shown - true) < 5 for shown, true in zip(one.cells[0], exact, strict=True))
    crossed = found.tables["one-by-sex"]
    assert crossed.groups is not None and crossed.groups.codes == ("f", "m")
    assert crossed.cells[1][2] is None


async def test_the_same_people_give_the_same_figure_in_every_table_and_every_time(db: None) -> None:
    survey_id = await survey()
    first = await queries.open_data(survey_id, NOON)
    for name in ("one", "many"):
        crossed = first.tables[f"{name}-by-sex"]
        both = zip(first.tables[name].answers_of_all, crossed.answers_of_all, strict=True)
        assert all(alone == within for alone, within in both)
    queries._kept.clear()
    assert (await queries.open_data(survey_id, NOON)).tables == first.tables


async def test_noise_is_drawn_anew_only_where_people_change(db: None) -> None:
    survey_id = await survey()
    before = await queries.open_data(survey_id, NOON)
    await answered(survey_id, [{"one": "no"}])
    assert (await queries.open_data(survey_id, NOON)).tables is before.tables  # ten minutes
    after = await queries.open_data(survey_id, NOON + queries.AFRESH)
    assert after.answers.snapshot.key != before.answers.snapshot.key
    assert after.tables["many"] == before.tables["many"]
    assert after.tables["sex"] == before.tables["sex"]


async def test_a_group_that_all_said_something_sensitive_is_hidden(db: None) -> None:
    answers = [{"sex": "m", "mark": 5}] * 30 + [{"sex": "f", "mark": 1 + n % 2} for n in range(60)]
    survey_id = await a_survey(definition(*QUESTIONS, results={"breaks": ["sex"]}), answers)
    table = (await queries.open_data(survey_id, NOON)).tables["mark-by-sex"]
    assert table.cells[1] == (None,) * 5


async def test_a_survey_without_answers_has_tables_of_zeros(db: None) -> None:
    survey_id = await a_survey(definition(*QUESTIONS, results={"breaks": ["sex"]}), [])
    found = await queries.open_data(survey_id, NOON)
    assert set(figures(found.tables["one-by-sex"])) == {0}


async def test_the_package_is_for_everybody_once_results_are_public(client: httpx.AsyncClient) -> None:
    survey_id = await survey()
    address = "/ka/surveys/trees/results/open-data.zip"
    assert (await client.get(address)).status_code == 404
    assert (await client.get("/api/v1/surveys/trees/json-stat")).status_code == 404
    await publish_results(survey_id=survey_id, at=NOON)
    answer = await client.get(address)
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/zip"
    assert (await client.get(address, headers={"if-none-match": answer.headers["etag"]})).status_code == 304
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    assert {"README-mk.txt", "README-ka.txt", "README-en.txt", "dictionary-ka.csv", "rounding.csv"} <= set(files)
    assert {"tables/one-by-sex.csv", "json-stat/ka/one-by-sex.json"} <= set(files)
    assert not any("secret" in name or "words" in name for name in files)
    everything = "".join(files.values())
    assert "Ана" not in everything and "secret" not in files["dictionary-en.csv"]
    assert "ხეები" in files["README-ka.txt"] and "JSON-stat" in files["README-mk.txt"]
    rows = list(csv.DictReader(io.StringIO(files["tables/one.csv"])))
    hidden = next(row for row in rows if row["answer"] == "other")
    assert (hidden["count"], hidden["share"], hidden["status"], hidden["answer_ka"]) == ("", "", "hidden", "სხვა")
    valid(json.loads(files["json-stat/ka/one-by-sex.json"]))


async def test_programs_get_json_stat(client: httpx.AsyncClient) -> None:
    await publish_results(survey_id=await survey(), at=NOON)
    listed = (await client.get("/api/v1/surveys/trees/json-stat?language=mk")).json()
    assert (listed["version"], listed["class"], listed["label"]) == ("2.0", "collection", "Дрвја")
    for item in listed["link"]["item"]:
        found = await client.get(item["href"])
        assert found.status_code == 200
        valid(found.json())
    assert (await client.get("/api/v1/surveys/trees/json-stat/secret")).status_code == 404
    assert (await client.get("/api/v1/surveys/trees/json-stat/one?language=xx")).status_code == 404


def valid(found: dict[str, Any]) -> None:
    """The structure that the format's description asks of a dataset."""
    assert (found["version"], found["class"]) == ("2.0", "dataset")
    assert len(found["id"]) == len(found["size"]) == len(found["dimension"])
    assert len(found["value"]) == int(np.prod(found["size"]))
    for name, size in zip(found["id"], found["size"], strict=True):
        category = found["dimension"][name]["category"]
        assert len(category["index"]) == len(set(category["index"])) == size
        assert set(category["label"]) == set(category["index"])
        assert found["dimension"][name]["label"]
    assert set(found["status"]) == {str(place) for place, value in enumerate(found["value"]) if value is None}
    assert found["label"] and found["source"] and found["updated"] and found["note"]


def test_values_run_with_the_last_dimension_first() -> None:
    answers = Dimension("q", {"en": "Q"}, ("a", "b"), ({"en": "A"}, {"en": "B"}))
    groups = Dimension("g", {"en": "G"}, ("x", "y"), ({"en": "X"}, {"en": "Y"}))
    table = Protected(answers, groups, ((5, None), (10, 15)), (10, 25), (15, 20), 35)
    made = dataset(table, i18n.locale("en"), updated=NOON, source="Town", notes=("Note",))
    valid(made)
    assert (made["id"], made["size"]) == (["g", "q"], [3, 3])
    assert made["value"] == [5, None, 10, 10, 15, 25, 15, 20, 35]
    assert made["dimension"]["q"]["category"]["index"] == ["a", "b", TOTAL]
    assert collection({"/x": "X"}, "All")["link"]["item"][0]["href"] == "/x"


async def test_a_frame_gives_the_keys_in_its_own_order(db: None) -> None:
    answers = await frame(await survey())
    assert len(answers.ids()) == answers.n == len(ANSWERS)
