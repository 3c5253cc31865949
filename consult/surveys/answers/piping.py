"""Piping: `${key}` in a text of a later page stands for what was answered; `$${` is the two characters themselves.

The answer is said as on the receipt: labels in the reader's language, numbers as that language writes them, several
choices joined. Where there is no answer stands a dash. What comes in is text, never markup: templates escape it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, TypeVar

import msgspec

from consult.surveys.definition import schema as d

REFERENCE = re.compile(r"\$\$\{|\$\{([^{}]*)\}")
MARK = "${"
NOTHING = "–"

Say: TypeAlias = Callable[[str], str]
AnyStruct = TypeVar("AnyStruct", bound=msgspec.Struct)


def keys_in(words: str) -> Iterator[str]:
    """The keys that a text refers to."""
    return (match[1].strip() for match in REFERENCE.finditer(words) if match[1] is not None)


def fill(words: str, say: Say) -> str:
    """The text with answers in their places. An answer that looks like a reference stays as it was written."""
    if MARK not in words:
        return words
    return REFERENCE.sub(lambda match: MARK if match[1] is None else say(match[1].strip()), words)


def is_piped(value: object) -> bool:
    """Whether any text of a part of a definition refers to an answer."""
    return any(MARK in words for words in _strings(msgspec.to_builtins(value)))


def keys_of(value: object) -> frozenset[str]:
    """All keys that the texts of a part of a definition refer to."""
    return frozenset(key for words in _strings(msgspec.to_builtins(value)) for key in keys_in(words))


def filled(part: AnyStruct, say: Say) -> AnyStruct:
    """The same part of a definition with answers in its texts."""
    return msgspec.convert(_filled(msgspec.to_builtins(part), say), type(part))


def can_be_piped(question: d.AnyQuestion) -> bool:
    """Whether an answer can be said in a few words."""
    return not isinstance(
        question, d.Information | d.File | d.Photo | d.MatrixScale | d.MatrixSingle | d.MatrixMultiple
    )  # fmt: skip


def _strings(plain: Any) -> Iterator[str]:
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, dict):
        for value in plain.values():
            yield from _strings(value)
    elif isinstance(plain, list | tuple):
        for value in plain:
            yield from _strings(value)


def _filled(plain: Any, say: Say) -> Any:
    if isinstance(plain, str):
        return fill(plain, say)
    if isinstance(plain, dict):
        return {name: _filled(value, say) for name, value in plain.items()}
    if isinstance(plain, list | tuple):
        return [_filled(value, say) for value in plain]
    return plain
