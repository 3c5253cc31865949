"""Files that mean harm, or are simply not what they are called: one clear sentence, and nothing happens."""

from __future__ import annotations

import re
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from consult.exchange import formats, workbooks
from consult.exchange.report import NotReadable
from tests.exchange.makers import form, row, workbook

XML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def refusal(content: bytes, name: str = "form.xlsx") -> str:
    with pytest.raises(NotReadable) as fault:
        formats.take(content, name)
    (problem,) = fault.value.problems
    return problem.message % problem.parameters


def changed(content: bytes, **parts: bytes) -> bytes:
    """A workbook with parts put in the place of its own or beside them; __ stands for / and _ for . in their names."""
    out = BytesIO()
    replaced: dict[str, bytes] = {name.replace("__", "/").replace("_xml", ".xml"): data for name, data in parts.items()}
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, replaced.pop(name, b"") or old.read(name))
        for name, data in replaced.items():
            new.writestr(name, data)
    return out.getvalue()


def sheet(cells: str) -> bytes:
    return f'<?xml version="1.0"?><worksheet xmlns="{XML}"><sheetData>{cells}</sheetData></worksheet>'.encode()


GOOD = form(row("text", "wish"))


def test_a_bomb_is_not_opened() -> None:
    assert "larger inside" in refusal(changed(GOOD, xl__media__x_xml=b"0" * (workbooks.LARGEST_INSIDE_BYTES + 1)))


def test_a_bomb_that_lies_about_its_size_is_not_opened() -> None:
    bomb = bytearray(changed(GOOD, xl__media__x_xml=b"0" * (workbooks.LARGEST_INSIDE_BYTES + 1)))
    true = struct.pack("<I", workbooks.LARGEST_INSIDE_BYTES + 1)
    assert true in bomb
    assert refusal(bytes(bomb.replace(true, struct.pack("<I", 9))))


def test_a_cell_far_off_is_not_given_room() -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert "20000 rows" in refusal(changed(GOOD, xl__worksheets__sheet1_xml=sheet(far)))
    hidden = '<row r="20001"><c><v>1</v></c></row>'
    assert "20000 rows" in refusal(changed(GOOD, xl__worksheets__sheet1_xml=sheet(hidden)))


def test_ten_thousand_columns_are_refused() -> None:
    assert "400 columns" in refusal(workbook(survey=[["type", "name", *(f"c{n}" for n in range(10_000))]]))
    unnumbered = f"<row>{'<c><v>1</v></c>' * 10_000}</row>"
    assert refusal(changed(GOOD, xl__worksheets__sheet1_xml=sheet(unnumbered)))


def test_too_large_a_file_is_refused() -> None:
    assert "too large" in refusal(GOOD + b"0" * workbooks.LARGEST_BYTES)


@pytest.mark.parametrize("length", [4, 60, len(GOOD) // 2, len(GOOD) - 30], ids=["4", "60", "half", "all but 30"])
def test_a_truncated_workbook_is_refused(length: int) -> None:
    assert "no Excel workbook" in refusal(GOOD[:length])


def test_a_workbook_of_nonsense_is_refused() -> None:
    assert "no Excel workbook" in refusal(changed(GOOD, xl__workbook_xml=b"<nothing"))
    assert "no Excel workbook" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000, "form.xls")


def test_a_far_cell_in_an_old_workbook_ends_only_its_own_process() -> None:
    whole = (Path(__file__).parent / "samples" / "library.xls").read_bytes()
    # The records of texts begin with 0x00FD, ten bytes long; then row and column.
    for place in [match.start() for match in re.finditer(rb"\xfd\x00\x0a\x00", whole)][-3:]:
        whole = whole[: place + 4] + b"\xff\xff\xff\xff" + whole[place + 8 :]
    assert "no Excel workbook" in refusal(whole, "library.xls")


def test_entities_and_foreign_files_in_a_workbook_are_not_followed() -> None:
    evil = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "&a;&a;&a;">]>'
        + sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&a;&b;</t></is></c></row>').split(b"?>", 1)[1]
    )
    with pytest.raises(NotReadable):
        formats.take(changed(GOOD, xl__worksheets__sheet1_xml=evil), "form.xlsx")


def test_passwords_are_told() -> None:
    protected = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 900
    assert "password" in refusal(protected)


@pytest.mark.parametrize(
    ("content", "name"),
    [(GOOD, "form.yaml"), (b"consult: survey/1\n", "form.xlsx"), (GOOD, "form.lss"), (b"%PDF-1.7", "form.xls")],
)
def test_a_wrong_ending_is_told(content: bytes, name: str) -> None:
    assert name in refusal(content, name)


def test_other_kinds_of_files_are_told() -> None:
    assert ".xlsx, .xls, .lss or .yaml" in refusal(b"PK\x03\x04", "form.ods")
    assert "no sheet “survey”" in refusal(workbook(Sheet1=[["a"]]))
    assert "no XLSForm" in refusal(workbook(survey=[["a", "b"], [1, 2]]))


def test_formulas_and_scripts_are_texts_only() -> None:
    found = formats.take(
        form(row("text", "wish", "=cmd|'/c calc'!A1"), row("text", "more", "<script>alert(1)</script>Why <b>now</b>?")),
        "form.xlsx",
    )
    assert found.definition is not None
    assert [question.text["en"] for question in found.definition.questions] == ["=cmd|'/c calc'!A1", "Why now?"]


def test_a_formula_gives_the_value_that_the_file_carries() -> None:
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>type</t></is></c><c r="B1" t="inlineStr"><is><t>name</t></is></c>'
        '<c r="C1" t="inlineStr"><is><t>label::English (en)</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>text</t></is></c><c r="B2" t="inlineStr"><is><t>wish</t></is></c>'
        '<c r="C2" t="str"><f>HYPERLINK("http://example.org")</f><v>shown</v></c></row>'
    )
    found = formats.take(changed(GOOD, xl__worksheets__sheet1_xml=sheet(cells)), "form.xlsx")
    assert found.definition is not None
    assert found.definition.questions[0].text == {"en": "shown"}


def test_bytes_that_are_no_text_are_told() -> None:
    found = formats.take("consult: анкета".encode("cp1251"), "form.yaml")
    assert found.definition is None
    assert len(found.faults) == 1
