"""Which translations are right: rules of the ledger, without a database.

The authentic language is the survey's first. The ledger is a list of statements: "these words in this language say
what those words of the authentic one say", with who said so and when, and who approved. A translation is fresh when
there is a statement for exactly its words and the source's. So an edited source makes its translations stale, going
back to the old words makes them fresh again, and moving, copying or renaming a question changes nothing.

A statement comes into being when a translation is written or changed, however it comes in, and when somebody says that
a stale one is still right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from consult.errors import N_
from consult.surveys.definition import schema as d
from consult.surveys.definition.texts import texts


class State(Enum):
    FRESH = "fresh"
    WAITING = "waiting"
    STALE = "stale"
    MISSING = "missing"


STATE_NAMES = {
    State.FRESH: N_("Up to date"),
    State.WAITING: N_("To be approved"),
    State.STALE: N_("Out of date"),
    State.MISSING: N_("Missing"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A translation and what it was translated from."""

    source_language: str
    language: str
    source: str
    value: str


@dataclass(frozen=True, slots=True)
class Statement:
    """That a pair is right. made_by is None for the command line."""

    pair: Pair
    made_at: datetime
    made_by: UUID | None = None
    approved_at: datetime | None = None
    approved_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One text in one language. made: the statement about it, for a stale one the latest about the same words."""

    place: str
    language: str
    source: str
    value: str
    state: State
    made: Statement | None = None

    @property
    def earlier_source(self) -> str | None:
        """What the source said when a stale translation was made."""
        return self.made.pair.source if self.state is State.STALE and self.made else None


@dataclass(frozen=True, slots=True)
class Progress:
    language: str
    total: int
    fresh: int
    waiting: int
    stale: int
    missing: int

    @property
    def is_complete(self) -> bool:
        return self.fresh == self.total


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Ledger:
    """All statements about one survey. One without any is older than the ledger: what it says counts as right."""

    def __init__(self, statements: Iterable[Statement], *, needs_approval: bool = False) -> None:
        self.needs_approval = needs_approval
        self.about: dict[Pair, Statement] = {}
        self.latest: dict[tuple[str, str], Statement] = {}
        for statement in sorted(statements, key=lambda one: one.made_at):
            self.about[statement.pair] = statement
            self.latest[statement.pair.language, statement.pair.value] = statement

    def line(self, place: str, text: Mapping[str, str], source_language: str, language: str) -> Line:
        source, value = text.get(source_language, "").strip(), text.get(language, "").strip()
        if not value:
            return Line(place, language, source, value, State.MISSING)
        if language == source_language:
            return Line(place, language, source, value, State.FRESH)
        made = self.about.get(Pair(source_language, language, source, value))
        if made is None:
            state = State.STALE if self.about else State.FRESH
            return Line(place, language, source, value, state, self.latest.get((language, value)))
        is_waiting = self.needs_approval and made.approved_at is None
        return Line(place, language, source, value, State.WAITING if is_waiting else State.FRESH, made)

    def lines(self, definition: d.Definition, languages: Iterable[str] | None = None) -> Iterator[Line]:
        """Every text in each language (those of the survey by default), in the order of the document."""
        wanted = definition.languages if languages is None else tuple(languages)
        if not definition.languages:
            return
        for place, text in texts(definition):
            for language in wanted:
                yield self.line(place, text, definition.languages[0], language)

    def progress(self, definition: d.Definition, languages: Iterable[str] | None = None) -> list[Progress]:
        """How far each language is; the authentic one too, since its texts can be missing."""
        wanted = definition.languages if languages is None else tuple(languages)
        counted = {language: dict.fromkeys(State, 0) for language in wanted}
        for line in self.lines(definition, wanted):
            counted[line.language][line.state] += 1
        return [
            Progress(
                language,
                sum(of.values()),
                of[State.FRESH],
                of[State.WAITING],
                of[State.STALE],
                of[State.MISSING],
            )
            for language, of in counted.items()
        ]

    def new_pairs(self, before: d.Definition | None, after: d.Definition) -> list[Pair]:
        """What is stated by replacing one working copy by another: translations that were written or changed.

        Words that stay or were moved, copied or renamed with their source state nothing: they are as fresh as before.
        """
        if not after.languages:
            return []
        source_language = after.languages[0]
        old = dict(texts(before)) if before else {}
        known = set(pairs(before)) if before else set()
        found: dict[Pair, None] = {}
        for place, text in texts(after):
            for pair in _pairs(text, source_language, after.languages):
                was = old.get(place, {}).get(pair.language, "").strip()
                if was != pair.value and pair not in known:
                    found[pair] = None
        if before and before.languages and before.languages[0] != source_language:
            found |= dict.fromkeys(self._turned(before, after))
        return [pair for pair in found if pair not in self.about]

    def _turned(self, before: d.Definition, after: d.Definition) -> Iterator[Pair]:
        """Another language became the authentic one: what was fresh beside the old source is fresh beside the new."""
        source_language, old = after.languages[0], dict(texts(before))
        for place, text in texts(after):
            was = old.get(place, {})
            fresh = {
                language
                for language in after.languages
                if was.get(language, "").strip() == text.get(language, "").strip()
                and self.line(place, was, before.languages[0], language).state in (State.FRESH, State.WAITING)
            }
            if source_language in fresh:
                yield from _pairs(text, source_language, [code for code in after.languages if code in fresh])


def pairs(definition: d.Definition) -> Iterator[Pair]:
    """Every translation that a definition holds."""
    if definition.languages:
        for _, text in texts(definition):
            yield from _pairs(text, definition.languages[0], definition.languages)


def _pairs(text: Mapping[str, str], source_language: str, languages: Iterable[str]) -> Iterator[Pair]:
    source = text.get(source_language, "").strip()
    for language in languages:
        value = text.get(language, "").strip()
        if value and language != source_language:
            yield Pair(source_language, language, source, value)
