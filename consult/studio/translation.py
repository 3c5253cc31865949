"""Translating: what is wished for a text, and what stands in its way. Its rules: surveys/translations.

A wish carries marks of the source and of the translation that its author saw, so that nothing is overwritten that
somebody else has written meanwhile, and no translation of a source that has changed passes for one of the new source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from consult.errors import N_, Problem
from consult.surveys.answers.piping import keys_in
from consult.surveys.authoring.translations import Line, State, fingerprint
from consult.surveys.definition import schema as d
from consult.surveys.definition.texts import question_of, slots

LONGEST = 10_000

GONE = N_("This text is no longer in the survey.")
NOT_OFFERED = N_("The survey is not translated into “%(language)s”.")
CHANGED = N_("Somebody else has changed this translation meanwhile. It says now: “%(now)s”.")
SOURCE_CHANGED = N_("The source has changed meanwhile. It says now: “%(now)s”.")
PLACEHOLDERS = N_("Keep the parts in braces as they are in the source: %(wanted)s.")
NO_PLACEHOLDERS = N_("Take out what stands in braces after a dollar sign; the source has nothing like it.")
TOO_LONG = N_("This is longer than %(length)s characters. Shorten it.")

KINDS = {
    "text": N_("Question"), "hint": N_("Hint"), "help": N_("Help"), "unit": N_("Unit"), "low": N_("Low end"),
    "high": N_("High end"), "agree": N_("Words of consent"), "alt": N_("Description of the picture"),
    "title": N_("Title"), "intro": N_("Introduction"), "summary": N_("Summary"), "thanks": N_("Thanks"),
    "source": N_("Source of the questions"), "screen_out": N_("Words for those who are not asked"),
    "description": N_("Who was asked"), "message": N_("Message"),
}  # fmt: skip
INNER = {
    "options": N_("Option"),
    "outside": N_("Answer outside the scale"),
    "rows": N_("Row"),
    "labels": N_("Label of a point"),
    "quotas": N_("Words when a quota is full"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A translation that somebody wants; empty to take it out. The marks are of what they saw."""

    place: str
    language: str
    value: str
    source_mark: str
    value_mark: str

    @property
    def field(self) -> str:
        return f"t.{self.language}.{self.place}"


@dataclass(frozen=True, slots=True)
class Judged:
    """changes: what can be written; problems: by field, what cannot."""

    changes: dict[tuple[str, str], str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def mark(text: str) -> str:
    return fingerprint(text.strip())[:16]


def placeholders(text: str) -> frozenset[str]:
    """The keys of answers that are put into a text."""
    return frozenset(keys_in(text))


def kind_of(place: str) -> str:
    """What a text is, as a msgid."""
    parts = place.split(".")
    within = INNER.get(parts[2]) if parts[0] == "questions" else INNER.get(parts[0])
    return within if within and parts[-1] not in ("alt", "hint") else KINDS[parts[-1]]


def owner_of(place: str) -> str:
    """What a text belongs to: the key of a question, `page KEY`, or nothing for the survey's own."""
    parts = place.split(".")
    return f"page {parts[1]}" if parts[0] == "pages" else question_of(place)


def judge(definition: d.Definition, wishes: Iterable[Wish], languages: Iterable[str]) -> Judged:
    """Which wishes can come true, for the installation's languages."""
    found = Judged()
    known = {slot.place: slot.text for slot in slots(definition)}
    source_language = definition.languages[0]
    offered = {*languages, *definition.languages} - {source_language}
    for wish in wishes:
        if mark(wish.value) == wish.value_mark:
            continue  # not touched
        if wish.place not in known:
            found.problems.append(Problem(wish.field, GONE))
        elif wish.language not in offered:
            found.problems.append(Problem(wish.field, NOT_OFFERED, {"language": wish.language}))
        else:
            text = known[wish.place]
            source, now = text.get(source_language, ""), text.get(wish.language, "")
            if wish.value == now.strip():
                continue
            problem = _problem(wish, source, now)
            if problem is None:
                found.changes[wish.place, wish.language] = wish.value
            else:
                found.problems.append(problem)
    return found


def _problem(wish: Wish, source: str, now: str) -> Problem | None:
    if mark(now) != wish.value_mark:
        return Problem(wish.field, CHANGED, {"now": now})
    if mark(source) != wish.source_mark:
        return Problem(wish.field, SOURCE_CHANGED, {"now": source})
    return problem_with(wish.field, source, wish.value)


def problem_with(place: str, source: str, value: str) -> Problem | None:
    """What is wrong with a translation in itself."""
    wanted = placeholders(source)
    if len(value) > LONGEST:
        return Problem(place, TOO_LONG, {"length": LONGEST})
    if value and placeholders(value) != wanted:
        if not wanted:
            return Problem(place, NO_PLACEHOLDERS)
        return Problem(place, PLACEHOLDERS, {"wanted": ", ".join(f"${{{key}}}" for key in sorted(wanted))})
    return None


SHOWN: Mapping[str, frozenset[State]] = {
    "open": frozenset({State.STALE, State.MISSING, State.WAITING}),
    "stale": frozenset({State.STALE}),
    "missing": frozenset({State.MISSING}),
    "waiting": frozenset({State.WAITING}),
    "all": frozenset(State),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One text with its translations, as the page shows it."""

    place: str
    source: str
    lines: tuple[Line, ...]


def entries(lines: Iterable[Line], targets: tuple[str, ...], show: str) -> list[Entry]:
    """The texts of which at least one of the target languages is in a state that is wanted."""
    grouped: dict[str, dict[str, Line]] = {}
    for line in lines:
        grouped.setdefault(line.place, {})[line.language] = line
    found = []
    for place, by_language in grouped.items():
        shown = tuple(by_language[language] for language in targets if language in by_language)
        if shown and any(line.state in SHOWN[show] for line in shown):
            found.append(Entry(place, shown[0].source, shown))
    return found
