"""How satisfied groups of people are: one chart for each question by which staff let results be divided."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from consult.analysis.design_shares import design_share
from consult.analysis.estimate import Reason
from consult.charts.chart import Source
from consult.charts.kinds import Dot, Intervals, Measure, Value
from consult.columns.column import Coded
from consult.columns.frame import Frame
from consult.columns.variables import joined, said
from consult.errors import N_
from consult.i18n import Text
from consult.reports.rating import Floats, ratings, upper
from consult.results.counting import CONFIDENCE, PUBLIC
from consult.surveys.definition import AnyQuestion, Scale, Smiley
from consult.weighting.queries import Weighted

SATISFIED = N_("Satisfied")
ALL = N_("All")


def hidden(counts: Sequence[int], base: int) -> set[int]:
    """Which groups must not be shown: those with fewer than `base` people, and as many more as it takes so that what
    is hidden together is no such group either and cannot be found by subtraction.

    Groups of nobody say nothing about anybody and hide nothing.
    """
    found = {place for place, count in enumerate(counts) if 0 < count < base}
    others = sorted((place for place, count in enumerate(counts) if count >= base), key=lambda place: counts[place])
    while found and others and (len(found) < 2 or sum(counts[place] for place in found) < base):
        found.add(others.pop(0))
    return found


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
    masks = [(column.codes == place) & answered for place in range(len(column.points))]
    counts = [int(np.count_nonzero(mask)) for mask in masks]
    hide = hidden(counts, PUBLIC.base)
    labels = frame.variables[by.key].labels
    rows = [
        _dot(point, labels[point], event, mask, place in hide, used)
        for place, (point, mask) in enumerate(zip(column.points, masks, strict=True))
        if counts[place]
    ]
    if len(rows) < 2 or len(hide) == len(rows):
        return None
    everybody = _dot("@all", said(ALL), event, answered, False, used)
    return Intervals(
        title=joined(question.text, by.text),
        source=msgspec.structs.replace(
            source,
            question=f"by-{by.key}",
            method=None,
            confidence=CONFIDENCE if used.declared.permits_intervals else None,
            weights={} if used.reason else used.title,
        ),
        base=int(np.count_nonzero(answered)),
        measure=Measure("share", name=said(SATISFIED)),
        rows=tuple(rows),
        reference=everybody.figure.value,
    )


def _limit(question: Scale | Smiley) -> float:
    """The highest rating that does not count as satisfied."""
    return float(question.values[-1] - upper(question))


def _dot(key: str, label: Text, event: Floats, mask: object, is_hidden: bool, used: Weighted) -> Dot:
    if is_hidden:
        return Dot(key=key, label=label, figure=Value(reason=Reason.HIDDEN), base=0)
    found = design_share(event, used.design, np.asarray(mask, dtype=bool), confidence=CONFIDENCE)
    low, high = (found.low, found.high) if used.declared.permits_intervals else (None, None)
    return Dot(key=key, label=label, figure=Value(found.value, low, high, n=found.n), base=found.n)
