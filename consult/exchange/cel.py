"""A condition's tree as CEL text, the way a person would write it."""

from __future__ import annotations

import json

from consult.surveys.conditions.expression import Binary, Call, Choice, Each, ListOf, Literal, Member, Name, Tree, Unary

LEVELS = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "in": 3, "+": 4, "-": 4, "*": 5, "/": 5}
UNARY, TIGHT = 6, 7


def written(tree: Tree) -> str:
    """Reading it gives the same tree, but for columns."""
    return _put(tree, 0)


def number(value: float) -> str:
    """Without an exponent, which not every program reads."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15f}".rstrip("0")


def text(value: str) -> str:
    if "'" in value or "\\" in value or "\n" in value or any(ord(sign) < 32 for sign in value):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}'"


def _put(tree: Tree, outside: int) -> str:
    match tree:
        case Literal(value=bool(value)):
            return "true" if value else "false"
        case Literal(value=float(value)):
            return number(value)
        case Literal(value=value):
            return text(str(value))
        case Name(name=name):
            return name
        case Member(name=name, row=row):
            return f"{name}.{row}"
        case ListOf(items=items):
            return f"[{', '.join(_put(item, 0) for item in items)}]"
        case Unary(operator=operator, operand=operand):
            return f"{operator}{_put(operand, UNARY)}"
        case Binary(operator=operator, left=left, right=right):
            level = LEVELS[operator]
            # Comparisons do not follow each other, and sums group to the left.
            said = f"{_put(left, level + (level == 3))} {operator} {_put(right, level + 1)}"
            return f"({said})" if outside > level else said
        case Choice(condition=condition, yes=yes, no=no):
            said = f"{_put(condition, 1)} ? {_put(yes, 1)} : {_put(no, 1)}"
            return f"({said})" if outside else said
        case Each(function=function, target=target, variable=variable, body=body):
            return f"{_put(target, TIGHT)}.{function}({variable}, {_put(body, 0)})"
        case Call(function=function, arguments=(target, *rest)) if function in ("startsWith", "contains"):
            return f"{_put(target, TIGHT)}.{function}({', '.join(_put(one, 0) for one in rest)})"
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(_put(one, 0) for one in arguments)})"
    raise AssertionError(tree)
