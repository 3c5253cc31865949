"""How satisfied groups of people are: one chart for each question by which staff let results be divided."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from consult.analysis.complex_samples.design_shares import design_share
from consult.charts.chart import Source
from consult.charts.kinds import Dot, Intervals, Measure, Value
from consult.columns.column import Coded
from consult.columns.frame import Frame
from consult.columns.variables import joined, said
from consult.errors import N_
from consult.i18n import Text
from consult.reports.rating import Floats, ratings, upper
from consult.results.counting import CONFIDENCE
from consult.results.disclosure import for_public
from consult.surveys.definition.schema import AnyQuestion, Scale, Smiley
from consult.weighting.queries import Weighted

SATISFIED = N_("Satisfied")
ALL = N_("All")


def by_group(
    frame: Frame, question: Scale | Smiley, by: AnyQuestion, used: Weighted, source: Source
) -> Intervals | None:
    """The share of those satisfied in each group; None where a question cannot divide people into groups."""
    column = frame.column(by.key) if by.key in frame.variables else None
    if not isinstance(column, Coded) or by.key == question.key:
        return None
    values = ratings(frame, question.key, question)
    event = np.where(np.isnan(values), np.nan, values > _limit(question))
    answered = ~np.isnan(values)
    masks = {point: (column.codes == place) & answered for place, point in enumerate(column.points)}
    labels = frame.variables[by.key].labels
    rows = tuple(_dot(point, labels[point], event, mask, used) for point, mask in masks.items() if mask.any())
    if len(rows) < 2:
        return None
    everybody = msgspec.structs.replace(_dot("@all", said(ALL), event, answered, used), is_total=True)
    made = Intervals(
        title=joined(question.text, by.text),
        source=msgspec.structs.replace(
            source,
            question=f"by-{by.key}",
            method=None,
            confidence=CONFIDENCE if used.declared.permits_intervals else None,
            weights={} if used.reason else used.title,
        ),
        base=int(np.count_nonzero(answered)),
        measure=Measure("share", name=said(SATISFIED), low=0.0, high=1.0),
        rows=(*rows, everybody),
        reference=everybody.figure.value,
    )
    shown = for_public(made)
    return shown if isinstance(shown, Intervals) and shown.reason is None else None


def _limit(question: Scale | Smiley) -> float:
    """The highest rating that does not count as satisfied."""
    return float(question.values[-1] - upper(question))


def _dot(key: str, label: Text, event: Floats, mask: NDArray[np.bool_], used: Weighted) -> Dot:
    found = design_share(event, used.design, mask, confidence=CONFIDENCE)
    low, high = (found.low, found.high) if used.declared.permits_intervals else (None, None)
    return Dot(key=key, label=label, figure=Value(found.value, low, high, n=found.n), base=found.n)
