"""Questions whose answers are numbers, the better the higher, and what they are asked about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from consult.columns.column import Column, Masked
from consult.columns.variables import Variable
from consult.explorer.answers import Answers
from consult.explorer.crossing import Floats, values_of
from consult.surveys.definition.schema import MatrixScale, Nps, Number, Question, Scaled


@dataclass(frozen=True, slots=True)
class Item:
    """A variable with numbers. concept: of the row, else of the question; ends: of its scale, None for free numbers."""

    variable: Variable
    question: Question
    concept: str
    ends: tuple[float, float] | None
    is_reversed: bool

    @property
    def key(self) -> str:
        return self.variable.key

    @property
    def measure(self) -> str:
        return str(getattr(self.question, "measure", ""))


def items_of(given: Answers) -> dict[str, Item]:
    """All of a survey, in its order."""
    questions = {one.key: one for one in given.frame.definition.questions}
    found = {}
    for variable in given.variables.values():
        question = questions.get(variable.question)
        if isinstance(question, Scaled | Nps | Number) and variable.kind != "masked":
            found[variable.key] = _item(variable, question)
    return found


def _item(variable: Variable, question: Scaled | Nps | Number) -> Item:
    concept = question.concept or ""
    if variable.row is not None and isinstance(question, MatrixScale):
        concept = next((row.concept for row in question.rows if row.code == variable.row), None) or ""
    if isinstance(question, Number):
        return Item(variable, question, concept, None, is_reversed=False)
    ends = float(question.values[0]), float(question.values[-1])
    return Item(variable, question, concept, ends, is_reversed=isinstance(question, Scaled) and question.reversed)


def ratings(item: Item, column: Column) -> Floats:
    """(n,), the number given; of scales whose low end is the better one, turned round. NaN is no answer."""
    assert not isinstance(column, Masked)  # noqa: S101 - items_of() asked
    values = values_of(column)
    return np.asarray(item.ends[0] + item.ends[1] - values if item.ends and item.is_reversed else values)


def hundred(item: Item, values: Floats) -> Floats:
    """Ratings from 0 (the worse end of the scale) to 100."""
    assert item.ends is not None  # noqa: S101 - asked of scales alone
    low, high = item.ends
    return np.asarray((values - low) / (high - low) * 100)


def overall_of(items: Mapping[str, Item]) -> str:
    """The question that says how satisfied people are on the whole, or the first that could be it; empty if none."""
    found: Iterator[str] = iter(
        [
            *(key for key, one in items.items() if one.concept == "satisfaction.overall"),
            *(key for key, one in items.items() if one.concept.endswith(".overall")),
            *(key for key, one in items.items() if one.variable.row is None and one.measure == "satisfaction"),
            *(key for key, one in items.items() if one.variable.row is None and one.ends),
        ]
    )
    return next(found, "")


def battery_of(items: Mapping[str, Item]) -> tuple[str, ...]:
    """The rows of the longest table of ratings, which are most likely what an overall rating depends on."""
    tables: dict[str, list[str]] = {}
    for key, one in items.items():
        if one.variable.row is not None and one.measure != "importance":
            tables.setdefault(one.question.key, []).append(key)
    longest: list[str] = max(tables.values(), key=len, default=[])
    return tuple(longest)
