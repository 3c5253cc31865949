"""What to work on first: the map of importance and rating, and what overall satisfaction depends on."""

from __future__ import annotations

import msgspec
import numpy as np

from consult.analysis.estimate import Estimate, Reason
from consult.analysis.models.drivers import KeyDrivers, key_drivers
from consult.analysis.models.importance import ImportancePerformance, derived_importance, stated_importance
from consult.charts.chart import Source
from consult.charts.kinds import Axis, Dot, Intervals, Measure, Note, Scatter, Spot, Value
from consult.charts.wording import REASONS
from consult.columns.frame import Frame
from consult.columns.variables import said
from consult.errors import N_
from consult.reports.rating import CONTENT, Rated, outcome, rated, ratings, tables
from consult.reports.report import Absent
from consult.results.counting import CONFIDENCE, PUBLIC
from consult.surveys.definition.schema import AnyQuestion, MatrixScale, Row
from consult.weighting.queries import Weighted

MAP = N_("Importance and rating of services")
DRIVERS = N_("How much each rating tells about overall satisfaction")
RATING = N_("Mean rating")
STATED = N_("Mean importance, as people stated it")
DERIVED = N_("Share of the explained differences in satisfaction")
NO_TABLE = N_("The questionnaire has no table of ratings beside an overall question.")
FEW = N_("Too few people rated all services and answered the overall question.")
RESAMPLES = 500
PER_DRIVER, FEWEST = 10, 50
"""Complete answers that are needed for each driver, and in any case."""


class Ratings:
    """The overall question and the ratings of single services that enough of those who answered it have given."""

    def __init__(self, frame: Frame, questions: list[AnyQuestion]) -> None:
        self.question = outcome(questions)
        self.overall = None if self.question is None else ratings(frame, self.question.key, self.question)
        least = 0 if self.overall is None else np.count_nonzero(~np.isnan(self.overall)) / 2
        found = [rated(frame, question, row) for question in tables(questions, CONTENT) for row in question.rows]
        self.rows = [one for one in found if one.people >= max(least, PUBLIC.base)]


def drivers(given: Ratings, used: Weighted) -> KeyDrivers | None:
    """None where the questionnaire does not ask for it; a reason inside where answers do not suffice."""
    if given.overall is None or len(given.rows) < 2:
        return None
    table = np.column_stack([one.values for one in given.rows])
    complete = int(np.count_nonzero(~np.isnan(np.column_stack((given.overall, table))).any(axis=1)))
    if complete < max(FEWEST, PER_DRIVER * len(given.rows)):
        return KeyDrivers(complete, reason=Reason.TOO_FEW_ANSWERS)
    resamples = RESAMPLES if used.declared.permits_intervals else 0
    return key_drivers(
        given.overall, table, [one.key for one in given.rows], weights=used.weights, resamples=resamples,
        confidence=CONFIDENCE,
    )  # fmt: skip


def driver_chart(found: KeyDrivers | None, given: Ratings, used: Weighted, source: Source) -> Intervals | Absent:
    if found is None:
        return Absent("drivers", NO_TABLE)
    if found.reason is not None or not found.r_squared:
        why = FEW if found.reason in (None, Reason.TOO_FEW_ANSWERS) else REASONS[found.reason]
        return Absent("drivers", why)
    whole = found.r_squared
    labels = {one.key: one.label for one in given.rows}
    notes = [Note(found.measure or "lmg"), Note("explained", {"r2": whole})]
    notes += [Note("bootstrap", {"n": float(found.resamples)})] if found.resamples else []
    rows = tuple(
        Dot(
            key=one.name,
            label=labels[one.name],
            figure=Value(
                one.share,
                None if one.low is None else max(0.0, one.low / whole),
                None if one.high is None else min(1.0, one.high / whole),
            ),
            base=found.n,
        )
        for one in sorted(found.drivers, key=lambda one: -one.importance)
    )
    return Intervals(
        title=said(DRIVERS),
        source=_source(source, "drivers", used),
        base=found.n,
        measure=Measure("share", name=said(DERIVED), low=0.0),
        rows=rows,
        notes=(*notes, Note("association")),
    )


def has_stated(questions: list[AnyQuestion]) -> bool:
    """Whether people were asked both how important and how good the same things are."""
    return any(len(_shared(one, other)) > 1 for one, other in _pairs(questions))


def _pairs(questions: list[AnyQuestion]) -> list[tuple[MatrixScale, MatrixScale]]:
    """Tables of importance, each with every table of ratings."""
    asked, scored = tables(questions, frozenset({"importance"})), tables(questions, CONTENT)
    return [(important, performed) for important in asked for performed in scored]


def _shared(important: MatrixScale, performed: MatrixScale) -> list[tuple[Row, Row]]:
    codes = {row.code: row for row in important.rows}
    return [(row, codes[row.code]) for row in performed.rows if row.code in codes]


def importance_map(
    frame: Frame, questions: list[AnyQuestion], found: KeyDrivers | None, given: Ratings, used: Weighted, source: Source
) -> Scatter | Absent:
    """By what people say is important, where they were asked; else by what their satisfaction goes along with."""
    stated = _stated(frame, questions, used)
    if stated is not None:
        made, rows = stated
        return _chart(made, rows, used, source)
    if found is None:
        return Absent("importance", NO_TABLE)
    if found.reason is not None or not found.r_squared:
        return Absent("importance", FEW)
    performance = {one.key: one.values for one in given.rows}
    made = derived_importance(
        performance, found, used.design, performance_scale=given.rows[0].points, confidence=CONFIDENCE
    )
    return _chart(made, given.rows, used, source)


def _stated(
    frame: Frame, questions: list[AnyQuestion], used: Weighted
) -> tuple[ImportancePerformance, list[Rated]] | None:
    for important, performed in _pairs(questions):
        both = [
            (rated(frame, performed, row), rated(frame, important, beside))
            for row, beside in _shared(important, performed)
        ]
        both = [
            (one, other)
            for one, other in both
            if np.count_nonzero(~np.isnan(one.values) & ~np.isnan(other.values)) >= PUBLIC.base
        ]
        if len(both) < 2:
            continue
        made = stated_importance(
            {one.key: one.values for one, _ in both},
            {one.key: other.values for one, other in both},
            used.design,
            performance_scale=both[0][0].points,
            importance_scale=both[0][1].points,
            confidence=CONFIDENCE,
        )
        return made, [one for one, _ in both]
    return None


def _chart(made: ImportancePerformance, rows: list[Rated], used: Weighted, source: Source) -> Scatter:
    labels = {one.key: one.label for one in rows}
    has_intervals = used.declared.permits_intervals
    cross = made.cross or (None, None)
    high = max((one.importance.high or one.importance.value or 0.0 for one in made.attributes), default=1.0)
    return Scatter(
        title=said(MAP),
        source=_source(source, "map", used),
        base=max((one.people for one in rows), default=0),
        spots=tuple(
            Spot(
                key=one.name,
                label=labels[one.name],
                x=_value(one.performance, has_intervals),
                y=_value(one.importance, has_intervals),
                base=one.performance.n,
            )
            for one in made.attributes
        ),
        x=Axis(name=said(RATING), measure=Measure("number"), cross=cross[0]),
        y=Axis(
            name=said(DERIVED if made.derived else STATED),
            measure=Measure("share") if made.derived else Measure("number"),
            cross=cross[1],
            low=0.0 if made.derived else None,
            high=high if made.derived else None,
        ),
        notes=(Note("lmg"), Note("grand_means"), Note("association")) if made.derived else (Note("grand_means"),),
    )


def _value(found: Estimate, has_intervals: bool) -> Value:
    if not has_intervals:
        return Value(found.value, n=found.n)
    return Value(found.value, found.low, found.high, n=found.n)


def _source(source: Source, question: str, used: Weighted) -> Source:
    return msgspec.structs.replace(
        source,
        question=question,
        method=None,
        confidence=CONFIDENCE if used.declared.permits_intervals else None,
        weights={} if used.reason else used.title,
    )
