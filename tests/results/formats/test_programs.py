"""Files for SPSS and Stata, opened again by ReadStat (pyreadstat), which knows nothing of our writers."""

import datetime as dt
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from consult import i18n
from consult.profile import load_profile
from consult.results.formats.names import cut, spss_names, stata_names
from consult.settings import resource
from tests.results.formats.makers import FULL, LONG, NOTHING, QUESTIONS, written
from tests.results.makers import a_survey, definition, question, text


@pytest.fixture(autouse=True)
def _languages() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))


def opened(path: Path, **more: Any) -> tuple[dict[str, list[Any]], Any]:
    read = pyreadstat.read_sav if path.suffix == ".sav" else pyreadstat.read_dta
    found, about = read(path, output_format="dict", **more)
    return {name: list(column) for name, column in found.items()}, about


def row_of(found: dict[str, list[Any]], name: str, value: object) -> dict[str, Any]:
    place = found[name].index(value)
    return {column: cells[place] for column, cells in found.items()}


async def test_spss_reads_values_labels_and_user_missing(db: None, tmp_path: Path) -> None:
    path, report = await written(tmp_path, "sav", codes=False)
    found, about = opened(path, user_missing=True)
    full, nothing = row_of(found, "flat", 12), row_of(found, "flat", -9)
    assert (full["one"], full["mark"], full["grid.parks"], full["age"]) == (3, 4, 5, -34.5)
    assert [full[f"many.{code}"] for code in ("yes", "no", "other", "dont_know")] == [1, 0, 1, 0]
    assert (full["words"], full["many.other.text"]) == ("Ана рече: „ајде“,\nпа замина", "ველოსიპედი")
    assert (full["day"], full["hour"]) == (dt.date(2026, 5, 1), dt.time(14, 30))
    assert (nothing["one"], nothing["many.yes"], nothing["mark"], nothing["age"]) == (-9, -9, -8, -1_000_000_008)
    assert (nothing["grid.parks"], nothing["words"], nothing["agreed"]) == (None, "NA", 0)
    assert about.file_encoding == "UTF-8" and about.number_rows == report.rows == 2
    assert about.variable_value_labels["one"] == {1: "Да", 2: "Не", 3: "Друго", -9: "Поставено, но без одговор", -8: "Не знам", -7: "Одби да одговори"}  # fmt: skip  # noqa: E501
    assert about.column_names_to_labels["grid.parks"].endswith("Паркови")
    assert {entry["lo"] for entry in about.missing_ranges["one"]} == {-9, -8, -7}
    assert (about.variable_measure["one"], about.variable_measure["mark"]) == ("nominal", "ordinal")
    assert "r_id" in found and about.file_label == "Дрвја"
    plain, _ = opened(path)
    assert row_of(plain, "flat", 12)["grid.roads"] is None


async def test_spss_tabulates_several_answers_as_one_set(db: None, tmp_path: Path) -> None:
    path, _ = await written(tmp_path, "sav", language="ka", codes=False)
    _, about = opened(path)
    assert about.mr_sets["many"]["variable_list"] == ["many.yes", "many.no", "many.other", "many.dont_know"]
    assert (about.mr_sets["many"]["counted_value"], about.mr_sets["many"]["label"]) == (1, "One tree for two spaces?")
    assert about.variable_value_labels["one"][1] == "დიახ"


async def test_stata_reads_values_labels_and_extended_missing(db: None, tmp_path: Path) -> None:
    path, report = await written(tmp_path, "dta", language="ka", codes=False)
    found, about = opened(path, user_missing=True)
    full, nothing = row_of(found, "flat", 12), row_of(found, "flat", "b")
    assert (full["one"], full["mark"], full["grid_parks"], full["grid_roads"]) == (3, 4, 5, "b")
    assert (full["age"], full["many_yes"], full["many_no"]) == (-34.5, 1, 0)
    assert (full["words"], full["many_other_text"]) == ("Ана рече: „ајде“,\nпа замина", "ველოსიპედი")
    assert (full["day"], full["hour"].strftime("%H:%M")) == (dt.date(2026, 5, 1), "14:30")
    assert (nothing["one"], nothing["mark"], nothing["age"], nothing["grid_parks"]) == ("b", "c", "c", "a")
    assert about.variable_value_labels["one"] == {
        1: "დიახ", 2: "არა", 3: "სხვა",
        "a": "კითხვა არ დასმულა", "b": "დაისვა, მაგრამ პასუხი არ არის", "c": "არ ვიცი", "d": "უარი პასუხზე",
    }  # fmt: skip
    assert about.number_rows == report.rows == 2 and about.file_label == "ხეები"


@pytest.mark.parametrize("kind", ["sav", "dta"])
async def test_long_texts_come_back_whole(db: None, tmp_path: Path, kind: Any) -> None:
    lengths = [1, 8, 255, 256, 504, 505, 700, 2045, 2046]
    answers = [{"words": "я" * (n // 2) + "x" * (n % 2)} for n in lengths] + [{"words": LONG.rstrip()}, {"words": ""}]
    for one in (answers, answers[:3], answers[:7], answers[:8]):
        survey_id = await a_survey(definition(question("text", "words", max_length=10_000), key=f"t{len(one)}"), one)
        path, report = await written(tmp_path, kind, survey_id=survey_id)
        found, _ = opened(path)
        assert sorted(found["words"]) == sorted(answer["words"] for answer in one)
        assert report.cuts == ()


@pytest.mark.parametrize("kind", ["sav", "dta"])
async def test_thousands_of_rows_keep_their_values(db: None, tmp_path: Path, kind: Any) -> None:
    answers = [{"mark": 1 + n % 5, "age": n / 8, "flat": n % 41, "words": f"{n}"} for n in range(4501)]
    path, report = await written(tmp_path, kind, answers)
    found, _ = opened(path)
    assert report.rows == 4501
    for mark, age, flat, words in zip(found["mark"], found["age"], found["flat"], found["words"], strict=True):
        n = int(words)
        assert (mark, age, flat) == (1 + n % 5, n / 8, n % 41)


@pytest.mark.parametrize("kind", ["sav", "dta"])
async def test_an_empty_survey_gives_a_file_without_rows(db: None, tmp_path: Path, kind: Any) -> None:
    path, report = await written(tmp_path, kind, [])
    found, _ = opened(path)
    assert report.rows == 0 and found["one"] == []


async def test_labels_too_long_for_a_program_are_cut_and_reported(db: None, tmp_path: Path) -> None:
    long = {"code": "long", "text": text("x", "Многу долг одговор " * 12, "x")}
    asked = question(
        "single",
        "one",
        options=[long, {"code": "b", "text": text("b")}],
        text=text("x", "Колку долго прашање? " * 20, "x"),
    )
    survey_id = await a_survey(definition(asked), [{"one": "long"}])
    path, report = await written(tmp_path, "sav", survey_id=survey_id, codes=False)
    _, about = opened(path)
    kept = {cut.place: cut.kept for cut in report.cuts}
    assert about.variable_value_labels["one"][1] == kept["one = 1"] and len(kept["one = 1"].encode()) <= 120
    assert about.column_names_to_labels["one"] == kept["one"] and len(kept["one"].encode()) <= 255
    _, report = await written(tmp_path, "dta", survey_id=survey_id, codes=False)
    assert [(one.place, len(one.kept)) for one in report.cuts] == [("one", 80)]


async def test_by_codes_the_labels_are_the_codes_of_the_questionnaire(db: None, tmp_path: Path) -> None:
    survey_id = await a_survey(definition(*QUESTIONS), [FULL, NOTHING])
    by_codes, by_words = [
        opened((await written(tmp_path, "dta", survey_id=survey_id, codes=codes))[0])[1] for codes in (True, False)
    ]
    assert by_codes.variable_value_labels["one"][3] == "other"
    assert by_words.variable_value_labels["one"][3] == "Друго"


def test_names_are_valid_and_unique() -> None:
    long = "a" * 40
    columns = ["_id", "id", "r_id", "with", "a-b", "a_b", "A_b", f"{long}.b", f"{long}.c", "x.y", "str12", "int"]
    spss, stata = spss_names(columns), stata_names(columns)
    for found, most in ((spss, 64), (stata, 32)):
        assert len({name.lower() for name in found.values()}) == len(columns)
        assert all(0 < len(name) <= most and name[0].isalpha() for name in found.values())
    assert (spss["_id"], spss["x.y"], stata["x.y"], spss["with"]) == ("r_id", "x.y", "x_y", "with_q")
    assert not {"with", "int", "str12"} & set(stata.values())


def test_a_text_is_cut_between_letters() -> None:
    assert cut("ქალაქი", 7).decode() == "ქა"
    assert cut("a\tb", 10) == b"a b"
