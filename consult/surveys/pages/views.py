"""What the templates of a survey page are given."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from consult.errors import Problem
from consult.i18n import AUTONYMS, Locale, Text, languages, pick
from consult.profile import Place
from consult.surveys.answers.bindings import read_in_browser
from consult.surveys.answers.file_tokens import Sent
from consult.surveys.answers.flow import Block, Compiled, Decoded
from consult.surveys.answers.forms import Fields
from consult.surveys.answers.ordering import order_of
from consult.surveys.answers.piping import Say, fill
from consult.surveys.conditions.describe import describe
from consult.surveys.definition import phones
from consult.surveys.definition import schema as d
from consult.surveys.definition.dates_and_times import PARTS
from consult.surveys.definition.municipality import here
from consult.surveys.files.file_kinds import ACCEPTED, kinds_of, shown
from consult.surveys.files.pictures import Picture
from consult.surveys.survey import MODE_NAMES


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a matrix: head on wide pages, label beside each button on narrow ones and for screen readers."""

    code: str
    head: Text
    label: Text
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Alternate:
    code: str
    name: str
    href: str
    current: bool


MATRICES = (d.MatrixScale, d.MatrixSingle, d.MatrixMultiple)
DROPDOWN_FROM, SEARCH_FROM = 15, 50
"""From so many options on a single choice is a dropdown, and from so many a field that searches them."""


def is_anchored(option: d.Option) -> bool:
    """Whether an option keeps its place behind the others when these are shuffled."""
    return option.other or option.exclusive or option.missing is not None


def _script(question: d.AnyQuestion) -> str:
    match question:
        case d.Ranking():
            return "ranking.js"
        case d.Allocation():
            return "allocation.js"
        case d.Single(options=options) if len(options) >= SEARCH_FROM:
            return "search.js"
        case d.Free() if question.long or question.max_length:
            return "count.js"
        case d.Place(coordinates=True):
            return "position.js"
        case d.File() | d.Photo():
            return "files.js"
    return ""


@dataclass(frozen=True, slots=True)
class Part:
    """A page on the review: its answers and the button that leads back to it."""

    key: str
    place: int
    title: str
    copy: Markup


@dataclass(frozen=True)
class View:
    """A page of a survey with what was typed into it. number and total count pages from 1.

    is_change: whether answers that were sent before are being changed.
    """

    definition: d.Definition
    version: int
    page: d.Page
    number: int
    total: int
    is_last: bool
    action: str
    draft: str
    token: str
    variant: int = 0
    own: tuple[tuple[str, str], ...] = ()
    can_go_back: bool = False
    is_change: bool = False
    code_href: str = ""
    closes_at: datetime | None = None
    is_test: bool = False
    values: Fields = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    carried: tuple[tuple[str, str], ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    conditions: Markup = field(default_factory=Markup)
    alternates: tuple[Alternate, ...] = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    files: Mapping[str, Sent] = field(default_factory=dict)
    minutes: int | None = None

    @property
    def mode_name(self) -> str:
        return MODE_NAMES[self.definition.mode]

    @property
    def questions(self) -> Iterator[d.AnyQuestion]:
        return (question for question in self.page.questions if question.key not in self.hidden)

    @property
    def marks_optional(self) -> bool:
        """Optional questions are marked, unless all of the page are."""
        return any(getattr(question, "required", False) for question in self.page.questions)

    @property
    def has_matrix(self) -> bool:
        return any(isinstance(question, MATRICES) for question in self.page.questions)

    @property
    def scripts(self) -> list[str]:
        """The scripts that the types of this page's questions need."""
        found = {script for question in self.questions if (script := _script(question))}
        return sorted(found)

    def ordered(self, question: Any) -> list[d.Option]:
        """The options in the order in which this reader sees them; without those that earlier pages have hidden."""
        return [option for option in self._in_order(question, "options") if self.shows(f"{question.key}={option.code}")]

    def ordered_rows(self, question: Any) -> list[d.Row]:
        return [row for row in self._in_order(question, "rows") if self.shows(f"{question.key}.{row.code}")]

    def _in_order(self, question: Any, name: str) -> Any:
        items = getattr(question, name)
        if getattr(question, "order", "fixed") != "random" or (name == "options" and isinstance(question, MATRICES)):
            return items
        by_code = {item.code: item for item in items}
        anchored = {item.code for item in items if isinstance(item, d.Option) and is_anchored(item)}
        return [by_code[code] for code in order_of(self.variant, question.key, tuple(by_code), anchored)]

    def first(self, name: str) -> str:
        return next((value for value in self.values.get(name, ()) if value), "")

    def part(self, name: str, part: str) -> str:
        """The day, month or year of a date: as it was typed, else as it was kept."""
        if any(self.values.get(f"{name}.{each}") for each in PARTS):
            return self.first(f"{name}.{part}")
        kept = self.first(name).split("-")
        return kept[2 - PARTS.index(part)].lstrip("0") if len(kept) == len(PARTS) else ""

    def file_of(self, key: str) -> Sent | None:
        """The file that was sent before for this question."""
        return self.files.get(key)

    @property
    def places(self) -> list[tuple[Place, list[Place]]]:
        return here().groups

    @property
    def phone_example(self) -> str:
        return phones.example(here().country)

    def kinds(self, question: d.File | d.Photo) -> str:
        return shown(kinds_of(question))

    def accepts(self, question: d.File | d.Photo) -> str:
        """For the field: the media types. Telephones then offer, and convert to, what can be read here."""
        return ",".join(ACCEPTED[kind] for kind in kinds_of(question))

    def has(self, *kinds: str) -> bool:
        """Whether the page has questions of these types."""
        return any(question.__struct_config__.tag in kinds for question in self.page.questions)

    def number_of(self, question: d.Number) -> str:
        apart = {option.code for option in question.outside}
        return next((value for value in self.values.get(question.key, ()) if value and value not in apart), "")

    def shows(self, block: str) -> bool:
        return block not in self.hidden

    def is_dropdown(self, question: d.Single) -> bool:
        """Options with pictures, and those that answers on this page still hide or show, need radio buttons."""
        plain = not any(option.image or f"{question.key}={option.code}" in self.words for option in question.options)
        return plain and len(question.options) >= DROPDOWN_FROM

    def is_searched(self, question: d.Single) -> bool:
        return len(question.options) >= SEARCH_FROM

    def columns(self, question: d.MatrixScale | d.MatrixSingle | d.MatrixMultiple) -> list[Column]:
        if isinstance(question, d.MatrixSingle | d.MatrixMultiple):
            return [
                Column(option.code, option.text, option.text, option.exclusive or option.missing is not None)
                for option in question.options
            ]
        found = []
        for place, value in enumerate(question.values):
            if question.labels:
                label = head = question.labels[place]
            else:
                end = question.low if place == 0 else question.high if place == question.points - 1 else {}
                label = {code: f"{value} – {words}" for code, words in end.items()} or _same(value, question.text)
                head = label
            found.append(Column(str(value), head, label))
        return found + [Column(option.code, option.text, option.text) for option in question.outside]


def _same(value: int, like: Text) -> Text:
    return dict.fromkeys(like, str(value))


def spoken(problems: Iterable[Problem], locale: Locale, say: Say | None = None) -> tuple[Problem, ...]:
    """The same problems, with texts in many languages reduced to the reader's and answers piped into them."""

    def words(text: Text) -> str:
        picked = pick(text, locale.code, locale.order)[0]
        return fill(picked, say) if say else picked

    return tuple(
        Problem(
            problem.place,
            problem.message,
            {
                name: words(value)
                if isinstance(value, dict)
                else locale.number(value)
                if isinstance(value, int | float)
                else locale.date(value)
                if isinstance(value, date)
                else value
                for name, value in problem.parameters.items()
            },
        )
        for problem in problems
    )


def alternates(path_of: dict[str, str], current: str) -> tuple[Alternate, ...]:
    return tuple(
        Alternate(code, AUTONYMS.get(code, code), path_of[code], code == current)
        for code in languages()
        if code in path_of
    )


def open_blocks(compiled: Compiled, number: int) -> list[Block]:
    """The conditions of a page that its own answers can still change; the rest is decided by earlier pages."""
    page = compiled.pages[number]
    own = {asked.question.key for asked in page.questions}
    return [block for block in compiled.blocks(number) if block.looks_at & own and not block.name.startswith("page:")]


def settled(compiled: Compiled, number: int, decoded: Decoded) -> frozenset[str]:
    """The blocks of a page that earlier pages have hidden for good."""
    changeable = {block.name for block in open_blocks(compiled, number)}
    return frozenset(
        block.name
        for block in compiled.blocks(number)
        if block.name not in changeable and not block.is_met(decoded.bindings)
    )


def words(compiled: Compiled, number: int, locale: Locale) -> dict[str, str]:
    """Each changeable condition of a page as a sentence."""
    return {block.name: describe(block.source, compiled.definition, locale) for block in open_blocks(compiled, number)}


def _calculations(compiled: Compiled) -> dict[str, list[Block]]:
    """Of each calculated question: the blocks of its value and of what decides whether it is asked."""
    return {
        asked.question.key: [asked.value, *(block for block in (page.condition, asked.condition) if block)]
        for page in compiled.pages
        for asked in page.questions
        if asked.value is not None
    }


def _calculated(value: Block, *conditions: Block) -> dict[str, str]:
    return {"kind": "calculated", "value": value.text, "if": " && ".join(f"({block.text})" for block in conditions)}


def read_by_browser(compiled: Compiled, looked_at: set[str]) -> dict[str, Any]:
    """How conditions.js reads the questions that conditions look at, and those that computed ones are made of."""
    made, wanted = _calculations(compiled), set(looked_at)
    for key in reversed(made):  # each looks at earlier ones only
        if key in wanted:
            wanted.update(*(block.looks_at for block in made[key]))
    return {
        question.key: _calculated(*made[question.key]) if question.key in made else read_in_browser(question)
        for question in compiled.definition.questions
        if question.key in wanted
    }


def for_browser(compiled: Compiled, number: int) -> Markup:
    """The conditions of a page and how to read the fields they look at, for conditions.js; empty without any."""
    return told_to_browser(compiled, open_blocks(compiled, number))


def told_to_browser(compiled: Compiled, blocks: list[Block]) -> Markup:
    """Some conditions and how to read the fields they look at; empty without any."""
    if not blocks:
        return Markup("")
    variables = read_by_browser(compiled, set().union(*(block.looks_at for block in blocks)))
    told = {"variables": variables, "blocks": [{"name": block.name, "if": block.text} for block in blocks]}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
