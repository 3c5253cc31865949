"""Whether any answers meet a condition: tried over the codes and around the numbers that it names."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from consult.surveys.conditions.expression import (
    ANSWERED,
    Binary,
    Call,
    Choice,
    Each,
    ListOf,
    Tree,
    Unary,
    names,
    normal,
)  # fmt: skip
from consult.surveys.conditions.expression import Literal as Constant
from consult.surveys.conditions.terms import Kind, Variable, compile_one, is_met

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
    return False


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
