"""A document's blocks as a template takes them: each with its form, and what that form needs ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from consult.charts import grid, showing
from consult.i18n import Locale
from consult.profile import Profile
from consult.reports.document import (
    Bullets,
    Document,
    Drawn,
    Facts,
    Marked,
    Numerals,
    Paragraph,
    Section,
    Spoken,
    Tabled,
)
from consult.reports.pdf import marked_paragraphs, paragraphs

FORMS = {
    Paragraph: "paragraph",
    Facts: "facts",
    Bullets: "bullets",
    Numerals: "numerals",
    Drawn: "chart",
    Tabled: "table",
    Spoken: "spoken",
    Marked: "marked",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A block as the template takes it: its form, and what that form needs ready."""

    form: str
    block: Any
    more: Any = None


def sections_of(made: Document, locale: Locale, profile: Profile) -> list[tuple[Section, list[Shown]]]:
    charts = 0
    sections = []
    for section in made.sections:
        blocks = []
        for block in section.blocks:
            charts += isinstance(block, Drawn)
            blocks.append(_shown(block, charts, locale, profile))
        sections.append((section, blocks))
    return sections


def _shown(block: Any, number: int, locale: Locale, profile: Profile) -> Shown:
    more: Any = None
    if isinstance(block, Drawn):
        more = showing.view(block.spec, locale, profile, id_=f"c{number}")
    elif isinstance(block, Spoken):
        more = paragraphs(block.text)
    elif isinstance(block, Marked):
        more = marked_paragraphs(block.pieces)
    elif isinstance(block, Tabled):
        more = [[grid.written(cell) for cell in row] for row in block.grid.rows]
    return Shown(FORMS[type(block)], block, more)
