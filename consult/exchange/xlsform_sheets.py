"""The sheets of an XLSForm as lines: columns under one name each, texts gathered by language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from consult.errors import N_
from consult.exchange.plain import plain_text
from consult.exchange.report import Place, Report
from consult.exchange.workbooks import Sheet

ALIASES = {
    "list name": "list_name", "command": "type", "value": "name", "caption": "label", "guidance hint": "guidance_hint",
    "constraint message": "constraint_message", "required message": "required_message", "relevance": "relevant",
    "calculate": "calculation", "readonly": "read_only", "read only": "read_only", "choice filter": "choice_filter",
    "count": "repeat_count", "repeat count": "repeat_count", "title": "form_title", "set form title": "form_title",
    "form title": "form_title", "id_string": "form_id", "set form id": "form_id", "form id": "form_id",
    "default language": "default_language", "image": "media::image", "audio": "media::audio", "video": "media::video",
    "big-image": "media::big-image", "bind::relevant": "relevant", "bind::constraint": "constraint",
    "bind::required": "required", "bind::calculate": "calculation", "bind::readonly": "read_only",
    "bind::jr:constraintmsg": "constraint_message", "bind::jr:requiredmsg": "required_message",
    "body::appearance": "appearance",
}  # fmt: skip
TEXTS = frozenset(
    {
        "label",
        "hint",
        "guidance_hint",
        "constraint_message",
        "required_message",
        "media::image",
        "media::big-image",
        "media::audio",
        "media::video",
    }
)
LANGUAGES = {
    "english": "en", "македонски": "mk", "makedonski": "mk", "macedonian": "mk", "ქართული": "ka", "georgian": "ka",
    "shqip": "sq", "albanian": "sq", "türkçe": "tr", "turkish": "tr", "srpski": "sr", "serbian": "sr", "russian": "ru",
    "русский": "ru", "french": "fr", "français": "fr", "spanish": "es", "español": "es", "german": "de",
    "deutsch": "de", "armenian": "hy", "azerbaijani": "az", "romani": "rom", "bosnian": "bs", "arabic": "ar",
    "portuguese": "pt", "ukrainian": "uk",
}  # fmt: skip

NO_CODE = N_("No language code can be told from the column's name, so its texts were left out.")
NAME_IT = N_("Write the code behind the language, such as label::Македонски (mk).")
UNNAMED = N_("The column names no language. Its texts were taken as “%(language)s”.")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a sheet: cells by column, texts by column and language."""

    place: Place
    cells: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def get(self, column: str) -> str:
        return self.cells.get(column, "")

    def at(self, column: str) -> Place:
        return self.place.at(column)


def column_of(header: str) -> tuple[str, str]:
    """The name of a column and the language that it names: `label::English (en)` gives `label`, `English (en)`."""
    parts = [part.strip() for part in re.split(r"::|:(?=\s*[A-ZÀ-ɏЀ-ӿა-ჿ])", header.strip())]
    first = re.sub(r"\s+", " ", parts[0].lower())
    if first in ("media", "bind", "body", "instance", "control") and len(parts) > 1:
        first, parts = f"{first}::{parts[1].lower()}", parts[1:]
    name = ALIASES.get(first, first)
    return name, parts[1] if len(parts) > 1 else ""


def language_of(named: str) -> str:
    """The code in `English (en)`; "" when there is none."""
    given = re.search(r"\(\s*([A-Za-z]{2,3})(?:-[A-Za-z0-9-]+)?\s*\)\s*$", named)
    if given:
        return given[1].lower()
    bare = named.strip().lower()
    return LANGUAGES.get(bare, bare if re.fullmatch(r"[a-z]{2,3}", bare) else "")


class Sheets:
    """All lines of a workbook, with the languages in their order."""

    def __init__(self, sheets: Mapping[str, Sheet], report: Report, language: str) -> None:
        self.report = report
        settings = self._lines(sheets.get("settings", ()), "settings", language)
        self.settings = settings[0] if settings else Line(Place("settings", 2), {})
        named = language_of(self.settings.get("default_language"))
        self.bare = named or language
        self.languages: list[str] = [named] if named else []
        self.told_unnamed = bool(named)
        self.survey = self._lines(sheets.get("survey", ()), "survey", self.bare)
        self.choices = self._lines(sheets.get("choices", ()), "choices", self.bare)
        self.languages = self.languages or [self.bare]

    def _lines(self, rows: Sheet, sheet: str, bare: str) -> list[Line]:
        if not rows:
            return []
        columns = self._columns(rows[0], sheet, bare)
        return [
            self._line(Place(sheet, number), columns, row) for number, row in enumerate(rows[1:], start=2) if any(row)
        ]

    def _columns(self, header: Sequence[str], sheet: str, bare: str) -> list[tuple[str, str]]:
        found = []
        for written in header:
            name, named = column_of(written)
            language = ""
            if name in TEXTS and sheet != "settings":
                language = language_of(named) if named else bare
                if named and not language:
                    self.report.add(Place(sheet, 1, written), "", NO_CODE, NAME_IT)
                    name = ""
                elif not named and name == "label" and not self.told_unnamed:
                    self.told_unnamed = True
                    self.report.add(Place(sheet, 1, written), "", UNNAMED, NAME_IT, language=bare)
                if language and name == "label" and language not in self.languages:
                    self.languages.append(language)
            found.append((name, language))
        return found

    def _line(self, place: Place, columns: list[tuple[str, str]], row: Sequence[str]) -> Line:
        cells: dict[str, str] = {}
        texts: dict[str, dict[str, str]] = {}
        for (name, language), cell in zip(columns, row, strict=False):
            if not name or not cell:
                continue
            if not language:
                cells.setdefault(name, cell)
            elif name.startswith("media::"):
                texts.setdefault(name, {})[language] = cell
            else:
                texts.setdefault(name, {})[language] = plain_text(cell)
        return Line(place, cells, texts)
