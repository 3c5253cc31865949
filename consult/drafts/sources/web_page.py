"""HTML pages as blocks: plain ones, pages that Word saved, and acts as matsne.gov.ge shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser

from consult.drafts.sources import grid, web_text
from consult.drafts.sources.archive import BOMB, DEEPEST, MOST_ELEMENTS, TOO_DEEP
from consult.drafts.sources.block import Block, Source
from consult.drafts.sources.inline import Run, clean, escaped, markdown, plain
from consult.drafts.sources.report import CONTENTS, Report, refused
from consult.drafts.sources.word_numbering import counted
from consult.errors import N_

DELETED = N_("Words that are marked as deleted were left out.")
STRUCK = N_("These words are struck out in the file; they were taken as ordinary words.")
PICTURE = N_("A picture was left out. Attach it to the draft if it belongs to the text.")
HIDDEN = N_("Hidden words were left out.")
COMMENTED = N_("A comment of the file was left out.")
FRAME = N_("A part that the page loads from elsewhere was left out.")
MENU = N_("Menus, forms and other parts around the text were left out.")
AROUND = N_("Only the text of the act was taken; the rest of the page was left out.")
NO_TEXT = N_("There is no text in the file.")

DEEPEST_TABLES = 20
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "center", "dd", "dt", "pre", "section",
           "article", "main", "ul", "ol", "dl", "body", "figure", "figcaption", "address", "hr", "header"}  # fmt: skip
_SILENT = {"script", "style", "head", "noscript", "template", "svg"}
_AROUND = {"select", "button", "nav", "footer", "form", "object", "iframe", "audio", "video", "canvas", "textarea"}
_VOID = {"br", "img", "hr", "meta", "link", "input", "col", "wbr", "area", "base", "embed", "source", "track", "param"}
_FRAMES = {"iframe", "embed", "object", "audio", "video", "canvas"}
_FOOTNOTE = re.compile(r"#_?(?:ftn|edn|fn)(\d{1,4})$")
_FOOTNOTE_TEXT = re.compile(r"(?:ftn|edn|fn)(\d{1,4})$")
_CENTRED = re.compile(r"text-align:\s*center", re.IGNORECASE)
_HEADINGS = re.compile(r"h[1-6]")
_OFFICIAL = {"muxlixml", "tavixml", "nawilixml", "wignixml", "karixml", "danartixml", "sataurixml"}
_ALPHABETS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


class _Open:
    """An element that is not closed yet, with what it changes."""

    __slots__ = ("centred", "name", "note", "restores", "silent", "strong")

    def __init__(self, name: str) -> None:
        self.name, self.silent, self.centred, self.strong, self.note = name, "", False, False, ""
        self.restores: dict[str, object] = {}


class _List:
    __slots__ = ("kind", "number")

    def __init__(self, kind: str, number: int) -> None:
        self.kind, self.number = kind, number


class _Table:
    def __init__(self, number: int) -> None:
        self.number = number
        self.rows: list[list[str]] = []
        self.heads = True
        self.first_is_head = False
        self.merged = False
        self.plain: list[str] = []
        self.notes: list[str] = []
        self.cell: list[str] | None = None
        self.span = 1


class _Page(HTMLParser):
    def __init__(self, report: Report) -> None:
        super().__init__(convert_charrefs=True)
        self.report = report
        self.blocks: list[Block] = []
        self.notes: dict[str, str] = {}
        self.open: list[_Open] = []
        self.lists: list[_List] = []
        self.tables: list[_Table] = []
        self.runs: list[Run] = []
        self.bold = self.italic = 0
        self.script, self.link, self.note = "", "", ""
        self.silent = self.struck = ""
        self.line, self.prefix, self.is_item = 1, "", False
        self.lost: list[str] = []
        self.count = 0

    # What the parser calls.

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _VOID:
            self.void(tag, values)
            return
        self.count += 1
        if self.count > MOST_ELEMENTS:
            raise refused(BOMB)
        if len(self.open) >= 4 * DEEPEST:
            self.open.pop()
        element = _Open(tag)
        if tag in _BLOCKS or tag in ("table", "tr", "td", "th"):
            self.close_implied(tag)
            self.flush()
        self.open.append(element)
        self.begin(element, values)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth].name == tag:
                while len(self.open) > depth:
                    self.end()
                return

    def handle_data(self, data: str) -> None:
        if self.silent:
            self.lost.append(data)
            return
        if not self.runs:
            if not data.strip():
                return
            self.line = self.getpos()[0]
        if self.note:
            return
        self.runs.append(Run(clean(data), bool(self.bold), bool(self.italic), self.script, link=self.link))
        if self.struck:
            self.lost.append(data)

    # Elements.

    def void(self, tag: str, values: dict[str, str]) -> None:
        if self.silent:
            return
        if tag == "br":
            self.flush(keep_prefix=True)
        elif tag == "hr":
            self.flush()
        elif tag == "img" and (values.get("alt") or _is_large(values)):
            self.report.add(self.getpos()[0], values.get("alt", ""), PICTURE)
        elif tag in _FRAMES:
            self.report.add(self.getpos()[0], values.get("title", ""), FRAME)

    def close_implied(self, tag: str) -> None:
        """<p>, <li>, <td> and <tr> may be left open: the next one closes them."""
        closing = {
            "li": {"li", "p"},
            "td": {"td", "th", "p"},
            "th": {"td", "th", "p"},
            "tr": {"tr", "td", "th", "p"},
        }.get(tag, {"p"})
        while self.open and self.open[-1].name in closing:
            self.end()

    def begin(self, element: _Open, values: dict[str, str]) -> None:
        tag, style, classes = element.name, values.get("style", ""), set(values.get("class", "").split())
        if not self.silent:
            self.silent = element.silent = _silence(tag, style, classes)
            if tag in _FRAMES:
                self.report.add(self.getpos()[0], values.get("title", ""), FRAME)
        element.centred = tag == "center" or values.get("align", "").lower() == "center" or bool(_CENTRED.search(style))
        element.strong = bool(_HEADINGS.fullmatch(tag)) or bool(classes & _OFFICIAL)
        if tag in ("b", "strong") or re.search(r"font-weight:\s*(?:bold|[6-9]00)", style):
            element.restores["bold"] = self.bold
            self.bold += 1
        if tag in ("i", "em") or re.search(r"font-style:\s*italic", style):
            element.restores["italic"] = self.italic
            self.italic += 1
        if tag in ("sup", "sub"):
            element.restores["script"], self.script = self.script, tag
        if tag in ("s", "strike"):
            element.restores["struck"], self.struck = self.struck, STRUCK
        if tag == "a":
            self.anchor(element, values)
        if tag in ("ul", "ol"):
            start = values.get("start", "")
            kind = _ALPHABETS.get(values.get("type", ""), "decimal") if tag == "ol" else "bullet"
            self.lists.append(_List(kind, int(start) if start.isdecimal() and len(start) < 5 else 1))
        if tag == "li":
            self.item(values)
        if tag == "table":
            if len(self.tables) >= DEEPEST_TABLES:
                raise refused(TOO_DEEP)
            self.tables.append(_Table(self.getpos()[0]))
        if self.tables and tag in ("tr", "td", "th"):
            self.grid(tag, values)
        if tag == "div" and (found := _FOOTNOTE_TEXT.fullmatch(values.get("id", ""))):
            element.note = found[1]
            element.restores["blocks"], self.blocks = self.blocks, []

    def end(self) -> None:
        """Close the innermost element; its last paragraph still looks as it says."""
        element = self.open[-1]
        tag = element.name
        if tag in _BLOCKS:
            self.flush()
        if tag in ("td", "th") and self.tables:
            self.close_cell()
        if tag == "table" and self.tables:
            self.close_table()
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        if element.note:
            text = " ".join(block.text for block in self.blocks)
            self.notes[element.note] = re.sub(r"^(?:\\?\[\^?\d+\\?\]|\[\^\d+\])\s*", "", text)
        if element.silent:
            self.tell(element.silent)
            self.silent = ""
        if tag in ("s", "strike") and self.struck:
            self.tell(STRUCK)
        for name, value in element.restores.items():
            setattr(self, name, value)
        self.open.pop()

    def tell(self, why: str) -> None:
        words = clean("".join(self.lost)).strip()
        self.lost = []
        if words and why not in ("silent",):
            self.report.add(self.getpos()[0], words, why)

    def anchor(self, element: _Open, values: dict[str, str]) -> None:
        target = values.get("href", "")
        found = _FOOTNOTE.search(target)
        if found and not values.get("name", "").startswith(("_ftn" + found[1], "_edn" + found[1])):
            element.restores["note"], self.note = self.note, found[1]
            self.runs.append(Run("", note=found[1]))
        elif found:
            element.restores["note"], self.note = self.note, found[1]
        elif target.startswith(("http://", "https://", "mailto:")) and " " not in target and ")" not in target:
            element.restores["link"], self.link = self.link, target

    def item(self, values: dict[str, str]) -> None:
        if not self.lists or self.lists[-1].kind == "bullet":
            self.is_item = True
            return
        current = self.lists[-1]
        own = values.get("value", "")
        current.number = int(own) if own.isdecimal() and len(own) < 5 else current.number
        self.prefix = f"{counted(current.number, current.kind)}."
        current.number += 1

    def grid(self, tag: str, values: dict[str, str]) -> None:
        table = self.tables[-1]
        if tag == "tr":
            table.rows.append([])
            grid.check(len(table.rows), 1)
            return
        if not table.rows:
            table.rows.append([])
        table.cell = []
        wide = values.get("colspan", "")
        table.span = min(int(wide), grid.MOST_COLUMNS + 1) if wide.isdecimal() and len(wide) < 5 else 1
        table.merged = table.merged or table.span > 1 or values.get("rowspan", "1") not in ("1", "")
        if len(table.rows) == 1:
            table.heads = table.heads and tag == "th"
            table.first_is_head = table.heads

    def close_cell(self) -> None:
        self.flush()
        table = self.tables[-1]
        if table.cell is None or not table.rows:
            return
        table.rows[-1] += ["\n".join(table.cell), *[""] * (table.span - 1)]
        table.cell, table.span = None, 1
        grid.check(len(table.rows), len(table.rows[-1]))

    def close_table(self) -> None:
        self.flush()
        table = self.tables.pop()
        written = grid.written(table.rows, has_head=table.first_is_head)
        words = " ".join(table.plain)
        if table.merged:
            self.report.add(table.number, words, grid.MERGED)
        if not written:
            return
        if self.tables and self.tables[-1].cell is not None:
            self.report.add(table.number, words, grid.NESTED)
            self.tables[-1].cell.append(" ".join(table.plain))
            self.tables[-1].plain += table.plain
            return
        self.blocks.append(Block(written, words, table.number, kind="table", notes=tuple(table.notes)))

    def flush(self, *, keep_prefix: bool = False) -> None:
        """End a paragraph."""
        runs, self.runs = self.runs, []
        words = plain(runs)
        notes = tuple(run.note for run in runs if run.note)
        if not words and not notes:
            return
        prefix, is_item, self.prefix, self.is_item = self.prefix, self.is_item, "", False
        strong = any(element.strong for element in self.open)
        spoken = [run for run in runs if run.text.strip()]
        text = markdown(runs, keep_emphasis=not strong)
        if prefix:
            text, words = f"{escaped(prefix)} {text}", f"{prefix} {words}"
        if self.tables and self.tables[-1].cell is not None:
            self.tables[-1].cell.append(f"• {text}" if is_item else text)
            self.tables[-1].plain.append(words)
            self.tables[-1].notes += notes
            return
        self.blocks.append(
            Block(
                text,
                words,
                self.line,
                is_centred=any(element.centred for element in self.open),
                is_strong=strong or (bool(spoken) and all(run.bold for run in spoken)),
                kind="item" if is_item else "title" if any(element.name == "h1" for element in self.open) else "",
                notes=notes,
            )
        )


def _silence(tag: str, style: str, classes: set[str]) -> str:
    """Why nothing inside an element is text; "" where it is."""
    if tag in _SILENT:
        return "silent"
    if tag in _AROUND:
        return MENU
    if any(name.startswith("MsoToc") for name in classes):
        return CONTENTS
    if tag == "del":
        return DELETED
    if "msocomanchor" in classes or "msocomtxt" in classes or "MsoCommentText" in classes:
        return COMMENTED
    if re.search(r"display:\s*none|visibility:\s*hidden", style):
        return HIDDEN
    return ""


def _is_large(values: dict[str, str]) -> bool:
    """Pictures of a pixel or two are no pictures."""
    return not (values.get("width", "9").isdecimal() and int(values.get("width", "9")[:5]) < 3)


def _titled(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The only h1 is the title of the page; where there are several, they are headings as others."""
    is_only = sum(block.kind == "title" for block in blocks) == 1
    return tuple(replace(block, kind="") if block.kind == "title" and not is_only else block for block in blocks)


def read(content: bytes, report: Report) -> Source:
    """Raises NotReadable."""
    text = web_text.mended(web_text.decoded(content))
    title = re.search(r"<title[^<>]*>([^<]{1,500})</title>", text, re.IGNORECASE)
    text, is_part = web_text.act(text)
    if is_part:
        report.add(0, "", AROUND)
    page = _Page(report)
    page.feed(text)
    page.close()
    page.flush()
    while page.open:
        page.end()
    if not any(block.plain for block in page.blocks):
        raise refused(NO_TEXT)
    return Source(_titled(page.blocks), page.notes, clean(title[1]).strip() if title else "", web_text.said(text))
