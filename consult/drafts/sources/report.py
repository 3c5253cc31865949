"""What could not be carried over from a file, by place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from consult.errors import N_, Invalid, Problem

LONGEST_SHOWN = 160
CONTENTS = N_("A table of contents was left out; the page makes its own.")
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that was not carried over, or only changed.

    article    the heading it stands under, as the file says it; "" before the first one.
    number     the paragraph of the file (the line of a text or HTML file), counted from 1; 0 where it has none.
    what       the words concerned; why says what became of them.
    """

    article: str
    number: int
    what: str
    why: str
    parameters: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.article, str(self.number or "")) if part)
        words = self.why % self.parameters if self.parameters else self.why
        return f"{f'{where}: ' if where else ''}{f'“{self.what}”: ' if self.what else ''}{words}"


class NotReadable(Invalid):
    """The file is refused as a whole; its one problem says why."""


def refused(message: str, **parameters: object) -> NotReadable:
    return NotReadable([Problem("file", message, parameters)])


class Report:
    """Collects losses while a file is read; the same one in the same place is told once."""

    def __init__(self) -> None:
        self._found: list[tuple[int, str, str, Mapping[str, object]]] = []
        self._once: set[str] = set()
        self.words: list[str] = []

    def add(self, number: int, what: str, why: str, **parameters: object) -> None:
        self.words.append(what)
        if self._found and self._found[-1][2] == why == CONTENTS:
            before = self._found[-1]
            self._found[-1] = (before[0], shortened(f"{before[1]} {what}"), why, parameters)
            return
        entry = (number, shortened(what), why, parameters)
        if entry not in self._found[-50:]:
            self._found.append(entry)

    def once(self, number: int, what: str, why: str, **parameters: object) -> None:
        """Tell only the first place of something that may be everywhere."""
        if why not in self._once:
            self._once.add(why)
            self.add(number, what, why, **parameters)

    def losses(self, headings: Sequence[tuple[int, str]]) -> tuple[Loss, ...]:
        """In the order of the file. headings: paragraph numbers where articles begin, ascending, with their names."""
        told, position, article = [], 0, ""
        for number, what, why, parameters in sorted(self._found, key=lambda entry: entry[0]):
            while position < len(headings) and headings[position][0] <= number:
                article = headings[position][1]
                position += 1
            told.append(Loss(article if number else "", number, what, why, parameters))
        return tuple(told)


def shortened(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_SHOWN else f"{line[: LONGEST_SHOWN - 1]}…"
