"""The parts of a compiled version: conditions, questions and pages, ready to judge what was answered."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cel_expr_python import cel

from consult.errors import Problem
from consult.surveys.answers.decoders import Decoder
from consult.surveys.definition import schema as d

AUTHORS = "%(message)s"  # a rule's own message
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

    def is_denied(self, bindings: Mapping[str, Any]) -> bool:
        """False for yes, and where a term has no answer to look at."""
        return self.program.eval(data=bindings).value() is False


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
    rules: tuple[tuple[Block, d.Text], ...] = ()

    @property
    def is_shown(self) -> bool:
        """False for what respondents do not see."""
        return not isinstance(self.question, d.Calculated | d.Hidden)

    def broken_rules(self, bindings: Mapping[str, Any]) -> Iterable[Problem]:
        """A rule is broken when it says no; one that cannot be decided, as an answer is lacking, is not."""
        for rule, message in self.rules:
            if rule.is_denied(bindings):
                yield Problem((self.fields or (self.question.key,))[0], AUTHORS, {"message": message})


@dataclass(frozen=True, slots=True)
class AskedPage:
    """is_always: whether it has something to show as soon as its own condition is met."""

    page: d.Page
    condition: Block | None
    questions: tuple[Asked, ...]
    fields: frozenset[str]
    own: frozenset[str]
    is_always: bool

    @property
    def ends(self) -> bool:
        """Whether it screens out."""
        return bool(self.page.screen_out)
