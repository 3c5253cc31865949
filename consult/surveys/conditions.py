"""Conditions: checked with types against the question list, and evaluated.

What a term gives, for server and browser alike:

    question                          in a condition                 answered(q)
    --------------------------------  -----------------------------  -----------
    answered                          its value                      true
    answered "don't know", "refused"
      an option of single, multiple   its code                       true
      beside a scale or a number      not bound: the term fails      true
    skipped                           not bound: the term fails      false
    not asked (hidden)                not bound: the term fails      false

    term          fails && false   fails && true   fails || true   fails || false   !fails   fails ? a : b
    ------------  ---------------  --------------  --------------  ---------------  -------  -------------
    result        false            fails           true            fails            fails    fails

A condition that fails is not met. `count(q)` of a question without an answer fails too; `answered(q)` never does.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from cel_expr_python import cel

from consult.errors import N_
from consult.surveys import definition as d
from consult.surveys.expression import (
    ANSWERED,
    RESERVED,
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
    normal,
    parse,
)  # fmt: skip
from consult.surveys.expression import Literal as Constant
from consult.surveys.moments import ENDS, iso_day, time_of_day

Kind: TypeAlias = Literal[
    "number", "text", "truth", "date", "time", "file", "texts", "numbers", "matrix", "unknown"
]  # fmt: skip

WORDS: dict[Kind, str] = {
    "number": N_("a number"),
    "text": N_("a text"),
    "truth": N_("yes or no"),
    "date": N_("a date"),
    "time": N_("a time of day"),
    "file": N_("a file"),
    "texts": N_("a list of codes"),
    "numbers": N_("a list of numbers"),
    "matrix": N_("a matrix question"),
    "unknown": "?",
}
MOMENTS: tuple[Kind, ...] = ("date", "time")
"""Kept as text in which the later one is the greater, so that the engines compare them as text."""


@dataclass(frozen=True, slots=True)
class Variable:
    """What an earlier question offers to conditions."""

    kind: Kind
    codes: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    row_kind: Kind = "unknown"
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A fault in a condition, at a column from 1."""

    column: int
    message: str
    parameters: Mapping[str, object]


def variable(question: d.BaseQuestion) -> Variable | None:
    """How conditions may use a question; None when it has no answer."""
    match question:
        case d.Single(options=options):
            return Variable("text", codes=tuple(option.code for option in options))
        case d.Multiple(options=options):
            return Variable("texts", codes=tuple(option.code for option in options))
        case d.MatrixScale(rows=rows):
            low, high = question.values[0], question.values[-1]
            return Variable("matrix", rows=tuple(r.code for r in rows), row_kind="number", low=low, high=high)
        case d.MatrixSingle(rows=rows, options=options):
            codes = tuple(option.code for option in options)
            return Variable("matrix", codes=codes, rows=tuple(row.code for row in rows), row_kind="text")
        case d.MatrixMultiple(rows=rows, options=options):
            codes = tuple(option.code for option in options)
            return Variable("matrix", codes=codes, rows=tuple(row.code for row in rows), row_kind="texts")
        case d.Ranking(options=options):
            return Variable("texts", codes=tuple(option.code for option in options))
        case d.Allocation(options=options, total=total):
            parts = tuple(option.code for option in options)
            return Variable("matrix", rows=parts, row_kind="number", low=0, high=total)
        case d.Scale() | d.Smiley() | d.Nps():
            return Variable("number", low=question.values[0], high=question.values[-1])
        case d.Number(min=low, max=high):
            return Variable("number", low=low, high=high)
        case d.Free() | d.Email() | d.Phone() | d.Place():
            return Variable("text")
        case d.Date():
            return Variable("date")
        case d.Time():
            return Variable("time")
        case d.DateRange():
            return Variable("matrix", rows=ENDS, row_kind="date")
        case d.Consent():
            return Variable("truth")
        case d.File() | d.Photo():
            return Variable("file")
        case d.Hidden(options=options):
            return Variable("text", codes=tuple(option.code for option in options))
        case d.Calculated():
            return Variable("unknown")
    return None


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


MOST_TRIALS = 4000


def can_be_met(tree: Tree, scope: Mapping[str, Variable]) -> bool:
    """False when no answers meet the condition; tried over all codes and around all numbers that it names.

    True as well where free text is compared, where numbers are calculated or two questions compared (trying values
    around those that are named says nothing then), or where too many combinations would have to be tried.
    """
    constants = constants_in(tree)
    if _needs_more_than_samples(tree):
        return True
    choices: list[tuple[str, str | None, list[Any]]] = []
    for name in sorted(names(tree)):
        asked = scope[name]
        for row in asked.rows or (None,):
            values = _samples(asked, asked.row_kind if asked.rows else asked.kind, constants)
            if values is None:
                return True
            choices.append((name, row, [None, *values]))
    total = 1
    for _, _, values in choices:
        total *= len(values)
    if total > MOST_TRIALS:
        return True
    program = compile_one(normal(tree), names(tree))
    for combination in itertools.product(*(values for _, _, values in choices)):
        bindings: dict[str, Any] = {ANSWERED: []}
        for (name, row, _), value in zip(choices, combination, strict=True):
            if value is None:
                continue
            bindings[ANSWERED].append(name if row is None else f"{name}.{row}")
            if row is None:
                bindings[name] = value
            else:
                bindings.setdefault(name, {})[row] = value
        if is_met(program, bindings):
            return True
    return not choices and False


def _needs_more_than_samples(tree: Tree) -> bool:
    match tree:
        case Binary(operator="+" | "-" | "*" | "/") | Call(function="startsWith" | "contains"):
            return bool(names(tree))
        case Binary(left=left, right=right):
            joins = tree.operator in ("&&", "||")
            compares_two = not joins and bool(names(left)) and bool(names(right))
            return compares_two or any(map(_needs_more_than_samples, (left, right)))
        case ListOf(items=parts) | Call(arguments=parts):
            return any(map(_needs_more_than_samples, parts))
        case Unary(operand=operand):
            return _needs_more_than_samples(operand)
        case Choice(condition=condition, yes=yes, no=no):
            return any(map(_needs_more_than_samples, (condition, yes, no)))
        case Each(target=target, body=body):
            return any(map(_needs_more_than_samples, (target, body)))
    return False


def _samples(asked: Variable, kind: Kind, constants: set[Any]) -> list[Any] | None:
    if kind == "number":
        numbers = {
            float(c) + step for c in constants if isinstance(c, float) for step in (-1.0, -0.001, 0.0, 0.001, 1.0)
        }
        numbers |= {float(bound) for bound in (asked.low, asked.high) if bound is not None}
        low = asked.low if asked.low is not None else float("-inf")
        high = asked.high if asked.high is not None else float("inf")
        return sorted(number for number in numbers if low <= number <= high) or [0.0]
    if kind == "truth":
        return [True, False]
    if kind == "file":
        return ["file"]
    if kind == "text" and asked.codes:
        named = [code for code in asked.codes if code in constants]
        rest = [code for code in asked.codes if code not in constants]
        return named + rest[:1]
    if kind == "texts":
        named = [code for code in asked.codes if code in constants]
        rest = [code for code in asked.codes if code not in constants]
        if len(named) > 6 or any(isinstance(c, float) for c in constants):
            return None
        return [
            [*some, *more]
            for size in range(len(named) + 1)
            for some in itertools.combinations(named, size)
            for more in ((), tuple(rest[:1]))
            if some or more
        ]
    return None


def constants_in(tree: Tree) -> set[Any]:
    match tree:
        case Constant(value=value):
            return set() if isinstance(value, bool) else {value}
        case ListOf(items=parts) | Call(arguments=parts):
            return set().union(*(constants_in(part) for part in parts))
        case Unary(operand=operand):
            found = constants_in(operand)
            return found | {-c for c in found if isinstance(c, float)}
        case Binary(left=left, right=right):
            return constants_in(left) | constants_in(right)
        case Choice(condition=condition, yes=yes, no=no):
            return constants_in(condition) | constants_in(yes) | constants_in(no)
        case Each(target=target, body=body):
            return constants_in(target) | constants_in(body)
    return set()


def compile_one(text: str, variables: frozenset[str]) -> Any:
    """A program for a normal form."""
    return _environment(variables).compile(text)


@lru_cache(maxsize=64)
def _environment(variables: frozenset[str]) -> Any:
    return cel.NewEnv(variables=dict.fromkeys((*sorted(variables), ANSWERED), cel.Type.DYN))


def is_met(program: Any, bindings: Mapping[str, Any]) -> bool:
    return program.eval(data=bindings).value() is True


def is_reserved(key: str) -> bool:
    """Words that conditions use themselves; no question can have them as its key."""
    return key in RESERVED
