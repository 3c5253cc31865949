"""How figures came about: one sentence for each code of a chart's notes, in the order in which the chart has them.

`NOTES[code] = Sentence(words, {placeholder: how its number is written})`; whoever makes charts adds its own codes here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from consult.charts.kinds import Note
from consult.i18n import Locale, pick

Written = Literal["count", "share", "share1", "number1", "number2", "number3", "p"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """words: a sentence of the catalogue; numbers: how each placeholder that is a number is written."""

    words: str
    numbers: Mapping[str, Written] = field(default_factory=dict)


NOTES: dict[str, Sentence] = {}


def said(note: Note, locale: Locale) -> str:
    """The note's sentence; empty for a code that is no longer known, so that old charts can still be read."""
    sentence = NOTES.get(note.code)
    if sentence is None:
        return ""
    words = {name: pick(text, locale.code, locale.order)[0] for name, text in note.words.items()}
    numbers = {
        name: written(value, sentence.numbers.get(name, "number2"), locale) for name, value in note.numbers.items()
    }
    return locale.gettext(sentence.words, **words, **numbers)


def written(value: float, how: Written, locale: Locale) -> str:
    """A number as a method's sentence has it; p-values below 0.001 as "< 0.001"."""
    if how in ("share", "share1"):
        return locale.percent(value, 1 if how == "share1" else 0)
    if how == "p":
        return f"p < {locale.number(0.001, 3)}" if value < 0.001 else f"p = {locale.number(value, 3)}"
    digits = {"count": 0, "number1": 1, "number2": 2, "number3": 3}.get(how, 2)
    return locale.number(value, digits)
