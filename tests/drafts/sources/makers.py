"""Word files as word processors write them: made by python-docx, with real automatic numbers, styles and footnotes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph

from consult.drafts.regulation import parse

W = nsdecls("w")


def saved(document: Word) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def a_word_file(make: Callable[[Word], object]) -> bytes:
    document = Document()
    make(document)
    return saved(document)


def centred(document: Word, text: str, *, bold: bool = False) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(text).bold = bold or None
    return paragraph


def a_list(document: Word, levels: Sequence[tuple[str, str]], *, number: int = 90, restart: bool = False) -> int:
    """An automatic list of Word: (numFmt, lvlText) for each level. Gives the id that paragraphs name."""
    root = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (kind, text) in enumerate(levels)
    )
    known = [one for one in root if one.tag.endswith("}abstractNum") and _id(one) == str(number)]
    if not known:
        root.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="{number}">{inner}</w:abstractNum>'))
    list_id = 100 + len(root)
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>' if restart else ""
    root.append(parse_xml(f'<w:num {W} w:numId="{list_id}"><w:abstractNumId w:val="{number}"/>{override}</w:num>'))
    return list_id


def _id(element: object) -> str:
    return next((value for name, value in element.attrib.items() if name.endswith("}abstractNumId")), "")  # type: ignore[attr-defined]


def numbered(document: Word, text: str, list_id: int, depth: int = 0) -> Paragraph:
    paragraph = document.add_paragraph(text)
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>'))
    return paragraph


def with_notes(document: Word, notes: Mapping[int, str]) -> None:
    """A part with footnotes, as Word keeps them."""
    inner = "".join(
        f'<w:footnote w:id="{key}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>' for key, text in notes.items()
    )
    separator = '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    content = f"<w:footnotes {W}>{separator}{inner}</w:footnotes>".encode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, content, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def note(paragraph: Paragraph, key: int) -> None:
    paragraph._p.append(parse_xml(f'<w:r {W}><w:footnoteReference w:id="{key}"/></w:r>'))


def added(paragraph: Paragraph, xml: str) -> None:
    """Something that python-docx cannot write, at the end of a paragraph."""
    paragraph._p.append(parse_xml(xml.replace("<w:", "<w:", 1).replace(">", f" {W}>", 1)))


def from_markdown(markdown: str, language: str) -> bytes:
    """Our Markdown as a Word file: headings centred, numbers typed."""
    parsed = parse(markdown, language)
    document = Document()
    if parsed.preamble:
        document.add_paragraph(parsed.preamble)
    words = {"mk": "Член", "ka": "მუხლი", "en": "Article"}
    for article in parsed.articles:
        for line in filter(None, article.chapter.split("\n")):
            centred(document, line, bold=True)
        name = article.label if not article.label[0].isdigit() else f"{words[language]} {article.label}"
        centred(document, f"{name}. {article.heading}" if article.heading else name, bold=True)
        for line in article.body.split("\n"):
            if line.strip():
                document.add_paragraph(line)
    return saved(document)


def changed(content: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """The same archive with other, more or fewer parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, inside in parts.items():
            if inside is not None:
                new.writestr(name, inside)
    return file.getvalue()
