"""What can be counted of a survey, in words: its questions and rows, and what is known about each answer (paradata)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from consult.charts.wording import CHANNELS
from consult.columns.column import NO, YES
from consult.errors import N_
from consult.i18n import AUTONYMS, Text, languages
from consult.i18n import locale as locale_of
from consult.surveys.definition import schema as d
from consult.surveys.definition.municipality import here
from consult.surveys.definition.values_in_words import AGREED

Kind: TypeAlias = Literal["coded", "masked", "measured"]
PARADATA = ("@channel", "@language", "@version", "@day", "@month", "@weekday")
"""About the answer itself; no question's key begins so, they can never meet one."""
SAID = {
    "@channel": N_("How it came"),
    "@language": N_("Language in which it was answered"),
    "@version": N_("Version of the questionnaire that was answered"),
    "@day": N_("Day on which it came"),
    "@month": N_("Month in which it came"),
    "@weekday": N_("Day of the week on which it came"),
}
NOT_AGREED = N_("Did not agree")
TRUE, FALSE = N_("Yes"), N_("No")
JOINED = "%s – %s"
MONDAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Variable:
    """One column. Its key is the question's, or question.row for a row of a table (an option of a ranking).

    question  the key of its question; empty for paradata
    row       the code of the row, or of the option that was ranked or got points
    points    what its codes mean, in the order of the definition; paradata in their own order; none of a number
    text      the question's words, and the row's behind them; short: the row's alone
    labels    the words of each point
    """

    key: str
    kind: Kind
    question: str = ""
    row: str | None = None
    points: tuple[str, ...] = ()
    text: Text = field(default_factory=dict)
    short: Text = field(default_factory=dict)
    labels: Mapping[str, Text] = field(default_factory=dict)

    @property
    def is_paradata(self) -> bool:
        return self.key.startswith("@")


Found: TypeAlias = tuple[Kind, tuple[str, ...]]


def variables(definition: d.Definition, found: Mapping[str, Found]) -> dict[str, Variable]:
    """The variables of the columns that there are (kind and points), questions in their order, paradata behind."""
    made = [one for question in definition.questions for one in _of(question, found)]
    made += [_paradata(key, found[key][1]) for key in PARADATA if key in found]
    return {one.key: one for one in made}


def parts_of(question: d.AnyQuestion) -> tuple[tuple[str, Text], ...]:
    """The rows (or ranked options) that have a column each: code and words."""
    if isinstance(question, d.MatrixScale | d.MatrixSingle | d.MatrixMultiple):
        return tuple((row.code, row.text) for row in question.rows)
    if isinstance(question, d.Ranking | d.Allocation):
        return tuple((option.code, option.text) for option in question.options if option.missing is None)
    return ()


def _of(question: d.AnyQuestion, found: Mapping[str, Found]) -> Iterator[Variable]:
    labels = labels_of(question)
    for code, words in parts_of(question):
        key = f"{question.key}.{code}"
        if key in found:
            kind, points = found[key]
            yield Variable(key, kind, question.key, code, points, joined(question.text, words), words,
                           _known(labels, points))  # fmt: skip
    if question.key in found:
        kind, points = found[question.key]
        yield Variable(question.key, kind, question.key, None, points, question.text, question.text,
                       _known(labels, points))  # fmt: skip


def joined(question: Text, row: Text) -> Text:
    return {lang: JOINED % (words, row[lang]) if lang in row else words for lang, words in question.items()}


def _known(labels: Mapping[str, Text], points: tuple[str, ...]) -> dict[str, Text]:
    return {point: labels.get(point) or dict.fromkeys(languages(), point) for point in points}


def labels_of(question: d.AnyQuestion) -> dict[str, Text]:
    """The words of a question's points."""
    if isinstance(question, d.Scaled):
        return {str(value): _point(question, i, value) for i, value in enumerate(question.values)}
    if isinstance(question, d.Nps):
        ends = {0: question.low, 10: question.high}
        return {str(value): _numbered(value, ends.get(value, {})) for value in question.values}
    if isinstance(question, d.Place):
        return {code: place.name for code, place in here().places.items()}
    if isinstance(question, d.Consent):
        return {YES: question.agree or said(AGREED), NO: said(NOT_AGREED)}
    if isinstance(question, d.Calculated):
        return {str(True): said(TRUE), str(False): said(FALSE)}
    return {option.code: option.text for option in getattr(question, "options", ())}


def _point(question: d.Scaled, i: int, value: int) -> Text:
    if question.labels:
        return question.labels[i]
    return _numbered(value, question.low if i == 0 else question.high if i == question.points - 1 else {})


def _numbered(value: int, words: Text) -> Text:
    return {lang: f"{value} – {words[lang]}" if lang in words else str(value) for lang in (*languages(), *words)}


def said(message: str) -> Text:
    """A sentence of ours in every language."""
    return {code: locale_of(code).gettext(message) for code in languages()}


def _paradata(key: str, points: tuple[str, ...]) -> Variable:
    words = said(SAID[key])
    return Variable(key, "coded", "", None, points, words, words, {point: _fact(key, point) for point in points})


def _fact(key: str, point: str) -> Text:
    if key == "@channel":
        return said(CHANNELS[point])
    if key == "@language":
        return dict.fromkeys(languages(), AUTONYMS.get(point, point))
    if key == "@day":
        return {code: locale_of(code).date(date.fromisoformat(point)) for code in languages()}
    if key == "@weekday":
        day = MONDAY.replace(day=int(point))
        return {code: locale_of(code).weekday(day) for code in languages()}
    return dict.fromkeys(languages(), point)
