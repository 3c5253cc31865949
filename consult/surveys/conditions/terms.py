"""The terms of conditions: what kind of value each question gives, and how a condition is evaluated.

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

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from cel_expr_python import cel

from consult.errors import N_
from consult.surveys.conditions.expression import ANSWERED, RESERVED
from consult.surveys.definition import schema as d
from consult.surveys.definition.dates_and_times import ENDS

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
