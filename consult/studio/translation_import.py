"""What a file of translations would change, told before it does. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from consult.errors import N_, Problem
from consult.exchange.translation_files import Incoming, Row
from consult.studio.translation import GONE, NOT_OFFERED, SOURCE_CHANGED, Wish, mark, problem_with
from consult.surveys.authoring.translations import Ledger, Line, State
from consult.surveys.definition import schema as d
from consult.surveys.definition.texts import texts

FUZZY = N_("The file marks this translation as uncertain (`fuzzy`). It is left out.")


@dataclass(frozen=True, slots=True)
class Coming:
    """A change that can be taken over: before and after of the translation."""

    wish: Wish
    source: str
    before: str


@dataclass(frozen=True, slots=True)
class Plan:
    """changes; stale translations that the file calls right; and what is left out, with the reason."""

    changes: list[Coming] = field(default_factory=list)
    confirmed: list[Line] = field(default_factory=list)
    left_out: list[tuple[str, Problem]] = field(default_factory=list)
    same: int = 0


def rows(definition: d.Definition, made: Ledger, languages: tuple[str, ...], names: dict[State, str]) -> list[Row]:
    """Every text for a file; names: the states in words."""
    found: dict[str, list[Line]] = {}
    for line in made.lines(definition, languages):
        found.setdefault(line.place, []).append(line)
    return [
        Row(
            place,
            lines[0].source,
            {line.language: line.value for line in lines},
            {line.language: names[line.state] for line in lines},
            frozenset(line.language for line in lines if line.state is State.STALE),
            {line.language: line.earlier_source for line in lines if line.earlier_source},
        )
        for place, lines in found.items()
    ]


def plan(definition: d.Definition, made: Ledger, incoming: Iterable[Incoming], languages: tuple[str, ...]) -> Plan:
    """languages: those of the installation."""
    found = Plan()
    known, source_language = dict(texts(definition)), definition.languages[0]
    offered = {*languages, *definition.languages} - {source_language}
    same = 0
    for one in incoming:
        if not one.value:
            continue
        if one.place not in known or one.language not in offered:
            if one.language != source_language:
                message = GONE if one.place not in known else NOT_OFFERED
                found.left_out.append((one.place, Problem(one.place, message, {"language": one.language})))
            continue
        text = known[one.place]
        line = made.line(one.place, text, source_language, one.language)
        problem = _problem(one, line)
        if problem is not None:
            if one.value != line.value or not one.is_fuzzy:
                found.left_out.append((one.place, problem))
        elif one.value != line.value:
            wish = Wish(one.place, one.language, one.value, mark(line.source), mark(line.value))
            found.changes.append(Coming(wish, line.source, line.value))
        elif one.is_right and line.state is State.STALE:
            found.confirmed.append(line)
        else:
            same += 1
    return Plan(found.changes, found.confirmed, found.left_out, same)


def _problem(one: Incoming, line: Line) -> Problem | None:
    if one.is_fuzzy:
        return Problem(one.place, FUZZY)
    if one.source.split() != line.source.split():
        return None if one.value == line.value and not one.is_right else Problem(
            one.place, SOURCE_CHANGED, {"now": line.source}
        )  # fmt: skip
    return problem_with(one.place, line.source, one.value)
