"""What a posted form means: a published version, compiled once, turns fields into answers or into problems by field.

Names of form fields
    key             the answer (several times for a question with several answers)
    key.row         a row of a matrix
    key.other       what was written beside the option that asks for it
    _name           the form's own: response id, page, button

Pages and questions are walked once, in order, since conditions look only backwards. What a condition hides is
dropped, whatever was sent for it. Answers of earlier pages come again with every page and are judged again.
A page that screens out ends the walk. For pages in random order see page_order.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cel_expr_python import cel

from consult.errors import N_, Problem
from consult.surveys.answers import piping
from consult.surveys.answers.bindings import binder, bindings_of, fields_of
from consult.surveys.answers.blocks import Asked, AskedPage, Block
from consult.surveys.answers.decoders import Decoder, Put, decoder
from consult.surveys.answers.forms import Fields
from consult.surveys.answers.page_order import moving, turned
from consult.surveys.conditions.expression import ANSWERED, names, normal, parse
from consult.surveys.conditions.terms import variable
from consult.surveys.definition import duration
from consult.surveys.definition import schema as d

NOTHING_GONE: frozenset[str] = frozenset()
UNKNOWN_FIELDS = N_(
    "The form had fields that do not belong to this survey (%(names)s). Check your answers and send again."
)


@dataclass(slots=True)
class Decoded:
    """answers: what is stored. problems: all of them, by field. pages: numbers of the pages that were asked.

    screened: the page that ended the survey, if one did.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    bindings: dict[str, Any] = field(default_factory=dict)
    first_faulty_page: int | None = None
    screened: int | None = None


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
        self.quotas = tuple((quota, self._quota(quota)) for quota in definition.quotas)
        self.plain = tuple(self._plain(page) for page in self.pages)  # now that it is known which answers are used
        self.has_conditions = any(self.blocks(number) for number in range(len(self.pages)))
        self.number_of = {page.page.key: number for number, page in enumerate(self.pages)}
        self.fixed = tuple(range(len(self.pages)))
        self.moving = moving(self.pages) if definition.order == "random" else ()
        self.minutes = duration.minutes(definition)
        self.can_end_early = bool(self.quotas) or any(page.ends for page in self.pages)
        self.shuffled = frozenset(number for number in self.fixed if self._has_random_items(number))
        self.piped = frozenset(number for number in self.fixed if piping.is_piped(definition.pages[number]))

    def _page(self, page: d.Page) -> AskedPage:
        condition = self._block(f"page:{page.key}", page.show_if)
        questions = tuple(self._question(question) for question in page.questions)
        own = frozenset(asked.question.key for asked in questions)
        return AskedPage(
            page,
            condition,
            questions,
            frozenset(name for asked in questions for name in asked.fields),
            own,
            is_always=bool(page.screen_out)
            or any(
                asked.is_shown and (asked.condition is None or asked.condition.looks_at & own) for asked in questions
            ),
        )

    def _plain(self, page: AskedPage) -> tuple[Decoder, ...] | None:
        """The decoders of a page on which nothing depends on an answer; None for any other."""
        decoders = tuple(asked.decode for asked in page.questions if asked.decode is not None and self._is_plain(asked))
        return decoders if decoders and len(decoders) == len(page.questions) else None

    def _is_plain(self, asked: Asked) -> bool:
        is_free = asked.condition is None and asked.value is None and not asked.parts and not asked.rules
        return is_free and asked.is_shown and (asked.bind is None or asked.question.key not in self.used)

    def _quota(self, quota: d.Quota) -> Block:
        block = self._block(f"quota:{quota.key}", quota.when)
        assert block is not None  # noqa: S101 - the format demands a condition
        return block

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
            rules=tuple(self._rules(question)),
        )

    def _rules(self, question: d.AnyQuestion) -> Iterable[tuple[Block, d.Text]]:
        for number, rule in enumerate(getattr(question, "rules", ())):
            block = self._block(f"rule:{question.key}:{number}", rule.must)
            if block is not None:
                yield block, rule.message

    def _block(self, name: str, source: str) -> Block | None:
        if not source:
            return None
        tree = parse(source)
        text = normal(tree)
        self.used |= names(tree)
        return Block(name, source, text, names(tree), self.environment.compile(text))

    def blocks(self, number: int) -> list[Block]:
        """All conditions of a page, in the order in which they are decided."""
        page = self.pages[number]
        found = [page.condition] if page.condition else []
        for asked in page.questions:
            found += [asked.condition] if asked.condition else []
            found += [block for _, block in asked.parts]
        return found

    def _has_random_items(self, number: int) -> bool:
        """Whether options or rows of a page stand in random order."""
        return any(getattr(asked.question, "order", "fixed") == "random" for asked in self.pages[number].questions)

    def plan(self, variant: int) -> tuple[int, ...]:
        """The numbers of the pages in the order in which a respondent meets them."""
        return turned(self.pages, self.moving, variant) if self.moving else self.fixed

    def decode(self, form: Fields, upto: int | None = None, plan: tuple[int, ...] | None = None) -> Decoded:
        """Decode and judge the pages from the first to `upto` (all of them by default), in the order of the plan."""
        found = Decoded()
        found.bindings[ANSWERED] = []
        numbers = plan or self.fixed
        if upto is not None:
            numbers = numbers[: numbers.index(upto) + 1] if upto >= 0 else ()
        for number in numbers:
            page = self.pages[number]
            if page.condition is not None and not page.condition.is_met(found.bindings):
                found.hidden.add(page.condition.name)
                continue
            if page.ends:
                found.screened = number
                break
            before = len(found.problems)
            plain = self.plain[number]
            if plain is not None:
                for decode in plain:
                    decode(form, found.answers, found.problems.append, NOTHING_GONE)
                found.pages.append(number)
            elif self._decode_page(page, form, found):
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
            if asked.rules and asked.question.key in bindings[ANSWERED]:
                found.problems += asked.broken_rules(bindings)
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
        return page.is_always or any(
            asked.is_shown and asked.condition is not None and asked.condition.is_met(found.bindings)
            for asked in page.questions
        )

    def page_after(self, number: int, found: Decoded, plan: tuple[int, ...] | None = None) -> int | None:
        numbers = plan or self.fixed
        return next((n for n in numbers[numbers.index(number) + 1 :] if self.is_page_asked(n, found)), None)

    def page_before(self, number: int, found: Decoded) -> int | None:
        """The page before one, of those that were asked; None for the first."""
        asked = [n for n in found.pages if n != number]
        return asked[-1] if asked else None

    def quotas_met(self, found: Decoded, upto: int | None = None, plan: tuple[int, ...] | None = None) -> list[d.Quota]:
        """The quotas that these answers fall into; upto: only those that later pages can no longer change."""
        if not self.quotas:
            return []
        numbers = plan or self.fixed
        passed = numbers if upto is None else numbers[: numbers.index(upto) + 1]
        known = frozenset().union(*(self.pages[number].own for number in passed))
        return [quota for quota, block in self.quotas if block.looks_at <= known and block.is_met(found.bindings)]

    def quotas_of(self, answers: Mapping[str, Any]) -> list[d.Quota]:
        """The quotas that stored answers fall into."""
        bindings = bindings_of(self.definition, answers) if self.quotas else {}
        return [quota for quota, block in self.quotas if block.is_met(bindings)]


__all__ = ["Asked", "AskedPage", "Block", "Compiled", "Decoded", "Put", "bindings_of", "fields_of"]
