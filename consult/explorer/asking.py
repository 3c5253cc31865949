"""The parts of a form that all views share: what can be chosen, and who is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from consult.charts.wording import plain
from consult.columns.variables import Variable
from consult.explorer.items import items_of
from consult.explorer.model import blocks_of
from consult.explorer.selecting import Selected
from consult.explorer.sourcing import said
from consult.i18n import Locale
from consult.web.forms import Form
from consult.weighting import queries as weighting

Choice: TypeAlias = tuple[str, str]
"""What a list offers: a value and its words."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that is in force, in words, and the address without it."""

    words: str
    without: str


@dataclass(frozen=True, slots=True)
class PeopleForm:
    """The fields that say who is counted.

    filters, kept  those in force, and as hidden fields those that are not being changed
    wheres, picked, picked_choices, picked_codes  questions to filter by; the one whose answers are being ticked
    weights, used  sets of weights, and the one in use
    people, total  how many are counted, of how many
    has_model      whether the survey asks for the satisfaction model
    """

    filters: list[Chosen]
    kept: list[str]
    wheres: list[Choice]
    picked: Variable | None
    picked_choices: list[Choice]
    picked_codes: list[str]
    weights: list[Choice]
    used: str
    may_be_random: bool
    as_random: bool
    people: int
    total: int
    has_model: bool


async def people_form(who: Selected, form: Form, without: Callable[[str], str], locale: Locale) -> PeopleForm:
    """without: the address of the page without the filter by a question."""
    known, filtered = who.given.variables, {one.key: one for one in who.selection.where}
    picked = known.get(form.get("where_key"))
    picked = None if picked is None or picked.kind == "measured" else picked
    ticked = filtered[picked.key].codes if picked and picked.key in filtered else ()
    return PeopleForm(
        filters=[Chosen(plain(said(one, known[key]), locale), without(key)) for key, one in filtered.items()],
        kept=[
            f"{key}:{code}"
            for key, one in filtered.items()
            if picked is None or key != picked.key
            for code in one.codes
        ],
        wheres=[("", locale.gettext("No further filter")), *groups(known, locale)],
        picked=picked,
        picked_choices=[(f"{picked.key}:{point}", plain(picked.labels[point], locale)) for point in picked.points]
        if picked
        else [],
        picked_codes=[f"{picked.key}:{code}" for code in ticked] if picked else [],
        weights=[
            ("", locale.gettext("No weights")),
            *((one.key, one.name) for one in await weighting.weight_sets(who.survey.id)),
        ],
        used=who.selection.weights,
        may_be_random=not who.declared.permits_intervals,
        as_random=who.selection.as_random,
        people=who.people.count,
        total=who.given.frame.n,
        has_model=bool(blocks_of(items_of(who.given))),
    )


def groups(known: Mapping[str, Variable], locale: Locale) -> list[Choice]:
    """What people can be grouped by: everything but numbers."""
    named = [one for one in known.values() if one.kind != "measured" and one.points]
    return [(one.key, short(plain(one.text, locale))) for one in named]


def short(words: str, most: int = 90) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
