"""Surveys from files and answers as files, as the README tells it."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from consult.surveys.authoring.yaml_reading import load
from tests.cli.town import ROOT, Town
from tests.exchange.makers import form, row

DEAD = """
consult: survey/1
key: dead
title: {en: Dead}
languages: [en]
pages:
  - key: one
    questions:
      - {key: age, type: number, text: {en: How old are you?}, min: 18, max: 99}
      - {key: school, type: text, text: {en: Where do you study?}, show_if: age < 30}
      - {key: never, type: text, text: {en: Who takes care of you?}, show_if: age > 60 && answered(school)}
"""


def test_shipped_surveys_and_those_of_the_benchmark_are_sound(town: Town) -> None:
    files = [*(ROOT / "surveys").glob("*.yaml"), *(ROOT / "tests" / "bench").glob("*.yaml")]
    told = town.consult("survey", "check", *files)
    assert told.returncode == 0, told.stdout
    assert told.stdout.count("no problems") == len(files)


def test_problems_are_told_with_file_line_and_place(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("consult: survey/1\nkey: two words\npages: 3\n")
    told = town.consult("survey", "check", file)
    assert told.returncode == 1
    assert re.search(rf"^{re.escape(str(file))}:2: key: ", told.stdout, re.MULTILINE)
    assert re.search(rf"^{re.escape(str(file))}:3: pages: ", told.stdout, re.MULTILINE)
    assert town.consult("survey", "publish", file).returncode == 1


def test_hints_are_told_apart_from_problems(town: Town, tmp_path: Path) -> None:
    long = tmp_path / "long.yaml"
    wordy = " ".join(["park"] * 40)
    long.write_text(DEAD.replace(" && answered(school)", "").replace("Who takes care of you?", f"{wordy}?"))
    told = town.consult("survey", "check", long)
    assert told.returncode == 0, told.stdout
    assert re.search(rf"^{re.escape(str(long))}: hint: questions\.\w+\.text: .*40 words", told.stdout, re.MULTILINE)
    assert "no problems" in told.stdout


def test_what_nobody_can_reach_is_a_problem(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "dead.yaml"
    file.write_text(DEAD)
    told = town.consult("survey", "check", file)
    assert told.returncode == 1
    assert f"{file}: questions.never: Nobody can ever be asked this question" in told.stdout


def test_the_readme_is_true_about_the_first_survey(town: Town, parks: Path, tmp_path: Path) -> None:
    assert town.consult("survey", "check", parks).returncode == 0
    made = town.json("survey", "publish", parks, "--open")
    assert (made["slug"], made["version"], made["state"]) == ("parks", 1, "open")
    assert made["address"] == "http://localhost:8000/mk/surveys/parks"
    assert re.fullmatch(r"http://localhost:8000/s/\w{6}", made["short_link"])

    again = town.consult("survey", "publish", parks)
    assert again.returncode == 1
    assert "nothing to publish" in again.stderr

    answers = tmp_path / "answers.csv"
    answers.write_text("visited,satisfied,_language\nyes,4,ka\nno,,mk\n")
    assert town.json("responses", "import", "parks", answers)["stored"] == 2
    listed = {one["slug"]: one for one in town.json("survey", "list")}
    assert listed["parks"]["responses"] == 2

    book = tmp_path / "parks.xlsx"
    done = town.consult("responses", "export", "parks", "--format", "xlsx", "--out", str(book))
    assert (done.returncode, done.stdout) == (0, f"2 answers written to {book}.\n")
    assert book.read_bytes().startswith(b"PK")

    exported = tmp_path / "out.csv"
    assert town.json("responses", "export", "parks", "--codes", "--out", exported)["responses"] == 2
    with exported.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted((row["visited"], row["satisfied"]) for row in rows)[1] == ("yes", "4")
    assert town.json("responses", "import", "parks", exported) == {"stored": 0, "present": 2, "problems": []}

    assert town.json("results", "rebuild", "parks") == {"responses": 2, "files": 1}
    assert town.consult("results", "rebuild", "parks").stdout == "2 answers in 1 files.\n"

    words = town.consult("responses", "export", "parks", "--lang", "en", "--out", "-")
    assert "Did you visit a park" in words.stdout


def test_a_closing_day_is_the_end_of_that_day(town: Town, parks: Path) -> None:
    assert town.consult("survey", "publish", parks, "--closes", "2090-01-31").returncode == 2
    town.json("survey", "publish", parks, "--open", "--closes", "2090-01-31")
    listed = {one["slug"]: one for one in town.json("survey", "list")}
    assert listed["parks"]["closes_at"] == "2090-01-31T23:00:00+00:00"


def test_a_file_with_a_wrong_line_is_refused_whole(town: Town, parks: Path, tmp_path: Path) -> None:
    town.json("survey", "publish", parks, "--open")
    file = tmp_path / "wrong.csv"
    file.write_text("visited,satisfied\nyes,4\nperhaps,9\n")
    told = town.consult("responses", "import", "parks", file)
    assert told.returncode == 1
    assert f"{file}:3: visited: " in told.stderr
    assert "“Did you visit" in told.stderr and "{" not in told.stderr
    assert "Nothing was stored." in told.stderr


def test_unknown_survey_and_language_are_said(town: Town) -> None:
    told = town.consult("responses", "export", "nowhere")
    assert (told.returncode, told.stderr) == (
        1,
        "There is no survey “nowhere”. These are there: consult survey list\n",
    )
    assert town.consult("responses", "export", "nowhere", "--lang", "la").returncode == 2


def test_a_form_of_another_program_is_taken_over(town: Town, tmp_path: Path) -> None:
    file, out = tmp_path / "pool.xlsx", tmp_path / "pool.yaml"
    asked = row("text", "wish", **{f"label::{name}": "Што?" for name in ("Македонски (mk)", "ქართული (ka)")})
    file.write_bytes(form(asked, form_title="Базен", form_id="pool"))
    told = town.consult("survey", "import", file, "--out", out)
    assert (told.returncode, told.stdout) == (0, f"{file}: everything was carried over.\n")
    assert town.consult("survey", "check", out).returncode == 0
    assert town.consult("survey", "import", file).returncode == 0
    assert "pool" in {one["slug"] for one in town.json("survey", "list")}
    book = tmp_path / "again.xlsx"
    assert town.consult("survey", "export", "pool", "--format", "xlsform", "--out", book).returncode == 0
    assert load(town.consult("survey", "export", "pool").stdout) == load(out.read_text())
    assert load(town.consult("survey", "import", book, "--out", "-").stdout) == load(out.read_text())

    file.write_bytes(form(asked, row("barcode", "code"), form_title="Базен", form_id="pool"))
    told = town.consult("survey", "import", file, "--out", "-")
    assert told.returncode == 3
    assert told.stdout.startswith("# yaml-language-server")
    assert f"{file}: survey, 3, type: “barcode”: There is no such type of question here." in told.stderr

    file.write_bytes(b"PK\x03\x04nothing")
    told = town.consult("survey", "import", file, "--out", out)
    assert told.returncode == 1
    assert "no Excel workbook" in told.stderr
