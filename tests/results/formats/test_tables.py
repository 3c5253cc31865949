"""Parquet, OpenDocument, Excel: opened again by pyarrow, calamine and openpyxl."""

import zipfile
from datetime import date, time
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pyarrow.parquet as pq
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from consult import i18n
from consult.profile import load_profile
from consult.results.formats import opendocument
from consult.results.formats.taking import FileKind
from consult.settings import resource
from tests.results.formats.makers import written

RISKS = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "  two  blanks", "<&>\x07"]


@pytest.fixture(autouse=True)
def _languages() -> None:
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))


async def test_parquet_has_types_reasons_and_words(db: None, tmp_path: Path) -> None:
    path, report = await written(tmp_path, "parquet")
    found = pq.read_table(path)
    rows = {row["flat"]: row for row in found.to_pylist()}
    full, nothing = rows[12], rows[None]
    assert report.rows == 2
    assert (full["one"], full["many.yes"], full["many.no"], full["mark"]) == ("other", True, False, 4)
    assert (full["day"], full["hour"], full["age"], full["agreed"]) == (date(2026, 5, 1), time(14, 30), -34.5, True)
    assert (full["grid.parks"], full["grid.roads"], full["grid.roads:missing"]) == (5, None, "skipped")
    assert (nothing["one"], nothing["one:missing"], nothing["many.yes"]) == (None, "skipped", None)
    assert (nothing["many:missing"], nothing["mark:missing"], nothing["age:missing"]) == (
        "skipped", "dont_know", "dont_know",
    )  # fmt: skip
    assert (nothing["grid.parks:missing"], nothing["words"], nothing["agreed"]) == ("not_asked", "NA", False)
    about = msgspec.json.decode(found.schema.field("one").metadata[b"consult"])
    assert about["labels"]["yes"]["ka"] == "დიახ" and about["concept"] == "test.one"
    survey = msgspec.json.decode(found.schema.metadata[b"consult"])
    assert survey["title"]["ka"] == "ხეები" and "2-" in survey["about"]["mk"]


async def test_parquet_by_words_is_in_one_language(db: None, tmp_path: Path) -> None:
    path, _ = await written(tmp_path, "parquet", language="ka", codes=False)
    assert set(pq.read_table(path)["one"].to_pylist()) == {"სხვა", None}


async def test_an_opendocument_sheet_opens_again(db: None, tmp_path: Path) -> None:
    path, report = await written(tmp_path, "ods")
    book = CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Одговори", "Шифрарник"]
    head, *rows = book.get_sheet_by_index(0).to_python()
    found = {row["flat"]: row for row in (dict(zip(head, cells, strict=False)) for cells in rows)}
    assert (found[12]["one"], found[12]["age"], found[12]["many.yes"]) == ("other", -34.5, 1)
    assert found[12]["one.other"] == "=1+1"
    assert str(found[12]["words"]).replace("\r", "") == "Ана рече: „ајде“,\nпа замина"
    assert (found["NA"]["mark"], found["NA"]["grid.parks"]) == ("dont_know", "")
    meanings = {(line[0], line[3]): line[4] for line in book.get_sheet_by_index(1).to_python() if len(line) > 4}
    assert meanings["one", "yes"] == "Да"
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[0].filename == "mimetype" and archive.infolist()[0].compress_type == 0
        content = etree.fromstring(archive.read("content.xml"))
    assert report.rows == 2
    assert not [name for cell in content.iter() for name in cell.attrib if name.endswith("formula")]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
async def test_no_text_becomes_a_formula_and_numbers_stay_numbers(db: None, tmp_path: Path, kind: FileKind) -> None:
    answers: list[dict[str, Any]] = [{"words": risk, "age": -5} for risk in RISKS]
    path, _ = await written(tmp_path, kind, answers)
    if kind == "csv":
        cells = path.read_text(encoding="utf-8")
        assert "'=1+1" in cells and "'@x" in cells and ",-5," in cells
        return
    if kind == "xlsx":
        page = openpyxl.load_workbook(path).worksheets[0]
        place = {cell.value: cell.column for cell in page[1]}
        found = [page.cell(row, place["words"]) for row in range(2, page.max_row + 1)]
        assert {cell.data_type for cell in found} == {"s"}
        assert all(cell.quotePrefix for cell in found if cell.value[0] in "=+-@")
        assert {page.cell(row, place["age"]).value for row in range(2, page.max_row + 1)} == {-5}
        return
    head, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert {row[head.index("words")] for row in rows} >= {"=1+1", "+1", "-1", "@x"}
    assert {row[head.index("age")] for row in rows} == {-5}


def test_rows_beyond_the_largest_sheet_go_on_in_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opendocument, "ROWS", 3)
    book = opendocument.Spreadsheet(tmp_path / "book.ods")
    book.sheet("Answers", ["a"])
    book.rows([[n] for n in range(5)])
    book.sheet("Codebook", ["b"])
    book.close()
    found = CalamineWorkbook.from_path(tmp_path / "book.ods")
    assert found.sheet_names == ["Answers", "Answers 2", "Answers 3", "Codebook"]
    assert found.get_sheet_by_name("Answers 3").to_python() == [["a"], [4.0]]
