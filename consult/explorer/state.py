"""What an analyst asks, as the address of the page says it: it can be sent, bookmarked, and kept with a chart.

rows=services&columns=district&where=gender:woman&where=gender:man&statistic=column&weights=census
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args
from urllib.parse import urlencode

from consult.columns.variables import Variable
from consult.errors import N_, Problem
from consult.web.forms import Form

Statistic = Literal["column", "row", "total", "count", "mean"]
Shade = Literal["value", "residual"]
STATISTICS: dict[Statistic, str] = {
    "column": N_("Shares of each column"),
    "row": N_("Shares of each row"),
    "total": N_("Shares of everybody counted"),
    "count": N_("Numbers of people"),
    "mean": N_("Mean values"),
}
SHADES: dict[Shade, str] = {
    "value": N_("The larger the figure, the darker"),
    "residual": N_("What differs from what would be expected"),
}
MOST_ROWS = 12
UNKNOWN = N_("This survey has no question “%(key)s”. Choose one of the list.")
UNKNOWN_ANSWER = N_("The question “%(key)s” has no answer “%(code)s”. Choose one of the list.")
TOO_MANY = N_("Choose at most %(most)s questions at once.")


@dataclass(frozen=True, slots=True)
class Filter:
    """Only people who gave one of these answers to a question are counted."""

    key: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Who is counted, the same in every view.

    where      all of these filters at once
    weights    the name of a weight set, empty for none
    as_random  show tests and intervals although no sample was drawn, "as if random"
    """

    where: tuple[Filter, ...] = ()
    weights: str = ""
    as_random: bool = False

    def without(self, key: str) -> Selection:
        """The same without one of its filters."""
        return replace(self, where=tuple(one for one in self.where if one.key != key))

    def pairs(self) -> list[tuple[str, str]]:
        """Its part of an address."""
        pairs = [("where", f"{one.key}:{code}") for one in self.where for code in one.codes]
        pairs += [("weights", self.weights)] if self.weights else []
        return pairs + ([("as_random", "1")] if self.as_random else [])


@dataclass(frozen=True, slots=True)
class State:
    """rows, columns: keys of variables; rows may name a table question, which stands for all its rows.

    where, weights, as_random  as in Selection
    """

    rows: tuple[str, ...] = ()
    columns: str = ""
    where: tuple[Filter, ...] = ()
    weights: str = ""
    statistic: Statistic = "column"
    shade: Shade = "value"
    as_random: bool = False

    @property
    def selection(self) -> Selection:
        return Selection(self.where, self.weights, self.as_random)

    def without(self, key: str) -> State:
        """The same without one of its filters."""
        return replace(self, where=self.selection.without(key).where)

    def query(self) -> str:
        """As an address has it; equal states have equal queries."""
        pairs = [("rows", key) for key in self.rows]
        pairs += [("columns", self.columns)] if self.columns else []
        pairs += [("where", f"{one.key}:{code}") for one in self.where for code in one.codes]
        pairs += [("weights", self.weights)] if self.weights else []
        pairs += [("statistic", self.statistic)] if self.statistic != "column" else []
        pairs += [("shade", self.shade)] if self.shade != "value" else []
        pairs += [("as_random", "1")] if self.as_random else []
        return urlencode(pairs)


def read(form: Form, known: Mapping[str, Variable]) -> tuple[State, list[Problem]]:
    """Read what a form or an address asks. What cannot be meant is left out and named, each at its field."""
    problems: list[Problem] = []
    rows = tuple(key for key in dict.fromkeys(form.list("rows")) if key)
    unknown = [key for key in rows if not expanded(key, known)]
    problems += [Problem("rows", UNKNOWN, {"key": key}) for key in unknown]
    rows = tuple(key for key in rows if key not in unknown)
    if sum(1 for key in rows for _ in expanded(key, known)) > MOST_ROWS and len(rows) > 1:
        problems.append(Problem("rows", TOO_MANY, {"most": MOST_ROWS}))
        rows = rows[:1]
    columns = form.get("columns")
    if columns and (columns not in known or known[columns].kind == "measured"):
        problems.append(Problem("columns", UNKNOWN, {"key": columns}))
        columns = ""
    where, wrong = _filters(form.list("where"), known)
    statistic, shade = form.get("statistic"), form.get("shade")
    state = State(
        rows,
        columns,
        where,
        form.get("weights"),
        statistic if statistic in get_args(Statistic) else "column",  # type: ignore[arg-type]
        shade if shade in get_args(Shade) else "value",  # type: ignore[arg-type]
        form.flag("as_random"),
    )
    return state, problems + wrong


def expanded(key: str, known: Mapping[str, Variable]) -> list[Variable]:
    """The variable of this key, or all rows of the table question of this key; nothing if there is neither."""
    return [known[key]] if key in known else [one for one in known.values() if one.question == key and one.row]


def read_selection(form: Form, known: Mapping[str, Variable]) -> tuple[Selection, list[Problem]]:
    """Read who is to be counted; what there is not is left out and named."""
    where, problems = _filters(form.list("where"), known)
    return Selection(where, form.get("weights"), form.flag("as_random")), problems


def _filters(given: list[str], known: Mapping[str, Variable]) -> tuple[tuple[Filter, ...], list[Problem]]:
    chosen: dict[str, list[str]] = {}
    problems = []
    for key, code in _parted(given):
        variable = known.get(key)
        if variable is None or variable.kind == "measured":
            problems.append(Problem("where_key", UNKNOWN, {"key": key}))
        elif code not in variable.points:
            problems.append(Problem("where_key", UNKNOWN_ANSWER, {"key": key, "code": code}))
        elif code not in chosen.setdefault(key, []):
            chosen[key].append(code)
    order = {key: {code: place for place, code in enumerate(known[key].points)} for key in chosen}
    return tuple(
        Filter(key, tuple(sorted(codes, key=order[key].__getitem__))) for key, codes in chosen.items()
    ), problems


def _parted(given: list[str]) -> Iterator[tuple[str, str]]:
    for one in given:
        key, colon, code = one.rpartition(":")
        if colon:
            yield key, code
