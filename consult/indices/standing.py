"""What an index is: items, a rule, weights and a target, kept in versions.

Items are named by their concept (`satisfaction.overall`), not by a survey's keys: so the same index is measured in
every survey that asks for them, this year's and the next one's.
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from consult.errors import N_, Problem
from consult.i18n import Text, languages

Rule = Literal["mean", "top", "net"]
"""mean  mean of the items, each item's points moved to 0 to 100 (Fornell et al., J Marketing 60, 1996; fixed weights).
top   share of people who gave one of the upper answers, in percent; mean over the items.
net   share of upper answers minus share of lower ones, -100 to 100; promoters minus detractors for 0 to 10."""

RULES: dict[Rule, str] = {
    "mean": N_("Mean of the answers, moved to a scale of 0 to 100"),
    "top": N_("Share of people who gave one of the two upper answers, in percent"),
    "net": N_("Share of upper answers minus share of lower answers, −100 to 100"),
}
KEY = re.compile(r"[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?")
CONCEPT = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*(\.[a-z0-9_.-]+)?")
MOST_ITEMS = 30


class Item(Struct, frozen=True):
    """One question, or row of a table question, by its concept; weights count relative to each other."""

    concept: str
    weight: float = 1.0


class Standing(Struct, frozen=True, kw_only=True):
    """One version of an index.

    boxes    how many answers count as upper (and lower) ones, for "top" and "net"; not for the recommendation question.
    weights  name of the weight set, used in surveys that have it; empty: the weights of the design.
    target   what the town hall wants to reach, in points of the index.
    changed  what changed in the method since the version before; empty for the first. It marks a break in the series.
    """

    name: Text
    rule: Rule = "mean"
    items: tuple[Item, ...] = ()
    boxes: int = 2
    weights: str = ""
    target: float | None = None
    changed: Text = {}

    @property
    def lowest(self) -> float:
        return -100.0 if self.rule == "net" else 0.0

    def differs_in_method(self, other: Standing) -> bool:
        """Whether figures by the two do not compare: name and target say nothing about that."""
        return (self.rule, self.items, self.boxes, self.weights) != (
            other.rule,
            other.items,
            other.boxes,
            other.weights,
        )


NAME_MISSING = N_("Write a name in every language.")
ITEM_MISSING = N_("Name at least one question by its concept, such as satisfaction.overall.")
ITEM_UNREADABLE = N_(
    "“%(line)s” is no concept. Write one in each line, such as satisfaction.overall; a weight may follow."
)
ITEM_TWICE = N_("“%(concept)s” is there twice. Remove one of them.")
TOO_MANY_ITEMS = N_("An index has at most %(most)s items.")
WEIGHT_WRONG = N_("The weight of “%(concept)s” must be a number above 0.")
TARGET_WRONG = N_("The target must be a number from %(low)s to 100.")
CHANGE_MISSING = N_("Say in every language what changes in the method. Readers see it at the break in the series.")
KEY_WRONG = N_("Use small Latin letters, digits and hyphens, at most 50.")


def items_in(text: str) -> tuple[tuple[Item, ...], list[Problem]]:
    """Read items as people type them: one concept in each line, a weight behind it if they do not count alike."""
    found: list[Item] = []
    problems: list[Problem] = []
    for line in (line.strip() for line in text.splitlines()):
        if not line:
            continue
        concept, _, weight = line.partition(" ")
        if not CONCEPT.fullmatch(concept):
            problems.append(Problem("items", ITEM_UNREADABLE, {"line": line}))
        elif any(item.concept == concept for item in found):
            problems.append(Problem("items", ITEM_TWICE, {"concept": concept}))
        elif (number := _weight(weight)) is None:
            problems.append(Problem("items", WEIGHT_WRONG, {"concept": concept}))
        else:
            found.append(Item(concept, number))
    return tuple(found), problems


def _weight(text: str) -> float | None:
    try:
        number = float(text.replace(",", ".")) if text.strip() else 1.0
    except ValueError:
        return None
    return number if 0 < number < 1e6 else None


def items_text(items: tuple[Item, ...]) -> str:
    """As they are typed."""
    return "\n".join(item.concept if item.weight == 1 else f"{item.concept} {item.weight:g}" for item in items)


def faults(standing: Standing, before: Standing | None) -> list[Problem]:
    """All that keeps this version from being kept, each at its field."""
    problems = [Problem(f"name-{code}", NAME_MISSING) for code in languages() if not standing.name.get(code)]
    if not standing.items:
        problems.append(Problem("items", ITEM_MISSING))
    elif len(standing.items) > MOST_ITEMS:
        problems.append(Problem("items", TOO_MANY_ITEMS, {"most": MOST_ITEMS}))
    if standing.target is not None and not standing.lowest <= standing.target <= 100:
        problems.append(Problem("target", TARGET_WRONG, {"low": f"{standing.lowest:g}"}))
    if before is not None and standing.differs_in_method(before):
        problems += [
            Problem(f"changed-{code}", CHANGE_MISSING) for code in languages() if not standing.changed.get(code)
        ]
    return problems
