"""A question over waves: a share or a mean, with control limits, and whether the last change is more than chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

import numpy as np

from consult.analysis.complex_samples.design_estimates import design_mean
from consult.analysis.complex_samples.design_groups import design_difference
from consult.analysis.complex_samples.design_shares import design_share
from consult.analysis.estimate import Estimate, Reason
from consult.analysis.simple_samples.differences import change
from consult.analysis.trend import ControlChart, p_chart, xmr_chart
from consult.charts.kinds import Line, Measure, Note, Value, Wave
from consult.charts.wording import plain, signed
from consult.columns.column import Column, Measured
from consult.columns.variables import Variable
from consult.errors import N_, Problem
from consult.explorer.answers import Answers
from consult.explorer.asking import Choice, short
from consult.explorer.crossing import Floats, among, is_answered
from consult.explorer.items import Item, items_of, overall_of, ratings
from consult.explorer.selecting import Selected
from consult.explorer.sourcing import said as said_of
from consult.explorer.state import UNKNOWN, UNKNOWN_ANSWER, Filter, Selection, read_selection
from consult.explorer.waves import By, Part, concept_of, is_way, parts
from consult.i18n import Locale
from consult.web.forms import Form

Figure = Literal["share", "mean"]
NO_CONCEPT = N_("No other survey can be found that asks the same, because this question has no name across surveys.")
CHANGED: dict[Figure, str] = {
    "share": N_(
        "From %(before)s to %(after)s the share changed by %(change)s percentage points (%(low)s to %(high)s):"
        " %(verdict)s"
    ),
    "mean": N_("From %(before)s to %(after)s the mean changed by %(change)s (%(low)s to %(high)s): %(verdict)s"),
}
MORE = N_("this is more than chance explains.")
CHANCE = N_("this may be chance.")


@dataclass(frozen=True, slots=True)
class Asked:
    """question: a variable. answers: those whose share is shown; figure: of numbers and scales also the mean."""

    question: str
    answers: tuple[str, ...]
    figure: Figure
    by: By
    who: Selection

    def without(self, key: str) -> Asked:
        return Asked(self.question, self.answers, self.figure, self.by, self.who.without(key))

    def query(self) -> str:
        pairs = [("question", self.question)] if self.question else []
        pairs += [("figure", self.figure), ("by", self.by)]
        pairs += [("answers", code) for code in self.answers] if self.figure == "share" else []
        return urlencode(pairs + self.who.pairs())


@dataclass(frozen=True, slots=True)
class Found:
    """The waves with their estimates; tested: the change from the last but one to the last, where chance chose."""

    parts: list[Part]
    estimates: list[Estimate]
    limits: ControlChart
    notes: tuple[Note, ...]
    tested: Estimate | None


def read(form: Form, given: Answers) -> tuple[Asked, list[Problem]]:
    """Read what a form or an address asks; what it leaves open is proposed: the overall rating, its upper two points.

    Answers that are not of the question are dropped without a word if the question is another one than before: the
    form still has the boxes of the one before, which `answers_of` says.
    """
    known, items = given.variables, items_of(given)
    who, problems = read_selection(form, known)
    question = form.get("question")
    if question and (question not in known or known[question].is_paradata):
        problems.append(Problem("question", UNKNOWN, {"key": question}))
        question = ""
    question = question or overall_of(items) or next((one.key for one in known.values() if not one.is_paradata), "")
    by: By = form.get("by") if is_way(form.get("by")) else "month"  # type: ignore[assignment]
    if not question:
        return Asked("", (), "share", by, who), problems
    variable = known[question]
    chosen = tuple(code for code in variable.points if code in form.list("answers"))
    gone = [code for code in form.list("answers") if code and code not in variable.points]
    if gone and form.get("answers_of") in ("", question):
        problems += [Problem("answers", UNKNOWN_ANSWER, {"key": question, "code": code}) for code in gone]
    is_measured = variable.kind == "measured"
    wants_mean = form.get("figure") == "mean" and question in items
    figure: Figure = "mean" if is_measured or wants_mean else "share"
    if by == "survey" and not concept_of(given.frame.definition, variable):
        problems.append(Problem("by", NO_CONCEPT))
    return Asked(question, chosen or _usual(variable, items), figure, by, who), problems


def _usual(variable: Variable, items: Mapping[str, Item]) -> tuple[str, ...]:
    """The better two points of a scale, else the first answer."""
    item = items.get(variable.key)
    if item is None or not variable.points:
        return variable.points[:1]
    points = sorted(variable.points, key=float)
    return tuple(points[:2] if item.is_reversed else points[-2:])


async def found(asked: Asked, who: Selected) -> Found | None:
    """Calculate. None where there is nothing to calculate from."""
    variable = who.given.variables.get(asked.question)
    if variable is None:
        return None
    waves, notes = await parts(variable, asked.by, who)
    values = [_values(part, asked, who) for part in waves]
    estimates = [_estimate(part, x, asked) for part, x in zip(waves, values, strict=True)]
    breaks = [place for place, part in enumerate(waves) if part.broken]
    limits = _limits(waves, values, estimates, asked, breaks, who)
    tested = _tested(waves, values, estimates)
    return Found(waves, estimates, limits, (*_method(limits), *notes), tested)


def _values(part: Part, asked: Asked, who: Selected) -> Floats:
    """(n,), 1 for a chosen answer, or the number given; NaN outside the wave and without an answer."""
    values = _numbers(part.column, asked, who)
    return np.where(part.where, values, np.nan)


def _numbers(column: Column, asked: Asked, who: Selected) -> Floats:
    item = items_of(who.given).get(asked.question)
    if asked.figure == "mean" and item is not None:
        return ratings(item, column)
    assert not isinstance(column, Measured)  # noqa: S101 - read() takes the mean of numbers
    return np.where(is_answered(column), among(column, asked.answers).astype(np.float64), np.nan)


def _estimate(part: Part, values: Floats, asked: Asked) -> Estimate:
    given = ~np.isnan(values)
    n = int(given.sum())
    if not n:
        return Estimate(None, 0, reason=Reason.NO_ANSWERS)
    if part.design is not None:
        estimate = design_share if asked.figure == "share" else design_mean
        return estimate(values, part.design, part.where)
    weights = part.who.people.weights
    w = np.ones(n) if weights is None else weights[given]
    if w.sum() <= 0:
        return Estimate(None, n, reason=Reason.NO_WEIGHT)
    return Estimate(float(w @ values[given] / w.sum()), n, reason=Reason.NO_DESIGN)


def _limits(
    waves: list[Part], values: list[Floats], estimates: list[Estimate], asked: Asked, breaks: list[int], who: Selected
) -> ControlChart:
    figures = [one.value for one in estimates]
    if asked.figure == "share":
        sizes = [_effective(part, x) for part, x in zip(waves, values, strict=True)]
        counts = [None if p is None else p * m for p, m in zip(figures, sizes, strict=True)]
        return p_chart(counts, sizes, breaks=breaks)
    item = items_of(who.given).get(asked.question)
    low, high = item.ends if item is not None and item.ends else (None, None)
    return xmr_chart(figures, breaks=breaks, lowest=low, highest=high)


def _effective(part: Part, values: Floats) -> float:
    """As how many answers of equal weight a wave counts (Kish)."""
    given = ~np.isnan(values)
    weights = part.who.people.weights
    if weights is None:
        return float(given.sum())
    w = weights[given]
    squares = float(w @ w)
    return float(w.sum()) ** 2 / squares if squares > 0 else 0.0


def _method(limits: ControlChart) -> Iterator[Note]:
    if limits.reason is not None:
        yield Note("few_waves")
        return
    yield Note({"xmr": "xmr", "laney-p": "laney"}.get(limits.method, "p_chart"))
    yield Note("run_rules")


def _tested(waves: list[Part], values: list[Floats], estimates: list[Estimate]) -> Estimate | None:
    """The last change: within one survey with the covariance of both waves, between surveys as of two samples."""
    known = [place for place, one in enumerate(estimates) if one.value is not None]
    if len(known) < 2 or waves[known[-1]].broken:
        return None
    before, last = known[-2], known[-1]
    first, second = waves[before], waves[last]
    if first.design is None or second.design is None:
        return None
    if first.who is second.who:
        x = np.where(second.where, values[last], values[before])
        made = design_difference(x, second.where, first.where, second.design)
    else:
        made = change(estimates[before], estimates[last]).difference
    return made if made.low is not None else None


def chart(found: Found, asked: Asked, who: Selected) -> Line:
    """The waves as a line."""
    variable = who.given.variables[asked.question]
    points = tuple(
        Wave(
            key=part.key,
            label=part.label,
            figure=Value(one.value, one.low, one.high, one.n, reason=one.reason),
            base=one.n,
            on=part.on,
            centre=found.limits.centre[place],
            lower=found.limits.low[place],
            upper=found.limits.high[place],
            signals=tuple(signal.value for signal in found.limits.signals[place]),
            broken=part.broken,
        )
        for place, (part, one) in enumerate(zip(found.parts, found.estimates, strict=True))
    )
    base = sum(one.n for one in found.estimates)
    return Line(
        title=variable.text,
        source=who.source(asked.question),
        base=base,
        measure=_measure(asked, variable),
        waves=points,
        notes=(*found.notes, *who.notes),
        reason=None if base else Reason.NO_ANSWERS,
    )


def _measure(asked: Asked, variable: Variable) -> Measure:
    if asked.figure == "mean":
        return Measure("number", digits=2)
    return Measure("share", name=said_of(Filter(asked.question, asked.answers), variable, alone=True))


def says(found: Found, asked: Asked, locale: Locale) -> str:
    """The last change in words; empty where none was tested."""
    if found.tested is None or found.tested.value is None:
        return ""
    known = [part for part, one in zip(found.parts, found.estimates, strict=True) if one.value is not None]
    factor, digits = (100, 1) if asked.figure == "share" else (1, 2)
    ends = {"change": found.tested.value, "low": found.tested.low or 0.0, "high": found.tested.high or 0.0}
    is_certain = ends["low"] > 0 or ends["high"] < 0
    return locale.gettext(
        CHANGED[asked.figure],
        before=plain(known[-2].label, locale),
        after=plain(known[-1].label, locale),
        verdict=locale.gettext(MORE if is_certain else CHANCE),
        **{name: signed(factor * value, locale, digits) for name, value in ends.items()},
    )


def question_choices(given: Answers, locale: Locale) -> list[Choice]:
    return [(one.key, short(plain(one.text, locale))) for one in given.variables.values() if not one.is_paradata]
