"""An index as charts: its series over the waves, and its figure in one survey in words."""

from __future__ import annotations

from datetime import datetime

from consult.analysis.estimate import Reason
from consult.charts.chart import Source
from consult.charts.kinds import Line, Measure, Value
from consult.charts.kinds import Wave as Point
from consult.columns.variables import said
from consult.errors import N_
from consult.i18n import Locale, Text
from consult.indices.queries import Index, Wave
from consult.indices.standing import Standing

METHOD_CHANGED = N_("The method changed.")


def measure_of(standing: Standing) -> Measure:
    """How figures of the index are written."""
    if standing.rule == "net":
        return Measure("score", name=standing.name, low=-100, high=100)
    return Measure("index", name=standing.name, low=0, high=100)


def line(of: Index, waves: list[Wave], before: list[Index], *, at: datetime) -> Line:
    """The series: each wave with its interval, the target, and breaks where the method changed.

    before  all versions of the index.
    """
    changes = {one.number: one.standing.changed for one in before}
    methods = {one.number: one.standing for one in before}
    points, last = [], None
    for place, wave in enumerate(waves):
        broken: Text = {}
        if last is not None and wave.number != last and methods[wave.number].differs_in_method(methods[last]):
            broken = changes.get(wave.number) or said(METHOD_CHANGED)
        last = wave.number
        found = wave.estimate
        points.append(
            Point(
                key=wave.survey or f"{wave.on.isoformat()}-{place}",
                label=wave.label,
                figure=Value(found.value, found.low, found.high, found.n, reason=found.reason),
                base=found.n,
                on=wave.on,
                broken=broken,
            )
        )
    people = sum(wave.estimate.n for wave in waves)
    source = Source(
        survey=of.standing.name,
        slug=f"index-{of.key}",
        question="series",
        design="sample" if any(wave.estimate.low is not None for wave in waves) else "open",
        responses=people,
        taken_at=at,
        snapshot="",
        first_day=waves[0].on if waves else None,
        last_day=waves[-1].on if waves else None,
        state="open" if any(not wave.is_kept for wave in waves) else "closed",
    )
    return Line(
        title=of.standing.name,
        source=source,
        base=people,
        measure=measure_of(of.standing),
        waves=tuple(points),
        target=of.standing.target,
        reason=None if waves else Reason.NO_ANSWERS,
    )


def written(value: float, standing: Standing, locale: Locale) -> str:
    """A figure of the index: one decimal, a sign where it may fall below 0."""
    number = locale.number(abs(value), 1)
    if standing.rule != "net":
        return number
    return f"{'−' if value < 0 else '+'}{number}"
