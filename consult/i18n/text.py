"""One text in many languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Text = dict[str, str]
"""Language code -> the text in it. A language without a text is absent or empty, never a copy of another."""


def pick(text: Mapping[str, str], language: str, order: Iterable[str] = ()) -> tuple[str, str]:
    """Return the text in the wished language, else in the first of `order` that has it, with its language.

    A text that exists nowhere gives ("", language).
    """
    if text.get(language):
        return text[language], language
    for other in (*order, *text):
        if text.get(other):
            return text[other], other
    return "", language


def complete_in(text: Mapping[str, str], languages: Iterable[str]) -> bool:
    return all(text.get(language, "").strip() for language in languages)
