"""What every reader makes of a file: a row of blocks, each a paragraph or a table, in the order of the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table that is already written as Markdown.

    text       Markdown, escaped; plain has the same words without any signs, for recognising headings.
    number     its place in the file (see report.Loss).
    is_centred, is_strong    how headings usually look: centred, or all of it bold, in capitals or of a heading style.
    kind       "" where the words decide; "heading", "title" (of the whole file, so of no article), "text" (never a
               heading), "item" (of a list with signs), "table".
    notes      footnotes that it refers to.
    """

    text: str
    plain: str
    number: int = 0
    is_centred: bool = False
    is_strong: bool = False
    kind: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file as blocks.

    notes: the text of each footnote by its mark. title: what the file says of itself, or "". words: all that it says,
    gathered in another way than the blocks, to find out what they lack.
    """

    blocks: tuple[Block, ...]
    notes: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    words: str = ""
