"""What a set of weights is: which distributions of the population, which answers stand for their groups, which caps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from consult.columns.variables import Variable
from consult.errors import N_, Problem
from consult.i18n import Text
from consult.surveys.definition.municipality import here

OUTSIDE = "-outside"
"""In place of a group: these respondents do not belong to the population and weigh nothing."""
MOST_MARGINS = 12
MOST_GROUPS = 200
LONGEST_NAME = 80
LOWEST, HIGHEST = 0.2, 5.0


class Group(Struct, frozen=True, omit_defaults=True):
    """A group of the population. into: the group it is counted together with, because too few respondents are in it."""

    key: str
    label: Text
    people: Annotated[float, Meta(ge=0)]
    into: str = ""


class Margin(Struct, frozen=True, omit_defaults=True):
    """A distribution in the population, and the question that asks for it.

    variable  its column; empty while nobody has said which: it is not used then.
    groups    of the population; belongs: answer -> key of its group or OUTSIDE. Other answers count as not known.
    """

    title: Text
    groups: tuple[Group, ...]
    source: Text = {}
    variable: str = ""
    belongs: dict[str, str] = {}

    def group(self, key: str) -> Group | None:
        return next((group for group in self.groups if group.key == key), None)

    def together(self) -> dict[str, str]:
        """Each group's key -> the key of the group it is counted with in the end: chains are followed.

        In a circle (one with another and that with the first) all are counted with the one that comes first.
        """
        into = {group.key: group.into for group in self.groups}
        order = {key: number for number, key in enumerate(into)}
        found = {}
        for key in into:
            way = [key]
            while (following := into[way[-1]]) in into and following not in way:
                way.append(following)
            circle = way[way.index(following) :] if following in way else way[-1:]
            found[key] = min(circle, key=order.__getitem__)
        return found


class Recipe(Struct, frozen=True, omit_defaults=True):
    """lowest, highest: caps as multiples of the middle weight; None where weights are not capped."""

    margins: tuple[Margin, ...] = ()
    is_capped: bool = True
    lowest: Annotated[float, Meta(ge=0, le=1)] = LOWEST
    highest: Annotated[float, Meta(ge=1, le=1000)] = HIGHEST


def to_builtins(recipe: Recipe) -> dict[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(recipe)
    return plain


def from_builtins(value: object) -> Recipe:
    return msgspec.convert(value, Recipe)


def matched(margins: Iterable[Margin], variables: Sequence[Variable], taken: Iterable[str] = ()) -> tuple[Margin, ...]:
    """Each margin with the question whose answers look most like its groups, and those answers matched.

    A question serves one margin; taken: those that serve others already. Unless half of its groups are found among a
    question's answers, a margin stays without one.
    """
    used = set(taken)
    found = []
    for margin in margins:
        best, most = margin, 0
        for variable in variables:
            groups = set(belonging(margin, variable).values())
            if variable.key not in used and len(groups) > most:
                best, most = with_variable(margin, variable), len(groups)
        if 2 * most < len(margin.groups):
            best = margin
        used.add(best.variable)
        found.append(best)
    return tuple(found)


def with_variable(margin: Margin, variable: Variable) -> Margin:
    return msgspec.structs.replace(margin, variable=variable.key, belongs=belonging(margin, variable))


def belonging(margin: Margin, variable: Variable) -> dict[str, str]:
    """Answers -> groups with the same code or the same words in any language; a settlement to the place around it."""
    by_code = {_plain(group.key): group.key for group in margin.groups}
    by_words = {_plain(words): group.key for group in reversed(margin.groups) for words in group.label.values()}
    places = here().places
    found = {}
    for point in variable.points:
        around = places[point].part_of if point in places else ""
        labels = variable.labels.get(point, {}).values()
        key = by_code.get(_plain(point)) or by_code.get(_plain(around))
        key = key or next((by_words[_plain(words)] for words in labels if _plain(words) in by_words), None)
        if key:
            found[point] = key
    return found


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("_", " ").replace("-", " ").replace("–", " ").split())


def problems(name: str, recipe: Recipe, variables: Mapping[str, Variable], others: Iterable[str]) -> list[Problem]:
    """What is wrong with a set of weights, by the form's fields. others: the names of the survey's other sets."""
    found = name_problems(name, others)
    if not recipe.margins:
        found.append(Problem("", N_("Choose at least one distribution of the population.")))
    taken: set[str] = set()
    for number, margin in enumerate(recipe.margins):
        place = f"variable-{number}"
        if margin.variable and margin.variable not in variables:
            found.append(Problem(place, N_("This question is no longer there. Choose another one.")))
        elif margin.variable and margin.variable in taken:
            found.append(Problem(place, N_("Another distribution uses this question already.")))
        taken.add(margin.variable)
    if recipe.lowest >= recipe.highest:
        found.append(Problem("lowest", N_("The smallest weight must be below the largest one.")))
    return found


def name_problems(name: str, others: Iterable[str]) -> list[Problem]:
    if not name:
        return [Problem("name", N_("Write a name for these weights."))]
    if len(name) > LONGEST_NAME:
        message = N_("This name is too long. Write at most %(most)s characters.")
        return [Problem("name", message, {"most": LONGEST_NAME})]
    if name.casefold() in {other.casefold() for other in others}:
        return [Problem("name", N_("Other weights of this survey have this name. Choose another one."))]
    return []
