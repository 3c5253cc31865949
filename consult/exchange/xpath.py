"""A condition here as an expression of an XLSForm, with the same outcome for every set of answers.

The other way round than translate.py: a term that reads an unanswered question fails here and is not met, while there
an empty text is compared. So negations are pushed down, and comparisons that an empty text passes get `${q} != '' and`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consult.errors import N_
from consult.exchange.cel import number
from consult.exchange.foreign import NotRead
from consult.exchange.translate import OPERATORS
from consult.surveys.conditions.expression import (
    Binary,
    Call,
    Choice,
    Each,
    ListOf,
    Literal,
    Member,
    Name,
    Tree,
    Unary,
    parse,
)

INVERSE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
SIGNS = {"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
BEYOND = N_("The condition uses %(part)s, which XLSForm does not have.")
OR, AND, ATOM = 1, 2, 3


def relevant(source: str, names: Mapping[str, Sequence[str]], numbers: frozenset[str], own: str = "") -> str:
    """The expression. names: what a question, or `matrix.row`, is called there; numbers: those compared as numbers.

    own: the question that is written as `.`, in a constraint. Raises NotRead.
    """
    return _Writer(names, numbers, own).put(parse(source), True, OR)


def calculation(source: str, names: Mapping[str, Sequence[str]]) -> str:
    return _Writer(names, frozenset(), "").value(parse(source))


class _Writer:
    def __init__(self, names: Mapping[str, Sequence[str]], numbers: frozenset[str], own: str) -> None:
        self.names, self.numbers, self.own = names, numbers, own

    def refs(self, tree: Name | Member) -> list[str]:
        name = tree.name if isinstance(tree, Name) else f"{tree.name}.{tree.row}"
        if name == self.own:
            return ["."]
        if name not in self.names:
            raise NotRead(BEYOND, part=name)
        return [f"${{{one}}}" for one in self.names[name]]

    def ref(self, tree: Tree) -> str:
        if isinstance(tree, Name | Member) and len(found := self.refs(tree)) == 1:
            return found[0]
        raise NotRead(BEYOND, part=type(tree).__name__.lower())

    def put(self, tree: Tree, yes: bool, outside: int) -> str:
        """True there exactly when `tree` does not fail here and is `yes`."""
        match tree:
            case Literal(value=bool(value)):
                return "true()" if value is yes else "false()"
            case Unary(operator="!", operand=operand):
                return self.put(operand, not yes, outside)
            case Binary(operator="&&" | "||" as operator, left=left, right=right):
                level = AND if (operator == "&&") is yes else OR
                said = f" {'and' if level == AND else 'or'} ".join(self.put(part, yes, level) for part in (left, right))
                return f"({said})" if outside > level else said
            case Choice(condition=condition, yes=then, no=other):
                parts = ((condition, True, then), (condition, False, other))
                said = " or ".join(f"{self.put(c, t, AND)} and {self.put(part, yes, AND)}" for c, t, part in parts)
                return f"({said})" if outside > OR else said
            case Call(function="answered", arguments=((Name() | Member()) as asked,)):
                found = [f"{ref} {'!=' if yes else '='} ''" for ref in self.refs(asked)]
                return self.joined(found, OR if yes else AND, outside)
            case Call(function="startsWith" | "contains" as function, arguments=(target, Literal(value=part))):
                name = "starts-with" if function == "startsWith" else "contains"
                return self.tested(f"{name}({self.ref(target)}, {quoted(str(part))})", target, yes, outside)
            case Binary():
                return self.compared(tree, yes, outside)
        raise NotRead(BEYOND, part=part_of(tree))

    def joined(self, found: Sequence[str], level: int, outside: int) -> str:
        said = (" or " if level == OR else " and ").join(found)
        return f"({said})" if len(found) > 1 and outside > level else said

    def tested(self, said: str, asked: Tree, yes: bool, outside: int) -> str:
        if yes:
            return said
        return self.joined([f"{self.ref(asked)} != ''", f"not({said})"], AND, outside)

    def compared(self, tree: Binary, yes: bool, outside: int) -> str:
        left, right, operator = tree.left, tree.right, tree.operator
        if operator == "in":
            return self.among(left, right, yes, outside)
        used = operator if yes else INVERSE[operator]
        if isinstance(left, Literal) and not isinstance(right, Literal):
            flipped = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
            left, right, used = right, left, flipped.get(used, used)
        said = f"{self.value(left)} {SIGNS[used]} {self.value(right)}"
        if isinstance(left, Call) and left.function in ("count", "size") and isinstance(right, Literal):
            passes = OPERATORS[SIGNS[used]](0.0, float(right.value))
            return self.joined([f"{self.ref(left.arguments[0])} != ''", said] if passes else [said], AND, outside)
        if isinstance(right, Literal) and isinstance(right.value, float) and isinstance(left, Name | Member):
            if used == "!=":  # a word beside the scale is no number there, and unequal to each
                ref = self.ref(left)
                return self.joined([f"{ref} < {self.value(right)}", f"{ref} > {self.value(right)}"], OR, outside)
            return said
        if used in ("!=", "=="):
            asked = [one for one in (left, right) if isinstance(one, Name | Member)]
            if used == "!=" or len(asked) > 1 or not asked:
                return self.joined([*(f"{self.ref(one)} != ''" for one in asked), said], AND, outside)
        return said

    def among(self, left: Tree, right: Tree, yes: bool, outside: int) -> str:
        if isinstance(left, Literal) and isinstance(right, Name):
            return self.tested(f"selected({self.ref(right)}, {quoted(str(left.value))})", right, yes, outside)
        if not isinstance(right, ListOf) or not isinstance(left, Name | Member) or not right.items:
            raise NotRead(BEYOND, part="in")
        ref = self.ref(left)
        values = [self.value(item) for item in right.items]
        if yes:
            return self.joined([f"{ref} = {value}" for value in values], OR, outside)
        return self.joined([f"{ref} != ''", *(f"{ref} != {value}" for value in values)], AND, outside)

    def value(self, tree: Tree, level: int = 0) -> str:
        match tree:
            case Literal(value=float(figure)):
                return number(figure)
            case Literal(value=str(said)):
                return quoted(said)
            case Name() | Member():
                return self.ref(tree)
            case Unary(operator="-", operand=operand):
                return f"-{self.value(operand, 3)}"
            case Binary(operator=operator, left=left, right=right) if operator in ("+", "-", "*", "/"):
                own = 1 if operator in "+-" else 2
                sign = "div" if operator == "/" else operator
                said = f"{self.value(left, own)} {sign} {self.value(right, own + 1)}"
                return f"({said})" if level > own else said
            case Choice(condition=condition, yes=then, no=other):
                if condition == Call("answered", (then,), condition.column):
                    return f"coalesce({self.ref(then)}, {self.value(other)})"
                return f"if({self.put(condition, True, OR)}, {self.value(then)}, {self.value(other)})"
            case Call(function="count", arguments=(asked,)):
                return f"count-selected({self.ref(asked)})"
            case Call(function="size", arguments=(asked,)):
                return f"string-length({self.ref(asked)})"
        raise NotRead(BEYOND, part=part_of(tree))


def quoted(text: str) -> str:
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    raise NotRead(BEYOND, part="' \"")


def part_of(tree: Tree) -> str:
    match tree:
        case Each(function=function) | Call(function=function):
            return f"{function}()"
        case Binary(operator=operator) | Unary(operator=operator):
            return operator
        case Name(name=name):
            return name
    return type(tree).__name__.lower()
