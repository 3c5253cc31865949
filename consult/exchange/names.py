"""Keys and codes of other programs made valid here, as alike as can be."""

from __future__ import annotations

import re

from consult.surveys.conditions.terms import is_reserved

LONGEST = 40
LONGEST_SLUG = 60


def key_of(name: str) -> str:
    """Lower-case letters, digits and _; first a letter: `Q1.a-b` becomes `q1_a_b`."""
    key = re.sub(r"[^a-z0-9_]+", "_", name.strip().lower())[:LONGEST]
    key = key.strip("_") if not key.strip("_").isdigit() else f"q{key.strip('_')}"
    key = key or "q"
    if not key[0].isalpha():
        key = f"q_{key}"[:LONGEST]
    return f"{key}_" if is_reserved(key) else key


def code_of(name: str) -> str:
    """Lower-case letters, digits, _ and -; `-99` becomes `minus99`."""
    name = name.strip().lower()
    if re.fullmatch(r"-[0-9.]+", name):
        name = f"minus{name[1:]}"
    code = re.sub(r"[^a-z0-9_-]+", "_", name)[:LONGEST].strip("_-")
    return code or "c"


def slug_of(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.strip().lower())[:LONGEST_SLUG].strip("-")
    return slug or "survey"


class Names:
    """Gives each name once; a second one like it gets a number."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    def take(self, wanted: str) -> str:
        name, number = wanted, 2
        while name in self.used:
            end = f"_{number}"
            name, number = wanted[: LONGEST - len(end)] + end, number + 1
        self.used.add(name)
        return name
