"""Each question's answers by the groups of a break: the groups' own charts, beside each other in one.

What a group's chart hides stays hidden here, so this shows nothing that the pages of single groups do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consult.analysis.estimate import Reason
from consult.charts.chart import Chart, Figure, Row
from consult.charts.kinds import Band, Cell, Column, Dot, Heat, Intervals, Measure, Note, Value
from consult.charts.spec import Spec
from consult.errors import N_
from consult.i18n import Text, languages
from consult.i18n import locale as locale_of
from consult.results.groups import Break, Group
from consult.results.overview import INDEX_NAMES
from consult.results.queries import results_of

EVERYBODY = N_("Everybody")
MEAN = N_("Mean")
CLOSER = N_("Closer to “%(words)s”")


@dataclass(frozen=True, slots=True)
class Beside:
    """One of the charts that stand beside each other; the whole is everybody's."""

    key: str
    label: Text
    chart: Chart
    is_total: bool = False


async def compared(survey_id: UUID, by: Break, at: datetime) -> dict[str, Spec]:
    """Question -> its answers by groups; everybody's chart where a question is not shown by groups."""
    everybody = (await results_of(survey_id, at=at)).charts
    groups = [
        (choice, (await results_of(survey_id, at=at, group=Group(by.key, choice.code))).charts) for choice in by.shown
    ]
    found: dict[str, Spec] = {}
    for key, whole in everybody.items():
        parts = [Beside(choice.code, choice.label, charts[key]) for choice, charts in groups if key in charts]
        if whole.is_hidden or len(parts) < 2:
            found[key] = whole
        else:
            found[key] = beside(by, [*parts, Beside("all", _said(EVERYBODY), whole, is_total=True)])
    return found


def beside(by: Break, parts: Sequence[Beside]) -> Spec:
    """One chart of several; the last is everybody's."""
    whole = parts[-1].chart
    if whole.kind == "nps":
        measure = Measure("score", name=_said(INDEX_NAMES["nps"]), low=-100, high=100)
        return _dots(parts, "nps", measure)
    if whole.kind == "histogram":
        return _dots(parts, "mean", Measure("number", name=_said(MEAN), unit=whole.unit))
    if whole.kind == "diverging" and len(whole.rows) == 1:
        return _dots(parts, "positive", Measure("share", name=_positive(whole)))
    return _matrix(by, parts)


def _dots(parts: Sequence[Beside], kind: str, measure: Measure) -> Intervals:
    whole = parts[-1].chart
    rows = tuple(
        Dot(key=part.key, label=part.label, figure=_value(part.chart, kind), base=part.chart.base,
            is_total=part.is_total)
        for part in parts
    )  # fmt: skip
    is_share = measure.kind == "share"
    return Intervals(
        title=whole.title, source=whole.source, base=whole.base, measure=measure, rows=rows,
        notes=_notes(whole, is_share=is_share),
    )  # fmt: skip


def _value(chart: Chart, kind: str) -> Value:
    if chart.reason is not None:
        return Value(reason=chart.reason)
    found: Figure | None = next((one for one in chart.figures if one.kind == kind), None)
    if found is None or found.value is None:
        return Value(reason=Reason.HIDDEN if found is None else found.reason)
    return Value(found.value, found.low, found.high, chart.base, reason=found.reason)


def _matrix(by: Break, parts: Sequence[Beside]) -> Heat:
    """Answers (or rows of a table) down, groups across."""
    whole = parts[-1].chart
    columns = tuple(
        Column(key=part.key, label=part.label, base=None if part.chart.is_hidden else part.chart.base,
               is_total=part.is_total)
        for part in parts
    )  # fmt: skip
    is_scale = whole.kind == "diverging"
    bands = []
    for place, row in enumerate(whole.rows):
        if is_scale or whole.kind == "bars":
            cells = tuple(_cell(part.chart, row.key, 0, is_scale=is_scale) for part in parts)
            label = {"en": ""} if not row.label else row.label
            bands.append(Band(key=row.key, label=label, cells=cells, base=row.base, group=row.group))
        else:
            for number, words in enumerate(whole.series):
                cells = tuple(_cell(part.chart, row.key, number, is_scale=False) for part in parts)
                bands.append(Band(key=f"{place}-{number}", label=words, cells=cells, base=row.base, group=row.label))
    return Heat(
        title=whole.title,
        source=whole.source,
        base=whole.base,
        measure=Measure("share", name=_positive(whole) if is_scale else {}),
        rows=tuple(bands),
        columns=columns,
        across="column" if whole.kind == "bars" and not whole.several and whole.measure == "none" else "none",
        column_title=by.text,
        several=whole.several,
    )


def _cell(chart: Chart, key: str, number: int, *, is_scale: bool) -> Cell:
    if chart.reason is not None:
        return Cell(reason=chart.reason)
    row: Row | None = next((one for one in chart.rows if one.key == key), None)
    if row is None:
        return Cell(reason=Reason.NO_ANSWERS)
    if row.reason is not None:
        return Cell(reason=row.reason)
    if is_scale:
        found = row.figure("positive")
        return Cell(reason=Reason.HIDDEN) if found is None else Cell(found.value, None, low=found.low, high=found.high)
    if number >= len(row.parts) or row.parts[number].share is None:
        return Cell(reason=Reason.HIDDEN)
    part = row.parts[number]
    return Cell(part.share, part.count, low=part.low, high=part.high)


def _positive(chart: Chart) -> Text:
    """What the share of the upper answers is called."""
    if chart.measure in INDEX_NAMES:
        return _said(INDEX_NAMES[chart.measure])
    end = chart.high_end or (chart.series[-1] if chart.series else {})
    return {
        code: locale_of(code).gettext(CLOSER, words=end.get(code) or next(iter(end.values()), ""))
        for code in languages()
    }


def _notes(whole: Chart, *, is_share: bool) -> tuple[Note, ...]:
    if whole.source.design != "sample":
        return ()
    if whole.source.method == "design":
        return (Note("logit" if is_share else "t_interval"),)
    return (Note("wilson"),) if is_share else ()


def _said(message: str) -> Text:
    return {code: locale_of(code).gettext(message) for code in languages()}
