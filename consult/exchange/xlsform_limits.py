"""Constraints of XLSForms that are settings of a question here: limits, lengths, numbers of answers, exclusive ones.

They are taken as such only without a message of their own; a constraint with a message is kept as a rule with it.
"""

from __future__ import annotations

from typing import Any

import msgspec

from consult.exchange.foreign import Compare, Const, Foreign, Function, Join, Not, Ref
from consult.exchange.xlsform_choices import ChoiceList
from consult.surveys.definition import schema as d

SELF = Ref(".")
LENGTHS = {">=": "min_length", "<=": "max_length"}
COUNTS = {">=": "min", "<=": "max"}
DATES = {">=": "earliest", "<=": "latest"}


def with_limits(question: d.AnyQuestion, tree: Foreign, choices: ChoiceList) -> tuple[d.AnyQuestion, Foreign | None]:
    """The question with those parts of the constraint that are settings, and what is left of it."""
    parts = tree.parts if isinstance(tree, Join) and tree.operator == "and" else (tree,)
    left = []
    for part in parts:
        changed = _setting(question, part, choices)
        if changed is None:
            left.append(part)
        else:
            question = changed
    if not left:
        return question, None
    return question, left[0] if len(left) == 1 else Join("and", tuple(left))


def _setting(question: d.AnyQuestion, part: Foreign, choices: ChoiceList) -> d.AnyQuestion | None:
    match part:
        case Compare(operator=operator, left=left, right=Const(value=float(figure))):
            return _limit(question, operator, left, figure)
        case Compare(
            operator="=", left=Function(name="round", arguments=(first, Const(value=float(places)))), right=second
        ):
            if isinstance(question, d.Number) and first == second == SELF and 0 <= places <= 6:
                return msgspec.structs.replace(question, decimals=int(places))
        case Compare(operator=operator, left=first, right=Function(name="date", arguments=(Const(value=str(day)),))):
            if isinstance(question, d.Date) and first == SELF and operator in DATES:
                return msgspec.structs.replace(question, **{DATES[operator]: day})
        case Not(
            part=Join(operator="and", parts=(Function(name="selected", arguments=(first, Const(value=code))), more))
        ):
            alone = Compare(">", Function("count-selected", (SELF,)), Const(1.0))
            here = choices.codes.get(code if isinstance(code, str) else f"{code:g}", "")
            if isinstance(question, d.Multiple) and first == SELF and more == alone and here:
                options = tuple(
                    msgspec.structs.replace(option, exclusive=option.exclusive or option.code == here)
                    for option in question.options
                )
                return msgspec.structs.replace(question, options=options)
    return None


def _limit(question: d.AnyQuestion, operator: str, left: Foreign, figure: float) -> d.AnyQuestion | None:
    if operator in ("<", ">") and figure.is_integer() and _counts_whole(question, left):
        operator, figure = ("<=", figure - 1) if operator == "<" else (">=", figure + 1)
    changes: dict[str, Any] = {}
    if isinstance(question, d.Number) and left == SELF and operator in COUNTS:
        changes = {COUNTS[operator]: figure}
    elif isinstance(question, d.Free) and left == Function("string-length", (SELF,)) and operator in LENGTHS:
        least = 1 if operator == "<=" else 0
        if figure.is_integer() and least <= figure <= d.LONGEST:
            changes = {LENGTHS[operator]: int(figure)}
    elif isinstance(question, d.Multiple) and left == Function("count-selected", (SELF,)) and operator in COUNTS:
        least = 1 if operator == "<=" else 0
        changes = {COUNTS[operator]: int(figure)} if figure.is_integer() and figure >= least else {}
    return msgspec.structs.replace(question, **changes) if changes else None


def _counts_whole(question: d.AnyQuestion, left: Foreign) -> bool:
    return left != SELF or (isinstance(question, d.Number) and question.decimals == 0)
