"""Columns with a type, for programs that have one: SPSS, Stata, Parquet.

A choice becomes a number with a label, several choices a column of 0 and 1 per option. Why there is no value (one of
`columns.column.KINDS`) is kept beside the values, because each program has its own way to say so.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from consult.columns.column import KINDS, outside_of
from consult.errors import N_
from consult.i18n import Text, languages
from consult.i18n import locale as locale_of
from consult.results import sheet
from consult.results.formats.taking import Taking
from consult.storage import fetchrow
from consult.surveys.definition import schema as d
from consult.surveys.queries import IN_FORCE

Storage: TypeAlias = Literal["integer", "number", "text", "date", "time"]
Measure: TypeAlias = Literal["nominal", "ordinal", "scale"]
NOT_ASKED, SKIPPED = KINDS.index("not_asked") + 1, KINDS.index("skipped") + 1
KIND_WORDS = {
    "not_asked": N_("The question was not asked"),
    "skipped": N_("Asked, and left without an answer"),
    "dont_know": N_("Don’t know"),
    "refused": N_("Refused to answer"),
}
CHOSEN, NOT_CHOSEN, YES, NO = N_("chosen"), N_("not chosen"), N_("yes"), N_("no")
COLUMNS_AT_ONCE = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Variable:
    """A column with its type.

    numbers  code -> the number that stands for it, if it is a choice; labels: number -> what it means.
    outside  code -> why there is no answer ("dont_know", "refused"); words of the survey for them in `kinds`.
    width    bytes of the longest text.
    """

    field: sheet.Field
    storage: Storage
    measure: Measure = "nominal"
    numbers: Mapping[str, int] = dataclasses.field(default_factory=dict)
    labels: Mapping[int, Text] = dataclasses.field(default_factory=dict)
    outside: Mapping[str, str] = dataclasses.field(default_factory=dict)
    kinds: Mapping[str, Text] = dataclasses.field(default_factory=dict)
    negative: bool = False
    largest: float = 0
    width: int = 1

    @property
    def name(self) -> str:
        return self.field.name

    def read(self, cells: Sequence[sheet.Cell]) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
        """Cells by codes as values and as kinds of no answer: (n,) NaN where status is not 0 but a kind + 1.

        Dates are days since 1970, times seconds since midnight.
        """
        status = {"": NOT_ASKED, sheet.SKIPPED: SKIPPED}
        status |= {code: KINDS.index(kind) + 1 for code, kind in self.outside.items()}
        known: dict[sheet.Cell, tuple[float, int]] = {code: (np.nan, why) for code, why in status.items()}
        found = [known[cell] if cell in known else (self._value(cell), 0) for cell in cells]
        values = np.array([value for value, _ in found], dtype=np.float64)
        return values, np.array([why for _, why in found], dtype=np.uint8)

    def texts(self, cells: Sequence[sheet.Cell]) -> tuple[list[str], NDArray[np.uint8]]:
        """Cells of a text column as they were written, empty where there is none, and why."""
        status = np.array([{"": NOT_ASKED, sheet.SKIPPED: SKIPPED}.get(str(cell), 0) for cell in cells], dtype=np.uint8)
        return ["" if why else _plain(str(cell)) for cell, why in zip(cells, status, strict=True)], status

    def _value(self, cell: sheet.Cell) -> float:
        if self.numbers:
            return float(self.numbers[str(cell)]) if str(cell) in self.numbers else np.nan
        if not isinstance(cell, str):
            return float(cell)
        if self.storage == "date":
            return float((dt.date.fromisoformat(cell) - dt.date(1970, 1, 1)).days)
        if self.storage == "time":
            hours, minutes = cell.split(":")[:2]
            return int(hours) * 3600.0 + int(minutes) * 60.0
        return float(cell)


def _plain(text: str) -> str:
    return text[1:] if text == f"'{sheet.SKIPPED}" else text


def variable(field: sheet.Field, *, width: int = 1, is_text: bool = False) -> Variable:
    """The type of a column. is_text: of a computed value, that some are no numbers."""
    question = field.question
    outside = outside_of(question) if question is not None else {}
    options = (*getattr(question, "options", ()), *getattr(question, "outside", ()))
    kinds = {str(option.missing): option.text for option in reversed(options) if option.missing}
    match field.kind:
        case "choice":
            codes = [code for code in field.labels or {} if code not in outside]
            numbers = _numbers(codes)
            labels = {number: (field.labels or {})[code] for code, number in numbers.items()}
            return Variable(
                field, "integer", "nominal", numbers, labels, outside, kinds, largest=max(labels, default=0)
            )
        case "scale":
            named = field.labels or {}
            values = list(getattr(question, "values", ()))
            labels = {value: named[str(value)] for value in values if named.get(str(value))}
            return Variable(field, "integer", "ordinal", {}, labels, outside, kinds, largest=max(values, default=0))
        case "option":
            # "Don't know" is a column of its own beside those of the other options.
            return Variable(field, "integer", "nominal", {}, {1: _said(CHOSEN), 0: _said(NOT_CHOSEN)}, largest=1)
        case "truth":
            return Variable(field, "integer", "nominal", {}, {1: _said(YES), 0: _said(NO)}, largest=1)
        case "place" | "points":
            largest = len(options) if field.kind == "place" else getattr(question, "total", 0)
            return Variable(field, "integer", "ordinal" if field.kind == "place" else "scale", largest=largest)
        case "number":
            return _number(field, outside, kinds)
        case "date":
            return Variable(field, "date", "scale", negative=True)
        case "time":
            return Variable(field, "time", "scale")
        case "weight":
            return Variable(field, "number", "scale")
        case "value" if not is_text:
            return Variable(field, "number", "scale", negative=True)
        case "fact":
            return _fact(field, width)
    return Variable(field, "text", width=max(width, 1))


def _number(field: sheet.Field, outside: Mapping[str, str], kinds: Mapping[str, Text]) -> Variable:
    question = field.question
    if not isinstance(question, d.Number):
        return Variable(field, "number", "scale", negative=True)
    low, high = question.min, question.max
    is_whole = (
        question.decimals == 0 and high is not None and low is not None and max(abs(low), abs(high)) < 2**31 - 100
    )
    return Variable(
        field,
        "integer" if is_whole else "number",
        "scale",
        outside=outside,
        kinds=kinds,
        negative=low is None or low < 0,
        largest=max(abs(low or 0), abs(high or 0)),
    )


def _fact(field: sheet.Field, width: int) -> Variable:
    if field.name in ("_version", "_variant"):
        return Variable(field, "integer", "nominal", largest=2**31 - 100 if field.name == "_version" else 31)
    if field.name == "_day":
        return Variable(field, "date", "scale", negative=True)
    return Variable(field, "text", width={"_id": 36, sheet.CONTACT: 36}.get(field.name, max(width, 1)))


def _numbers(codes: Sequence[str]) -> dict[str, int]:
    """Codes that are whole numbers stand for themselves, others are counted in the order of the questionnaire."""
    if codes and all(code.isdigit() and (code == "0" or code[0] != "0") and len(code) < 10 for code in codes):
        return {code: int(code) for code in codes}
    return {code: number for number, code in enumerate(codes, start=1)}


def _said(message: str) -> Text:
    return {code: locale_of(code).gettext(message) for code in languages()}


async def variables(taken: Taking) -> tuple[Variable, ...]:
    """The columns with their types and widths, which one look over all answers gives."""
    asked = [field for field in taken.columns if field.kind in ("text", "value")]
    widths: dict[str, int] = {"_language": 8, "_channel": 8, "_flags": 80}
    texts: set[str] = set()
    for start in range(0, len(asked), COLUMNS_AT_ONCE):
        part = asked[start : start + COLUMNS_AT_ONCE]
        looks = ", ".join(
            f"max(octet_length(answers->>${n})), bool_or(jsonb_typeof(answers->${n}) = 'string')"
            for n in range(2, len(part) + 2)
        )
        row = await fetchrow(f"select {looks} {IN_FORCE} and survey = $1", taken.survey_id, *map(_key, part))
        assert row is not None  # noqa: S101 - an aggregate always has its row
        for number, looked in enumerate(part):
            widths[looked.name] = row[2 * number] or 1
            texts |= {looked.name} if row[2 * number + 1] else set()
    return tuple(
        variable(field, width=widths.get(field.name, 1), is_text=field.name in texts) for field in taken.columns
    )


def _key(field: sheet.Field) -> str:
    assert field.question is not None  # noqa: S101 - facts are not looked at
    return f"{field.question.key}{field.part}" if field.part.startswith(".") else field.question.key
