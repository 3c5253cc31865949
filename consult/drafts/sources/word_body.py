"""The body of a Word file: paragraphs with their numbers, tables, and what is wrapped around them."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from consult.drafts.sources import grid, inline
from consult.drafts.sources.archive import attribute, child, local
from consult.drafts.sources.block import Block
from consult.drafts.sources.headings import names_an_article
from consult.drafts.sources.report import CONTENTS
from consult.drafts.sources.word_paragraph import BOX, IMPORTED, STRUCK, Package, Reading
from consult.drafts.sources.word_styles import Look, on

_WRAPPERS = {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "Choice", "txbxContent"}


class Body:
    """Reads elements in the order of the text: automatic numbers are counted while they go by."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.number = 0

    def read(self, root: Element) -> list[Block]:
        body = child(root, "body")
        return list(self.blocks(body if body is not None else root))

    def blocks(self, element: Element) -> Iterator[Block]:
        for one in element:
            name = local(one)
            if name == "p":
                yield from self.paragraph(one)
            elif name == "tbl":
                yield from self.table(one)
            elif name == "AlternateContent":
                choice = child(one, "Choice")
                yield from self.blocks(choice if choice is not None else one)
            elif name in _WRAPPERS:
                yield from self.blocks(one)
            elif name == "altChunk":
                self.package.report.add(self.number, "", IMPORTED)

    def words_of(self, element: Element) -> str:
        """The text of a footnote as one line."""
        return " ".join(block.text for block in self.blocks(element) if block.text)

    def paragraph(self, element: Element) -> Iterator[Block]:
        self.number += 1
        number = self.number
        properties = child(element, "pPr")
        style_id = attribute(child(properties, "pStyle"), "val")
        look = self.package.styles.get(style_id) or self.package.styles.get("", Look())
        if look.name.startswith(("toc ", "table of ")):
            self.package.report.add(
                number, "".join(one.text or "" for one in element.iter() if local(one) == "t"), CONTENTS
            )
            return
        reading = Reading(self.package, number)
        reading.walk(element)
        reading.finish()
        self.struck(element, number)
        prefix, is_item = self.prefix(properties, look, style_id) if any(reading.lines) else ("", False)
        for index, runs in enumerate(reading.lines):
            block = self.block(runs, properties, look, prefix if index == 0 else "", number)
            if block.plain or block.notes:
                yield Block(
                    block.text,
                    block.plain,
                    number,
                    block.is_centred,
                    block.is_strong,
                    "item" if is_item and index == 0 else "",
                    block.notes,
                )
        for box in reading.boxes:
            found = list(self.blocks(box))
            if found:
                self.package.report.add(number, found[0].plain, BOX)
            yield from found

    def block(self, runs: list[inline.Run], properties: Element | None, look: Look, prefix: str, number: int) -> Block:
        spoken = [run for run in runs if run.text.strip()]
        all_bold = bool(spoken) and all(run.bold for run in spoken)
        heads = bool(look.is_heading) or self.has_outline(properties)
        alignment = child(properties, "jc")
        centred = bool(look.is_centred) if alignment is None else attribute(alignment, "val") == "center"
        text = inline.markdown(runs, keep_emphasis=not heads)
        plain = inline.plain(runs)
        named = names_an_article(prefix, plain)
        if prefix:
            text, plain = f"{inline.escaped(prefix)} {text}".strip(), f"{prefix} {plain}".strip()
        return Block(
            text,
            plain,
            number,
            is_centred=centred,
            is_strong=all_bold or heads or bool(look.bold) or named,
            notes=tuple(run.note for run in runs if run.note),
        )

    @staticmethod
    def has_outline(properties: Element | None) -> bool:
        outline = child(properties, "outlineLvl")
        return outline is not None and attribute(outline, "val") != "9"

    def prefix(self, properties: Element | None, look: Look, style_id: str) -> tuple[str, bool]:
        """The automatic number of a paragraph, its own or its style's."""
        own = child(properties, "numPr")
        list_id = attribute(child(own, "numId"), "val") or look.list_id or ""
        if not list_id or list_id == "0":
            return "", False
        written = attribute(child(own, "ilvl"), "val")
        if written.isdecimal() and len(written) < 3:
            depth = int(written)
        elif look.depth is not None:
            depth = look.depth
        else:
            depth = self.package.numbering.level_of(list_id, style_id)
        return self.package.numbering.next(list_id, depth)

    def struck(self, element: Element, number: int) -> None:
        words = [
            "".join(one.text or "" for one in run if local(one) == "t")
            for run in element.iter()
            if local(run) == "r" and (properties := child(run, "rPr")) is not None
            if on(child(properties, "strike")) or on(child(properties, "dstrike"))
        ]
        if said := "".join(words).strip():
            self.package.report.add(number, said, STRUCK)

    def table(self, element: Element) -> Iterator[Block]:
        self.number += 1
        number = self.number
        rows: list[list[str]] = []
        notes: list[str] = []
        plain: list[str] = []
        merged, has_head = False, False
        for row in self.rows(element):
            cells: list[str] = []
            strong = True
            for cell in self.cells(row):
                properties = child(cell, "tcPr")
                span = attribute(child(properties, "gridSpan"), "val")
                wide = min(int(span[:4]), grid.MOST_COLUMNS + 1) if span[:4].isdecimal() else 1
                joined = child(properties, "vMerge")
                continues = joined is not None and attribute(joined, "val") != "restart"
                merged = merged or wide > 1 or continues
                inner = list(self.blocks(cell))
                if any(local(one) == "tbl" for one in cell):
                    self.package.report.add(number, "", grid.NESTED)
                words = "\n".join(_flat(block) for block in inner if block.plain)
                strong = strong and all(block.is_strong for block in inner if block.plain)
                notes += [mark for block in inner for mark in block.notes]
                plain += [block.plain for block in inner]
                cells += [words, *[""] * (wide - 1)]
                grid.check(len(rows), len(cells))
            if not rows:
                head = child(row, "trPr", "tblHeader")
                has_head = bool(on(head)) or (strong and any(cells))
            rows.append(cells)
        written = grid.written(rows, has_head=has_head)
        if merged:
            self.package.report.add(number, " ".join(plain), grid.MERGED)
        if written:
            yield Block(written, " ".join(plain), number, kind="table", notes=tuple(notes))

    def rows(self, element: Element) -> Iterator[Element]:
        for one in element:
            if local(one) == "tr":
                yield one
            elif local(one) in _WRAPPERS:
                yield from self.rows(one)

    def cells(self, element: Element) -> Iterator[Element]:
        for one in element:
            if local(one) == "tc":
                yield one
            elif local(one) in _WRAPPERS:
                yield from self.cells(one)


def _flat(block: Block) -> str:
    if block.kind == "item":
        return f"• {block.text}"
    return block.text.replace("\n", " ").replace("|", " ") if block.kind == "table" else block.text
