"""Answers of several versions together, and answers left out because of their marks."""

import csv
import io
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from consult import i18n
from consult.charts import showing
from consult.profile import load_profile
from consult.results import exports, queries
from consult.results.counting import STAFF
from consult.results.downloads.export import Asked
from consult.results.formats.taking import Wanted
from consult.results.operations import publish_results
from consult.settings import resource
from consult.storage import execute, fetchval
from consult.surveys import operations as surveys
from tests.people.makers import staff
from tests.results.makers import NOON, a_survey, answered, definition, question, text

pytestmark = pytest.mark.usefixtures("languages")
SAME = {"sec-fetch-site": "same-origin"}
OPTIONS = [{"code": "yes", "text": text("Certainly")}, {"code": "maybe", "text": text("Maybe")}]


@pytest.fixture
def languages() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))


async def exported(survey_id: UUID, wanted: Wanted) -> list[dict[str, str]]:
    data = b"".join([block async for block in exports.csv_blocks(survey_id, wanted)])
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


async def two_versions() -> UUID:
    """Version 1 asked `many` and `old`; version 2 renames an option, takes others away, adds one and a question."""
    first = definition(question("multiple", "many"), question("single", "old"))
    survey_id = await a_survey(first, [{"many": ["yes"], "old": "yes"}] * 12)
    second = definition(question("multiple", "many", options=OPTIONS), question("scale", "new"))
    await surveys.import_working_copy(definition=second, at=NOON)
    await surveys.publish(survey_id=survey_id, at=NOON)
    await answered(survey_id, [{"many": ["maybe"], "new": 4}] * 8, version=2)
    return survey_id


async def test_removed_questions_and_options_stay_and_say_so(db: None) -> None:
    found = await queries.results_of(await two_versions(), policy=STAFF)
    assert list(found.charts) == ["many", "new", "old"]
    labels = {row.key: row.label["en"] for row in found.charts["many"].rows}
    assert labels["yes"] == "Certainly"
    assert labels["no"] == "No (no longer offered)"
    assert found.charts["old"].title["mk"].endswith("(веќе не се прашува)")


async def test_a_question_added_later_counts_those_who_were_asked(db: None) -> None:
    found = await queries.results_of(await two_versions(), policy=STAFF)
    assert found.charts["new"].base == 8
    assert [(left.kind, left.count) for left in found.charts["new"].left_out] == [("not_asked", 12)]
    assert found.charts["old"].base == 12


async def test_an_option_added_later_rests_on_those_who_could_choose_it(db: None) -> None:
    found = await queries.results_of(await two_versions(), policy=STAFF)
    rows = {row.key: row for row in found.charts["many"].rows}
    assert (rows["maybe"].base, rows["maybe"].parts[0].share) == (8, 1.0)
    assert (rows["yes"].base, rows["yes"].parts[0].share) == (20, 0.6)
    assert (rows["no"].base, rows["no"].parts[0].share) == (12, 0.0)


async def test_columns_keep_their_names_and_what_a_version_lacked_is_empty(db: None) -> None:
    rows = await exported(await two_versions(), Wanted())
    first = next(row for row in rows if row["_version"] == "1")
    second = next(row for row in rows if row["_version"] == "2")
    assert (first["many.yes"], first["many.no"], first["many.maybe"], first["new"]) == ("1", "0", "", "")
    assert (second["many.yes"], second["many.no"], second["many.maybe"], second["old"]) == ("0", "", "1", "")
    assert 0 <= int(first["_variant"]) < 32


async def flagged_survey() -> UUID:
    """Seven usual answers, three that came too fast, one of them in a burst; two say the same long sentence."""
    survey_id = await a_survey(definition(question("single"), question("text", "words")), [{"q": "yes"}] * 5)
    await answered(survey_id, [{"q": "yes", "words": "Ве молиме, поправете го патот кај паркот!"}] * 2)
    for flags in (["too_fast"], ["too_fast"], ["too_fast", "burst"]):
        await execute(
            "insert into response (id, survey, version, language, channel, day, answers, flags)"
            " values ($1, $2, 1, 'mk', 'web', '2026-11-20', $3, $4)",
            uuid4(), survey_id, {"q": "no"}, flags,
        )  # fmt: skip
    return survey_id


async def test_marked_answers_are_left_out_of_counts_and_files_only_when_asked(db: None) -> None:
    survey_id = await flagged_survey()
    everything = await queries.results_of(survey_id, policy=STAFF)
    assert (everything.charts["q"].base, everything.left.total) == (10, 0)
    assert dict(everything.left.counts) == {"too_fast": 3, "burst": 1, "duplicate_text": 2}
    fewer = await queries.results_of(survey_id, policy=STAFF, without=["burst", "too_fast", "unheard_of"])
    assert (fewer.charts["q"].base, fewer.left.total, fewer.left.flags) == (7, 3, ("too_fast", "burst"))
    assert fewer.snapshot.key != everything.snapshot.key
    rows = await exported(survey_id, Wanted())
    assert sorted(row["_flags"] for row in rows)[-5:] == [
        "duplicate_text", "duplicate_text", "too_fast", "too_fast", "too_fast burst",
    ]  # fmt: skip
    assert len(await exported(survey_id, Wanted(without=("duplicate_text",)))) == 8
    assert "words" not in (await exported(survey_id, Wanted(impersonal=True)))[0]
    assert await fetchval("select count(*) from response") == 10


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_staff_read_how_many_were_left_out_and_why(client: httpx.AsyncClient, language: str) -> None:
    survey_id = await flagged_survey()
    await staff(client, NOON, "analyst")
    page = (await client.get(f"/staff/{language}/results/trees?without=too_fast&without=burst")).text
    said = i18n.locale(language)
    assert said.gettext("The form came back sooner than its pages can be read.") in page
    assert 'value="too_fast" checked' in page and 'value="duplicate_text" checked' not in page
    assert page.count('type="hidden" name="without"') >= 2
    asked = Asked("csv", language, without=("too_fast",))
    assert asked.name("trees") == "trees-codes-without-too-fast.csv"
    assert len(await exported(survey_id, Wanted(without=asked.without))) == 7
    codebook = (await exports.codebook_csv(survey_id, said)).decode()
    assert "_variant" in codebook and "too_fast" in codebook


async def test_public_results_say_which_answers_count(client: httpx.AsyncClient) -> None:
    survey_id = await flagged_survey()
    await publish_results(survey_id=survey_id, at=NOON)
    page = (await client.get("/en/surveys/trees/results")).text
    assert "All answers count." in page
    await publish_results(survey_id=survey_id, at=NOON, without=("too_fast",))
    page = (await client.get("/en/surveys/trees/results")).text
    assert "3 answers were left out" in page and "sooner than its pages can be read" in page
    told: dict[str, Any] = (await client.get("/api/v1/surveys/trees/results")).json()
    assert (told["responses"], told["left_out"], told["left_out_because"]) == (7, 3, ["too_fast"])
    tables = (await client.get("/en/surveys/trees/results/tables.csv")).text
    assert "3 answers were left out" in tables


async def test_staff_publish_with_the_rule_on_their_page(client: httpx.AsyncClient) -> None:
    survey_id = await flagged_survey()
    await staff(client, NOON, "analyst")
    answer = await client.post(
        "/staff/en/results/trees/publish", headers=SAME, data={"without": ["too_fast", "unheard_of"]}
    )
    assert answer.status_code == 303
    assert await fetchval("select without from results_publication where survey = $1", survey_id) == ["too_fast"]
    chart = await queries.question_chart(survey_id, "q")
    assert chart.base == 7
    assert showing.table(chart, i18n.locale("en")).rows
