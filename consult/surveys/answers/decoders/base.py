"""What all decoders share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from consult.errors import Problem
from consult.surveys.answers.forms import Fields
from consult.surveys.definition import schema as d

Put: TypeAlias = Callable[[Problem], None]
Decoder: TypeAlias = Callable[[Fields, dict[str, Any], Put, frozenset[str]], bool]


def one(values: list[str] | None) -> str | None:
    """The one value sent; None when there is more than one."""
    if not values:
        return ""
    if len(values) == 1:
        return values[0]
    filled = {value for value in values if value}
    return filled.pop() if len(filled) == 1 else None if filled else ""


# What a module of decoders offers: for each type of question the function that makes its decoder.
Makers: TypeAlias = dict[type[d.BaseQuestion], Callable[[Any], Decoder]]
