"""The report's files, opened by other programs."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
from lxml import etree
from pypdf import PdfReader

from consult.documents.glyphs import printable
from consult.i18n import locale
from consult.profile import Profile
from consult.reports.making import Format, make
from tests.reports.makers import KEY, a_reported_survey
from tests.results.makers import NOON

PRIVATE = ("Карпош бара", "Something kept private")


async def made(kind: Format, profile: Profile, folder: Path, *, language: str = "ka") -> bytes:
    survey, file = await a_reported_survey(), folder / f"report.{kind}"
    assert await make(survey, kind, file, locale=locale(language), profile=profile, key=KEY, at=NOON) == 120
    return file.read_bytes()


async def test_pdf_is_tagged_and_speaks_georgian(profile: Profile, tmp_path: Path) -> None:
    reader = PdfReader(io.BytesIO(await made("pdf", profile, tmp_path)))
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("ka", True)
    assert "pdfuaid" in root["/Metadata"].get_data().decode()  # typst refuses to write it where it is not so
    assert len(reader.outline) >= 8  # what a reader's program offers as contents
    words = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    for expected in ("კმაყოფილების ანგარიში", "ქალაქზე", "და მომსახურება?", "რაზეა დამოკიდებული კმაყოფილება"):
        assert expected in words
    assert not any(one in words for one in PRIVATE)


async def test_word_document_has_headings_tables_and_described_pictures(profile: Profile, tmp_path: Path) -> None:
    content = await made("docx", profile, tmp_path)
    opened = docx.Document(io.BytesIO(content))
    heads = [one.text for one in opened.paragraphs if one.style is not None and one.style.name == "Heading 1"]
    assert heads[0].endswith("მოკლედ") and len(heads) >= 8
    assert opened.core_properties.language == "ka-GE" and len(opened.tables) >= 8
    with zipfile.ZipFile(io.BytesIO(content)) as parts:  # and by a program that knows no Word
        body = etree.fromstring(parts.read("word/document.xml"))
        pictures = [name for name in parts.namelist() if name.startswith("word/media/")]
    described = body.xpath("//*[local-name()='docPr']/@descr")
    assert len(described) == len(pictures) >= 5 and all(len(words) > 40 for words in described)
    named = set(body.xpath("//*[local-name()='bookmarkStart']/@*[local-name()='name']"))
    asked = body.xpath("//*[local-name()='instrText']/text()")
    listed = {words.split()[1] for words in asked if "PAGEREF" in words}
    assert listed == named and len(listed) == len(heads)  # the contents ask for the page of each heading
    rows = "count(//*[local-name()='tr']"
    assert body.xpath(f"{rows})") == body.xpath(f"{rows}[.//*[local-name()='cantSplit']])")  # no row is torn apart
    assert body.xpath("count(//*[local-name()='tblHeader'])") >= 6
    assert not any(one in "".join(body.itertext()) for one in PRIVATE)


async def test_workbook_has_numbers_and_charts_of_its_own(profile: Profile, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(await made("xlsx", profile, tmp_path, language="mk")))
    assert book.sheetnames[1] == "1 Накратко" and len(book.sheetnames) >= 9
    assert all(sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0 for sheet in book)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert sum(isinstance(cell.value, int | float) for cell in cells) > 50
    assert not any(cell.data_type == "f" for cell in cells)
    words = " ".join(str(cell.value) for cell in cells)
    assert "Каков е градот?" in words and not any(one in words for one in PRIVATE)
    with zipfile.ZipFile(tmp_path / "report.xlsx") as parts:
        assert len([name for name in parts.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]) >= 5


def test_letters_that_no_font_has_do_not_stop_a_report() -> None:
    assert printable("Јас ❤ ჩემი ▲ city →") == "Јас ? ჩემი + city "
