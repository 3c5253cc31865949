"""What Word knows and python-docx does not: fields, contents with pages, whole rows, the language of words."""

from __future__ import annotations

from typing import Any

from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

LANGUAGES = {"mk": "mk-MK", "ka": "ka-GE", "en": "en-GB", "sq": "sq-MK"}
HAIR = "D9CFBF"


def whole(row: Any) -> Any:
    """A row that no page's end tears apart."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return row


def repeat(head: Any) -> None:
    """The head of a table stands on each of its pages."""
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeated)


def columns(table: Any, widths: tuple[float, ...]) -> None:
    """Widths in mm: in the table's grid, where LibreOffice looks, and in each cell, where Word looks."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def together(table: Any, *, note: bool = False) -> None:
    """Keep a short table on one page, with the note below it."""
    for row in table.rows if note else list(table.rows)[:-1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def speak(run: Any, language: str) -> None:
    """Say which language the words are in."""
    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), LANGUAGES.get(language, language))
    run._r.get_or_add_rPr().append(mark)


def write(cell: Any, words: str, size: Any, *, bold: bool = False, right: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(words)
    run.font.size, run.bold = size, bold
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.line_spacing = 1.0
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour.lstrip("#"))):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def lines(table: Any) -> None:
    """Hairlines between the rows, none between the columns."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", HAIR)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.find(qn("w:tblW")).addnext(borders)  # Word minds the order


def field(paragraph: Any, instruction: str, shown: str, *, size: float = 8) -> None:
    """A field of Word: what it shall compute, and what stands there until it has."""
    begin(paragraph, instruction, dirty=not shown)
    paragraph.add_run(shown).font.size = Pt(size)
    mark(paragraph, "end")


def begin(paragraph: Any, instruction: str, *, dirty: bool = False) -> None:
    """Open a field: what stands between here and its end is replaced by what a program makes of the instruction."""
    mark(paragraph, "begin", dirty=dirty)
    words = OxmlElement("w:instrText")
    words.set(qn("xml:space"), "preserve")
    words.text = f" {instruction} "
    paragraph.add_run()._r.append(words)
    mark(paragraph, "separate")


def mark(paragraph: Any, kind: str, *, dirty: bool = False) -> None:
    made = OxmlElement("w:fldChar")
    made.set(qn("w:fldCharType"), kind)
    if dirty:
        made.set(qn("w:dirty"), "true")
    paragraph.add_run()._r.append(made)


def bookmark(heading: Any, number: int) -> None:
    """Make a heading known to the list of contents."""
    for tag in ("bookmarkStart", "bookmarkEnd"):
        made = OxmlElement(f"w:{tag}")
        made.set(qn("w:id"), str(number))
        if tag == "bookmarkStart":
            made.set(qn("w:name"), f"_Toc{number}")
        heading._p.append(made)


def contents(file: WordFile, titles: list[str], width: Length) -> None:
    """A list of contents with pages, whose numbers each program sets when it opens the file.

    References to headings and no TOC field: of that LibreOffice keeps what stood in it, which cannot be right.
    """
    for number, title in enumerate(titles, 1):
        paragraph = file.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(3)
        paragraph.paragraph_format.right_indent = Mm(12)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(width.mm), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        paragraph.add_run(f"{title}\t")
        field(paragraph, f"PAGEREF _Toc{number} \\h", "", size=10.5)
