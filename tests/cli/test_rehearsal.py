"""`consult rehearse`: a copy is loaded, the survey itself is not touched."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from consult.cli.rehearsal import FOLDER, STOPPED, remove_left
from consult.cli.rehearsal.copying import beside
from consult.cli.rehearsal.figures import Figures, Step, duration
from consult.cli.rehearsal.processes import family
from consult.cli.rehearsal.respondents import answer, forms, rehearsed
from consult.cli.rehearsal.visitors import Tally, by_page
from consult.surveys.answers.flow import Compiled
from consult.surveys.authoring.yaml_reading import read
from consult.surveys.definition.schema import Definition
from tests.cli.town import ROOT, Town

SURVEYS = sorted((ROOT / "surveys").glob("*.yaml")) + sorted((ROOT / "tests/surveys/samples").glob("*.yaml"))


def definition(file: Path) -> Definition:
    found = read(file.read_bytes()).definition
    assert found is not None
    return found


@pytest.mark.parametrize("file", SURVEYS, ids=lambda file: file.stem)
def test_generated_respondents_fill_in_any_survey_without_a_fault(file: Path) -> None:
    compiled = Compiled(rehearsed(definition(file)))
    made = forms(compiled, number=10)
    decoded = [compiled.decode(form) for form in made]
    assert [one.problems for one in decoded] == [[]] * 10
    assert sum(one.screened is None for one in decoded) >= 9
    pages = by_page(compiled, made)
    assert all(page in {asked.page.key for asked in compiled.pages} for form in pages for page in form)


def test_what_is_optional_is_answered_as_well() -> None:
    question = definition(ROOT / "tests/surveys/samples/number.yaml").questions[0]
    assert set(answer(question, random.Random(1))) == {question.key}


def test_another_database_of_the_same_server_keeps_everything_else() -> None:
    dsn = "postgresql://a:b@one:5432,two:5432/consult?target_session_attrs=read-write"
    assert beside(dsn, "x") == "postgresql://a:b@one:5432,two:5432/x?target_session_attrs=read-write"
    socket = "postgresql:///consult?host=/run/postgresql"
    assert beside(socket, "x") == "postgresql:///x?host=/run/postgresql"
    assert beside("postgresql://a@/?dbname=consult&host=/run/x&port=1", "y") == "postgresql://a@/y?host=/run/x&port=1"
    assert beside("postgresql://a:b@one", "x") == "postgresql://a:b@one/x"


def figures(rate: float, *, failed: int = 0, letters_a_minute: int = 60) -> Figures:
    tally = Tally(seconds=10, receipts=int(rate * 10), failed=failed, request_s=[0.01])
    step = Step(8, tally, 1.0, None, 0.5)
    return Figures(
        slug="parks", pages=1, questions=2, is_invited=False, processors=2, workers=1, steps=[step], acknowledged=500,
        stored=500, letters=90_000, letters_a_minute=letters_a_minute,
    )  # fmt: skip


def test_the_figures_say_what_a_mailing_means() -> None:
    told = "\n".join(figures(250).told())
    assert "A mailing of 90,000 letters takes 25 h 0 min at CONSULT_LETTERS_PER_MINUTE=60." in told
    assert "This machine carries at least 250 respondents a second, 900,000 an hour." in told
    assert "the last would wait 6 min 0 s" in told
    assert "Send 15000 letters a minute at most." in "\n".join(figures(250, letters_a_minute=20_000).told())
    assert "No load was carried" in "\n".join(figures(250, failed=1).told())
    assert duration(59.6) == "1 min 0 s"


def test_a_rehearsal_counts_every_receipt_and_leaves_nothing(town: Town) -> None:
    town.json("survey", "publish", ROOT / "tests/surveys/samples/everything.yaml", "--open")
    found = town.json("rehearse", "sample", "--seconds", "1", "--at-once", "4", "--letters", "1000")
    assert found["acknowledged"] == found["stored"] > 0
    assert [load["failed"] for load in found["loads"]] == [0]
    assert found["mailing_s"] == 1000
    assert next(one["responses"] for one in town.json("survey", "list") if one["slug"] == "sample") == 0


@pytest.mark.slow
def test_a_rehearsal_that_is_stopped_leaves_nothing(town: Town) -> None:
    town.json("survey", "publish", ROOT / "tests/surveys/samples/everything.yaml", "--open")
    command = [sys.executable, "-m", "consult", "rehearse", "sample", "--seconds", "60"]
    rehearsal = subprocess.Popen(command, env=town.environment(), cwd=ROOT)
    end = time.monotonic() + 60
    while not (serving := [one for one in family(rehearsal.pid) if b"serve" in arguments(one)]):
        assert time.monotonic() < end and rehearsal.poll() is None
        time.sleep(0.1)
    rehearsal.terminate()
    assert rehearsal.wait(40) == STOPPED
    assert not any(b"serve" in arguments(one) for one in serving)


def arguments(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def test_what_a_killed_rehearsal_left_is_removed_by_the_next(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    left, alive = (tmp_path / f"{FOLDER}{process}-abc" for process in (ended.pid, os.getpid()))
    for folder in (left, alive):
        folder.mkdir()
    remove_left(tmp_path)
    assert not left.exists()
    assert alive.exists()
