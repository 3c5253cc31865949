"""A report in one language: sections of paragraphs, facts, lists, charts and tables. It knows no file format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from consult.charts.grid import Grid
from consult.charts.spec import Spec


@dataclass(frozen=True, slots=True)
class Paragraph:
    """look: body; lead (larger); note (small and quiet)."""

    text: str
    look: Literal["body", "lead", "note"] = "body"


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and what it is."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numeral:
    """A figure written large: what it is, the figure, how certain it is, what it is about."""

    name: str
    value: str
    interval: str
    about: str


@dataclass(frozen=True, slots=True)
class Numerals:
    items: tuple[Numeral, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart with its title, sentence and source. with_table: its figures below it as well."""

    spec: Spec
    with_table: bool = False


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table with its numbers as numbers. note: what stands below it."""

    grid: Grid
    note: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody said, in their own language, or what the town hall answered.

    head: who, when and how; quote: words of a text that it speaks of; note: what else is known of it, small.
    """

    head: str
    text: str
    language: str
    quote: str = ""
    note: str = ""
    look: Literal["resident", "reply", "town"] = "resident"


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with what was inserted and deleted. pieces: (same | inserted | deleted, words)."""

    pieces: tuple[tuple[str, str], ...]
    language: str


Block: TypeAlias = Paragraph | Facts | Bullets | Numerals | Drawn | Tabled | Spoken | Marked


@dataclass(frozen=True, slots=True)
class Section:
    """key: an id in no language; level 1 has a number and stands in the contents, level 2 does not."""

    key: str
    title: str
    blocks: tuple[Block, ...] = ()
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Document:
    """facts: of the title page; words: small words that a file format needs, by name."""

    language: str
    title: str
    kind: str
    sender: str
    facts: tuple[tuple[str, str], ...]
    contact: str
    sections: tuple[Section, ...]
    words: dict[str, str]
    brand: str
    emblem: str
    is_demo: bool = False

    @property
    def numbered(self) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.level == 1)
