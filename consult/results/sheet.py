"""Answers as a sheet: which columns there are and what stands in a cell. The same for every file format.

By codes, for programs and for reading back: what was not asked is empty, what was skipped is NA (no code can be: codes
are small letters), a "don't know" is its code; a question with several answers has a column of 1 and 0 per option.
By labels, for people: the words of one language; skipped is said in words. Columns keep their names over all versions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from consult.columns.answers import Answered
from consult.columns.column import places_of
from consult.documents import cells
from consult.errors import N_
from consult.i18n import Locale, Text, languages, pick
from consult.i18n import locale as locale_of
from consult.surveys.answers.ordering import variant_of
from consult.surveys.definition import schema as d
from consult.surveys.definition.municipality import here
from consult.surveys.definition.schema import (
    Allocation,
    AnyQuestion,
    Definition,
    Free,
    MatrixMultiple,
    MatrixScale,
    MatrixSingle,
    Multiple,
    Nps,
    Number,
    Option,
    Ranking,
    Scale,
    Scaled,
    Single,
    Smiley,
)

Cell: TypeAlias = str | int | float
Kind: TypeAlias = Literal[
    "choice", "option", "scale", "number", "place", "points", "text", "date", "time", "truth", "file", "value", "fact",
    "weight",
]  # fmt: skip
KINDS = {
    "choice": N_("one of these codes"),
    "option": N_("1 chosen, 0 not chosen"),
    "scale": N_("a point of the scale"),
    "number": N_("a number"),
    "place": N_("the place given, from 1"),
    "points": N_("the points given"),
    "text": N_("text as written"),
    "date": N_("a day (year-month-day)"),
    "time": N_("a time of day"),
    "truth": N_("1 yes, 0 no"),
    "file": N_("a file (its number)"),
    "value": N_("a computed value"),
    "fact": N_("about the answer"),
    "weight": N_("the weight of the answer"),
}
SKIPPED = "NA"
NO_ANSWER = N_("no answer")
FIRST_DAY, LAST_DAY, LATITUDE, LONGITUDE = N_("First day"), N_("Last day"), N_("Latitude"), N_("Longitude")
FACTS = ("_id", "_version", "_language", "_channel", "_day", "_variant", "_flags")
CONTACT, WEIGHT = "_contact", "_weight"
"""Columns about the response itself; no question's key begins with a line, so they can never meet one."""
PERSONAL = d.Free | d.Email | d.Phone | d.File | d.Photo
MARKED = N_("%(heading)s [personal data]")
FACT_WORDS = {
    "_id": N_("Number of the answer; it says nothing about when it came"),
    "_version": N_("Version of the questionnaire that was answered"),
    "_language": N_("Language in which it was answered"),
    "_channel": N_("How it came"),
    "_day": N_("Day on which it came"),
    "_variant": N_("Variant of the random order (0 to 31), computed from the number of the answer"),
    "_flags": N_("What is remarkable about it, joined by blanks; nothing was left out because of it"),
    CONTACT: N_("Who answered, as the survey said: the number of the contact"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column. name: as in a form (key, key.row, key.other), or key.option; labels: what its codes mean."""

    name: str
    kind: Kind
    question: AnyQuestion | None = None
    part: str = ""
    about: tuple[Text, ...] = ()
    labels: Mapping[str, Text] | None = None

    @property
    def is_personal(self) -> bool:
        """Whether it may name a person: what is written freely, contact data, files, a point on the map."""
        return isinstance(self.question, PERSONAL) or self.part.startswith(".") or self.name == CONTACT

    def heading(self, locale: Locale) -> str:
        """The words above the column, with a mark where it may name a person."""
        words = " – ".join(pick(text, locale.code, locale.order)[0] for text in self.about) or self.name
        return locale.gettext(MARKED, heading=words) if self.is_personal else words


def fields(definition: Definition) -> tuple[Field, ...]:
    """The columns of a survey, facts about the response first; who answered only where the survey kept names."""
    found = [Field(name, "fact") for name in (*FACTS, *((CONTACT,) if definition.mode == "identified" else ()))]
    for question in definition.questions:
        found += _fields(question)
    return tuple(found)


def _fields(question: AnyQuestion) -> Iterator[Field]:
    key, text = question.key, (question.text,)
    if isinstance(question, Single):
        yield Field(key, "choice", question, "", text, _options(question.options))
    elif isinstance(question, Multiple):
        for option in question.options:
            yield Field(f"{key}.{option.code}", "option", question, option.code, (*text, option.text))
    elif isinstance(question, MatrixSingle):
        for row in question.rows:
            yield Field(
                f"{key}.{row.code}", "choice", question, row.code, (*text, row.text), _options(question.options)
            )
    elif isinstance(question, MatrixScale):
        for row in question.rows:
            yield Field(f"{key}.{row.code}", "scale", question, row.code, (*text, row.text), _points(question))
    elif isinstance(question, MatrixMultiple):
        for row in question.rows:
            for option in question.options:
                name = f"{row.code}.{option.code}"
                yield Field(f"{key}.{name}", "option", question, name, (*text, row.text, option.text))
    elif isinstance(question, Ranking | Allocation):
        for option in question.options:
            kind: Kind = "place" if isinstance(question, Ranking) else "points"
            yield Field(f"{key}.{option.code}", kind, question, option.code, (*text, option.text))
    elif isinstance(question, Scale | Smiley | Nps):
        yield Field(key, "scale", question, "", text, _points(question))
    elif isinstance(question, Number):
        yield Field(key, "number", question, "", text, _options(question.outside))
    elif isinstance(question, Free):
        yield Field(key, "text", question, "", text)
    else:
        yield from _written(question)
    other = next((option for option in getattr(question, "options", ()) if option.other), None)
    if other is not None:
        # An option may have the code "other": then its own column of 1 and 0 is key.other, its words key.other.text.
        name = f"{key}.other.text" if isinstance(question, Multiple) else f"{key}.other"
        yield Field(name, "text", question, ".other", (*text, other.text))


def _written(question: AnyQuestion) -> Iterator[Field]:
    """Columns of what is written in a form of its own: days, places, contact, consent, files, computed values."""
    key, text = question.key, (question.text,)
    match question:
        case d.Date():
            yield Field(key, "date", question, "", text)
        case d.DateRange():
            yield Field(f"{key}.from", "date", question, "from", (*text, _word(FIRST_DAY)))
            yield Field(f"{key}.to", "date", question, "to", (*text, _word(LAST_DAY)))
        case d.Time():
            yield Field(key, "time", question, "", text)
        case d.Email() | d.Phone():
            yield Field(key, "text", question, "", text)
        case d.Consent():
            yield Field(key, "truth", question, "", text)
        case d.File() | d.Photo():
            yield Field(key, "file", question, "", text)
        case d.Hidden():
            yield Field(key, "choice" if question.options else "text", question, "", text, _options(question.options))
        case d.Calculated():
            yield Field(key, "value", question, "", text)
        case d.Place():
            yield Field(key, "choice", question, "", text, {code: place.name for code, place in here().places.items()})
            if question.coordinates:
                yield Field(f"{key}.latitude", "number", question, ".latitude", (*text, _word(LATITUDE)))
                yield Field(f"{key}.longitude", "number", question, ".longitude", (*text, _word(LONGITUDE)))


def _word(message: str) -> Text:
    return {code: locale_of(code).gettext(message) for code in languages()}


def _options(options: tuple[Option, ...]) -> dict[str, Text]:
    return {option.code: option.text for option in options}


def _points(question: Scaled | Nps) -> dict[str, Text]:
    labels = question.labels if isinstance(question, Scaled) else ()
    named = {str(value): text for value, text in zip(question.values, labels, strict=False)}
    return named | _options(question.outside)


def cell(field: Field, row: Answered, locale: Locale | None, offered: Collection[str] | None = None) -> Cell:
    """What stands in a cell; locale None writes codes. Text is as it was written: see `harmless`.

    offered  the columns of the version that was answered: what it did not have was not asked.
    """
    if field.kind == "fact":
        return _fact(field.name, row)
    assert field.question is not None  # noqa: S101 - only facts have none
    key = field.question.key
    if offered is not None and field.name not in offered:
        return ""
    skipped = SKIPPED if locale is None else locale.gettext(NO_ANSWER)
    if field.part.startswith("."):
        beside = row.answers.get(f"{key}{field.part}")
        return beside if isinstance(beside, int | float) else written(str(beside or ""))
    if key not in row.answers:
        return ""
    answer = row.answers[key]
    row_code, _, option_code = field.part.partition(".")
    if field.kind == "place":
        # Of a short list of the most important ones the others have no place.
        return places_of(answer).get(field.part, skipped)
    if option_code and isinstance(answer, dict):
        if row_code not in answer:
            return ""
        answer = answer[row_code]
    elif field.part and field.kind != "option":
        if isinstance(answer, dict) and field.part not in answer:
            return ""
        answer = answer[field.part] if isinstance(answer, dict) else None
    if answer is None:
        return skipped
    if field.kind == "option":
        return int((option_code or row_code) in answer)
    if locale is not None and field.labels and (words := field.labels.get(str(answer))):
        return pick(words, locale.code, locale.order)[0]
    if isinstance(answer, bool):
        return int(answer)
    return answer if isinstance(answer, int | float) else written(str(answer))


def written(text: str) -> str:
    """A text that happens to be the sign for skipped, with an apostrophe before it."""
    return f"'{text}" if text.lstrip("'") == SKIPPED else text


def _fact(name: str, row: Answered) -> Cell:
    if name == "_variant":
        return variant_of(row.id)
    if name == "_flags":
        return " ".join(row.flags)
    value: Any = getattr(row, name.removeprefix("_"))
    return value if isinstance(value, int) else str(value) if value is not None else ""


def harmless(value: Cell) -> Cell:
    """A text in which nothing is calculated, see `cells.harmless`; numbers stay numbers."""
    return cells.harmless(value) if isinstance(value, str) else value


def restored(text: str) -> str:
    """The text that `written` and `harmless` were given."""
    plain = cells.restored(text)
    return plain[1:] if plain.startswith("'") and plain.lstrip("'") == SKIPPED else plain
