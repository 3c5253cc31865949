"""What a column is: one NumPy array per question, so that every count is one pass over small integers.

Unsigned codes in the order of the definition, the kinds of no answer as the highest codes, bit masks for several
choices, floats for numbers. Texts have no column; they never enter a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from consult.surveys.definition.municipality import here
from consult.surveys.definition.schema import (
    Allocation,
    AnyQuestion,
    Date,
    DateRange,
    Email,
    File,
    Free,
    Hidden,
    MatrixMultiple,
    MatrixScale,
    MatrixSingle,
    Multiple,
    Nps,
    Number,
    Option,
    Phone,
    Photo,
    Place,
    Ranking,
    Scale,
    Single,
    Smiley,
    Time,
)

KINDS = ("not_asked", "skipped", "dont_know", "refused")
YES, NO = "yes", "no"
WRITTEN = (Free, Email, Phone, Date, Time, DateRange, File, Photo)
"""Types whose answers are only counted: what they say belongs to single people."""
WORD = 64
"""Options in one word of a bit mask."""


@dataclass(frozen=True, slots=True)
class Coded:
    """One choice per person. codes: (n,) 0..k-1 for `points`, else one of `missing`."""

    codes: NDArray[np.integer]
    points: tuple[str, ...]
    missing: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Masked:
    """Several choices per person. bits: (n, words), bit i is points[i]; status: (n,) 0 or a kind + 1.

    Words are as narrow as the options allow; there is more than one only above 64 options.
    """

    bits: NDArray[np.unsignedinteger[Any]]
    status: NDArray[np.uint8]
    points: tuple[str, ...]

    def chosen(self, point: int) -> NDArray[np.bool_]:
        """(n,) whether each person chose it."""
        word, bit = divmod(point, WORD)
        one = self.bits.dtype.type(1 << bit)
        return np.asarray((self.bits[:, word] & one) != 0)


@dataclass(frozen=True, slots=True)
class Measured:
    """A number per person. values: (n,) NaN where status (0, or a kind + 1) says why there is none."""

    values: NDArray[np.float64]
    status: NDArray[np.uint8]


Column: TypeAlias = Coded | Masked | Measured


def kinds_of_missing(dtype: type[np.unsignedinteger[Any]]) -> dict[str, int]:
    """The highest codes of a column, one per kind of no answer."""
    return {kind: int(np.iinfo(dtype).max) - number for number, kind in enumerate(KINDS)}


def points_of(question: AnyQuestion) -> tuple[str, ...]:
    """The codes that count as answers, in the definition's order; options that mean "don't know" are none."""
    if isinstance(question, Single | Multiple | MatrixSingle | MatrixMultiple | Ranking | Allocation | Hidden):
        return tuple(option.code for option in question.options if option.missing is None)
    if isinstance(question, Place):
        return tuple(here().places)
    if isinstance(question, Scale | Smiley | Nps | MatrixScale):
        return tuple(str(value) for value in question.values)
    return ()


def outside_of(question: AnyQuestion) -> dict[str, str]:
    """Codes that say why there is no answer -> the kind."""
    options: tuple[Option, ...] = ()
    if isinstance(question, Single | Multiple | MatrixSingle | MatrixMultiple):
        options = question.options
    elif isinstance(question, Scale | Smiley | Nps | MatrixScale | Number):
        options = question.outside
    return {option.code: option.missing for option in options if option.missing is not None}


def places_of(ranked: object) -> dict[str, int]:
    """The place of each option in a ranking, from 1; options that were not ranked have none."""
    return {code: place for place, code in enumerate(ranked, start=1)} if isinstance(ranked, list) else {}
