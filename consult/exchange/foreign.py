"""Expressions of other programs as one tree: XPath as XLSForm uses it, and LimeSurvey's ExpressionScript.

Both have the same levels (or, and, equality, order, sums, products, signs); only their tokens differ. What stands
outside of the common part (paths, predicates, assignments) is not read at all: NotRead says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from consult.errors import N_

LONGEST, DEEPEST = 4000, 30
BEYOND = N_("This part of the expression has no counterpart here: %(part)s.")
TOO_LONG = N_("The expression is too long or nested too deeply.")


class NotRead(Exception):
    """The expression cannot be carried over; message and parameters say why."""

    def __init__(self, message: str, **parameters: object) -> None:
        super().__init__(message)
        self.message, self.parameters = message, parameters


@dataclass(frozen=True, slots=True)
class Const:
    value: str | float | bool


@dataclass(frozen=True, slots=True)
class Ref:
    """A question; "." is the one that the expression belongs to."""

    name: str


@dataclass(frozen=True, slots=True)
class Join:
    """and, or."""

    operator: str
    parts: tuple[Foreign, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Foreign


@dataclass(frozen=True, slots=True)
class Compare:
    """=, !=, <, <=, >, >=."""

    operator: str
    left: Foreign
    right: Foreign


@dataclass(frozen=True, slots=True)
class Sum:
    """+, -, *, /."""

    operator: str
    left: Foreign
    right: Foreign


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    arguments: tuple[Foreign, ...]


Foreign: TypeAlias = Const | Ref | Join | Not | Compare | Sum | Function


@dataclass(frozen=True, slots=True)
class Token:
    """kind: number, text, ref, name, mark (canonical operators, brackets, commas), end."""

    kind: str
    text: str


XPATH = re.compile(
    r"""\s*(?:
      (?P<ref>\$\{\s*[^{}\s]+\s*\})
    | (?P<number>(?:\d+(?:\.\d*)?|\.\d+))
    | (?P<text>'[^']*'|"[^"]*")
    | (?P<name>[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)
    | (?P<self>\.(?!\.))
    | (?P<mark>!=|<=|>=|[=<>+\-*(),])
    )""",
    re.VERBOSE,
)
SCRIPT = re.compile(
    r"""\s*(?:
      (?P<name>(?:\d+X\d+X\d+\w*|[A-Za-z_]\w*)(?:\.[A-Za-z_]\w*)?)
    | (?P<number>(?:\d+(?:\.\d*)?|\.\d+))
    | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<mark>===?|!==?|<=|>=|&&|\|\||[<>!+\-*/(),])
    )""",
    re.VERBOSE,
)
XPATH_WORDS = {"and", "or", "div", "mod"}
SCRIPT_WORDS = {
    "and": "and", "or": "or", "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "==": "=",
    "===": "=", "!==": "!=", "&&": "and", "||": "or", "!": "not",
}  # fmt: skip
SUFFIXES = (".NAOK", ".value", ".code")


def _scan(source: str, pattern: re.Pattern[str]) -> Iterator[Token]:
    position, end = 0, len(source.rstrip())
    while position < end:
        match = pattern.match(source, position)
        if match is None or match.lastgroup is None:
            raise NotRead(BEYOND, part=source[position : position + 20].strip())
        yield Token(match.lastgroup, match[match.lastgroup])
        position = match.end()
    yield Token("end", "")


def xpath(source: str) -> Foreign:
    """An expression of an XLSForm. Raises NotRead."""
    found: list[Token] = []
    for token in _scan(_bounded(source), XPATH):
        if token.kind == "ref":
            token = Token("ref", token.text[2:-1].strip())
        elif token.kind == "self":
            token = Token("ref", ".")
        elif token.kind == "text":
            token = Token("text", token.text[1:-1])
        elif token.kind == "name" and token.text in XPATH_WORDS and found and _ends_value(found[-1]):
            token = Token("mark", "/" if token.text == "div" else token.text)
        found.append(token)
    return _Parser(found).whole()


def script(source: str) -> Foreign:
    """An expression of LimeSurvey, with or without braces around it. Raises NotRead."""
    source = _bounded(source).strip()
    if source.startswith("{") and source.endswith("}"):
        source = source[1:-1]
    found: list[Token] = []
    for token in _scan(source, SCRIPT):
        if token.kind == "text":
            token = Token("text", re.sub(r"\\(.)", r"\1", token.text[1:-1]))
        elif token.text.lower() in SCRIPT_WORDS and token.kind in ("name", "mark"):
            token = Token("mark", SCRIPT_WORDS[token.text.lower()])
        found.append(token)
    return _Parser(found, bare_names=True).whole()


def _bounded(source: str) -> str:
    if len(source) > LONGEST:
        raise NotRead(TOO_LONG)
    return source


def _ends_value(token: Token) -> bool:
    return token.kind in ("number", "text", "ref", "name") or token.text == ")"


class _Parser:
    LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/", "mod"))

    def __init__(self, tokens: list[Token], bare_names: bool = False) -> None:
        self.tokens, self.position, self.depth, self.bare_names = tokens, 0, 0, bare_names

    @property
    def next(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        self.position += 1
        return self.tokens[self.position - 1]

    def accepts(self, *marks: str) -> str:
        token = self.next
        return self.take().text if token.kind == "mark" and token.text in marks else ""

    def expect(self, mark: str) -> None:
        if not self.accepts(mark):
            raise NotRead(BEYOND, part=self.next.text or "…")

    def whole(self) -> Foreign:
        tree = self.level(0)
        if self.next.kind != "end":
            raise NotRead(BEYOND, part=self.next.text)
        return tree

    def level(self, number: int) -> Foreign:
        if number == 0:
            self.depth += 1
            if self.depth > DEEPEST:
                raise NotRead(TOO_LONG)
        if number == len(self.LEVELS):
            return self.unary()
        tree = self.level(number + 1)
        while operator := self.accepts(*self.LEVELS[number]):
            tree = _joined(operator, tree, self.level(number + 1))
        if number == 0:
            self.depth -= 1
        return tree

    def unary(self) -> Foreign:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotRead(TOO_LONG)
        tree: Foreign
        if self.accepts("not"):
            tree = Not(self.unary())
        elif self.accepts("-"):
            operand = self.unary()
            is_number = isinstance(operand, Const) and isinstance(operand.value, float)
            tree = Const(-operand.value) if is_number else Sum("-", Const(0.0), operand)  # type: ignore[union-attr,operator]
        else:
            tree = self.primary()
        self.depth -= 1
        return tree

    def primary(self) -> Foreign:
        token = self.take()
        if token.kind == "number":
            return Const(float(token.text))
        if token.kind == "text":
            return Const(token.text)
        if token.kind == "ref":
            return Ref(token.text)
        if token.kind == "name":
            return self.named(token.text)
        if token.kind == "mark" and token.text == "(":
            tree = self.level(0)
            self.expect(")")
            return tree
        raise NotRead(BEYOND, part=token.text or "…")

    def named(self, name: str) -> Foreign:
        if self.accepts("("):
            arguments: list[Foreign] = []
            while not self.accepts(")"):
                if arguments:
                    self.expect(",")
                arguments.append(self.level(0))
            if name == "not" and len(arguments) == 1:
                return Not(arguments[0])
            if name in ("true", "false") and not arguments:
                return Const(name == "true")
            return Function(name, tuple(arguments))
        if not self.bare_names:
            raise NotRead(BEYOND, part=name)
        for suffix in SUFFIXES:
            name = name.removesuffix(suffix)
        if "." in name:
            raise NotRead(BEYOND, part=name)
        return Ref("." if name in ("self", "this") else name)


def _joined(operator: str, left: Foreign, right: Foreign) -> Foreign:
    if operator in ("and", "or"):
        parts = left.parts if isinstance(left, Join) and left.operator == operator else (left,)
        return Join(operator, (*parts, right))
    if operator in ("=", "!=", "<", "<=", ">", ">="):
        return Compare(operator, left, right)
    if operator == "mod":
        raise NotRead(BEYOND, part="mod")
    return Sum(operator, left, right)
