"""Tables that people send: right ones are read, hostile ones do nothing."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence

import openpyxl
import pytest

from consult.documents import sheets
from consult.documents.sheets import READ_AS_1251, Unreadable, parse


def workbook(*rows: Sequence[object], title: str = "Контакти") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(content: bytes, name: str, part: bytes) -> bytes:
    """A workbook in which one part says something else."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, part if entry.filename == name else old.read(entry))
    return target.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_table_is_read_with_any_separator_and_encoding(separator: str, encoding: str) -> None:
    rows = [["Име", "Адреса"], ["Ана Петрова", "ул. Вардар 5"], ["", ""], ["ნინო", "რუსთაველის 1"]]
    sheet = parse("\r\n".join(separator.join(row) for row in rows).encode(encoding))
    assert sheet.head == ("Име", "Адреса")
    assert sheet.rows == (("Ана Петрова", "ул. Вардар 5"), ("ნინო", "რუსთაველის 1"))
    assert (sheet.numbers, sheet.note) == ((2, 4), "")


def test_quoted_cells_keep_separators_and_lose_line_ends() -> None:
    sheet = parse(b'name,address\n"Ana, Eva","Vardar 5\n1000 Skopje"\n')
    assert sheet.rows == (("Ana, Eva", "Vardar 5 1000 Skopje"),)


def test_windows_1251_is_read_and_told() -> None:
    sheet = parse("Име;Град\nЃорѓи Ќосев;Скопје\n".encode("cp1251"))
    assert sheet.rows == (("Ѓорѓи Ќосев", "Скопје"),)
    assert sheet.note == READ_AS_1251


def test_other_encodings_are_refused_with_what_to_do() -> None:
    with pytest.raises(Unreadable) as refused:
        parse("name;city\nZoë;Zürich Genève Orléans\n".encode("cp1252"))
    assert "CSV UTF-8" in str(refused.value.problems[0])


def test_short_rows_are_filled_and_long_ones_cut() -> None:
    assert parse(b"a,b\n1\n1,2,3\n").rows == (("1", ""), ("1", "2"))


def test_workbook_gives_its_first_sheet_as_it_would_be_typed() -> None:
    sheet = parse(workbook(["Име", "Тел", "Ден", "Тежина"], ["ნინო", 70123456, dt.date(2026, 5, 1), 1.5], [None] * 4))
    assert sheet.rows == (("ნინო", "70123456", "2026-05-01", "1.5"),)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"  \n", b"name\n", b"\x00\x01\x02", b'a,b\n"open,1\n', b"PK\x03\x04 nothing",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, b"\xff\xfea", workbook(["only", "a", "head"]),
        (",".join(["c"] * 101) + "\n1").encode(),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        parse(content)


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    with pytest.raises(Unreadable):
        parse(b"a,b\n" + b"1,2\n" * 4)
    assert len(parse(b"a,b\n" + b"1,2\n" * 3).rows) == 3


def test_cell_in_the_last_corner_asks_for_no_memory() -> None:
    part = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    part += b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    part += b"</sheetData></worksheet>"
    with pytest.raises(Unreadable):
        parse(repacked(workbook(["a"], ["b"]), "xl/worksheets/sheet1.xml", part))


def test_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "LARGEST_UNPACKED", 2**20)
    with pytest.raises(Unreadable):
        parse(repacked(workbook(["a"], ["b"]), "xl/styles.xml", b" " * 2**21))


def test_entities_and_formulas_are_only_text(tmp_path: object) -> None:
    secret = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    part = (
        secret + b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1" t="inlineStr"><is><t>name</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>x&e;</t></is>'
        b"</c></row></sheetData></worksheet>"
    )
    content = repacked(workbook(["a"], ["b"]), "xl/worksheets/sheet1.xml", part)
    try:
        rows = parse(content).rows
    except Unreadable:
        rows = ()
    assert "root:" not in str(rows)
    assert parse(workbook(["name"], ["=1+1"], ["b"])).rows[-1] == ("b",)
