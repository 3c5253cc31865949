"""Files that would do harm, or are none of ours: refused with a sentence that says why."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from consult.drafts.sources import akoma, archive, formats, grid, web_page, word
from consult.drafts.sources.report import NotReadable
from consult.records.cleaning import MACROS
from tests.drafts.sources.makers import a_word_file, changed

FINE = a_word_file(lambda document: document.add_paragraph("Член 1"))
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><akomaNtoso>&a;</akomaNtoso>'


def why(content: bytes) -> str:
    begin = time.process_time()
    with pytest.raises(NotReadable) as refused:
        formats.take(content, "mk")
    assert time.process_time() - begin < 5
    (problem,) = refused.value.problems
    assert problem.message % problem.parameters
    return problem.message


def a_zip(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return file.getvalue()


def body(inside: str) -> bytes:
    return changed(FINE, {"word/document.xml": f"<w:document {W}><w:body>{inside}</w:body></w:document>".encode()})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b" \n", formats.EMPTY),
        (b"x" * (archive.LARGEST_FILE + 1), archive.TOO_LARGE),
        (b"%PDF-1.7", formats.PDF),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", formats.OLD_WORD),
        (b"PK\x03\x04 no archive", archive.DAMAGED),
        (b"\x00\x01\x02", formats.UNKNOWN),
        (XXE, archive.ENTITIES),
        (b'<?xml version="1.0"?><note>x</note>', akoma.NO_LAW),
        (b"<akomaNtoso><act><meta/></act></akomaNtoso>", akoma.NO_BODY),
        (b"<akomaNtoso><act><body>", archive.DAMAGED),
        (b"<html><body><p></p></body></html>", web_page.NO_TEXT),
        (FINE[: len(FINE) // 2], archive.DAMAGED),
    ],
    ids=range(12),
)
def test_a_file_of_another_kind_is_refused(content: bytes, message: str) -> None:
    assert why(content) == message


def test_archives_that_harm_are_refused() -> None:
    assert why(a_zip({"x.txt": b"x"})) == word.NO_WORD
    assert why(changed(FINE, {"word/vbaProject.bin": b"x"})) == MACROS
    assert why(changed(FINE, {"word/media/x.bin": b"\0" * (archive.LARGEST_WHOLE + 1)})) == archive.BOMB
    assert why(changed(FINE, {"word/document.xml": b" " * (archive.LARGEST_PART + 1)})) == archive.BOMB
    assert why(changed(FINE, {"word/styles.xml": XXE})) == archive.ENTITIES
    assert why(a_zip({f"{number}": b"" for number in range(archive.MOST_PARTS + 1)})) == archive.BOMB


def test_endless_nesting_and_endless_tables_are_refused() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 60 + "</w:tc></w:tr></w:tbl>" * 60
    assert why(body(deep)) == archive.TOO_DEEP
    wide = '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
    assert why(body(wide)) == grid.TOO_WIDE
    long = "<table>" + "<tr><td>1</td></tr>" * (grid.MOST_ROWS + 1) + "</table>"
    assert why(f"<html><p>Член 1</p>{long}</html>".encode()) == grid.TOO_WIDE
    deep_page = "<html>" + "<div>" * 50_000 + "Член 1<p>x"
    assert formats.take(deep_page.encode(), "mk").articles == 1


@pytest.mark.parametrize("part", ["<!--", "<script>", "<div id=maindoc ", "<a ", "<![if ", "<table><tr><td>"])
def test_pages_that_never_end_cost_no_more_than_others(part: str) -> None:
    content = f"<html><p>Член 1</p><p>Текст {part * (200_000 // len(part))}".encode()
    begin = time.process_time()
    try:
        formats.take(content, "mk")
    except NotReadable as refused:
        assert refused.problems[0].message == archive.TOO_DEEP
    assert time.process_time() - begin < 6


def test_words_of_a_file_never_become_signs_of_the_format() -> None:
    page = "<p>Член 1</p><p>## Член 2. Лажен</p><p>&gt; белешка</p><p>&lt;script&gt; *a* [x](javascript:1) [^1]: y</p>"
    found = formats.take(f"<html>{page}</html>".encode(), "mk")
    assert found.articles == 1
    assert "\\## Член 2" in found.markdown
    assert "\\> белешка" in found.markdown
    assert "\\<script> \\*a\\* \\[x](javascript:1) \\[^1]: y" in found.markdown
