"""What a posted form means: a published version, compiled once, turns fields into answers or into problems by field.

Names of form fields
    key             the answer (several times for a question with several answers)
    key.row         a row of a matrix
    key.other       what was written beside the option that asks for it
    _name           the form's own: response id, page, button

Pages and questions are walked once, in order, since conditions look only backwards. What a condition hides is
dropped, whatever was sent for it. Answers of earlier pages come again with every page and are judged again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cel_expr_python import cel

from consult.errors import N_, Problem
from consult.surveys import definition as d
from consult.surveys.bindings import binder, bindings_of, fields_of
from consult.surveys.conditions import variable
from consult.surveys.decoders import Decoder, Put, decoder
from consult.surveys.expression import ANSWERED, names, normal, parse
from consult.surveys.forms import Fields

UNKNOWN_FIELDS = N_(
    "The form had fields that do not belong to this survey (%(names)s). Check your answers and send again."
)


RESULTS = (cel.Type.BOOL, cel.Type.DOUBLE, cel.Type.STRING)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page that a condition shows or hides: a page, a question, an option (key=code) or a row (key.row)."""

    name: str
    source: str
    text: str
    looks_at: frozenset[str]
    program: Any = field(compare=False)

    def is_met(self, bindings: Mapping[str, Any]) -> bool:
        return self.program.eval(data=bindings).value() is True

    def result(self, bindings: Mapping[str, Any]) -> bool | float | str | None:
        """A number, a text, or yes or no; None where a question that it needs has no answer."""
        found = self.program.eval(data=bindings)
        value = found.value()
        if isinstance(value, float) and not math.isfinite(value):
            return None
        return value if found.type() in RESULTS else None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, ready to decode."""

    question: d.AnyQuestion
    decode: Decoder | None
    condition: Block | None
    parts: tuple[tuple[str, Block], ...]
    fields: tuple[str, ...]
    bind: Callable[[Any, dict[str, Any]], None] | None
    value: Block | None = None

    @property
    def is_shown(self) -> bool:
        """False for what respondents do not see."""
        return not isinstance(self.question, d.Calculated | d.Hidden)


@dataclass(frozen=True, slots=True)
class AskedPage:
    page: d.Page
    condition: Block | None
    questions: tuple[Asked, ...]
    fields: frozenset[str]


@dataclass(slots=True)
class Decoded:
    """answers: what is stored. problems: all of them, by field. pages: numbers of the pages that were asked."""

    answers: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    bindings: dict[str, Any] = field(default_factory=dict)
    first_faulty_page: int | None = None


class Compiled:
    """A definition that has passed its checks, made ready to take answers."""

    def __init__(self, definition: d.Definition) -> None:
        self.definition = definition
        self.environment = cel.NewEnv(
            variables=dict.fromkeys((*(question.key for question in definition.questions), ANSWERED), cel.Type.DYN)
        )
        self.used: frozenset[str] = frozenset()
        self.pages = tuple(self._page(page) for page in definition.pages)
        self.page_of = {name: number for number, page in enumerate(self.pages) for name in page.fields}
        self.zeros = frozenset(
            name
            for question in definition.questions
            if isinstance(question, d.Allocation)
            for name in fields_of(question)
        )
        self.file_questions = tuple(q for q in definition.questions if isinstance(q, d.File | d.Photo))
        self.asks_position = any(isinstance(q, d.Place) and q.coordinates for q in definition.questions)
        self.parameters = {q.parameter: q.key for q in definition.questions if isinstance(q, d.Hidden)}
        self.has_conditions = any(self.blocks(number) for number in range(len(self.pages)))

    def _page(self, page: d.Page) -> AskedPage:
        condition = self._block(f"page:{page.key}", page.show_if)
        questions = tuple(self._question(question) for question in page.questions)
        return AskedPage(page, condition, questions, frozenset(name for asked in questions for name in asked.fields))

    def _question(self, question: d.AnyQuestion) -> Asked:
        condition = self._block(question.key, question.show_if)
        parts: list[tuple[str, Block]] = []
        for join, items in (("=", getattr(question, "options", ())), (".", getattr(question, "rows", ()))):
            for item in items:
                block = self._block(f"{question.key}{join}{item.code}", item.show_if)
                if block:
                    parts.append((item.code, block))
        decode = decoder(question)
        return Asked(
            question=question,
            decode=decode,
            condition=condition,
            parts=tuple(parts),
            fields=fields_of(question),
            bind=binder(question) if variable(question) else None,
            value=self._block(f"{question.key}:value", getattr(question, "value", "")),
        )

    def _block(self, name: str, source: str) -> Block | None:
        if not source:
            return None
        tree = parse(source)
        text = normal(tree)
        self.used |= names(tree)
        return Block(name, source, text, names(tree), self.environment.compile(text))

    def is_hidden_key(self, name: str) -> bool:
        return name in self.parameters.values()

    def blocks(self, number: int) -> list[Block]:
        """All conditions of a page, in the order in which they are decided."""
        page = self.pages[number]
        found = [page.condition] if page.condition else []
        for asked in page.questions:
            found += [asked.condition] if asked.condition else []
            found += [block for _, block in asked.parts]
        return found

    def decode(self, form: Fields, upto: int | None = None) -> Decoded:
        """Decode and judge the pages from the first to `upto` (all of them by default)."""
        found = Decoded()
        found.bindings[ANSWERED] = []
        last = len(self.pages) - 1 if upto is None else upto
        for number in range(last + 1):
            page = self.pages[number]
            if page.condition is not None and not page.condition.is_met(found.bindings):
                found.hidden.add(page.condition.name)
                continue
            before = len(found.problems)
            if self._decode_page(page, form, found):
                found.pages.append(number)
            if len(found.problems) > before and found.first_faulty_page is None:
                found.first_faulty_page = number
        self._unknown(form, found)
        return found

    def _decode_page(self, page: AskedPage, form: Fields, found: Decoded) -> bool:
        """True when the page had anything to show."""
        answers, bindings, hidden, put = found.answers, found.bindings, found.hidden, found.problems.append
        anything = False
        for asked in page.questions:
            if asked.condition is not None and not asked.condition.is_met(bindings):
                hidden.add(asked.condition.name)
                continue
            gone: frozenset[str] = frozenset()
            if asked.parts:
                gone = frozenset(code for code, block in asked.parts if not block.is_met(bindings))
                hidden.update(block.name for code, block in asked.parts if code in gone)
            if asked.value is not None:
                answers[asked.question.key] = asked.value.result(bindings)
            elif asked.decode is None:
                anything = True
                continue
            elif not asked.decode(form, answers, put, gone):
                hidden.add(asked.question.key)
                continue
            anything = anything or asked.is_shown
            if asked.bind is not None and asked.question.key in self.used:
                asked.bind(answers.get(asked.question.key), bindings)
        return anything

    def _unknown(self, form: Fields, found: Decoded) -> None:
        if form.keys() <= self.page_of.keys():
            return
        strange = [name for name in form if name not in self.page_of and not name.startswith("_")]
        if strange:
            shown = ", ".join(name[:30] for name in strange[:3]) + (" …" if len(strange) > 3 else "")
            found.problems.append(Problem("", UNKNOWN_FIELDS, {"names": shown}))
            if found.first_faulty_page is None:
                found.first_faulty_page = found.pages[-1] if found.pages else 0

    def is_page_asked(self, number: int, found: Decoded) -> bool:
        """Whether a later page has anything to show, given what was answered up to it."""
        page = self.pages[number]
        if page.condition is not None and not page.condition.is_met(found.bindings):
            return False
        own = {asked.question.key for asked in page.questions}
        return any(
            asked.condition is None or asked.condition.looks_at & own or asked.condition.is_met(found.bindings)
            for asked in page.questions
            if asked.is_shown
        )

    def page_after(self, number: int, found: Decoded) -> int | None:
        return next((n for n in range(number + 1, len(self.pages)) if self.is_page_asked(n, found)), None)

    def page_before(self, number: int, found: Decoded) -> int | None:
        return next((n for n in reversed(found.pages) if n < number), None)


__all__ = ["Asked", "AskedPage", "Block", "Compiled", "Decoded", "Put", "bindings_of", "fields_of"]
