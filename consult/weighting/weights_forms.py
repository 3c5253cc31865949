"""Between a set of weights and its form: every input can be wrong, and what was typed is kept."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from consult.columns.variables import Variable
from consult.errors import N_, Problem
from consult.i18n import Locale
from consult.web import Form
from consult.weighting.population import number_of
from consult.weighting.recipe import OUTSIDE, Margin, Recipe, with_variable


def filled(name: str, recipe: Recipe, locale: Locale) -> Form:
    """What stands in the form's own fields; those of the distributions are shown from the recipe."""
    caps = {"lowest": [locale.number(recipe.lowest)], "highest": [locale.number(recipe.highest)]}
    values = {"name": [name], **caps}
    if recipe.is_capped:
        values["capped"] = ["1"]
    return Form(values)


def read(form: Form, before: Recipe, variables: Mapping[str, Variable]) -> tuple[Recipe, list[Problem]]:
    """The recipe that a form says, and what could not be read in it.

    A distribution whose question was changed is matched anew: what was said of another question's answers is void.
    """
    removed = form.get("remove")
    margins = tuple(
        _margin(form, number, margin, variables)
        for number, margin in enumerate(before.margins)
        if str(number) != removed
    )
    problems: list[Problem] = []
    caps = {"lowest": before.lowest, "highest": before.highest}
    if form.flag("capped"):
        for place, low, high in (("lowest", 0.0, 1.0), ("highest", 1.0, 1000.0)):
            number = number_of(form.get(place))
            if number is None or not low <= number <= high:
                message = N_("Write a number from 0 to 1.") if place == "lowest" else N_("Write a number above 1.")
                problems.append(Problem(place, message))
            else:
                caps[place] = number
    return Recipe(margins, form.flag("capped"), caps["lowest"], caps["highest"]), problems


def _margin(form: Form, number: int, margin: Margin, variables: Mapping[str, Variable]) -> Margin:
    chosen = form.get(f"variable-{number}")
    into = {group.key: form.get(f"with-{number}-{group.key}") for group in margin.groups}
    keys = set(into)
    groups = tuple(
        msgspec.structs.replace(group, into=into[group.key] if into[group.key] in keys - {group.key} else "")
        for group in margin.groups
    )
    margin = msgspec.structs.replace(margin, groups=groups)
    if chosen not in variables:
        return msgspec.structs.replace(margin, variable="", belongs={})
    if chosen != margin.variable:
        return with_variable(margin, variables[chosen])
    said = {point: form.get(f"group-{number}-{point}") for point in variables[chosen].points}
    belongs = {point: key for point, key in said.items() if key in keys or key == OUTSIDE}
    return msgspec.structs.replace(margin, belongs=belongs)
