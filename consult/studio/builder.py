"""Conditions put together from questions, operators and values, and the way back from their text.

A condition is a group: all or any of its terms; a group may hold groups once more. Whatever CEL says beyond that has no
group, and stays text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from consult.errors import N_
from consult.i18n import Text
from consult.surveys.conditions import terms
from consult.surveys.conditions.expression import Binary, Call, ListOf, Member, Name, SyntaxFault, Tree, Unary, parse
from consult.surveys.conditions.expression import Literal as Constant
from consult.surveys.definition import schema as d

Joint: TypeAlias = Literal["all", "any"]
Kind: TypeAlias = Literal["choice", "choices", "number", "written", "other"]
MARKS: dict[Joint, str] = {"all": "&&", "any": "||"}
COMPARED = {"equals": "==", "equals_not": "!=", "least": ">=", "most": "<=", "more": ">", "less": "<"}
NAMES: dict[str, str] = {
    "is": N_("is"),
    "is_not": N_("is not"),
    "one_of": N_("is one of"),
    "chose": N_("includes"),
    "chose_not": N_("does not include"),
    "count_least": N_("has at least so many answers chosen"),
    "equals": N_("is"),
    "equals_not": N_("is not"),
    "least": N_("is at least"),
    "most": N_("is at most"),
    "more": N_("is more than"),
    "less": N_("is less than"),
    "contains": N_("contains the words"),
    "answered": N_("was answered"),
    "unanswered": N_("was not answered"),
}
OPERATORS: dict[Kind, tuple[str, ...]] = {
    "choice": ("is", "is_not", "one_of", "answered", "unanswered"),
    "choices": ("chose", "chose_not", "count_least", "answered", "unanswered"),
    "number": ("equals", "equals_not", "least", "most", "more", "less", "answered", "unanswered"),
    "written": ("contains", "answered", "unanswered"),
    "other": ("answered", "unanswered"),
}
WITHOUT_VALUE = frozenset({"answered", "unanswered"})


@dataclass(frozen=True, slots=True)
class Term:
    """asked: the key of a question, or key.row of a matrix."""

    asked: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    joint: Joint = "all"
    items: tuple[Term | Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Askable:
    """An earlier question (or a row of one) that a term may ask for."""

    name: str
    text: Text
    row: Text | None
    kind: Kind
    options: tuple[tuple[str, Text], ...] = ()

    @property
    def operators(self) -> tuple[str, ...]:
        return OPERATORS[self.kind]

    def picks(self, operator: str) -> Literal["one", "several", "number", "words", ""]:
        """How a value is chosen."""
        if operator in WITHOUT_VALUE:
            return ""
        if operator == "count_least":
            return "number"
        if self.options:
            return "several" if operator == "one_of" else "one"
        return "number" if self.kind == "number" else "words"


def askable(definition: d.Definition, place: str) -> tuple[Askable, ...]:
    """What a condition at a place may look at: the questions before it."""
    found: list[Askable] = []
    for page in definition.pages:
        if place == f"page-{page.key}":
            break
        for question in page.questions:
            if place == f"question-{question.key}":
                return tuple(found)
            found += _of(question)
    return tuple(found)


def _of(question: d.AnyQuestion) -> Iterator[Askable]:
    known = terms.variable(question)
    if known is None:
        return
    texts = {item.code: item.text for item in getattr(question, "options", ())}
    options = tuple((code, texts.get(code, {})) for code in known.codes)
    if known.rows:
        rows = {row.code: row.text for row in getattr(question, "rows", ()) or getattr(question, "options", ())}
        for row in known.rows:
            of_row = options if known.row_kind != "number" else ()
            yield Askable(
                f"{question.key}.{row}", question.text, rows.get(row, {}), _kind(known.row_kind, of_row), of_row
            )
    else:
        yield Askable(question.key, question.text, None, _kind(known.kind, options), options)


def _kind(kind: terms.Kind, options: tuple[tuple[str, Text], ...]) -> Kind:
    if kind == "number":
        return "number"
    if kind == "texts" and options:
        return "choices"
    if kind == "text":
        return "choice" if options else "written"
    return "other"


def is_complete(item: Term | Group, known: dict[str, Askable]) -> bool:
    if isinstance(item, Group):
        return bool(item.items) and all(is_complete(one, known) for one in item.items)
    asked = known.get(item.asked)
    if asked is None or item.operator not in asked.operators:
        return False
    picks = asked.picks(item.operator)
    if picks in ("one", "several"):
        codes = {code for code, _ in asked.options}
        return bool(item.values) and set(item.values) <= codes
    if picks == "number":
        return bool(item.values) and _number(item.values[0]) is not None
    return picks == "" or bool(item.values and item.values[0].strip())


def _number(written: str) -> float | None:
    plain = written.strip().replace(",", ".").replace("\u2212", "-")
    digits = plain.removeprefix("-").replace(".", "", 1)
    return float(plain) if digits.isascii() and digits.isdigit() and len(digits) < 13 else None


def text(item: Term | Group, *, within: bool = False) -> str:
    """The condition's text, for complete items."""
    if isinstance(item, Term):
        return _term_text(item)
    joined = f" {MARKS[item.joint]} ".join(text(one, within=True) for one in item.items)
    return f"({joined})" if within and len(item.items) > 1 else joined


def _term_text(term: Term) -> str:
    asked, operator = term.asked, term.operator
    match operator:
        case "answered":
            return f"answered({asked})"
        case "unanswered":
            return f"!answered({asked})"
        case "chose":
            return f"{_quoted(term.values[0])} in {asked}"
        case "chose_not":
            return f"!({_quoted(term.values[0])} in {asked})"
        case "one_of":
            return f"{asked} in [{', '.join(_quoted(value) for value in term.values)}]"
        case "count_least":
            return f"count({asked}) >= {_plain(term.values[0])}"
        case "contains":
            return f"{asked}.contains({_quoted(term.values[0])})"
        case "is":
            return f"{asked} == {_quoted(term.values[0])}"
        case "is_not":
            return f"{asked} != {_quoted(term.values[0])}"
    return f"{asked} {COMPARED[operator]} {_plain(term.values[0])}"


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _plain(value: str) -> str:
    number = _number(value) or 0.0
    return str(int(number)) if number == int(number) else repr(number)


def group(source: str, known: dict[str, Askable]) -> Group | None:
    """The way back from a text; None where it says more than terms and groups can."""
    if not source.strip():
        return Group()
    try:
        found = _group(parse(source), depth=0)
    except (SyntaxFault, _NoTerm):
        return None
    whole = found if isinstance(found, Group) else Group("all", (found,))
    return whole if is_complete(whole, known) else None


class _NoTerm(Exception):
    """A part of a condition that no term says."""


def _group(tree: Tree, depth: int) -> Term | Group:
    if not (isinstance(tree, Binary) and tree.operator in MARKS.values()):
        return _term(tree)
    if depth > 1:
        raise _NoTerm
    joint: Joint = "all" if tree.operator == "&&" else "any"
    return Group(joint, tuple(_group(part, depth + 1) for part in _parts(tree, tree.operator)))


def _parts(tree: Tree, operator: str) -> Iterator[Tree]:
    if isinstance(tree, Binary) and tree.operator == operator:
        yield from _parts(tree.left, operator)
        yield from _parts(tree.right, operator)
    else:
        yield tree


def _term(tree: Tree) -> Term:
    match tree:
        case Call(function="answered", arguments=((Name() | Member()) as asked,)):
            return Term(_name(asked), "answered")
        case Unary(operator="!", operand=Call(function="answered", arguments=((Name() | Member()) as asked,))):
            return Term(_name(asked), "unanswered")
        case Binary(operator="in", left=Constant(value=str(code)), right=(Name() | Member()) as asked):
            return Term(_name(asked), "chose", (code,))
        case Unary(
            operator="!",
            operand=Binary(operator="in", left=Constant(value=str(code)), right=(Name() | Member()) as asked),
        ):
            return Term(_name(asked), "chose_not", (code,))
        case Binary(operator="in", left=(Name() | Member()) as asked, right=ListOf(items=items)):
            return Term(_name(asked), "one_of", tuple(_text_of(item) for item in items))
        case Binary(operator=">=", left=Call(function="count", arguments=((Name() | Member()) as asked,)), right=right):
            return Term(_name(asked), "count_least", (_number_of(right),))
        case Call(function="contains", arguments=((Name() | Member()) as asked, Constant(value=str(words)))):
            return Term(_name(asked), "contains", (words,))
        case Binary(operator="==" | "!=" as mark, left=(Name() | Member()) as asked, right=Constant(value=str(code))):
            return Term(_name(asked), "is" if mark == "==" else "is_not", (code,))
        case Binary(operator=mark, left=(Name() | Member()) as asked, right=right) if mark in COMPARED.values():
            operator = next(name for name, one in COMPARED.items() if one == mark)
            return Term(_name(asked), operator, (_number_of(right),))
    raise _NoTerm


def _name(asked: Name | Member) -> str:
    return asked.name if isinstance(asked, Name) else f"{asked.name}.{asked.row}"


def _text_of(tree: Tree) -> str:
    if isinstance(tree, Constant) and isinstance(tree.value, str):
        return tree.value
    raise _NoTerm


def _number_of(tree: Tree) -> str:
    match tree:
        case Constant(value=float(number)):
            return _plain(repr(number))
        case Unary(operator="-", operand=Constant(value=float(number))):
            return _plain(repr(-number))
    raise _NoTerm
