"""The text of a condition as a tree: the part of CEL that surveys use, its parser and its one normal form.

Two engines evaluate conditions (one on the server, one in the browser). Both get the normal form, in which every
number is a double and the host functions are plain CEL over two bindings that always exist:

    age >= 18               age >= 18.0
    size(name) > 3          double(size(name)) > 3.0
    count(transport) >= 2   double(size(transport)) >= 2.0
    answered(age)           "age" in _answered
    answered(grid.clean)    "grid.clean" in _answered
    points['by-bus'] > 3    dyn(points["by-bus"]) > 3.0     (rows named by a word of CEL as well)

Not taken over from CEL: %, integers, bytes, maps, timestamps, regular expressions, null, and comparing texts by <.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from consult.errors import N_

LONGEST = 2000
DEEPEST = 30
ANSWERED = "_answered"
FUNCTIONS = ("answered", "count", "size")
METHODS = ("startsWith", "contains", "size", "exists", "all")
RESERVED = frozenset(
    {
        "true",
        "false",
        "null",
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
    }
    | {"loop", "package", "namespace", "return", "var", "void", "while", "answered", "count", "size", "double", "int"}
    | {"string", "bool", "type", "dyn", "has", "duration", "timestamp"}
)


class SyntaxFault(Exception):
    """The text is no condition; `column` counts characters from 1."""

    def __init__(self, column: int, message: str, **parameters: object) -> None:
        super().__init__(message)
        self.column, self.message, self.parameters = column, message, parameters


@dataclass(frozen=True, slots=True)
class Literal:
    value: bool | float | str
    column: int


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    column: int


@dataclass(frozen=True, slots=True)
class Member:
    """A row of a matrix question."""

    name: str
    row: str
    column: int


@dataclass(frozen=True, slots=True)
class ListOf:
    items: tuple[Tree, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Unary:
    operator: str
    operand: Tree
    column: int


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Tree
    right: Tree
    column: int


@dataclass(frozen=True, slots=True)
class Choice:
    condition: Tree
    yes: Tree
    no: Tree
    column: int


@dataclass(frozen=True, slots=True)
class Call:
    """answered, count, size; startsWith and contains with their target as first argument."""

    function: str
    arguments: tuple[Tree, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Each:
    """target.exists(variable, body) or target.all(variable, body)."""

    function: str
    target: Tree
    variable: str
    body: Tree
    column: int


Tree: TypeAlias = Literal | Name | Member | ListOf | Unary | Binary | Choice | Call | Each

TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>(?:\d+\.\d+|\d+)(?:[eE][+-]?\d+)?)
    | (?P<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<mark>==|!=|<=|>=|&&|\|\||[<>!?:+\-*/(),.\[\]])
    )""",
    re.VERBOSE,
)
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    column: int


def tokens(source: str) -> list[Token]:
    found, position = [], 0
    while position < len(source.rstrip()):
        match = TOKEN.match(source, position)
        if match is None or match.lastgroup is None:
            at = position + len(source[position:]) - len(source[position:].lstrip())
            if source[at] == "=":
                raise SyntaxFault(at + 1, N_("Compare with == (two signs)."))
            raise SyntaxFault(at + 1, N_("“%(sign)s” cannot stand here."), sign=source[at])
        found.append(Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup) + 1))
        position = match.end()
    found.append(Token("end", "", len(source) + 1))
    return found


def parse(source: str) -> Tree:
    """The tree of a condition. Raises SyntaxFault."""
    if len(source) > LONGEST:
        raise SyntaxFault(1, N_("This condition is longer than %(length)s characters."), length=LONGEST)
    parser = _Parser(tokens(source))
    tree = parser.expression()
    if parser.next.kind != "end":
        parser.fail()
    return tree


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self.tokens, self.position, self.depth = found, 0, 0

    @property
    def next(self) -> Token:
        return self.tokens[self.position]

    def fail(self) -> NoReturn:
        token = self.next
        if token.kind == "end":
            raise SyntaxFault(token.column, N_("The condition ends too early."))
        raise SyntaxFault(token.column, N_("“%(sign)s” cannot stand here."), sign=token.text)

    def take(self) -> Token:
        token = self.next
        self.position += 1
        return token

    def accepts(self, *marks: str) -> Token | None:
        token = self.next
        if token.text in marks and token.kind in ("mark", "name"):
            return self.take()
        return None

    def expect(self, mark: str) -> Token:
        token = self.accepts(mark)
        if token is None:
            self.fail()
        return token

    def expression(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise SyntaxFault(self.next.column, N_("This condition is nested too deeply."))
        tree = self.binary(0)
        question = self.accepts("?")
        if question:
            yes = self.expression()
            self.expect(":")
            tree = Choice(tree, yes, self.expression(), question.column)
        self.depth -= 1
        return tree

    LEVELS = (("||",), ("&&",), ("==", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"), ("*", "/"))

    def binary(self, level: int) -> Tree:
        if level == len(self.LEVELS):
            return self.unary()
        tree = self.binary(level + 1)
        while operator := self.accepts(*self.LEVELS[level]):
            tree = Binary(operator.text, tree, self.binary(level + 1), operator.column)
            if level == 2 and self.next.text in self.LEVELS[2] and self.next.kind != "text":
                raise SyntaxFault(self.next.column, N_("Join two comparisons by && or ||."))
        return tree

    def unary(self) -> Tree:
        signs = []
        while sign := self.accepts("!", "-"):
            signs.append(sign)
        if len(signs) > DEEPEST:
            raise SyntaxFault(signs[0].column, N_("This condition is nested too deeply."))
        tree = self.member()
        for sign in reversed(signs):
            tree = Unary(sign.text, tree, sign.column)
        return tree

    def member(self) -> Tree:
        tree = self.primary()
        while True:
            if self.accepts("."):
                name = self.take()
                if name.kind != "name":
                    self.position -= 1
                    self.fail()
                tree = self.method(tree, name) if self.accepts("(") else self.row(tree, name.text, name.column)
            elif bracket := self.accepts("["):
                index = self.take()
                if index.kind != "text":
                    self.position -= 1
                    self.fail()
                self.expect("]")
                tree = self.row(tree, _unquoted(index), bracket.column)
            else:
                return tree

    def row(self, tree: Tree, row: str, column: int) -> Tree:
        if not isinstance(tree, Name):
            raise SyntaxFault(column, N_("Only a matrix question has rows."))
        return Member(tree.name, row, tree.column)

    def method(self, target: Tree, name: Token) -> Tree:
        if name.text not in METHODS:
            raise SyntaxFault(name.column, N_("There is no function “%(name)s”."), name=name.text)
        if name.text in ("exists", "all"):
            variable = self.take()
            if variable.kind != "name" or variable.text in RESERVED:
                raise SyntaxFault(variable.column, N_("A name is expected here, such as `v`."))
            self.expect(",")
            body = self.expression()
            self.expect(")")
            return Each(name.text, target, variable.text, body, name.column)
        arguments = self.arguments()
        if len(arguments) != (0 if name.text == "size" else 1):
            raise SyntaxFault(name.column, N_("“%(name)s” is used wrongly here."), name=name.text)
        return Call(name.text, (target, *arguments), name.column)

    def arguments(self) -> tuple[Tree, ...]:
        found: list[Tree] = []
        if self.accepts(")"):
            return ()
        while True:
            found.append(self.expression())
            if self.accepts(")"):
                return tuple(found)
            self.expect(",")

    def primary(self) -> Tree:
        token = self.take()
        if token.kind == "number":
            return Literal(float(token.text), token.column)
        if token.kind == "text":
            return Literal(_unquoted(token), token.column)
        if token.kind == "name":
            return self.named(token)
        if token.text == "(":
            tree = self.expression()
            self.expect(")")
            return tree
        if token.text == "[":
            items: list[Tree] = []
            while not self.accepts("]"):
                items.append(self.expression())
                if self.next.text != "]":
                    self.expect(",")
            return ListOf(tuple(items), token.column)
        self.position -= 1
        return self.fail()

    def named(self, token: Token) -> Tree:
        if token.text in ("true", "false"):
            return Literal(token.text == "true", token.column)
        if self.accepts("("):
            arguments = self.arguments()
            if token.text not in FUNCTIONS:
                raise SyntaxFault(token.column, N_("There is no function “%(name)s”."), name=token.text)
            if len(arguments) != 1:
                raise SyntaxFault(token.column, N_("“%(name)s” is used wrongly here."), name=token.text)
            return Call(token.text, arguments, token.column)
        if token.text in RESERVED or token.text.startswith("_"):
            self.position -= 1
            self.fail()
        return Name(token.text, token.column)


def _unquoted(token: Token) -> str:
    def plain(match: re.Match[str]) -> str:
        code, letter = match[1], match[2]
        if code and not 0xD800 <= int(code, 16) <= 0xDFFF:
            return chr(int(code, 16))
        if letter in ESCAPES:
            return ESCAPES[letter]
        raise SyntaxFault(token.column, N_("“%(sign)s” cannot stand here."), sign=match[0])

    return re.sub(r"\\(?:u([0-9a-fA-F]{4})|(.))", plain, token.text[1:-1])


def normal(tree: Tree) -> str:
    """The one text that both engines evaluate; fully bracketed, numbers as doubles."""
    match tree:
        case Literal(value=value):
            if isinstance(value, bool):
                return "true" if value else "false"
            return repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
        case Name(name=name):
            return name
        case Member(name=name, row=row):
            is_plain = PLAIN.fullmatch(row) and row not in RESERVED
            return f"{name}.{row}" if is_plain else f"dyn({name}[{json.dumps(row)}])"
        case ListOf(items=items):
            return f"[{', '.join(normal(item) for item in items)}]"
        case Unary(operator=operator, operand=operand):
            return f"{operator}({normal(operand)})"
        case Binary(operator=operator, left=left, right=right):
            return f"({normal(left)} {operator} {normal(right)})"
        case Choice(condition=condition, yes=yes, no=no):
            return f"({normal(condition)} ? {normal(yes)} : {normal(no)})"
        case Each(function=function, target=target, variable=variable, body=body):
            return f"{normal(target)}.{function}({variable}, {normal(body)})"
        case Call(function="answered", arguments=(Member(name=name, row=row),)):
            return f"({json.dumps(f'{name}.{row}')} in {ANSWERED})"
        case Call(function="answered", arguments=(asked,)):
            return f"({json.dumps(normal(asked))} in {ANSWERED})"
        case Call(function="count" | "size", arguments=(target,)):
            return f"double(size({normal(target)}))"
        case Call(function=function, arguments=(target, *rest)):
            return f"{normal(target)}.{function}({', '.join(normal(argument) for argument in rest)})"
    raise AssertionError(tree)


def names(tree: Tree) -> frozenset[str]:
    """The questions that a condition looks at."""
    return frozenset(_names(tree, frozenset()))


def _names(tree: Tree, bound: frozenset[str]) -> set[str]:
    match tree:
        case Literal():
            return set()
        case Name(name=name) | Member(name=name):
            return set() if name in bound else {name}
        case ListOf(items=parts) | Call(arguments=parts):
            pass
        case Unary(operand=operand):
            parts = (operand,)
        case Binary(left=left, right=right):
            parts = (left, right)
        case Choice(condition=condition, yes=yes, no=no):
            parts = (condition, yes, no)
        case Each(target=target, variable=variable, body=body):
            return _names(target, bound) | _names(body, bound | {variable})
    return set().union(*(_names(part, bound) for part in parts))
