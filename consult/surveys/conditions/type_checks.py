"""Conditions, checked with types against the question list; terms.py says what a term gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from consult.errors import N_
from consult.surveys.conditions.expression import (
    Binary,
    Call,
    Choice,
    Each,
    ListOf,
    Member,
    Name,
    SyntaxFault,
    Tree,
    Unary,
    names,
    parse,
)  # fmt: skip
from consult.surveys.conditions.expression import Literal as Constant
from consult.surveys.conditions.terms import MOMENTS, WORDS, Kind, Variable
from consult.surveys.conditions.trials import can_be_met
from consult.surveys.definition.dates_and_times import iso_day, time_of_day


@dataclass(frozen=True, slots=True)
class Found:
    """A fault in a condition, at a column from 1."""

    column: int
    message: str
    parameters: Mapping[str, object]


def check(
    source: str,
    scope: Mapping[str, Variable],
    later: frozenset[str] = frozenset(),
    broken: frozenset[str] = frozenset(),
) -> list[Found]:
    """The faults of a condition.

    scope: earlier questions; later: keys that come after; broken: keys of faulty questions, which are not judged.
    """
    try:
        tree = parse(source)
    except SyntaxFault as fault:
        return [Found(fault.column, fault.message, fault.parameters)]
    checker = _Checker(scope, later, broken)
    kind = checker.kind(tree, {})
    if kind not in ("truth", "unknown"):
        checker.add(tree, N_("This gives %(kind)s, but a condition must give yes or no."), kind=WORDS[kind])
    if not checker.found and not names(tree) & broken and not can_be_met(tree, scope):
        checker.add(tree, N_("This can never be met. Correct it, or remove what it hides."))
    return checker.found


def check_value(
    source: str,
    scope: Mapping[str, Variable],
    later: frozenset[str] = frozenset(),
    broken: frozenset[str] = frozenset(),
) -> tuple[Variable, list[Found]]:
    """What a calculated value offers to conditions, and the faults of its expression."""
    try:
        tree = parse(source)
    except SyntaxFault as fault:
        return Variable("unknown"), [Found(fault.column, fault.message, fault.parameters)]
    checker = _Checker(scope, later, broken)
    kind = checker.kind(tree, {})
    if kind not in ("number", "text", "truth", "date", "time", "unknown"):
        checker.add(
            tree, N_("This gives %(kind)s, but a number, a text, or yes or no is needed here."), kind=WORDS[kind]
        )
        kind = "unknown"
    return Variable(kind), checker.found


class _Checker:
    def __init__(self, scope: Mapping[str, Variable], later: frozenset[str], broken: frozenset[str]) -> None:
        self.scope, self.later, self.broken = scope, later, broken
        self.found: list[Found] = []

    def add(self, tree: Tree, message: str, **parameters: object) -> None:
        self.found.append(Found(tree.column, message, parameters))

    def kind(self, tree: Tree, bound: Mapping[str, Kind]) -> Kind:
        match tree:
            case Constant(value=value):
                return "truth" if isinstance(value, bool) else "number" if isinstance(value, float) else "text"
            case Name(name=name) if name in bound:
                return bound[name]
            case Name():
                return self.name(tree)
            case Member():
                return self.member(tree)
            case ListOf(items=items):
                return self.items(tree, items, bound)
            case Unary(operator=operator, operand=operand):
                wanted: Kind = "truth" if operator == "!" else "number"
                self.want(operand, wanted, bound)
                return wanted
            case Binary():
                return self.binary(tree, bound)
            case Choice(condition=condition, yes=yes, no=no):
                self.want(condition, "truth", bound)
                kind = self.kind(yes, bound)
                self.want(no, kind, bound)
                return kind
            case Call():
                return self.call(tree, bound)
            case Each(target=target, variable=name, body=body):
                kind = self.kind(target, bound)
                if kind not in ("texts", "numbers", "unknown"):
                    self.add(target, N_("This is %(kind)s, but a list is needed here."), kind=WORDS[kind])
                if name in self.scope:
                    self.add(tree, N_("“%(name)s” is the key of a question. Use another name here."), name=name)
                item: Kind = {"texts": "text", "numbers": "number"}.get(kind, "unknown")  # type: ignore[assignment]
                self.want(body, "truth", {**bound, name: item})
                return "truth"

    def want(self, tree: Tree, wanted: Kind, bound: Mapping[str, Kind]) -> None:
        self.must(tree, self.kind(tree, bound), wanted)

    def must(self, tree: Tree, kind: Kind, wanted: Kind) -> None:
        fits = kind == wanted or (kind in MOMENTS and wanted == "text")
        if not fits and "unknown" not in (kind, wanted):
            self.add(
                tree, N_("This is %(kind)s, but %(wanted)s is needed here."), kind=WORDS[kind], wanted=WORDS[wanted]
            )

    def moments(self, sides: tuple[Tree, Tree], kinds: tuple[Kind, Kind]) -> bool:
        """Days and times are compared with their like, or with one that is written out."""
        moment = next((kind for kind in kinds if kind in MOMENTS), None)
        if moment is None:
            return False
        for side, kind in zip(sides, kinds, strict=True):
            if kind == "text" and isinstance(side, Constant):
                written = str(side.value)
                if moment == "date" and iso_day(written) is None:
                    self.add(side, N_("This is no date. Write it as '2026-03-27'."))
                elif moment == "time" and time_of_day(written) != written:
                    self.add(side, N_("This is no time of day. Write it as '09:30'."))
            else:
                self.must(side, kind, moment)
        return True

    def name(self, tree: Name | Member) -> Kind:
        if tree.name in self.scope:
            return self.scope[tree.name].kind
        if tree.name in self.later:
            self.add(
                tree,
                N_("“%(name)s” comes later or is this question itself. A condition looks only at earlier questions."),
                name=tree.name,
            )
        elif tree.name not in self.broken:
            self.add(tree, N_("There is no question “%(name)s” before this."), name=tree.name)
        return "unknown"

    def member(self, tree: Member) -> Kind:
        kind = self.name(tree)
        if kind == "unknown":
            return "unknown"
        if kind != "matrix":
            self.add(tree, N_("Only a matrix question has rows."))
            return "unknown"
        asked = self.scope[tree.name]
        if tree.row not in asked.rows:
            self.add(
                tree,
                N_("“%(name)s” has no row “%(row)s”. Its rows: %(rows)s."),
                name=tree.name,
                row=tree.row,
                rows=", ".join(asked.rows),
            )
        return asked.row_kind

    def items(self, tree: Tree, items: tuple[Tree, ...], bound: Mapping[str, Kind]) -> Kind:
        kinds = {self.kind(item, bound) for item in items}
        if kinds == {"text"}:
            return "texts"
        if kinds == {"number"}:
            return "numbers"
        if "unknown" not in kinds:
            self.add(tree, N_("A list holds only texts or only numbers."))
        return "unknown"

    def binary(self, tree: Binary, bound: Mapping[str, Kind]) -> Kind:
        operator, left, right = tree.operator, tree.left, tree.right
        if operator in ("&&", "||"):
            self.want(left, "truth", bound)
            self.want(right, "truth", bound)
            return "truth"
        if operator in ("+", "-", "*", "/"):
            self.want(left, "number", bound)
            self.want(right, "number", bound)
            return "number"
        if operator in ("<", "<=", ">", ">="):
            kinds = (self.kind(left, bound), self.kind(right, bound))
            if not self.moments((left, right), kinds):
                self.must(left, kinds[0], "number")
                self.must(right, kinds[1], "number")
            return "truth"
        left_kind = self.kind(left, bound)
        if operator == "in":
            self.want(right, "numbers" if left_kind == "number" else "texts", bound)
            if left_kind not in ("number", "text", *MOMENTS, "unknown"):
                self.add(left, N_("This is %(kind)s, but %(wanted)s is needed here."), kind=WORDS[left_kind],
                         wanted=WORDS["text"])  # fmt: skip
        elif left_kind in ("texts", "numbers", "matrix"):
            self.add(left, N_("This is %(kind)s. Ask with `in`, `count()` or a row of it."), kind=WORDS[left_kind])
        elif left_kind == "file":
            self.add(left, N_("Of a file, a condition can only ask `answered()`."))
        else:
            right_kind = self.kind(right, bound)
            if not self.moments((left, right), (left_kind, right_kind)):
                self.must(right, right_kind, left_kind)
        self.codes(left, right)
        self.codes(right, left)
        return "truth"

    def codes(self, asked: Tree, against: Tree) -> None:
        """A code that the question does not have is a slip of the pen."""
        if not isinstance(asked, Name | Member) or asked.name not in self.scope:
            return
        codes = self.scope[asked.name].codes
        for given in against.items if isinstance(against, ListOf) else (against,):
            if codes and isinstance(given, Constant) and isinstance(given.value, str) and given.value not in codes:
                self.add(
                    given,
                    N_("“%(name)s” has no option “%(code)s”. Its options: %(codes)s."),
                    name=asked.name,
                    code=given.value,
                    codes=", ".join(codes),
                )

    def call(self, tree: Call, bound: Mapping[str, Kind]) -> Kind:
        first = tree.arguments[0]
        if tree.function == "answered":
            if isinstance(first, Name | Member) and first.name not in bound:
                self.kind(first, bound)
            else:
                self.add(first, N_("Write the key of a question between the brackets."))
            return "truth"
        kind = self.kind(first, bound)
        if tree.function in ("startsWith", "contains"):
            for argument in tree.arguments:
                self.want(argument, "text", bound)
            return "truth"
        if tree.function == "count" and kind not in ("texts", "unknown"):
            self.add(first, N_("`count()` needs a question with several answers."))
        elif kind not in ("text", "texts", "numbers", "unknown"):
            self.add(first, N_("This is %(kind)s, but a list is needed here."), kind=WORDS[kind])
        return "number"
