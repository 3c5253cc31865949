"""What came of a conversion: a definition, and by place all that could not be carried over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from consult.errors import Invalid
from consult.surveys.definition.schema import Definition

LONGEST_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: in a workbook sheet, row (from 1, as the program counts) and column name.

    In a LimeSurvey file `sheet` is the table, `row` the code of the question; in a definition `row` is its text path.
    """

    sheet: str = ""
    row: int | str = ""
    column: str = ""

    def __str__(self) -> str:
        return ", ".join(str(part) for part in (self.sheet, self.row, self.column) if part != "")

    def at(self, column: str) -> Place:
        return replace(self, column=column)


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that was not carried over, or only changed: what stood there, why, and what to do."""

    place: Place
    what: str
    why: str
    advice: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        words = f"{self.why} {self.advice}".strip()
        words = words % self.parameters if self.parameters else words
        return f"{self.place}: {f'“{self.what}”: ' if self.what else ''}{words}"


class Report:
    """Collects losses in the order of the file; the same one is told once."""

    def __init__(self) -> None:
        self.losses: list[Loss] = []

    def add(self, place: Place, what: str, why: str, advice: str = "", **parameters: object) -> None:
        shown = " ".join(what.split())
        shown = shown if len(shown) <= LONGEST_SHOWN else f"{shown[: LONGEST_SHOWN - 1]}…"
        loss = Loss(place, shown, why, advice, parameters)
        if loss not in self.losses:
            self.losses.append(loss)

    def in_order(self, sheets: Sequence[str]) -> tuple[Loss, ...]:
        """By sheet and row, as a person goes through the workbook."""

        def key(loss: Loss) -> tuple[int, int]:
            place = loss.place
            sheet = sheets.index(place.sheet) if place.sheet in sheets else len(sheets)
            return sheet, place.row if isinstance(place.row, int) else 0

        return tuple(sorted(self.losses, key=key))


@dataclass(frozen=True, slots=True)
class Taken:
    """A survey taken over from another program's file; it may still fail the checks of the format."""

    definition: Definition
    losses: tuple[Loss, ...]


class NotReadable(Invalid):
    """The file is refused as a whole; its one problem says why."""
