"""What pages show of weights: sample against population, how the weights are spread, what they change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from consult.analysis.sampling.weighting import Place
from consult.analysis.simple_samples.bins import bins
from consult.charts import showing
from consult.charts.chart import Chart, Part, Row, Source
from consult.charts.wording import REASONS, plain
from consult.columns.column import Coded
from consult.columns.frame import Frame
from consult.columns.variables import Variable
from consult.i18n import Locale, Text
from consult.profile import Profile
from consult.surveys.definition.schema import Scaled
from consult.weighting import recipe as recipes
from consult.weighting.declared import may_group
from consult.weighting.recipe import OUTSIDE, Recipe
from consult.weighting.weighing import Floats, Weighed, codes_of, relative, shares, shares_of

FIRST_CHANGES = 3
MOST_CHANGES = 12
MOST_POINTS = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A group of the population: answers, shares in [0, 1] (None where it is counted with another), and its factor."""

    key: str
    label: Text
    into: str
    answers: int
    sample: float | None
    population: float | None
    weighted: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a margin's question, how many gave it and to which group it belongs."""

    point: str
    label: Text
    count: int
    group: str


@dataclass(frozen=True, slots=True)
class Side:
    """One distribution: the population beside the sample. unknown: the share of the weights without a known group."""

    margin: recipes.Margin
    lines: list[Line]
    answers: list[Answer]
    unknown: float
    is_used: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A question's shares without and with the weights."""

    text: Text
    rows: list[tuple[Text, float, float]]


@dataclass(frozen=True, slots=True)
class Spread:
    """The weights relative to their mean: n answers that weigh, the middle one, ends, and their histogram."""

    n: int
    deff: float
    n_eff: float
    low: float
    middle: float
    high: float
    svg: Markup
    table: list[tuple[str, int]]


def sides(frame: Frame, recipe: Recipe, found: Weighed) -> list[Side]:
    """The recipe's distributions, those without a question too."""
    return [_side(frame, margin, found) for margin in recipe.margins]


def _side(frame: Frame, margin: recipes.Margin, found: Weighed) -> Side:
    total = sum(group.people for group in margin.groups)
    used = next((one for one in found.margins if one.name == margin.variable), None)
    together = margin.together()
    if used is None or margin.variable not in frame.variables:
        lines = [
            Line(group.key, group.label, group.into, 0, None, group.people / total if total else None, None)
            for group in margin.groups
        ]
        return Side(margin, lines, [], 0.0, is_used=False)
    column = frame.column(margin.variable)
    assert isinstance(column, Coded)  # noqa: S101 - recipe.problems admits no other
    counts = np.bincount(column.codes, minlength=int(np.iinfo(column.codes.dtype).max) + 1)
    sample, unknown = shares(used, found.start)
    weighted, _ = shares(used, found.weights)
    place = {key: number for number, key in enumerate(used.labels)}
    answered = used.sums(np.ones(frame.n))
    lines = []
    for group in margin.groups:
        number = place.get(group.key)
        is_own = number is not None and together[group.key] == group.key
        lines.append(
            Line(
                group.key,
                group.label,
                group.into,
                int(answered[number]) if is_own else 0,
                float(sample[number]) if is_own else None,
                float(used.population[number] / used.population.sum()) if is_own and total else None,
                float(weighted[number])
                if is_own and found.made is not None and found.made.weights is not None
                else None,
            )
        )
    variable = frame.variables[margin.variable]
    answers = [
        Answer(point, variable.labels.get(point, {}), int(counts[code]), margin.belongs.get(point, ""))
        for code, point in enumerate(column.points)
    ]
    return Side(margin, lines, answers, unknown, is_used=True)


def spread(weights: Floats, source: Source, locale: Locale, profile: Profile, found: Weighed) -> Spread | None:
    """How the weights are spread; None if none is above 0."""
    scaled = relative(weights)
    counted = bins(scaled, whole=False)
    cost = found.cost
    if counted is None or cost.deff is None:
        return None
    edges = counted.edges
    rows = tuple(
        Row(str(i), span=(float(edges[i] or 0), edges[i + 1]), base=cost.n, parts=(Part(count, count / cost.n),))
        for i, count in enumerate(counted.counts)
    )
    title = {locale.code: locale.gettext("How the weights are spread")}
    chart = Chart(kind="histogram", title=title, rows=rows, source=source, base=cost.n, whole=False)
    table = showing.table(chart, locale)
    listed = [(row[0], count) for row, count in zip(table.rows, counted.counts, strict=True)]
    low, middle, high = (float(value) for value in (scaled.min(), np.median(scaled), scaled.max()))
    drawn = showing.svg(chart, locale, profile.colours.bar, "weights-spread")
    return Spread(cost.n, cost.deff, cost.n_eff, low, middle, high, drawn, listed)


def changeable(frame: Frame) -> list[Variable]:
    """The questions whose shares can be shown before and after."""
    return [one for one in may_group(frame.variables) if not one.is_paradata and len(one.points) <= MOST_POINTS]


def changes(frame: Frame, found: Weighed, asked: Sequence[str], recipe: Recipe) -> list[Change]:
    """Shares before and after, of the questions asked for; of the first that are no margin if none is."""
    offered = {one.key: one for one in changeable(frame)}
    chosen = [key for key in asked if key in offered][:MOST_CHANGES]
    if not chosen:
        used = {margin.variable for margin in recipe.margins}
        rest = [key for key in offered if key not in used]
        chosen = sorted(rest, key=lambda key: not _is_scale(frame, offered[key]))[:FIRST_CHANGES]
    return [_change(frame, offered[key], found) for key in chosen]


def _is_scale(frame: Frame, variable: Variable) -> bool:
    return any(
        isinstance(question, Scaled) and question.key == variable.question for question in frame.definition.questions
    )


def _change(frame: Frame, variable: Variable, found: Weighed) -> Change:
    column = frame.column(variable.key)
    assert isinstance(column, Coded)  # noqa: S101 - changeable offers no other
    before, after = shares_of(column, found.start), shares_of(column, found.weights)
    rows = [
        (variable.labels.get(point, {}), float(before[i]), float(after[i]))
        for i, point in enumerate(column.points)
        if before[i] or after[i]
    ]
    return Change(variable.text, rows)


def places(recipe: Recipe, found: Sequence[Place], locale: Locale) -> list[str]:
    """The places of a fault in words: title and group."""
    by_variable = {margin.variable: margin for margin in recipe.margins}
    said = []
    for place in found:
        margin = by_variable.get(place.margin)
        group = margin.group(place.label) if margin else None
        words = [
            plain(text, locale) for text in ((margin.title if margin else {}), (group.label if group else {})) if text
        ]
        said.append(": ".join(words) or place.label or place.margin)
    return said


def reason(found: Weighed, locale: Locale) -> str:
    """Why the weights could not be made; empty if they were."""
    return locale.gettext(REASONS[found.reason]) if found.reason is not None else ""


def left_out(frame: Frame, recipe: Recipe) -> int:
    """Answers of people who do not belong to the population."""
    found = np.zeros(frame.n, dtype=bool)
    for margin in recipe.margins:
        points = {point: 0 for point, key in margin.belongs.items() if key == OUTSIDE}
        if points and margin.variable in frame.variables:
            column = frame.column(margin.variable)
            assert isinstance(column, Coded)  # noqa: S101
            found |= codes_of(column, points) == 0
    return int(found.sum())
