import csv
import io
import tracemalloc
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from consult import i18n
from consult.errors import Invalid
from consult.profile import load_profile
from consult.results import exports, queries
from consult.results.formats.taking import Wanted
from consult.results.formats.writing import write
from consult.results.imports import csv_rows
from consult.results.operations import import_responses
from consult.results.sheet import harmless, restored
from consult.settings import resource
from consult.storage import execute, fetch, fetchval, transaction
from tests.results.makers import NOON, a_survey, definition, question, text

QUESTIONS = [
    question("single", "one"),
    question("multiple", "many"),
    question("scale", "mark"),
    question("matrix_scale", "grid"),
    question("number", "age", decimals=1),
    question("text", "words"),
]
FULL = {
    "one": "other",
    "one.other": "=cmd|' /C calc'!A0",
    "many": ["yes", "other"],
    "many.other": "+1",
    "mark": 4,
    "grid": {"parks": 5, "roads": None},
    "age": 34.5,
    "words": 'Ана рече: "ајде",\nпа замина',
}
EMPTY: dict[str, Any] = {"one": None, "many": None, "mark": "dont_know", "age": None, "words": None}


@pytest.fixture(autouse=True)
def _languages() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))


async def written(survey_id: Any, language: str | None = None, *, bom: bool = False) -> str:
    out = io.BytesIO()
    await exports.export_csv(survey_id, i18n.locale(language) if language else None, out, bom=bom)
    return out.getvalue().decode()


def lines(data: str) -> list[dict[str, str]]:
    return sorted(csv.DictReader(io.StringIO(data, newline="")), key=str)


async def test_codes_keep_every_kind_of_answer_apart(db: None) -> None:
    survey_id = await a_survey(definition(*QUESTIONS), [FULL])
    row = lines(await written(survey_id))[0]
    assert (row["_language"], row["_channel"], row["_day"], row["_version"]) == ("mk", "web", "2026-11-20", "1")
    assert (row["one"], row["mark"], row["age"]) == ("other", "4", "34.5")
    assert [row[f"many.{code}"] for code in ("yes", "no", "other", "dont_know")] == ["1", "0", "1", "0"]
    assert (row["grid.parks"], row["grid.roads"]) == ("5", "NA")
    assert row["words"] == 'Ана рече: "ајде",\nпа замина'


async def test_skipped_is_na_and_not_asked_is_empty(db: None) -> None:
    survey_id = await a_survey(definition(*QUESTIONS), [EMPTY])
    row = lines(await written(survey_id))[0]
    assert (row["one"], row["many.yes"], row["mark"], row["age"]) == ("NA", "NA", "dont_know", "NA")
    assert (row["grid.parks"], row["words"]) == ("", "NA")


async def test_texts_that_look_like_formulas_are_made_harmless_and_numbers_stay_numbers(db: None) -> None:
    survey_id = await a_survey(definition(question("single", "one"), question("number", "n")), [FULL | {"n": -5}])
    data = await written(survey_id)
    row = lines(data)[0]
    assert row["one.other"] == "'=cmd|' /C calc'!A0"
    assert row["n"] == "-5"
    for words in ("=1+1", "+1", "-1", "@x", "\tx", "plain", "'quoted", "", "NAB"):
        assert restored(str(harmless(words))) == words
    assert harmless(-5) == -5


async def test_labels_are_in_the_language_asked_for(db: None) -> None:
    survey_id = await a_survey(definition(*QUESTIONS), [{**EMPTY, "one": "yes", "mark": 5}])
    found = list(csv.reader(io.StringIO(await written(survey_id, "mk"), newline="")))
    assert "Да" in found[1] and "Многу задоволни" in found[1]
    georgian = await written(survey_id, "ka")
    assert "ძალიან კმაყოფილი" in georgian


async def test_lines_end_as_the_standard_says_and_the_byte_order_mark_is_optional(db: None) -> None:
    survey_id = await a_survey(definition(question("single")), [{"q": "yes"}])
    assert (await written(survey_id)).count("\r\n") == 2
    assert not (await written(survey_id)).startswith("\ufeff")
    assert (await written(survey_id, bom=True)).startswith("\ufeff")


async def test_a_workbook_opens_again_with_answers_and_codebook(db: None, tmp_path: Path) -> None:
    survey_id = await a_survey(definition(*QUESTIONS), [FULL, EMPTY])
    path = tmp_path / "answers.xlsx"
    await write(survey_id, "xlsx", path, locale=i18n.locale("mk"), wanted=Wanted(), at=NOON)
    book = openpyxl.load_workbook(path)
    answers, codebook = book.worksheets
    head = [cell.value for cell in answers[1]]
    rows = [dict(zip(head, [cell.value for cell in line], strict=True)) for line in answers.iter_rows(min_row=2)]
    full = next(row for row in rows if row["one"] == "other")
    assert (full["age"], full["mark"], full["many.yes"]) == (34.5, 4, 1)
    assert full["one.other"] == "=cmd|' /C calc'!A0"
    formula = [cell for line in answers.iter_rows() for cell in line if cell.data_type == "f"]
    assert formula == []
    meanings = {(line[0].value, line[3].value): line[4].value for line in codebook.iter_rows(min_row=2)}
    assert meanings["one", "yes"] == "Да"
    assert meanings["grid.parks", "5"] == "Многу задоволни"


async def test_what_was_exported_by_codes_can_be_imported_again(db: None) -> None:
    first = await a_survey(definition(*QUESTIONS), [FULL, EMPTY | {"grid": {"parks": 3, "roads": "dont_know"}}])
    data = (await written(first, bom=True)).encode()
    before = await fetch("select answers from response order by answers::text")
    async with transaction():
        await execute("set local session_replication_role = replica")
        await execute("delete from response")
    done = await import_responses(survey_id=first, rows=csv_rows(data), at=NOON)
    assert (done.stored, done.present) == (2, 0)
    after = await fetch("select answers from response order by answers::text")
    whole = EMPTY | {"grid": {"parks": 3, "roads": "dont_know"}}
    assert [row["answers"] for row in after] == [row["answers"] for row in before]
    assert whole in [row["answers"] for row in after]


async def test_a_question_may_be_called_like_a_fact_about_the_response(db: None) -> None:
    named = [question("single", key) for key in ("id", "version", "language", "channel", "day")]
    survey_id = await a_survey(definition(*named), [{"channel": "yes", "day": "no"}])
    data = (await written(survey_id)).encode()
    row = lines(data.decode())[0]
    assert (row["channel"], row["_channel"], row["day"], row["_day"]) == ("yes", "web", "no", "2026-11-20")
    done = await import_responses(survey_id=survey_id, rows=csv_rows(data), at=NOON)
    assert (done.stored, done.present) == (0, 1)


async def test_importing_the_same_file_twice_changes_nothing(db: None) -> None:
    survey_id = await a_survey(definition(question("single")), [{"q": "yes"}] * 3)
    data = (await written(survey_id)).encode()
    done = await import_responses(survey_id=survey_id, rows=csv_rows(data), at=NOON)
    assert (done.stored, done.present) == (0, 3)
    assert await fetchval("select count(*) from response") == 3


async def test_a_file_with_problems_is_refused_whole_and_says_where(db: None) -> None:
    survey_id = await a_survey(definition(question("single"), question("scale", "mark", required=True)))
    data = b"q,mark,_day,_channel,odd\nyes,5,,,\nperhaps,9,soon,pigeon,x\n"
    with pytest.raises(Invalid) as refused:
        await import_responses(survey_id=survey_id, rows=csv_rows(data), at=NOON)
    places = [problem.place for problem in refused.value.problems]
    assert sorted(places) == ["2, odd", "3, _channel", "3, _day", "3, mark", "3, odd", "3, q"]
    assert await fetchval("select count(*) from response") == 0


async def test_semicolons_and_the_mark_of_excel_are_understood(db: None) -> None:
    survey_id = await a_survey(definition(question("single")))
    done = await import_responses(
        survey_id=survey_id, rows=csv_rows("\ufeffq;_day\r\nyes;2026-11-01\r\n".encode()), at=NOON
    )
    assert done.stored == 1
    assert str(await fetchval("select day from response")) == "2026-11-01"
    assert await fetchval("select channel from response") == "paper"


@pytest.mark.parametrize("data", [b"", b"\n", "q\nдa".encode("cp1251")])
async def test_a_file_that_is_no_csv_is_refused_in_words(db: None, data: bytes) -> None:
    survey_id = await a_survey(definition(question("single")))
    with pytest.raises(Invalid) as refused:
        await import_responses(survey_id=survey_id, rows=csv_rows(data), at=NOON)
    assert [problem.place for problem in refused.value.problems] == ["file"]


async def test_an_export_of_many_answers_needs_little_memory(db: None) -> None:
    survey_id = await a_survey(definition(*QUESTIONS))
    await execute(
        "insert into response (id, survey, version, language, channel, day, answers)"
        " select gen_random_uuid(), $1, 1, 'mk', 'web', '2026-11-20', $2 from generate_series(1, 20000)",
        survey_id,
        FULL,
    )
    tracemalloc.start()
    count = 0
    async for block in exports.csv_blocks(survey_id, Wanted()):
        count += block.count(b"\r\n")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20001
    assert peak < 24 * 2**20


async def test_published_tables_hold_what_the_page_shows(db: None) -> None:
    survey_id = await a_survey(
        definition(question("single", text=text("=Trees?"), sensitive=True), question("matrix_scale", "grid")),
        [{"q": "yes", "grid": {"parks": 4, "roads": 2}}] * 20 + [{"q": "no"}] * 3,
    )
    results = await queries.results_of(survey_id)
    data = exports.tables_csv(results, results.charts, i18n.locale("en")).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(data, newline="")))
    assert ["q", "", "No", "hidden", "hidden"] in found
    assert ["grid", "Parks", "Satisfied", "100%", "20"] in found
