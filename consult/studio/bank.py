"""The question bank: questions of the ready-made surveys, found by their words in any language or by their concept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from consult.settings import resource
from consult.studio.edits import plain_of
from consult.surveys.authoring.yaml_reading import read
from consult.surveys.conditions.expression import SyntaxFault, names, parse
from consult.surveys.definition import schema as d

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """A question with the survey that it stands in."""

    survey: d.Definition
    question: d.AnyQuestion
    words: str

    @property
    def name(self) -> str:
        return f"{self.survey.key}/{self.question.key}"

    @property
    def concept(self) -> str:
        return getattr(self.question, "concept", None) or ""


@lru_cache(maxsize=1)
def ready_made() -> tuple[d.Definition, ...]:
    """The surveys that come with the program; one that this version cannot read is left out."""
    found = (read(path.read_bytes()).definition for path in sorted(resource("surveys").glob("*.yaml")))
    return tuple(definition for definition in found if definition is not None)


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    return tuple(
        Entry(survey, question, _words(survey, question)) for survey in ready_made() for question in survey.questions
    )


def _words(survey: d.Definition, question: d.AnyQuestion) -> str:
    texts = [question.text, survey.title]
    texts += [item.text for name in ("options", "rows") for item in getattr(question, name, ())]
    return " ".join(
        [*(words for text in texts for words in text.values()), getattr(question, "concept", None) or ""]
    ).casefold()


def search(query: str) -> list[Entry]:
    """The entries that hold every word of the query; all of them for an empty one."""
    wanted = query.casefold().split()
    return [entry for entry in entries() if all(word in entry.words for word in wanted)][:MOST_SHOWN]


def picked(wanted: Iterable[str]) -> list[Entry]:
    known = {entry.name: entry for entry in entries()}
    return [known[name] for name in dict.fromkeys(wanted) if name in known]


def fitted(entry: Entry, definition: d.Definition) -> d.AnyQuestion:
    """The question for another survey: its languages only, and no condition on questions that are not there."""
    gone = set(entry.survey.languages) - set(definition.languages)
    plain = _without(plain_of(entry.question), gone)
    known = {question.key for question in definition.questions}
    for part in (plain, *plain.get("options", ()), *plain.get("rows", ())):
        if part.get("show_if") and not _asks_only(part["show_if"], known):
            del part["show_if"]
    made: d.AnyQuestion = msgspec.convert(plain, d.AnyQuestion)
    taken = {getattr(question, "concept", None) for question in definition.questions}
    if isinstance(made, d.Question) and made.concept in taken:
        made = msgspec.structs.replace(made, concept=None)
    return made


def _asks_only(source: str, known: set[str]) -> bool:
    try:
        return names(parse(source)) <= known
    except SyntaxFault:
        return False


def _without(value: Any, gone: set[str]) -> Any:
    def walk(one: Any) -> Any:
        if isinstance(one, list):
            return [walk(part) for part in one]
        if isinstance(one, dict):
            return {key: walk(part) for key, part in one.items() if not (key in gone and isinstance(part, str))}
        return one

    return walk(value)
