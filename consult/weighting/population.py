"""Tables of the population: the municipality's own, from its profile, and those that staff send as files."""

from __future__ import annotations

import re

from consult.documents.sheets import Sheet
from consult.errors import N_, Invalid, Problem
from consult.i18n import languages
from consult.profile import Profile
from consult.weighting.recipe import MOST_GROUPS, MOST_MARGINS, Group, Margin

MOST_PROBLEMS = 20
_THOUSANDS = re.compile(r"\d{1,3}(?:([ .,'’])\d{3})(?:\1\d{3})*")


class WrongTable(Invalid):
    message = N_("This table of the population cannot be used.")


def of_profile(profile: Profile) -> list[Margin]:
    """The distributions that the municipality's profile names with their sources."""
    return [
        Margin(
            title=margin.title,
            source=margin.source,
            groups=tuple(Group(one.code, one.label, float(one.count)) for one in margin.categories),
        )
        for margin in profile.margins
    ]


def of_sheet(sheet: Sheet, source: str) -> list[Margin]:
    """Distributions from a table with the columns variable, category, population; or the last two, for one variable.

    Groups get keys that no answer has, so that they are matched by their words alone. An empty variable means the one
    above. Numbers may be people or percentages: only their proportions matter. Raises
    WrongTable with a problem for each row that cannot be read.
    """
    width = len(sheet.head)
    if width < 2:
        raise WrongTable([Problem("file", N_("The table needs three columns: variable, category, population."))])
    found: dict[str, dict[str, float]] = {}
    problems: list[Problem] = []
    variable = "" if width > 2 else sheet.head[0]
    for number, row in zip(sheet.numbers, sheet.rows, strict=True):
        if width > 2:
            variable = row[0] or variable
        category, people = (row[1], row[2]) if width > 2 else (row[0], row[1])
        counted = number_of(people)
        message = ""
        if not variable or not category:
            message = N_("Row %(row)s: the variable or the category is missing.")
        elif counted is None:
            message = N_("Row %(row)s: “%(text)s” is not a number of people.")
        elif category in found.get(variable, {}):
            message = N_("Row %(row)s: this category is there twice.")
        if message:
            problems.append(Problem("file", message, {"row": number, "text": people[:40]}))
        else:
            found.setdefault(variable, {})[category] = counted or 0.0
    problems += _whole(found)
    if problems:
        raise WrongTable(problems[:MOST_PROBLEMS])
    return [
        Margin(
            title=_all(name),
            source=_all(source) if source else {},
            groups=tuple(Group(f"~{i}", _all(label), people) for i, (label, people) in enumerate(groups.items(), 1)),
        )
        for name, groups in found.items()
    ]


def _whole(found: dict[str, dict[str, float]]) -> list[Problem]:
    problems = []
    if len(found) > MOST_MARGINS:
        message = N_("The table has more than %(number)s variables. Keep those that are needed.")
        problems.append(Problem("file", message, {"number": MOST_MARGINS}))
    for name, groups in found.items():
        if len(groups) > MOST_GROUPS:
            message = N_("“%(name)s” has more than %(number)s categories. Join some of them.")
            problems.append(Problem("file", message, {"name": name, "number": MOST_GROUPS}))
        elif len(groups) < 2:
            problems.append(Problem("file", N_("“%(name)s” needs at least two categories."), {"name": name}))
        elif not any(groups.values()):
            problems.append(Problem("file", N_("“%(name)s” has no people in any category."), {"name": name}))
    return problems


def number_of(text: str) -> float | None:
    """A number as people write it: 77 735, 77.735, 77,735.5, 14,8 %; None for what is none or is negative."""
    plain = text.replace("%", "").replace("\u00a0", " ").replace("\u202f", " ").strip()
    if _THOUSANDS.fullmatch(plain):
        return float(re.sub(r"\D", "", plain))
    plain = plain.replace(" ", "")
    if "," in plain and "." in plain:
        thousands = "," if plain.rindex(",") < plain.rindex(".") else "."
        plain = plain.replace(thousands, "")
    plain = plain.replace(",", ".")
    return float(plain) if re.fullmatch(r"\d{1,12}(\.\d{1,9})?", plain) else None


def _all(words: str) -> dict[str, str]:
    return dict.fromkeys(languages(), words)
