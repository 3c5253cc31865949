"""An index as charts: its series over the waves, and its figure in one survey in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from consult.analysis.estimate import Reason
from consult.analysis.trend import xmr_chart
from consult.charts.chart import Source
from consult.charts.kinds import Line, Measure, Note, Value
from consult.charts.kinds import Wave as Point
from consult.columns.variables import said
from consult.errors import N_
from consult.i18n import Locale, Text, languages
from consult.indices.queries import Index, Wave, comparable
from consult.indices.standing import Standing

METHOD_CHANGED = N_("The method changed.")


def measure_of(standing: Standing) -> Measure:
    """How figures of the index are written."""
    if standing.rule == "net":
        return Measure("score", name=standing.name, low=-100, high=100)
    return Measure("index", name=standing.name, low=0, high=100)


def line(of: Index, waves: list[Wave], before: list[Index], *, at: datetime) -> Line:
    """The series: each wave that compares with its interval, the target, and breaks where the method changed.

    before  all versions of the index.
    """
    waves = comparable(waves)
    changes = {one.number: one.standing.changed for one in before}
    methods = {one.number: one.standing for one in before}
    broken = _breaks(waves, methods, changes)
    limits = xmr_chart(
        [wave.estimate.value for wave in waves],
        breaks=[place for place, words in enumerate(broken) if words],
        lowest=of.standing.lowest,
        highest=100.0,
    )
    points = []
    for place, wave in enumerate(waves):
        found = wave.estimate
        points.append(
            Point(
                key=wave.survey or f"{wave.on.isoformat()}-{place}",
                label=_when(wave, waves),
                figure=Value(found.value, found.low, found.high, found.n, reason=found.reason),
                base=found.n,
                on=wave.on,
                centre=limits.centre[place],
                lower=limits.low[place],
                upper=limits.high[place],
                signals=tuple(signal.value for signal in limits.signals[place]),
                broken=broken[place],
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
        notes=() if limits.reason else (Note("xmr"), Note("run_rules")),
        reason=None if waves else Reason.NO_ANSWERS,
    )


def _when(wave: Wave, waves: list[Wave]) -> Text:
    """What stands below a wave: its year, and the month where a year has several."""
    alone = sum(other.on.year == wave.on.year for other in waves) == 1
    return dict.fromkeys(languages(), str(wave.on.year) if alone else f"{wave.on:%m.%Y}")


def _breaks(waves: list[Wave], methods: Mapping[int, Standing], changes: Mapping[int, Text]) -> list[Text]:
    """For each wave what changed in the method before it; empty if nothing did."""
    found: list[Text] = [{} for _ in waves]
    for place in range(1, len(waves)):
        now, before = waves[place].number, waves[place - 1].number
        if now != before and methods[now].differs_in_method(methods[before]):
            found[place] = changes.get(now) or said(METHOD_CHANGED)
    return found


def written(value: float, standing: Standing, locale: Locale) -> str:
    """A figure of the index: one decimal, a sign where it may fall below 0."""
    number = locale.number(abs(value), 1)
    if standing.rule != "net":
        return number
    return f"{'−' if value < 0 else '+'}{number}"
