"""What the editor's page shows: outline, cards, problems where they belong, progress of languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from consult.errors import N_, Problem
from consult.i18n import Locale, pick
from consult.studio.edits import PAGE, QUESTION, SETTINGS, Gone, Part, part_at
from consult.studio.fields import TYPES, WORDS, Field, Form, form_for, tag_of
from consult.studio.operations import EditConflict
from consult.studio.queries import Copy, Locked
from consult.surveys.authoring import checks
from consult.surveys.conditions.describe import describe
from consult.surveys.conditions.expression import SyntaxFault, names, parse
from consult.surveys.conditions.terms import WORDS as KIND_WORDS
from consult.surveys.definition import schema as d
from consult.surveys.definition.texts import slots
from consult.surveys.files.pictures import Picture

MISSING = N_("The text is missing in “%(language)s”. Add it.")
EMPTY = N_("A text is needed here.")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that the checks found: at a place, in a field of its form."""

    place: str
    field: str
    message: str
    parameters: Mapping[str, Any]

    @property
    def is_blank(self) -> bool:
        """Nothing was written yet; that need not be told in red."""
        return self.message == EMPTY


@dataclass(frozen=True, slots=True)
class Line:
    """A question or page in the outline, and as a folded card."""

    place: str
    number: int
    part: d.Page | d.AnyQuestion
    kind: str
    troubles: int
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    page: Line
    questions: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    language: str
    done: int
    total: int


def ordered(definition: d.Definition, authentic: str) -> tuple[str, ...]:
    """The survey's languages, the authentic one first."""
    found = definition.languages
    return (authentic, *(code for code in found if code != authentic)) if authentic in found else found


def troubles(definition: d.Definition) -> list[Trouble]:
    found = []
    for one in checks.check(definition):
        place, rest = _place(definition, one.path)
        field = ".".join(str(part) for part in rest)
        if one.message == MISSING:
            field = f"{field}.{one.parameters['language']}"
        found.append(Trouble(place, field, one.message, one.parameters))
    return found


def _place(definition: d.Definition, path: checks.Path) -> tuple[str, checks.Path]:
    match path:
        case ("pages", int(p), "questions", int(q), *rest):
            return QUESTION + definition.pages[p].questions[q].key, tuple(rest)
        case ("pages", int(p), *rest):
            return PAGE + definition.pages[p].key, tuple(rest)
    return SETTINGS, path


def outline(definition: d.Definition, found: list[Trouble]) -> tuple[Chapter, ...]:
    counts = Counter(one.place for one in found)
    chapters = []
    number = 0
    last = len(definition.pages) - 1
    for p, page in enumerate(definition.pages):
        lines = []
        for q, question in enumerate(page.questions):
            number += 1
            place = QUESTION + question.key
            kind = tag_of(question)
            is_last = p == last and q == len(page.questions) - 1
            lines.append(Line(place, number, question, kind, counts[place], p == 0 and q == 0, is_last))
        place = PAGE + page.key
        chapters.append(Chapter(Line(place, p + 1, page, "page", counts[place], p == 0, p == last), tuple(lines)))
    return tuple(chapters)


def progress(definition: d.Definition, languages: tuple[str, ...]) -> tuple[Progress, ...]:
    """How many of the texts that there are stand in each language."""
    texts = [slot.text for slot in slots(definition) if slot.must or slot.text]
    return tuple(
        Progress(code, sum(bool(text.get(code, "").strip()) for text in texts), len(texts)) for code in languages
    )


def say(locale: Locale, message: str, parameters: Mapping[str, Any]) -> str:
    """A sentence with texts in many languages reduced to the reader's, and with sentences within sentences."""
    if not message:
        return ""
    if "of" in parameters:
        return locale.gettext(message, what=say(locale, parameters["what"], parameters["of"]))
    return locale.gettext(message, **{name: _spoken(locale, value) for name, value in parameters.items()})


def _spoken(locale: Locale, value: Any) -> Any:
    if isinstance(value, dict):
        return pick(value, locale.code, locale.order)[0]
    if isinstance(value, int | float):
        return locale.number(value)
    return locale.gettext(value) if value in KIND_WORDS.values() else value


MOST_KNOWN = 200
_found: dict[tuple[UUID, int], list[Trouble]] = {}


@dataclass(frozen=True)
class View:
    """All that the templates need, for one place that is open.

    mine      the open part as it was typed, where it is not saved
    unread    fields of it that could not be read
    focus     the id of what gets the keyboard's focus after a change
    """

    locale: Locale
    slug: str
    copy: Copy
    at: str
    authentic: str
    installed: tuple[str, ...]
    locked: Locked
    may_edit: bool
    mine: Part | None = None
    unread: tuple[Problem, ...] = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    conflict: EditConflict | None = None
    focus: str = ""
    announced: str = ""

    most_shown = 12

    @property
    def definition(self) -> d.Definition:
        return self.copy.definition

    @property
    def url(self) -> str:
        return f"/staff/{self.locale.code}/surveys/{self.slug}/edit"

    def link(self, place: str, field: str = "") -> str:
        return f"{self.url}?at={place}#{field or place}"

    @cached_property
    def languages(self) -> tuple[str, ...]:
        return ordered(self.definition, self.authentic)

    @cached_property
    def part(self) -> Part:
        return self.mine if self.mine is not None else part_at(self.definition, self.at)

    @cached_property
    def form(self) -> Form:
        return form_for(self.part)

    @property
    def takes_files(self) -> bool:
        """Whether the form is sent with its pictures; a long list is sent without them, since it has too many parts."""
        return sum(len(getattr(self.part, name, ())) for name in ("options", "rows", "outside", "labels")) < 60

    @property
    def kind(self) -> str:
        return tag_of(self.part) if isinstance(self.part, d.BaseQuestion) else self.at

    @property
    def may_change_type(self) -> bool:
        return isinstance(self.part, d.BaseQuestion) and not self.locked.has_question(self.part.key)

    # The survey as a whole

    @cached_property
    def troubles(self) -> list[Trouble]:
        """What the checks find; known for the revisions that were looked at last."""
        key = (self.copy.survey, self.copy.revision)
        if key not in _found:
            while len(_found) >= MOST_KNOWN:
                del _found[next(iter(_found))]
            _found[key] = troubles(self.definition)
        return _found[key]

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        return outline(self.definition, self.troubles)

    @cached_property
    def chapter(self) -> Chapter:
        return next(
            one for one in self.chapters if self.at == one.page.place or any(self.at == q.place for q in one.questions)
        )

    @property
    def line(self) -> Line | None:
        """The open part; the settings stand in no line."""
        lines = [line for one in self.chapters for line in (one.page, *one.questions)]
        return next((line for line in lines if line.place == self.at), None)

    @cached_property
    def progress(self) -> tuple[Progress, ...]:
        return progress(self.definition, self.languages)

    @property
    def settings_troubles(self) -> int:
        return sum(one.place == SETTINGS for one in self.troubles)

    @cached_property
    def _lines(self) -> dict[str, Line]:
        return {line.place: line for one in self.chapters for line in (one.page, *one.questions)}

    def place_name(self, place: str) -> str:
        line = self._lines.get(place)
        if line is None:
            return self.locale.gettext(N_("Settings"))
        message = N_("Page %(number)s") if line.kind == "page" else N_("Question %(number)s")
        return self.locale.gettext(message, number=self.locale.number(line.number))

    # The open part

    @cached_property
    def card_problems(self) -> tuple[Problem, ...]:
        """What is wrong with the open part, by field; what is still blank is told in the outline alone."""
        own = tuple(
            Problem(one.field, one.message, self._told(one.parameters))
            for one in self.troubles
            if one.place == self.at and not one.is_blank
        )
        return self.unread + own

    @property
    def more_has_problems(self) -> bool:
        names = {one.name for one in self.form.more}
        return any(problem.place.split(".")[0] in names for problem in self.card_problems)

    def has_field(self, name: str) -> bool:
        """Whether the form shows a message at this field."""
        first = name.split(".")[0]
        known = {one.name for one in self.form.all if one.kind != "image"}
        return first in known or first in ("languages", "design", "results", "quotas")

    @property
    def set_fields(self) -> list[tuple[str, str]]:
        """Values that saving may have changed by itself: names suggested from texts."""
        found = [("_at", self.at), ("_revision", str(self.copy.revision))]
        if isinstance(self.part, d.Page | d.BaseQuestion):
            found.append(("key", self.part.key))
            for name in ("options", "rows", "outside"):
                for number, item in enumerate(getattr(self.part, name, ())):
                    found += [(f"{name}.{number}.was", item.code), (f"{name}.{number}.code", item.code)]
        return found

    # Words

    def language_name(self, code: str) -> str:
        return str(self.locale.babel.languages.get(code, code))

    def short(self, text: d.Text) -> str:
        return pick(text, self.locale.code, (self.authentic, *self.languages))[0] if text else ""

    def said(self, message: str, parameters: Mapping[str, Any]) -> str:
        return say(self.locale, message, parameters)

    def _told(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        told = {name: _spoken(self.locale, value) for name, value in parameters.items()}
        if "language" in parameters:
            told["language"] = self.language_name(str(parameters["language"]))
        return told

    def sentence(self, one: Trouble) -> str:
        return self.locale.gettext(one.message, **self._told(one.parameters))

    def condition(self, source: str) -> str:
        """A condition in words; "" where it cannot be read."""
        return in_words(source, self.definition, self.locale)

    def number(self, value: float | None) -> str:
        return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)

    def type_name(self, kind: str) -> str:
        return TYPES.get(kind, kind)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(kind, self.locale.gettext(name)) for kind, name in TYPES.items()]

    def choices(self, one: Field) -> list[tuple[str, str]]:
        return [(value, self.locale.gettext(words)) for value, words in one.choices]

    @property
    def designs(self) -> list[tuple[str, str]]:
        return [(kind, self.locale.gettext(WORDS[kind])) for kind in ("open", "sample", "census")]

    @property
    def breaks(self) -> list[tuple[str, str]]:
        return [
            (one.key, self.short(one.text) or one.key) for one in self.definition.questions if isinstance(one, d.Single)
        ]

    @property
    def language_options(self) -> list[tuple[str, str]]:
        return [(code, self.language_name(code)) for code in self.languages]

    @property
    def all_languages(self) -> list[tuple[str, str]]:
        codes = dict.fromkeys((*self.languages, *self.installed))
        return [(code, self.language_name(code)) for code in codes]

    def field_name(self, path: str) -> str:
        """A leaf of a part in words: “Question, Georgian”."""
        first, *rest = path.split(".")
        label = next((one.label for one in self.form.all if one.name == first), first)
        words = [self.locale.gettext(label)]
        for part in rest:
            if part.startswith("="):
                words.append(part[1:])
            elif part in self.languages:
                words.append(self.language_name(part))
        return ", ".join(words)

    def clash_value(self, value: Any) -> str:
        if value is None or value == "":
            return self.locale.gettext(N_("(nothing)"))
        if isinstance(value, bool):
            return self.locale.gettext(N_("yes") if value else N_("no"))
        return ", ".join(str(one).removeprefix("=") for one in value) if isinstance(value, list) else str(value)


def in_words(source: str, definition: d.Definition, locale: Locale) -> str:
    try:
        tree = parse(source)
    except SyntaxFault:
        return ""
    known = {question.key for question in definition.questions}
    return describe(source, definition, locale) if names(tree) <= known else ""


def place_or_first(definition: d.Definition, at: str) -> str:
    """The place that was asked for, or the first page where there is none (any more)."""
    try:
        part_at(definition, at)
    except Gone:
        first = definition.pages[0] if definition.pages else None
        return PAGE + first.key if first else SETTINGS
    return at


def page_of(definition: d.Definition, at: str) -> d.Page | None:
    for page in definition.pages:
        if at == PAGE + page.key or any(at == QUESTION + question.key for question in page.questions):
            return page
    return None
