"""Codes and the questions that can have them, as plain values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from consult.columns.variables import joined
from consult.errors import N_, Problem
from consult.i18n import Text
from consult.surveys.definition import schema as d

MOST_CODES = 200
LONGEST_LABEL = 120
FIRST, SECOND = 1, 2
"""The two coders: the first one's codes are counted, the second one's tell how reliable they are."""


@dataclass(frozen=True, slots=True)
class Open:
    """A question that people answer in their own words. key: where the words stand among the answers."""

    key: str
    text: Text


@dataclass(frozen=True, slots=True)
class Code:
    """key: its permanent name in exports; label: its words, in at least one language; answers: how many have it."""

    id: UUID
    key: str
    label: Text
    answers: int = 0


@dataclass(frozen=True, slots=True)
class CodeFrame:
    """The codes of one question. coded: how many answers the first coder has looked at; twice: both coders have."""

    id: UUID
    question: str
    codes: tuple[Code, ...] = ()
    coded: int = 0
    twice: int = 0

    def code(self, key: str) -> Code | None:
        return next((one for one in self.codes if one.key == key), None)


def open_questions(definition: d.Definition) -> tuple[Open, ...]:
    """What can be coded: free texts, and what is written beside a choice. Addresses and numbers of people are not."""
    found: list[Open] = []
    for question in definition.questions:
        if isinstance(question, d.Free):
            found.append(Open(question.key, question.text))
        elif isinstance(question, d.Single | d.Multiple):
            other = next((option for option in question.options if option.other), None)
            if other is not None:
                found.append(Open(f"{question.key}.other", joined(question.text, other.text)))
    return tuple(found)


def label_problems(label: Mapping[str, str], others: Collection[Text], place: str) -> list[Problem]:
    """What is wrong with a new label; others are the labels of the other codes."""
    if not any(label.values()):
        return [Problem(place, N_("Write what the code stands for, in at least one language."))]
    if any(len(words) > LONGEST_LABEL for words in label.values()):
        message = N_("Use at most %(longest)s characters for the name of a code.")
        return [Problem(place, message, {"longest": LONGEST_LABEL})]
    for language, words in label.items():
        if words and any(words.casefold() == other.get(language, "").casefold() for other in others):
            return [Problem(place, N_("There is a code “%(words)s” already."), {"words": words})]
    return []


def clean(label: Mapping[str, str]) -> Text:
    """A label as it is kept: blanks single, empty languages left out."""
    return {language: " ".join(words.split()) for language, words in label.items() if words.strip()}
