"""The declared design of a survey: whether and how respondents were chosen, in the words and numbers of its staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from consult.columns.variables import Variable
from consult.errors import N_, Problem
from consult.i18n import Text
from consult.surveys.definition.schema import Design as Said

KINDS = ("open", "sample", "census")
Kind = Literal["open", "sample", "census"]
Count = Annotated[int, Meta(ge=1, le=10**10)]


class Declared(Struct, frozen=True, omit_defaults=True):
    """How respondents were chosen.

    kind         open: everybody could take part; sample: chosen at random; census: everybody was asked.
    population   people about whom the survey speaks; drawn: how many of them were chosen.
    description  how it was done; frame: the list from which people were chosen.
    strata       the variable of the groups from which people were chosen separately; counts: people in each, by point.
                 A group without a count does not belong to the population.
    clusters     the variable of the places or lists that were chosen first.
    """

    kind: Kind = "open"
    population: Count | None = None
    drawn: Count | None = None
    description: Text = {}
    frame: Text = {}
    strata: str = ""
    counts: dict[str, Count] = {}
    clusters: str = ""

    @property
    def permits_intervals(self) -> bool:
        """Only a random sample has a margin of error: nothing is left to chance in a census, nor known in the rest."""
        return self.kind == "sample"

    @property
    def people(self) -> int | None:
        """The population, from its groups where they are counted."""
        return sum(self.counts.values()) if self.strata and self.counts else self.population


def of_definition(design: Said) -> Declared:
    """What the questionnaire itself says."""
    return Declared(kind=design.kind, population=design.population, description=design.description)


def to_builtins(declared: Declared) -> dict[str, object]:
    plain: dict[str, object] = msgspec.to_builtins(declared)
    return plain


def from_builtins(value: object) -> Declared:
    return msgspec.convert(value, Declared)


def may_group(variables: Mapping[str, Variable]) -> list[Variable]:
    """The variables whose answers can be strata, clusters or margins: one choice for each person."""
    return [one for one in variables.values() if one.kind == "coded" and one.key != "@day"]


def problems(declared: Declared, variables: Mapping[str, Variable]) -> list[Problem]:
    """What is wrong with a declaration, by the form's fields."""
    known = {one.key: one for one in may_group(variables)}
    found: list[Problem] = []
    if declared.kind != "sample":
        return found
    people = declared.people
    if declared.drawn and people and declared.drawn > people:
        message = N_("More people were chosen than the population has. Correct one of the numbers.")
        found.append(Problem("drawn", message))
    for place, key in (("strata", declared.strata), ("clusters", declared.clusters)):
        if key and key not in known:
            found.append(Problem(place, N_("This question is no longer there. Choose another one.")))
    if declared.strata in known and not declared.counts:
        place = f"count-{next(iter(known[declared.strata].points), '')}"
        found.append(Problem(place, N_("Write how many people the groups have, at least for one of them.")))
    if declared.strata and declared.strata == declared.clusters:
        found.append(Problem("clusters", N_("Groups and places need different questions.")))
    return found
