"""Word files (.docx) as blocks: automatic numbers, footnotes, tables, tracked changes and comments included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from consult.drafts.sources.archive import Archive, attribute, child, local, xml
from consult.drafts.sources.block import Source
from consult.drafts.sources.report import Report, refused
from consult.drafts.sources.word_body import Body
from consult.drafts.sources.word_numbering import read as read_numbering
from consult.drafts.sources.word_paragraph import Package
from consult.drafts.sources.word_styles import read as read_styles
from consult.errors import N_
from consult.records.cleaning import MACROS

_NOT_SAID = {"del", "moveFrom", "Fallback", "rt"}
NO_WORD = N_("This is no Word document (.docx).")
NO_TEXT = N_("There is no text in the file.")
MARGINS = N_("Headers and footers of the pages were left out.")


def read(content: bytes, report: Report) -> Source:
    """Raises NotReadable."""
    archive = Archive(content)
    main = _main_part(archive)
    if any(name.lower().endswith("vbaproject.bin") for name in archive.names):
        raise refused(MACROS)
    folder = main.rpartition("/")[0]

    def part(name: str) -> bytes:
        return archive.read(f"{folder}/{name}" if folder else name)

    styles, numbering = part("styles.xml"), part("numbering.xml")
    comments = part("comments.xml")
    package = Package(
        styles=read_styles(xml(styles) if styles else None),
        numbering=read_numbering(xml(numbering) if numbering else None),
        links=_links(part(f"_rels/{main.rpartition('/')[2]}.rels")),
        comments=_comments(comments),
        report=report,
    )
    body = Body(package)
    document = xml(archive.read(main))
    blocks = body.read(document)
    notes = {**_notes(part("footnotes.xml"), "f", body), **_notes(part("endnotes.xml"), "e", body)}
    if not any(block.plain for block in blocks):
        raise refused(NO_TEXT)
    _margins(archive, folder, report)
    said = " ".join([*_said(document), *notes.values()])
    return Source(tuple(blocks), _numbered(notes, package), words=said)


def _main_part(archive: Archive) -> str:
    for name in ("word/document.xml", "word/document2.xml"):
        if name in archive.names:
            return name
    raise refused(NO_WORD)


def _said(element: Element) -> Iterator[str]:
    """All words of the document, paragraph by paragraph."""
    for one in element:
        name = local(one)
        if name in ("p", "txbxContent"):
            yield "".join(_letters(one))
        if name not in _NOT_SAID:
            yield from _said(one)


def _letters(element: Element) -> Iterator[str]:
    """The letters of a paragraph, without those of paragraphs within it."""
    for one in element:
        name = local(one)
        if name == "t":
            yield one.text or ""
        elif name in ("tab", "br", "cr", "ptab"):
            yield " "
        elif name == "noBreakHyphen":
            yield "-"
        elif name == "r" and child(one, "rPr", "vanish") is not None:
            yield f" {''.join(_letters(one))} "
        elif name not in _NOT_SAID and name != "p":
            yield from _letters(one)


def _links(content: bytes) -> Mapping[str, str]:
    if not content:
        return {}
    return {
        attribute(one, "Id"): attribute(one, "Target")
        for one in xml(content)
        if attribute(one, "TargetMode") == "External" and attribute(one, "Target").startswith(("http", "mailto:"))
    }


def _comments(content: bytes) -> Mapping[str, str]:
    if not content:
        return {}
    return {
        attribute(one, "id"): " ".join(word.text or "" for word in one.iter() if local(word) == "t")
        for one in xml(content)
    }


def _notes(content: bytes, kind: str, body: Body) -> dict[str, str]:
    """The texts of footnotes (f1, f2, ...) or endnotes (e1, ...) by the ids of the file."""
    if not content:
        return {}
    found: dict[str, str] = {}
    for one in xml(content):
        if not attribute(one, "type") or attribute(one, "type") == "normal":
            found[f"{kind}{attribute(one, 'id')}"] = body.words_of(one)
    return found


def _numbered(notes: Mapping[str, str], package: Package) -> dict[str, str]:
    """Footnotes by the mark that the reader of the text sees."""
    told = {mark: notes[key] for key, mark in package.marks.items() if key in notes}
    for key, text in notes.items():
        if key not in package.marks and text:
            told[f"x{key}"] = text
    return told


def _margins(archive: Archive, folder: str, report: Report) -> None:
    words = []
    for name in sorted(archive.names):
        if name.startswith((f"{folder}/header", f"{folder}/footer")) and name.endswith(".xml"):
            said = " ".join(one.text or "" for one in xml(archive.read(name)).iter() if local(one) == "t").strip()
            if said and not said.isdigit() and said not in words:
                words.append(said)
    if words:
        report.add(0, " / ".join(words), MARGINS)
