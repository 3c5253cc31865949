"""The rows and lists of an XLSForm while it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from consult.errors import N_
from consult.exchange.report import Place, Report
from consult.surveys.definition import schema as d

LANGUAGE_NAMES = {
    "mk": "Македонски", "ka": "ქართული", "en": "English", "sq": "Shqip", "tr": "Türkçe", "sr": "Српски",
    "bs": "Bosanski", "hy": "Հայերեն", "az": "Azərbaycan", "ru": "Русский", "rom": "Romani",
}  # fmt: skip
RENAMED = N_("XLSForm wants names that differ: it is “%(name)s” there.")
NO_OPTION_PART = N_("Answers have no such thing in XLSForm.")
MISSING = {"dont_know": "dont_know", "refused": "refused", None: ""}


def language_name(code: str) -> str:
    return f"{LANGUAGE_NAMES.get(code, code)} ({code})"


@dataclass
class Row:
    """A row of the sheet `survey`."""

    type: str
    name: str = ""
    texts: dict[str, d.Text] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)


class Form:
    """Rows, lists of choices with their names, and all names that are taken."""

    def __init__(self, report: Report, taken: set[str]) -> None:
        self.report = report
        self.rows: list[Row] = []
        self.names = taken
        self.lists: dict[tuple[tuple[str, ...], ...], str] = {}
        self.choices: list[tuple[str, d.Option]] = []

    def name(self, wanted: str, path: str = "") -> str:
        """A name that no other row has; a changed one is told when path is given."""
        name, number = wanted, 2
        while name in self.names:
            name, number = f"{wanted}_{number}", number + 1
        self.names.add(name)
        if name != wanted and path:
            self.report.add(Place(row=path), wanted, RENAMED, name=name)
        return name

    def add(self, kind: str, name: str = "", texts: Mapping[str, d.Text] | None = None, **cells: str) -> Row:
        shown = {column: text for column, text in (texts or {}).items() if text}
        row = Row(kind, name, shown, {column: cell for column, cell in cells.items() if cell})
        self.rows.append(row)
        return row

    def list_of(self, options: Sequence[d.Option], key: str, path: str) -> str:
        """The name of a list with these answers; the same answers have one list."""
        for option in options:
            place = Place(row=f"{path}.options.{option.code}")
            for part, said in (
                ("show_if", option.show_if),
                ("hint", next(iter(option.hint.values()), "")),
                ("image", option.image.file if option.image else ""),
                ("value", "" if option.value is None else f"{option.value:g}"),
            ):
                if said:
                    self.report.add(place.at(part), said, NO_OPTION_PART)
        print_of = tuple((o.code, MISSING[o.missing], *(x for pair in o.text.items() for x in pair)) for o in options)
        if print_of not in self.lists:
            self.lists[print_of] = key
            self.choices += [(key, option) for option in options]
        return self.lists[print_of]
