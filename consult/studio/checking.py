"""All checks before publishing at once: faults that stand in the way, and hints that a designer may leave alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from consult.errors import N_
from consult.studio import reach, widths
from consult.studio.differences import vanished_codes
from consult.surveys.authoring import checks
from consult.surveys.authoring.translations import Ledger
from consult.surveys.definition import duration
from consult.surveys.definition import schema as d
from consult.surveys.definition.texts import question_of, texts

LONGEST_MINUTES = 15
MOST_LINES = {"options": 3, "rows": 3, "outside": 2, "labels": 2}
MOST_WORDS = 30

NEVER = {
    "page": N_("Nobody can ever reach this page: what comes before rules it out."),
    "question": N_("Nobody can ever be asked this question: what comes before rules it out."),
    "option": N_("Nobody can ever choose this option: what comes before rules it out."),
    "row": N_("Nobody can ever see this row: what comes before rules it out."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """level: an error stands in the way of publishing. place: of texts.py, or one part of it."""

    level: Literal["error", "warning"]
    place: str
    message: str
    parameters: Mapping[str, object] = field(default_factory=dict)

    @property
    def anchor(self) -> str:
        """Where the editor shows it."""
        parts = self.place.split(".")
        if parts[0] == "pages" and len(parts) > 1:
            return f"page-{parts[1]}"
        return f"question-{question_of(self.place)}" if question_of(self.place) else ""


def findings(
    definition: d.Definition, made: Ledger, languages: tuple[str, ...], earlier: list[d.Definition] | None = None
) -> list[Finding]:
    """Everything there is to say, errors first. earlier: the published versions."""
    faults, untold = checks.check(definition), list(checks.missing_texts(definition))
    found = [Finding("error", place_of(definition, f.path), f.message, f.parameters) for f in faults]
    found += _types(definition, earlier or [])
    if len(found) == len(untold):  # a text that is missing changes no condition; other faults may
        found += [Finding("error", one.place, NEVER[one.kind]) for one in reach.dead(definition)]
    found += [
        *_translations(definition, made, languages),
        *_vanished(definition, earlier or []),
        *_burden(definition),
        *_lengths(definition),
        *_sentences(definition),
    ]
    return found


def place_of(definition: d.Definition, path: checks.Path) -> str:
    """A path by numbers, said by keys: ("pages", 0, "questions", 1, "text") is questions.age.text."""
    inside: Any = definition
    said: list[str] = []
    for part in path:
        inside = _step(inside, part)
        if isinstance(inside, d.BaseQuestion):
            said = ["questions", inside.key]
        elif isinstance(part, int):
            said.append(str(getattr(inside, "key", getattr(inside, "code", part))))
        else:
            said.append(part)
    return ".".join(said)


def _step(inside: Any, part: str | int) -> Any:
    if isinstance(part, int):
        return inside[part] if isinstance(inside, list | tuple) and part < len(inside) else None
    return inside.get(part) if isinstance(inside, dict) else getattr(inside, part, None)


def _types(definition: d.Definition, earlier: list[d.Definition]) -> Iterator[Finding]:
    types = {question.key: type(question) for version in earlier for question in version.questions}
    for question in definition.questions:
        if types.get(question.key, type(question)) is not type(question):
            yield Finding(
                "error",
                f"questions.{question.key}",
                N_("“%(name)s” had another type in an earlier version. Give the new question a new key."),
                {"name": question.key},
            )


def _translations(definition: d.Definition, made: Ledger, languages: tuple[str, ...]) -> Iterator[Finding]:
    wanted = tuple(dict.fromkeys((*definition.languages, *languages)))
    for one in made.progress(definition, wanted):
        told = {"language": one.language, "number": one.missing}
        if one.missing and one.language not in definition.languages:
            yield Finding(
                "warning",
                "translations",
                N_("“%(language)s” is missing. The survey can be opened when every language is complete."),
                told,
            )
        if one.stale:
            yield Finding(
                "warning",
                "translations",
                N_("Out of date in “%(language)s”: %(number)s. The survey cannot be opened like this."),
                {**told, "number": one.stale},
            )
        if one.waiting:
            yield Finding(
                "warning",
                "translations",
                N_("To be approved in “%(language)s”: %(number)s. The survey cannot be opened like this."),
                {**told, "number": one.waiting},
            )


def _vanished(definition: d.Definition, earlier: list[d.Definition]) -> Iterator[Finding]:
    for key, code in vanished_codes(earlier, definition):
        yield Finding(
            "warning",
            f"questions.{key}",
            N_("An earlier version offered “%(code)s”. Answers with it stay, and results go on showing them."),
            {"code": code},
        )


def _burden(definition: d.Definition) -> Iterator[Finding]:
    spent = duration.seconds(definition) / 60
    if spent > LONGEST_MINUTES:
        yield Finding(
            "warning",
            "minutes",
            N_("Answering takes about %(minutes)s minutes. After %(limit)s minutes many people give up."),
            {"minutes": round(spent), "limit": LONGEST_MINUTES},
        )
    if definition.minutes is not None and spent > 2 * definition.minutes:
        yield Finding(
            "warning",
            "minutes",
            N_("The survey promises %(promised)s minutes, but will take about %(minutes)s."),
            {"promised": definition.minutes, "minutes": round(spent)},
        )


def _lengths(definition: d.Definition) -> Iterator[Finding]:
    """The longest text of each list, in the language in which it takes the most lines."""
    for place, text in texts(definition):
        parts = place.split(".")
        if parts[0] != "questions" or parts[2] not in MOST_LINES or parts[-1] in ("hint", "alt"):
            continue
        most = MOST_LINES[parts[2]]
        needed, language = max((widths.lines(words), language) for language, words in text.items() or [("", "")])
        if needed > most:
            yield Finding(
                "warning",
                place,
                N_("In “%(language)s” this takes %(lines)s lines on a phone. Up to %(most)s are easy to read."),
                {"language": language, "lines": needed, "most": most},
            )


def _sentences(definition: d.Definition) -> Iterator[Finding]:
    for place, text in texts(definition):
        if not place.startswith("questions.") or not place.endswith(".text") or place.count(".") != 2:
            continue
        for language, words in text.items():
            longest = max(
                (len(part.split()) for part in words.replace("?", ".").replace("!", ".").split(".")), default=0
            )
            if longest > MOST_WORDS:
                yield Finding(
                    "warning",
                    place,
                    N_("In “%(language)s” a sentence has %(words)s words. Make two of it."),
                    {"language": language, "words": longest},
                )
