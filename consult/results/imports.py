"""Reading answers from a CSV file by codes: each line is judged like a posted form."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from uuid import UUID, uuid4

from consult.errors import N_, Invalid, Problem
from consult.results import sheet
from consult.surveys.answers.decoders.given import YES
from consult.surveys.answers.flow import Compiled
from consult.surveys.definition.schema import Multiple
from consult.surveys.responses.inserts import Row, encoded

CHANNELS = ("web", "kiosk", "phone", "paper")
LARGEST_FIELD = 200_000
NOT_UTF8 = N_("This file is not UTF-8 text. Save it as “CSV UTF-8” and try again.")
NO_HEAD = N_("The file is empty: the first line has to name the columns.")
UNKNOWN_COLUMN = N_("There is no column “%(name)s” in this survey.")
TOO_LONG = N_("This line has more cells than the first line names.")
UNKNOWN_VERSION = N_("This survey has no version %(number)s.")
WRONG_ID = N_("“%(value)s” is not an id. Leave the cell empty to get a new one.")
WRONG_DAY = N_("“%(value)s” is not a day. Write it as 2026-11-30.")
WRONG_CHANNEL = N_("“%(value)s” is not a way to answer. Write one of: %(channels)s.")
WRONG_LANGUAGE = N_("“%(value)s” is not a language of this survey.")
WRONG_TICK = N_("Write 1 for chosen, 0 for not chosen.")
TWICE = N_("This id is in the file twice.")
Cells = Mapping[str | None, str]
Wrong = Callable[[str, str, dict[str, object]], None]


def csv_rows(data: bytes) -> Iterator[Cells]:
    """The lines of a CSV file, separated by commas or semicolons, by column name. Raises Invalid."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Invalid([Problem("file", NOT_UTF8)]) from fault
    first = text.split("\n", 1)[0]
    if not first.strip():
        raise Invalid([Problem("file", NO_HEAD)])
    csv.field_size_limit(LARGEST_FIELD)
    separator = ";" if first.count(";") > first.count(",") else ","
    yield from csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)


class Reader:
    """Reads lines of one survey version; compiled is None for a version that does not exist."""

    def __init__(
        self, survey_id: UUID, number: int, compiled: Compiled | None, languages: tuple[str, ...], at: datetime
    ) -> None:
        self.survey_id, self.number, self.compiled, self.languages, self.at = survey_id, number, compiled, languages, at
        self.seen: set[UUID] = set()
        self.fields = {field.name: field for field in sheet.fields(compiled.definition)} if compiled else {}

    @staticmethod
    def version_of(cells: Cells, newest: int) -> int:
        written = (cells.get("_version") or "").strip()
        return int(written) if written.isdecimal() and len(written) < 6 else newest

    def read(self, cells: Cells, line: int) -> Row | list[Problem]:
        """The line as a response, or everything that is wrong with it."""
        if self.compiled is None:
            return [Problem(f"{line}, _version", UNKNOWN_VERSION, {"number": self.number})]
        problems: list[Problem] = []

        def wrong(column: str, message: str, parameters: dict[str, object]) -> None:
            problems.append(Problem(f"{line}, {column}" if column else str(line), message, parameters))

        if None in cells:
            wrong("", TOO_LONG, {})
        form = self._form(cells, wrong)
        id_, day = self._id(cells, wrong), self._day(cells, wrong)
        channel, language = (cells.get("_channel") or "paper").strip(), (cells.get("_language") or "").strip()
        language = language or self.languages[0]
        if channel not in CHANNELS:
            wrong("_channel", WRONG_CHANNEL, {"value": channel, "channels": ", ".join(CHANNELS)})
        if language not in self.languages:
            wrong("_language", WRONG_LANGUAGE, {"value": language})
        decoded = self.compiled.decode(form)
        problems += [Problem(f"{line}, {p.place}", p.message, p.parameters) for p in decoded.problems]
        if problems:
            return problems
        answers = encoded(decoded.answers)
        return Row(id_, self.survey_id, self.number, language, channel, day, None, answers)

    def _form(self, cells: Cells, wrong: Wrong) -> dict[str, list[str]]:
        """The cells as the fields that a page would have posted."""
        form: dict[str, list[str]] = {}
        for name, written in cells.items():
            if name is None:  # the cells beyond the first line's columns
                continue
            field = self.fields.get(name)
            if field is None:
                wrong(name, UNKNOWN_COLUMN, {"name": name})
                continue
            value = sheet.restored((written or "").strip())
            if field.kind == "fact" or field.question is None or value in ("", sheet.SKIPPED):
                continue
            if field.kind in ("value", "file"):  # computed anew; files do not travel in a sheet
                continue
            if field.kind == "truth":
                form[name] = [YES] if value == "1" else []
            elif field.kind != "option":
                is_words = field.part == ".other" and isinstance(field.question, Multiple)
                form[f"{field.question.key}.other" if is_words else name] = [value]
            elif value == "1":
                row, _, option = field.part.rpartition(".")
                form.setdefault(f"{field.question.key}.{row}" if row else field.question.key, []).append(option)
            elif value != "0":
                wrong(name, WRONG_TICK, {})
        return form

    def _id(self, cells: Cells, wrong: Wrong) -> UUID:
        written = (cells.get("_id") or "").strip()
        if not written:
            return uuid4()
        try:
            found = UUID(written)
        except ValueError:
            wrong("_id", WRONG_ID, {"value": written[:40]})
            return uuid4()
        if found in self.seen:
            wrong("_id", TWICE, {})
        self.seen.add(found)
        return found

    def _day(self, cells: Cells, wrong: Wrong) -> date:
        written = (cells.get("_day") or "").strip()
        if not written:
            return self.at.date()
        try:
            return date.fromisoformat(written)
        except ValueError:
            wrong("_day", WRONG_DAY, {"value": written[:40]})
            return self.at.date()
