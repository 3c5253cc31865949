"""The certificate of a version: a browser decided generated answer sets exactly as the server did. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

from consult.errors import N_
from consult.studio.vectors import Fields, answer_sets, decisions
from consult.surveys.answers.flow import Compiled
from consult.surveys.definition.schema import Definition
from consult.surveys.survey import content_hash

Kind: TypeAlias = Literal["browser", "trivial", "absent"]
SHOWN = 5

KIND_NAMES: Mapping[Kind, str] = {
    "browser": N_("The publisher's browser decided like the server."),
    "trivial": N_("The survey has no conditions; there was nothing to compare."),
    "absent": N_("Published without a browser's decisions."),
}

# The first that fits: most browsers also name those that they descend from.
FAMILIES = (
    ("Edge", re.compile(r"Edg(?:e|A|iOS)?/(\d+)")),
    ("Opera", re.compile(r"OPR/(\d+)")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/(\d+)")),
    ("Firefox", re.compile(r"(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"(?:Chrome|Chromium|CriOS|HeadlessChrome)/(\d+)")),
    ("Safari", re.compile(r"Version/(\d+)[^ ]* (?:Mobile/\S+ )?Safari/")),
)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A set that browser and server decide differently; blocks: those that only one of them hides."""

    fields: Fields
    only_browser: tuple[str, ...]
    only_server: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """cases: answer sets; decided: how many decisions were compared."""

    cases: int
    decided: int
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    version: UUID
    kind: Kind
    browser: str
    content_hash: str
    cases: int
    decisions: int
    made_at: datetime
    made_by: UUID | None


def browser_of(user_agent: str) -> str:
    """The family and the main version: “Firefox 140”; no more than that is kept."""
    for name, pattern in FAMILIES:
        found = pattern.search(user_agent)
        if found:
            return f"{name} {found[1]}"
    return "unknown"


def read_decisions(posted: str) -> list[list[str]] | None:
    """What certificate.js posted; None for anything else."""
    try:
        return msgspec.json.decode(posted, type=list[list[str]])
    except msgspec.DecodeError:
        return None


def compare(definition: Definition, decided: list[list[str]]) -> Comparison:
    """Hold a browser's decisions against the server's. A set that was not decided counts as decided wrongly."""
    compiled = Compiled(definition)
    sets = answer_sets(compiled, content_hash(definition))
    blocks = sum(len(compiled.blocks(number)) for number in range(len(compiled.pages)))
    found = []
    for place, (fields, expected) in enumerate(zip(sets, decisions(compiled, sets), strict=True)):
        given = set(decided[place]) if place < len(decided) else {"?"}
        if given != set(expected):
            only_browser = tuple(sorted(given - set(expected)))
            found.append(Disagreement(fields, only_browser, tuple(sorted(set(expected) - given))))
    return Comparison(len(sets), len(sets) * blocks, tuple(found))
