"""What stands beside the boxes of a paper questionnaire, and what a clerk types for it.

The printed form and the form for keying use the same short codes, so that a hand need not leave the number pad:

    options, columns      1, 2, 3 … in the order of the survey
    scales, points        the number itself
    beside a scale        a, b … ("don't know", "refused"); typed а, б or ა, ბ it is the same
    several choices       the codes with blanks or commas between them: 1 4 5
    ranking               the place of each option, as it was written beside it
    consent               1

Everything else is typed as it is written. An empty field means that nothing was answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from consult.errors import N_, Problem
from consult.i18n import Text
from consult.surveys.answers.bindings import fields_of
from consult.surveys.answers.forms import Fields
from consult.surveys.definition import schema as d

NOT_LISTED = N_("“%(typed)s” is not among the codes: %(codes)s.")
TWICE = N_("“%(typed)s” is typed twice.")

Kind = Literal["code", "codes", "text", "long"]
LETTERS = "abcdefgh"
ALPHABETS = str.maketrans("абвгдѓеж" + "აბგდევზთ", LETTERS + LETTERS)


@dataclass(frozen=True, slots=True)
class Choice:
    """A printed code, what it stands for in the survey, and its text; a point of a scale may have none."""

    printed: str
    value: str
    text: Text


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of the keying form. name: as the survey's own form calls it; part: the row or option, if it is one."""

    name: str
    kind: Kind
    choices: tuple[Choice, ...] = ()
    part: Text = field(default_factory=dict)
    is_other: bool = False

    @property
    def hint(self) -> str:
        """The codes in short: 1–5, a."""
        numbers = [choice.printed for choice in self.choices if choice.printed.isdecimal()]
        letters = [choice.printed for choice in self.choices if not choice.printed.isdecimal()]
        span = [f"{numbers[0]}–{numbers[-1]}"] if len(numbers) > 1 else numbers
        return ", ".join([*span, *letters])


@dataclass(frozen=True, slots=True)
class KeyedQuestion:
    """number: counted through the survey from 1, as on paper; 0 for what takes no answer."""

    number: int
    question: d.AnyQuestion
    cells: tuple[Cell, ...]


def keyed(definition: d.Definition) -> list[tuple[d.Page, tuple[KeyedQuestion, ...]]]:
    """All pages with the fields of their questions."""
    found = []
    number = 0
    for page in definition.pages:
        questions = []
        for question in page.questions:
            made = cells(question)
            number += bool(made)
            questions.append(KeyedQuestion(number if made else 0, question, made))
        found.append((page, tuple(questions)))
    return found


def choices(question: d.AnyQuestion) -> tuple[Choice, ...]:
    """The codes of a question, of each row in a matrix."""
    found: list[Choice] = []
    match question:
        case d.Scaled():
            for place, value in enumerate(question.values):
                ends = {0: question.low, question.points - 1: question.high}
                said = question.labels[place] if question.labels else ends.get(place, {})
                found.append(Choice(str(value), str(value), said))
        case d.Nps():
            found = [Choice(str(n), str(n), {0: question.low, 10: question.high}.get(n, {})) for n in question.values]
        case d.Consent():
            found = [Choice("1", "yes", question.agree)]
        case d.Allocation() | d.Ranking():
            pass
        case _:
            options: tuple[d.Option, ...] = getattr(question, "options", ())
            found = [Choice(str(n), option.code, option.text) for n, option in enumerate(options, start=1)]
    outside: tuple[d.Option, ...] = getattr(question, "outside", ())
    return (
        *found,
        *(Choice(letter, option.code, option.text) for letter, option in zip(LETTERS, outside, strict=False)),
    )


def cells(question: d.AnyQuestion) -> tuple[Cell, ...]:
    """The fields that a clerk fills in for a question; none where paper takes no answer."""
    listed = choices(question)
    match question:
        case d.Information() | d.Calculated() | d.Hidden() | d.File() | d.Photo():
            return ()
        case d.MatrixScale() | d.MatrixSingle():
            return tuple(Cell(f"{question.key}.{row.code}", "code", listed, row.text) for row in question.rows)
        case d.MatrixMultiple():
            return tuple(Cell(f"{question.key}.{row.code}", "codes", listed, row.text) for row in question.rows)
        case d.Allocation() | d.Ranking():
            return tuple(Cell(f"{question.key}.{option.code}", "text", (), option.text) for option in question.options)
        case d.Single() | d.Multiple():
            kind: Kind = "codes" if isinstance(question, d.Multiple) else "code"
            other = next((option for option in question.options if option.other), None)
            beside = (Cell(f"{question.key}.other", "text", part=other.text, is_other=True),) if other else ()
            return (Cell(question.key, kind, listed), *beside)
        case d.Scaled() | d.Nps() | d.Consent():
            return (Cell(question.key, "code", listed),)
        case d.Free(long=True):
            return (Cell(question.key, "long"),)
        case _:
            return tuple(Cell(name, "text", listed) for name in fields_of(question))


def typed(definition: d.Definition, form: Callable[[str], str]) -> tuple[Fields, list[Problem]]:
    """Turn what was typed into the fields of the survey's own form; form gives what was typed into a field."""
    fields: Fields = {}
    problems: list[Problem] = []
    for _, questions in keyed(definition):
        for question in questions:
            for cell in question.cells:
                written = form(cell.name).strip()
                if written:
                    problems += _read(cell, written, fields)
    return fields, problems


def _read(cell: Cell, written: str, fields: Fields) -> Iterator[Problem]:
    by_code = {choice.printed: choice.value for choice in cell.choices}
    match cell.kind:
        case "code":
            code = _plain(written)
            if code in by_code:
                fields[cell.name] = [by_code[code]]
            else:
                yield _not_listed(cell, written)
        case "codes":
            found: list[str] = []
            for one in re.split(r"[\s,;.+]+", written):
                code = _plain(one)
                if code and code not in by_code:
                    yield _not_listed(cell, one)
                elif code in found:
                    yield Problem(cell.name, TWICE, {"typed": one})
                elif code:
                    found.append(code)
            fields[cell.name] = [by_code[code] for code in found]
        case _:
            fields[cell.name] = [by_code.get(_plain(written), written)]


def _plain(code: str) -> str:
    return code.strip().lower().translate(ALPHABETS).lstrip("0") or code.strip()


def _not_listed(cell: Cell, written: str) -> Problem:
    return Problem(cell.name, NOT_LISTED, {"typed": written[:20], "codes": cell.hint})


def different(definition: d.Definition, first: Mapping[str, str], second: Mapping[str, str]) -> list[Cell]:
    """The fields that two clerks read differently from one sheet, in the order of the form."""
    return [
        cell
        for _, questions in keyed(definition)
        for question in questions
        for cell in question.cells
        if _same(cell, first.get(cell.name, "")) != _same(cell, second.get(cell.name, ""))
    ]


def _same(cell: Cell, written: str) -> tuple[str, ...]:
    """What counts as one reading: blanks never matter, nor do the alphabet and the height of a code's letters."""
    if cell.kind in ("text", "long"):
        return tuple(written.split())
    return tuple(sorted(_plain(one) for one in re.split(r"[\s,;.+]+", written) if one))


def relaxed(definition: d.Definition) -> d.Definition:
    """The same survey without a duty to answer: what somebody left out on paper cannot be asked again."""
    pages = tuple(
        msgspec.structs.replace(page, questions=tuple(_relaxed(question) for question in page.questions))
        for page in definition.pages
    )
    return msgspec.structs.replace(definition, pages=pages)


def _relaxed(question: d.AnyQuestion) -> d.AnyQuestion:
    if isinstance(question, d.Multiple) and question.min:
        question = msgspec.structs.replace(question, min=None)
    return msgspec.structs.replace(question, required=False) if getattr(question, "required", False) else question
