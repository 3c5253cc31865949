"""Which conditions can never be met, given everything that has to be true before they are asked at all.

A condition is looked at together with those of its page and question, and of the questions that it refers to. All of
them are tried over the answers that make a difference: every code that a condition names and one that none names,
every point of a scale, the numbers that conditions name and those just beside them. "Never" is said only where that
list is complete. Conditions that calculate, compare two questions or read free text are taken as if they could always
be met, so what is reported is dead; what is not reported may be.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from consult.surveys.conditions.expression import (
    ANSWERED,
    Binary,
    Call,
    Choice,
    Each,
    ListOf,
    Literal,
    Member,
    Name,
    SyntaxFault,
    Tree,
    Unary,
    names,
    normal,
    parse,
)
from consult.surveys.conditions.terms import Variable, compile_one, is_met, variable
from consult.surveys.conditions.trials import constants_in
from consult.surveys.definition import schema as d

MOST_TRIALS = 4000
MOST_CODES = 8
Leaf = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Dead:
    """A condition that nobody can meet: place of what it would show."""

    place: str
    kind: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What must hold, or must not (a screen-out page that has let somebody pass)."""

    tree: Tree
    holds: bool = True


def dead(definition: d.Definition) -> list[Dead]:
    """Pages, questions, options and rows that nobody can ever see. The definition has passed its checks."""
    return list(_Analysis(definition).dead())


class _Analysis:
    def __init__(self, definition: d.Definition) -> None:
        self.definition = definition
        self.questions = {question.key: question for question in definition.questions}
        self.before: dict[str, tuple[Fact, ...]] = {}
        self.variables: dict[str, Variable] = {
            key: offered for key, question in self.questions.items() if (offered := variable(question)) is not None
        }

    def dead(self) -> Iterator[Dead]:
        passed: tuple[Fact, ...] = ()
        for page in self.definition.pages:
            here = (*passed, *self.facts(page.show_if))
            place = f"pages.{page.key}"
            if not self.possible(here):
                yield Dead(place, "page")
                continue
            unseen = []
            for question in page.questions:
                asked = (*here, *self.facts(question.show_if))
                self.before[question.key] = asked
                if question.show_if and not self.possible(asked):
                    unseen.append(Dead(f"questions.{question.key}", "question"))
                    continue
                yield from self._items(question, asked)
            yield from unseen
            if unseen and len(unseen) == len(page.questions):
                yield Dead(place, "page")
            if page.screen_out and not page.questions and self.definition.order == "fixed":
                if not page.show_if:
                    passed = (*passed, Fact(Literal(value=False, column=1)))
                else:
                    passed = (*passed, *(Fact(fact.tree, holds=False) for fact in self.facts(page.show_if)))

    def _items(self, question: d.AnyQuestion, asked: tuple[Fact, ...]) -> Iterator[Dead]:
        for name in ("options", "rows"):
            for item in getattr(question, name, ()):
                if item.show_if and not self.possible((*asked, *self.facts(item.show_if))):
                    yield Dead(f"questions.{question.key}.{name}.{item.code}", name.removesuffix("s"))

    def facts(self, source: str) -> tuple[Fact, ...]:
        """A condition as a fact, where it is one that can be judged over a list of answers."""
        if not source:
            return ()
        try:
            tree = parse(source)
        except SyntaxFault:
            return ()
        return (Fact(tree),) if self.is_plain(tree) else ()

    def is_plain(self, tree: Tree) -> bool:
        """Whether every comparison is of one question with something that is written down."""
        match tree:
            case Literal() | Name() | Member():
                return not isinstance(tree, Name) or self._kind(tree) != "free"
            case ListOf(items=items):
                return all(isinstance(item, Literal) for item in items)
            case Unary(operator=operator, operand=operand):
                return self.is_plain(operand) if operator == "!" else isinstance(operand, Literal)
            case Binary(operator="&&" | "||", left=left, right=right):
                return self.is_plain(left) and self.is_plain(right)
            case Binary(operator="==" | "!=" | "<" | "<=" | ">" | ">=" | "in", left=left, right=right):
                return self._one_side(left, right) or self._one_side(right, left)
            case Choice(condition=condition, yes=yes, no=no):
                return all(self.is_plain(part) for part in (condition, yes, no))
            case Call(function="answered", arguments=(Name() | Member(),)):
                return True
        return False

    def _one_side(self, asked: Tree, written: Tree) -> bool:
        if isinstance(written, ListOf):
            constant = all(isinstance(item, Literal) for item in written.items)
        else:
            constant = isinstance(written, Literal) or (
                isinstance(written, Unary) and written.operator == "-" and isinstance(written.operand, Literal)
            )
        counts = (
            isinstance(asked, Call)
            and asked.function in ("count", "size")
            and isinstance(asked.arguments[0], Name)
            and self._kind(asked.arguments[0]) == "texts"
        )
        return constant and (counts or (isinstance(asked, Name | Member) and self._kind(asked) != "free"))

    def _kind(self, asked: Name | Member) -> str:
        """ "free" for what no list of answers is complete for."""
        offered = self.variables.get(asked.name)
        if offered is None:
            return "free"
        kind = offered.row_kind if isinstance(asked, Member) else offered.kind
        if kind == "text" and not offered.codes:
            return "free"
        return kind if kind in ("number", "text", "texts", "truth") else "free"

    def possible(self, facts: tuple[Fact, ...]) -> bool:
        """Whether some answers make all facts true; True as well where there are too many to try."""
        wanted = set().union(*(names(fact.tree) for fact in facts)) if facts else set()
        behind = self._behind(wanted)
        everything = {name for facts_of in behind.values() for fact in facts_of for name in names(fact.tree)} | wanted
        trees = [fact.tree for fact in facts] + [fact.tree for facts_of in behind.values() for fact in facts_of]
        domains = self._domains(trees)
        if domains is None:
            return True
        total = 1
        for _, values in domains:
            total *= len(values)
            if total > MOST_TRIALS:
                return True
        known = frozenset(everything)
        programs = [(compile_one(normal(fact.tree), known), fact.holds) for fact in facts]
        asked = {
            key: [(compile_one(normal(fact.tree), known), fact.holds) for fact in facts_of]
            for key, facts_of in behind.items()
        }
        for combination in itertools.product(*(values for _, values in domains)):
            bindings = self._bindings([leaf for leaf, _ in domains], combination)
            if all(is_met(program, bindings) is holds for program, holds in programs) and all(
                is_met(program, bindings) is holds
                for key, conditions in asked.items()
                if key in bindings or key in bindings[ANSWERED]
                for program, holds in conditions
            ):
                return True
        return False

    def _behind(self, wanted: set[str]) -> dict[str, tuple[Fact, ...]]:
        """What must hold for the questions that are referred to, and for those that their conditions refer to."""
        found: dict[str, tuple[Fact, ...]] = {}
        waiting = list(wanted)
        while waiting:
            key = waiting.pop()
            if key not in found:
                found[key] = self.before.get(key, ())
                waiting += [name for fact in found[key] for name in names(fact.tree)]
        return found

    def _domains(self, trees: list[Tree]) -> list[tuple[Leaf, list[Any]]] | None:
        """For each question or row: no answer, and one answer of each kind that makes a difference."""
        constants: set[Any] = set().union(*(constants_in(tree) for tree in trees)) if trees else set()
        leaves = dict.fromkeys(leaf for tree in trees for leaf in _leaves(tree))
        found = []
        for leaf in leaves:
            values = self._values(leaf, constants)
            if values is None:
                return None
            found.append((leaf, [None, *values]))
        return found

    def _values(self, leaf: Leaf, constants: set[Any]) -> list[Any] | None:
        key, row = leaf
        offered, question = self.variables.get(key), self.questions.get(key)
        if offered is None or question is None:
            return None
        kind = offered.row_kind if row else offered.kind
        if kind in ("matrix", "unknown"):
            return [True]  # only whether it is answered is asked
        if kind == "number":
            return _numbers(question, offered, constants)
        if kind == "text":
            return _codes(offered.codes, constants) or ["x"]
        if kind == "truth":
            return [True, False]
        return _choices(offered.codes, constants)

    def _bindings(self, leaves: list[Leaf], values: tuple[Any, ...]) -> Mapping[str, Any]:
        bindings: dict[str, Any] = {ANSWERED: []}
        for (key, row), value in zip(leaves, values, strict=True):
            if value is None:
                continue
            bindings[ANSWERED].append(f"{key}.{row}" if row else key)
            kind = self.variables[key].row_kind if row else self.variables[key].kind
            if row:
                bindings[ANSWERED].append(key)
                if value is not _APART:
                    bindings.setdefault(key, {})[row] = value
            elif kind not in ("matrix", "unknown") and value is not _APART:
                bindings[key] = value
        return bindings


_APART = object()
"""Answered by "don't know" or "refused" beside a scale: answered, and no comparison is met."""


def _leaves(tree: Tree) -> Iterator[Leaf]:
    match tree:
        case Name(name=name):
            yield name, ""
        case Member(name=name, row=row):
            yield name, row
        case ListOf(items=parts) | Call(arguments=parts):
            for part in parts:
                yield from _leaves(part)
        case Unary(operand=operand):
            yield from _leaves(operand)
        case Binary(left=left, right=right):
            yield from (*_leaves(left), *_leaves(right))
        case Choice(condition=condition, yes=yes, no=no):
            yield from (*_leaves(condition), *_leaves(yes), *_leaves(no))
        case Each(target=target):
            yield from _leaves(target)


def _numbers(question: d.AnyQuestion, offered: Variable, constants: set[Any]) -> list[Any]:
    """Each number that is named and one beside it, so that every interval has one; on a scale every point."""
    apart = [_APART] if getattr(question, "outside", ()) else []
    if isinstance(question, d.Scaled | d.Nps):
        return [*(float(value) for value in question.values), *apart]
    named = sorted({float(value) for value in constants if isinstance(value, float)})
    named += [bound for bound in (offered.low, offered.high) if bound is not None]
    around = {value + step for value in named for step in (-1.0, -1e-7, 0.0, 1e-7, 1.0)} | {0.0}
    low = offered.low if offered.low is not None else float("-inf")
    high = offered.high if offered.high is not None else float("inf")
    return [*sorted(value for value in around if low <= value <= high), *apart]


def _codes(codes: tuple[str, ...], constants: set[Any]) -> list[str]:
    named = [code for code in codes if code in constants]
    return named + [code for code in codes if code not in constants][:1]


def _choices(codes: tuple[str, ...], constants: set[Any]) -> list[list[str]] | None:
    """Every set of the codes that are named, with each number of others."""
    named = [code for code in codes if code in constants]
    rest = [code for code in codes if code not in constants]
    if len(named) > MOST_CODES:
        return None
    return [
        [*some, *rest[:more]]
        for size in range(len(named) + 1)
        for some in itertools.combinations(named, size)
        for more in range(len(rest) + 1)
        if some or more
    ]
