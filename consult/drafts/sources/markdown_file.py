"""Markdown and plain text files as our Markdown: headings of other levels and bold lines are recognised too."""

from __future__ import annotations

import re

from consult.drafts.regulation import parse
from consult.drafts.sources import inline
from consult.drafts.sources.block import Block, Source

_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*$")
_BOLD = re.compile(r"(\*\*|__)(.+)\1$")
_NOTE = re.compile(r"\[\^(\w{1,8})\]:\s*(.*)")
_MARK = re.compile(r"\[\^(\w{1,8})\](?!:)")
_ITEM = re.compile(r"[-*+]\s+(.*)")


def is_ours(text: str, language: str) -> bool:
    """A text that is already written as our format wants it is taken as it stands."""
    return not parse(text, language).problems


def read(text: str) -> Source:
    blocks: list[Block] = []
    notes: dict[str, str] = {}
    table: list[str] = []
    for number, written in enumerate(text.split("\n"), start=1):
        line = inline.clean(written).strip()
        if line.startswith("|"):
            table.append(line)
            continue
        if table:
            blocks.append(_table(table, number - 1))
            table = []
        if note := _NOTE.fullmatch(line):
            notes[note[1]] = note[2]
        elif line:
            blocks.append(_block(line, number))
    if table:
        blocks.append(_table(table, number))
    return Source(tuple(blocks), notes)


def _table(lines: list[str], number: int) -> Block:
    text = "\n".join(lines)
    return Block(text, text, number, kind="table", notes=tuple(_MARK.findall(text)))


def _block(line: str, number: int) -> Block:
    """The words stay as they were written; only headings lose their signs."""
    heading = _HEADING.fullmatch(line)
    bold = _BOLD.fullmatch(heading[1] if heading else line)
    item = _ITEM.fullmatch(line)
    notes = tuple(_MARK.findall(line))
    if heading or bold:
        plain = _MARK.sub("", bold[2] if bold else heading[1] if heading else line)
        text = f"**{plain}**" if heading or bold else plain
        return Block(text, plain, number, is_strong=True, kind="heading" if heading else "", notes=notes)
    if item:
        return Block(item[1], item[1], number, kind="item", notes=notes)
    return Block(line, _MARK.sub("", line), number, notes=notes)
