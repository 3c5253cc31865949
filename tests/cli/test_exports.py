"""`consult responses export` in every format, by the command itself."""

from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq
import pyreadstat
from python_calamine import CalamineWorkbook

from consult.surveys.survey import receipt_code
from tests.cli.town import Town

NOT_STORED = "Not stored. It may have been erased since.\n"


def test_answers_leave_in_every_format(town: Town, parks: Path, tmp_path: Path) -> None:
    survey = tmp_path / "lawns.yaml"
    survey.write_text(parks.read_text().replace("key: parks", "key: lawns"))
    assert town.json("survey", "publish", survey, "--open")["slug"] == "lawns"
    answers = tmp_path / "answers.csv"
    answer = UUID("0195b3a0-7c11-4d6e-9f5a-2b1c3d4e5f60")
    answers.write_text(f"visited,satisfied,_language,_id\nyes,4,ka,{answer}\nno,,mk,\n")
    town.json("responses", "import", "lawns", answers)
    for code, told in ((receipt_code(answer), (0, "Stored.\n")), ("7K3M-92QF-HD", (1, NOT_STORED)), ("7K3M", (2, ""))):
        done = town.consult("responses", "receipt", code)
        assert (done.returncode, done.stdout) == told
    for kind in ("sav", "dta", "parquet", "ods"):
        file = tmp_path / f"out.{kind}"
        told = town.json("responses", "export", "lawns", "--format", kind, "--lang", "en", "--out", file)
        assert (told["responses"], told["file"]) == (2, str(file))
    for read, name in ((pyreadstat.read_sav, "out.sav"), (pyreadstat.read_dta, "out.dta")):
        found, about = read(tmp_path / name, output_format="dict")
        assert sorted(found["visited"]) == [1, 2] and "Did you" in str(about.column_names_to_labels["visited"])
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 2
    assert CalamineWorkbook.from_path(tmp_path / "out.ods").sheet_names == ["Answers", "Codebook"]

    book = tmp_path / "codebook.csv"
    assert town.consult("responses", "codebook", "lawns", "--lang", "en", "--out", book).returncode == 0
    assert "Name in Stata" in book.read_text(encoding="utf-8-sig")
    described = tmp_path / "codebook.xml"
    assert town.consult("responses", "codebook", "lawns", "--format", "ddi", "--out", described).returncode == 0
    assert b"ddi:codebook:2_5" in described.read_bytes()
    told_no = town.consult("responses", "export", "lawns", "--weights", "none", "--out", tmp_path / "x.csv")
    assert (told_no.returncode, told_no.stderr) == (1, "This survey has no weights of the name “none”.\n")
    assert town.consult("responses", "export", "lawns", "--format", "sav", "--out", "-").returncode == 2
