"""How answers part into waves: by time, by version of the questionnaire, or one survey after another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

import numpy as np

from consult.analysis.complex_samples.design import Design
from consult.charts.kinds import Note
from consult.charts.wording import quoted
from consult.columns.column import Coded, Column
from consult.columns.published import counted
from consult.columns.variables import Variable, said
from consult.errors import N_, NotFound
from consult.explorer.answers import Answers, answers
from consult.explorer.crossing import Mask, among
from consult.explorer.selecting import Selected, selected
from consult.explorer.state import Selection
from consult.i18n import Locale, Text, languages
from consult.i18n import locale as locale_of
from consult.surveys import queries as surveys
from consult.surveys.definition.schema import Definition
from consult.weighting.queries import DEFAULT

By = Literal["week", "month", "quarter", "year", "version", "survey"]
WAYS: dict[By, str] = {
    "week": N_("Week"),
    "month": N_("Month"),
    "quarter": N_("Quarter"),
    "year": N_("Year"),
    "version": N_("Version of the questionnaire"),
    "survey": N_("Survey that asks the same"),
}
VERSION = N_("Version %(number)s")
OTHER_WORDS = N_("The question was changed.")
OTHER_DESIGN = N_("People were chosen in another way.")
MOST = 60


@dataclass(frozen=True, slots=True)
class Part:
    """A wave's people: rows of a column. weights, design as in People; others is empty but for another survey."""

    key: str
    label: Text
    on: date | None
    column: Column
    where: Mask
    who: Selected
    broken: Text

    @property
    def design(self) -> Design | None:
        return self.who.people.design


def is_way(name: str) -> bool:
    return name in get_args(By)


async def parts(variable: Variable, by: By, who: Selected) -> tuple[list[Part], list[Note]]:
    """The waves in the order of time, and what is to be said about them. The newest MOST of them are taken."""
    if by == "survey":
        found, notes = await _of_surveys(variable, who)
    elif by == "version":
        found, notes = await _of_versions(variable, who), []
    else:
        found, notes = _of_time(variable, by, who), []
    return found[-MOST:], notes


def _of_time(variable: Variable, by: By, who: Selected) -> list[Part]:
    days = who.given.column("@day")
    column = who.given.column(variable.key)
    assert isinstance(days, Coded)  # noqa: S101 - paradata are
    starts = [start_of(date.fromisoformat(point), by) for point in days.points]
    found = []
    for start in sorted(set(starts)):
        places = [place for place, one in enumerate(starts) if one == start]
        where = np.isin(days.codes, places) & who.people.where
        label = {code: named(start, by, locale_of(code)) for code in languages()}
        found.append(Part(start.isoformat(), label, start, column, where, who, {}))
    return [part for part in found if part.where.any()]


def start_of(day: date, by: By) -> date:
    """The first day of the period that a day is in."""
    if by == "week":
        return day - timedelta(days=day.weekday())
    if by == "month":
        return day.replace(day=1)
    return day.replace(day=1, month=1 if by == "year" else 3 * ((day.month - 1) // 3) + 1)


def named(start: date, by: By, locale: Locale) -> str:
    if by == "week":
        return locale.date(start, "medium")
    return locale.period(start, "quarter" if by == "quarter" else "year" if by == "year" else "month")


async def _of_versions(variable: Variable, who: Selected) -> list[Part]:
    numbers = who.given.column("@version")
    column = who.given.column(variable.key)
    assert isinstance(numbers, Coded)  # noqa: S101 - paradata are
    made = {one.number: one for one in await surveys.versions(who.survey.id)}
    found: list[Part] = []
    before: object = None
    for point in sorted(numbers.points, key=int):
        where = among(numbers, (point,)) & who.people.where
        if not where.any():
            continue
        version = made.get(int(point))
        asked = None if version is None else _asked(version.definition, variable.question)
        broken = said(OTHER_WORDS) if found and asked != before else {}
        label = {
            code: locale_of(code).gettext(VERSION, number=locale_of(code).number(int(point), 0)) for code in languages()
        }
        found.append(Part(f"version-{point}", label, None, column, where, who, broken))
        before = asked
    return found


def _asked(definition: Definition, key: str) -> object:
    return next((question for question in definition.questions if question.key == key), None)


async def _of_surveys(variable: Variable, who: Selected) -> tuple[list[Part], list[Note]]:
    """Each survey that asks a question of the same concept with the same answers, by its published weights.

    Drafts and surveys without answers are no waves; those that lack what the filters ask for are named.
    """
    own = who.given.frame.definition
    concept, is_reversed = concept_of(own, variable), _is_reversed(own, variable)
    found: list[Part] = []
    lacking: list[Text] = []
    for survey in await surveys.all_surveys():
        if not survey.version:
            continue
        try:
            given = await answers(await counted(survey.id))
        except NotFound:
            continue
        same = _same(given, variable, concept, is_own=survey.id == who.survey.id, is_reversed=is_reversed)
        if same is None or not given.frame.n:
            continue
        known = given.variables
        if not all(one.key in known and set(one.codes) <= set(known[one.key].points) for one in who.selection.where):
            lacking.append(given.frame.definition.title)
            continue
        selection = Selection(who.selection.where, DEFAULT, who.selection.as_random)
        other = await selected(survey, given, selection, who.at)
        first = given.frame.snapshot.first_day
        label = given.frame.definition.title if first is None else _on(first)
        part = Part(survey.slug, label, first, given.column(same.key), other.people.where, other, {})
        if part.where.any():
            found.append(part)
    found.sort(key=lambda part: (part.on or date.min, part.key))
    names = [_named(part) for part in found]
    notes = [Note("waves", words={"list": _listed(names)}), Note("published_weights")] if found else []
    notes += [Note("without_filter", words={"list": _listed(lacking)})] if lacking else []
    return [_compared(part, found[place - 1] if place else None) for place, part in enumerate(found)], notes


def _on(day: date) -> Text:
    return {code: locale_of(code).date(day, "medium") for code in languages()}


def _named(part: Part) -> Text:
    """The first day of a survey and its title."""
    title = part.who.given.frame.definition.title
    found = {}
    for code in languages():
        words = title.get(code) or next(iter(title.values()), "")
        found[code] = f"{part.label.get(code, '')} – {quoted(words, locale_of(code))}"
    return found


def _compared(part: Part, before: Part | None) -> Part:
    if before is None or before.who.declared.kind == part.who.declared.kind:
        return part
    return Part(part.key, part.label, part.on, part.column, part.where, part.who, said(OTHER_DESIGN))


def concept_of(definition: Definition, variable: Variable) -> str:
    """The concept of the row, else of the question; empty if it has none."""
    question = next((one for one in definition.questions if one.key == variable.question), None)
    if variable.row is not None:
        rows = getattr(question, "rows", ())
        return next((row.concept for row in rows if row.code == variable.row and row.concept), None) or ""
    return getattr(question, "concept", None) or ""


def _same(given: Answers, variable: Variable, concept: str, *, is_own: bool, is_reversed: bool) -> Variable | None:
    """The variable of another survey that can be compared."""
    if is_own:
        return given.variables.get(variable.key)
    for one in given.variables.values():
        is_same = bool(concept) and one.question and concept_of(given.frame.definition, one) == concept
        if is_same and (one.kind, set(one.points)) == (variable.kind, set(variable.points)):
            return one if _is_reversed(given.frame.definition, one) == is_reversed else None
    return None


def _is_reversed(definition: Definition, variable: Variable) -> bool:
    return bool(getattr(_asked(definition, variable.question), "reversed", False))


def _listed(texts: list[Text]) -> Text:
    def words(text: Text, code: str) -> str:
        return text.get(code) or next(iter(text.values()), "")

    return {code: "; ".join(words(text, code) for text in texts) for code in languages()}
