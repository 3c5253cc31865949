"""Blocks of a file made into our Markdown: chapters, articles and annexes are recognised, footnotes find their article.

A title stands on the line of its article ("Член 4. Дрвја"), on the line after it, or, as in Macedonian laws, on the
line before it. What a file does most often decides for all its articles.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from consult.drafts.markup import NUMBERED
from consult.drafts.regulation import article_key
from consult.drafts.sources.block import Block, Source
from consult.drafts.sources.headings import Heading, looks_like_a_heading, normal, recognise
from consult.drafts.sources.inline import line
from consult.drafts.sources.report import Report
from consult.errors import N_

QUOTED = N_("This heading stands inside a quotation, so it was left as words of the article around it.")
REPEATED = N_("This number was there before, so the heading was left as words of %(part)s.")
NO_NOTE = N_("The footnote %(mark)s has no text in the file.")
UNUSED_NOTE = N_("Nothing refers to this footnote, so it was left out.")
SIGNED = N_("This looks like the signature; it stands at the end of the last article. Take it out if it is none of it.")
NUMBERED_ANNEX = N_("This annex has no number and is not the first; it was given the number %(given)s.")
LONGEST_TITLE = 200
LONGEST_QUOTATION = 400
LONGEST_SIGNATURE = 100
_SIGNS = re.compile(
    r"претседател|градоначалник|секретар|\bбр(?:ој)?\b|თავმჯდომარე|\bმერი\b|chair|mayor|president|secretary",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"{NUMBERED}\s")
_OPENING, _CLOSING = '„“«"', '“”»"'


@dataclass(frozen=True, slots=True)
class Assembled:
    """headings: where each article begins in the file, with its name, for the places of losses."""

    markdown: str
    headings: tuple[tuple[int, str], ...]
    title: str = ""


def assemble(source: Source, report: Report) -> Assembled:
    blocks = [block for block in source.blocks if block.plain or block.kind == "table" or block.notes]
    found = [recognise(block) for block in blocks]
    quoted = _quoted(blocks, found)
    for index in quoted:
        report.add(blocks[index].number, blocks[index].plain, QUOTED)
        found[index] = None
    assembler = _Assembler(blocks, found, source.notes, report, titles_come_first=_titles_come_first(blocks, found))
    return assembler.run()


def _quoted(blocks: Sequence[Block], found: Sequence[Heading | None]) -> list[int]:
    """Headings inside a quotation of several lines: acts that change another act quote its new articles."""
    inside: list[int] = []
    waiting: list[int] = []
    opened = -1
    for index, block in enumerate(blocks):
        text = normal(block.plain)
        if opened < 0 and text[:1] in _OPENING and text[:1] != "" and not _closes(text[1:]):
            opened, waiting = index, []
        elif opened >= 0:
            if index - opened > LONGEST_QUOTATION:
                opened = -1  # it is never closed: it was no quotation
            elif found[index] is not None:
                waiting.append(index)
            if opened >= 0 and _closes(text):
                inside += waiting
                opened = -1
    return inside


def _closes(text: str) -> bool:
    return text.rstrip(" .;,")[-1:] in _CLOSING and text.rstrip(" .;,")[-1:] != ""


def _titles_come_first(blocks: Sequence[Block], found: Sequence[Heading | None]) -> bool:
    """Whether this file puts the title of an article before its number rather than after it."""
    before = after = 0
    for index, heading in enumerate(found):
        if heading is None or heading.kind != "article" or heading.title:
            continue
        is_own = _is_free_title(blocks, found, index - 1) and blocks[index - 1].kind != "title"
        before += is_own and not _follows_bare_chapter(found, index - 1)
        after += _is_free_title(blocks, found, index + 1)
    return before > after


def _is_free_title(blocks: Sequence[Block], found: Sequence[Heading | None], index: int) -> bool:
    return 0 <= index < len(blocks) and found[index] is None and looks_like_a_heading(blocks[index])


def _follows_bare_chapter(found: Sequence[Heading | None], index: int) -> bool:
    chapter = found[index - 1] if index > 0 else None
    return chapter is not None and chapter.kind == "chapter" and not chapter.title


class _Assembler:
    def __init__(
        self,
        blocks: Sequence[Block],
        found: Sequence[Heading | None],
        notes: Mapping[str, str],
        report: Report,
        *,
        titles_come_first: bool,
    ) -> None:
        self.blocks, self.found, self.notes, self.report = blocks, found, notes, report
        self.titles_come_first = titles_come_first
        self.lines: list[str] = []
        self.kind_before = ""
        self.pending_notes: list[str] = []
        self.told_notes: set[str] = set()
        self.seen: set[str] = set()
        self.annex = ""
        self.headings: list[tuple[int, str]] = []

    def run(self) -> Assembled:
        index = 0
        while index < len(self.blocks):
            index += self.take(index)
        self.close_article()
        self.tell_signature()
        for mark, text in self.notes.items():
            if mark not in self.told_notes and text:
                self.report.add(0, text, UNUSED_NOTE)
        markdown = re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip()
        return Assembled(f"{markdown}\n" if markdown else "", tuple(self.headings), self.title())

    def title(self) -> str:
        """The lines before the first chapter or article that stand out: "ОДЛУКА", "за дрворедите"."""
        told: list[str] = []
        for index, block in enumerate(self.blocks):
            if self.found[index] is not None:
                break
            if _is_free_title(self.blocks, self.found, index):
                told.append(block.plain)
            elif told:
                break
        return " ".join(told)[:LONGEST_TITLE]

    def take(self, index: int) -> int:
        """Write one block, or a heading with the line of its title; give how many blocks were used."""
        block, heading = self.blocks[index], self.found[index]
        if heading is None:
            following = self.titled_by(index)
            if following is not None:
                return 1 + self.head(index + 1, following, block)
            self.text(block)
            return 1
        return self.head(index, heading, None)

    def titled_by(self, index: int) -> Heading | None:
        """The article whose title this line is, if it stands on the next one."""
        is_title = _is_free_title(self.blocks, self.found, index) and self.blocks[index].kind != "title"
        if not self.titles_come_first or not is_title:
            return None
        following = self.found[index + 1] if index + 1 < len(self.found) else None
        return following if following and following.kind == "article" and not following.title else None

    def head(self, index: int, heading: Heading, before: Block | None) -> int:
        block = self.blocks[index]
        used, title = 1, before
        if not heading.title and title is None and self.title_follows(index, heading):
            title, used = self.blocks[index + 1], 2
        if heading.kind == "annex":
            heading = self.numbered_annex(heading, block)
        if heading.kind != "chapter" and not self.begins_part(heading, block):
            self.words(f"**{heading.name}{f'. {title.plain}' if title else ''}**", block)
            return used
        self.close_article()
        if heading.kind == "annex":
            self.annex = heading.name
        self.refer(block, *([title] if title else []))
        self.lines += ["", heading.line(title.plain if title else ""), ""]
        self.kind_before = ""
        if heading.kind != "chapter":
            self.headings.append((before.number if before else block.number, heading.name))
        return used

    def title_follows(self, index: int, heading: Heading) -> bool:
        if not _is_free_title(self.blocks, self.found, index + 1):
            return False
        if heading.kind == "article":
            return not self.titles_come_first
        return True

    def begins_part(self, heading: Heading, block: Block) -> bool:
        """An annexed text has articles of its own: a number that was there before stays within the annex."""
        key = article_key(heading.name if heading.kind == "annex" else heading.number)
        if key in self.seen and self.annex:
            self.report.add(block.number, heading.name, REPEATED, part=self.annex)
            return False
        self.seen.add(key)
        return True

    def numbered_annex(self, heading: Heading, block: Block) -> Heading:
        if heading.number or "annex" not in self.seen:
            return heading
        number = 2
        while f"annex-{number}" in self.seen:
            number += 1
        self.report.add(block.number, heading.title, NUMBERED_ANNEX, given=number)
        return replace(heading, number=str(number))

    def tell_signature(self) -> None:
        """Short lines at the very end with an office or a number: nobody is asked, but somebody should look."""
        last: list[Block] = []
        for block, heading in zip(reversed(self.blocks), reversed(self.found), strict=True):
            if heading is not None or block.kind or len(block.plain) > LONGEST_SIGNATURE or block.plain[-1:] in ".;:":
                break
            last.insert(0, block)
        if self.headings and any(_SIGNS.search(block.plain) for block in last):
            self.report.add(last[0].number, " / ".join(block.plain for block in last), SIGNED)

    def text(self, block: Block) -> None:
        self.refer(block)
        if block.kind == "table":
            self.lines += ["", block.text, ""]
            self.kind_before = "table"
        elif block.kind == "item":
            self.add(f"- {block.text}", "item")
        else:
            self.words(block.text, block)

    def words(self, text: str, block: Block) -> None:
        kind = "numbered" if _NUMBERED.match(block.plain) else "text"
        self.add(line(text), kind)

    def add(self, text: str, kind: str) -> None:
        """A numbered line or an item begins a paragraph by itself; everything else needs an empty line before it."""
        tight = kind == "numbered" or (kind == "item" and self.kind_before != "table")
        if not tight and self.lines and self.lines[-1]:
            self.lines.append("")
        self.lines.append(text)
        self.kind_before = kind

    def refer(self, *blocks: Block) -> None:
        for block in blocks:
            for mark in block.notes:
                if mark in self.notes and mark not in self.told_notes:
                    self.pending_notes.append(mark)
                    self.told_notes.add(mark)
                elif mark not in self.notes:
                    self.report.add(block.number, "", NO_NOTE, mark=mark)

    def close_article(self) -> None:
        if self.pending_notes:
            self.lines += ["", *(f"[^{mark}]: {self.notes[mark]}" for mark in self.pending_notes), ""]
            self.pending_notes = []
