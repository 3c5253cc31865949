"""Akoma Ntoso files (OASIS LegalDocML 3.0 and its drafts, in any of their namespaces) as blocks.

The structure is named there, so headings are taken from <num> and <heading> and words never decide. Where the file
has no articles, its sections are taken as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from consult.drafts.regulation import ANNEX_WORDS, ARTICLE_WORDS, CHAPTER_WORDS, NUMBER
from consult.drafts.sources import grid, headings
from consult.drafts.sources.archive import attribute, child, local, xml
from consult.drafts.sources.block import Block, Source
from consult.drafts.sources.inline import Run, clean, escaped, markdown, plain
from consult.drafts.sources.report import Report, refused
from consult.errors import N_

NO_LAW = N_("This is no Akoma Ntoso document.")
NO_BODY = N_("The file has no text of a regulation: no body with articles.")
DELETED = N_("Words that are marked as deleted were left out.")
INSERTED = N_("Words that are marked as inserted were taken.")
PICTURE = N_("A picture was left out. Attach it to the draft if it belongs to the text.")
REMARK = N_("A remark of the editors was left out.")
CONCLUDED = N_("The end of the document (place, day, signatures) was left out.")
SECTIONS = N_("The file has no articles; its sections were taken as articles.")
NO_NUMBER = N_("This article has no number that could be read; it was given the next one.")
_GROUPS = {"part", "chapter", "section", "subsection", "title", "subtitle", "book", "tome", "division", "subdivision",
           "subpart", "subchapter"}  # fmt: skip
_TEXTS = {"p", "intro", "wrapUp", "content", "block", "formula", "recitals", "recital", "citations", "citation",
          "container", "longTitle", "blockContainer", "div", "tocItem", "preamble", "preface", "conclusions",
          "mainBody", "body", "foreign", "quotedStructure", "mod", "blockList", "listIntroduction", "listWrapUp", "ul",
          "ol"}  # fmt: skip
_LANGUAGES = {"mk": "mk", "mkd": "mk", "mac": "mk", "ka": "ka", "kat": "ka", "geo": "ka", "sq": "sq", "sqi": "sq"}


class _Reader:
    def __init__(self, root: Element, report: Report) -> None:
        self.root, self.report = root, report
        self.notes: dict[str, str] = {}
        self.number = 0
        self.unit = "article"
        self.last_number = 0
        named = next((attribute(one, "language") for one in root.iter() if local(one) == "FRBRlanguage"), "")
        self.language = _LANGUAGES.get(named.lower(), "en")
        self.by_id = {
            f"#{attribute(one, 'eId') or attribute(one, 'id')}": one for one in root.iter() if local(one) == "note"
        }

    def document(self, element: Element) -> Iterator[Block]:
        for part in element:
            name = local(part)
            if name in ("preface", "preamble", "coverPage"):
                yield from self.texts(part)
            elif name in ("body", "mainBody"):
                self.unit = "article" if any(local(one) == "article" for one in part.iter()) else "section"
                if self.unit == "section" and any(local(one) == "section" for one in part.iter()):
                    self.report.add(0, "", SECTIONS)
                yield from self.groups(part)
            elif name == "conclusions":
                self.report.add(0, plain(self.runs(part)), CONCLUDED)
            elif name in ("attachments", "components"):
                yield from self.attachments(part)

    def attachments(self, element: Element) -> Iterator[Block]:
        for one in element:
            if local(one) not in ("attachment", "component", "doc", "documentRef"):
                continue
            document = next((inner for inner in one.iter() if child(inner, "mainBody") is not None), one)
            head = self.heading(one) or self.heading(document)
            title = head or plain(self.runs(child(document, "preface") or Element("p"))) or attribute(document, "name")
            known = headings.recognise(Block("", title, is_strong=True))
            name = title if known is not None and known.kind == "annex" else ""
            name = name or f"{ANNEX_WORDS[self.language][0]}. {title}".rstrip(". ")
            yield self.block(name, kind="heading")
            if head and (preface := child(document, "preface")) is not None:
                yield from self.texts(preface)
            body = child(document, "mainBody")
            if body is not None:
                yield from self.groups(body)
            for inner in document:
                if local(inner) in ("attachments", "components"):
                    yield from self.attachments(inner)
                elif local(inner) == "conclusions":
                    self.report.add(0, plain(self.runs(inner)), CONCLUDED)

    def groups(self, element: Element) -> Iterator[Block]:
        for one in element:
            name = local(one)
            if name == self.unit:
                yield from self.article(one)
            elif name in _GROUPS:
                yield self.block(self.group_heading(one, name), kind="heading")
                yield from self.groups(one)
            elif name not in ("num", "heading", "subheading"):
                yield from self.texts_of(one)

    def group_heading(self, element: Element, name: str) -> str:
        number, title = self.words(element, "num"), self.heading_words(element)
        told = f"{number.rstrip('.:')}. {title}" if number and title else number or title
        known = headings.recognise(Block("", told, is_strong=True))
        return told if known is not None else f"{CHAPTER_WORDS[self.language][name == 'part']} {told}"

    def article(self, element: Element) -> Iterator[Block]:
        number, title = self.words(element, "num"), self.heading_words(element)
        found = re.search(NUMBER, headings.normal(number), re.IGNORECASE)
        known = headings.recognise(Block("", f"{number.rstrip('.:')}.", is_strong=True)) if number else None
        word = known.word if known is not None and known.kind == "article" else ARTICLE_WORDS[self.language]
        if found is None:
            self.report.add(self.number + 1, number or title, NO_NUMBER)
        label = re.sub(r"\s", "", found[0]) if found else str(self.last_number + 1)
        self.last_number = int(re.match(r"\d+", label)[0])  # type: ignore[index]
        yield self.block(
            f"{word} {label}{f'. {title}' if title else ''}", kind="heading", notes=self.head_notes(element)
        )
        yield from self.parts(element, "")

    def parts(self, element: Element, prefix: str) -> Iterator[Block]:
        """Paragraphs, lists and points: the number of each stands before its first words."""
        for one in element:
            name = local(one)
            if name in ("num", "heading", "subheading"):
                if name != "num" and prefix is not None and local(element) != self.unit:
                    yield self.block(f"{prefix} {plain(self.runs(one))}".strip(), kind="text")
                    prefix = ""
                continue
            for block in self.texts_of(one):
                if prefix and block.kind != "table":
                    block = replace(
                        block, text=f"{escaped(prefix)} {block.text}", plain=f"{prefix} {block.plain}", kind="text"
                    )
                    prefix = ""
                yield block
        if prefix:
            yield self.block(prefix, kind="text")

    def texts(self, element: Element) -> Iterator[Block]:
        for one in element:
            yield from self.texts_of(one)

    def texts_of(self, element: Element) -> Iterator[Block]:
        name = local(element)
        if _has_words(element):
            yield from self.lines(element, "" if name in ("heading", "docTitle") else "text")
        elif name in ("table", "tblock"):
            yield from self.table(element)
        elif name in ("remark", "meta", "toc"):
            if words := plain(self.runs(element)):
                self.report.add(self.number, words, REMARK)
        elif name in ("ul", "ol", "blockList", *_TEXTS) and any(local(one) in _BLOCKS for one in element):
            yield from self.texts(element)
        elif name == "li":
            yield from self.lines(element, "item")
        elif name in _TEXTS or name in ("docTitle", "num", "heading", "docNumber", "docDate", "docType"):
            yield from self.lines(element, "" if name in ("heading", "docTitle") else "text")
        else:
            yield from self.parts(element, self.words(element, "num"))

    def lines(self, element: Element, kind: str) -> Iterator[Block]:
        runs: list[Run] = []
        quoted = [one for one in element.iter() if local(one) == "quotedStructure"]
        for run in self.runs(element, skip=set(map(id, quoted))):
            if run.text == "\n":
                yield from self.spoken(runs, kind)
                runs = []
            else:
                runs.append(run)
        yield from self.spoken(runs, kind)
        for one in quoted:
            yield from self.quotation(one)

    def quotation(self, element: Element) -> Iterator[Block]:
        start, end = attribute(element, "startQuote", "„"), attribute(element, "endQuote", "“")
        inner = [
            Block(escaped(words), words, self.number, kind="text")
            for one in element.iter()
            if local(one) in ("num", "heading", "p") and (words := plain(self.runs(one)))
        ]
        for index, block in enumerate(inner):
            before, after = start if index == 0 else "", end if index == len(inner) - 1 else ""
            yield Block(f"{before}{block.text}{after}", f"{before}{block.plain}{after}", block.number, kind="text")

    def spoken(self, runs: list[Run], kind: str) -> Iterator[Block]:
        words = plain(runs)
        notes = tuple(run.note for run in runs if run.note)
        if words or notes:
            self.number += 1
            yield Block(markdown(runs), words, self.number, kind=kind, is_centred=kind == "", notes=notes)

    def block(self, words: str, *, kind: str, notes: tuple[str, ...] = ()) -> Block:
        self.number += 1
        return Block(escaped(words), words, self.number, is_strong=kind == "heading", kind=kind, notes=notes)

    def words(self, element: Element, name: str) -> str:
        found = child(element, name)
        return plain(self.runs(found)) if found is not None else ""

    def heading_words(self, element: Element) -> str:
        parts = (self.words(element, "heading"), self.words(element, "subheading"))
        return ". ".join(part for part in parts if part)

    def heading(self, element: Element) -> str:
        number, title = self.words(element, "num"), self.heading_words(element)
        return f"{number.rstrip('.:')}. {title}" if number and title else number or title

    def head_notes(self, element: Element) -> tuple[str, ...]:
        heads = [one for one in element if local(one) in ("num", "heading")]
        return tuple(run.note for one in heads for run in self.runs(one) if run.note)

    def table(self, element: Element) -> Iterator[Block]:
        self.number += 1
        number, rows, plains, notes, merged, has_head = self.number, list[list[str]](), [], [], False, False
        for row in (one for one in element.iter() if local(one) == "tr"):
            cells: list[str] = []
            for cell in (one for one in row if local(one) in ("td", "th")):
                inner = (
                    list(self.texts(cell)) if any(local(one) in _BLOCKS for one in cell) else list(self.lines(cell, ""))
                )
                wide = attribute(cell, "colspan", "1")
                span = min(int(wide), grid.MOST_COLUMNS + 1) if wide.isdecimal() and len(wide) < 5 else 1
                merged = merged or span > 1 or attribute(cell, "rowspan", "1") != "1"
                cells += ["\n".join(block.text for block in inner), *[""] * (span - 1)]
                plains += [block.plain for block in inner]
                notes += [mark for block in inner for mark in block.notes]
            grid.check(len(rows) + 1, len(cells))
            has_head = has_head or (not rows and all(local(one) == "th" for one in row) and bool(cells))
            rows.append(cells)
        if merged:
            self.report.add(number, " ".join(plains), grid.MERGED)
        if written := grid.written(rows, has_head=has_head):
            yield Block(written, " ".join(plains), number, kind="table", notes=tuple(notes))

    def runs(
        self, element: Element, look: Run | None = None, skip: frozenset[int] | set[int] = frozenset()
    ) -> list[Run]:
        look = look or Run("")
        found = [self.run(element.text, look)] if element.text else []
        for one in element:
            if id(one) not in skip:
                found += self.inside(one, look, skip)
            if one.tail:
                found.append(self.run(one.tail, look))
        return found

    @staticmethod
    def run(text: str, look: Run) -> Run:
        return Run(clean(text), look.bold, look.italic, look.script, link=look.link)

    def inside(self, one: Element, look: Run, skip: frozenset[int] | set[int]) -> list[Run]:
        name = local(one)
        if name in ("authorialNote", "noteRef"):
            return self.note(one)
        if name in ("eol", "br"):
            return [Run("\n")]
        if name == "img":
            self.report.add(self.number + 1, attribute(one, "alt"), PICTURE)
            return []
        if name in ("del", "remark"):
            self.report.add(self.number + 1, plain(self.runs(one)), DELETED if name == "del" else REMARK)
            return []
        if name == "ins":
            self.report.add(self.number + 1, plain(self.runs(one)), INSERTED)
        if name in ("sup", "sub"):
            return self.runs(one, Run("", look.bold, look.italic, name, link=look.link), skip)
        bold, italic = look.bold or name == "b", look.italic or name == "i"
        target = attribute(one, "href") if name in ("a", "ref") else ""
        link = target if target.startswith(("https://", "http://")) and ")" not in target else look.link
        return self.runs(one, Run("", bold, italic, look.script, link=link), skip)

    def note(self, one: Element) -> list[Run]:
        source = one if local(one) == "authorialNote" else self.by_id.get(attribute(one, "href"), one)
        mark = re.sub(r"\W", "", attribute(one, "marker"))[:8]
        if not mark or mark in self.notes:
            mark = str(len(self.notes) + 1)
        self.notes[mark] = markdown(self.runs(source))
        return [Run("", note=mark)]


_INLINE = {"b", "i", "u", "sup", "sub", "span", "ref", "a", "ins", "del", "def", "term", "inline", "docTitle", "date"}


def _has_words(element: Element) -> bool:
    """Whether words stand in it beside its elements: then it is a line, whatever it is called."""
    return bool((element.text or "").strip()) or any((one.tail or "").strip() for one in element)


_BLOCKS = _TEXTS | {"table", "li", "item", "point", "list", "num", "heading", "toc"}


def read(content: bytes, report: Report) -> Source:
    """Raises NotReadable."""
    root = xml(content)
    if local(root) != "akomaNtoso":
        raise refused(NO_LAW)
    document = next((one for one in root if child(one, "body") is not None or child(one, "mainBody") is not None), None)
    if document is None:
        raise refused(NO_BODY)
    reader = _Reader(root, report)
    blocks = tuple(reader.document(document))
    for part in root:
        if local(part) == "components":
            blocks += tuple(reader.attachments(part))
    title = next((plain(reader.runs(one)) for one in root.iter() if local(one) == "docTitle"), "")
    return Source(blocks, reader.notes, title, "".join(_said(root)))


def _said(element: Element) -> Iterator[str]:
    """All words of the file but what it says about itself."""
    if local(element) == "meta":
        return
    apart = local(element) not in _INLINE
    if apart:
        yield " "
    yield element.text or ""
    for one in element:
        yield from _said(one)
        yield one.tail or ""
    if apart:
        yield " "
