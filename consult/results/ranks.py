"""Charts of questions that share something out among options: rankings, points, choices in each row of a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from consult.analysis.estimate import Estimate
from consult.analysis.simple_samples.means import mean
from consult.charts.chart import Chart, Part, Row
from consult.columns.column import KINDS, Measured, points_of
from consult.columns.reading import Columns
from consult.results.counting import CONFIDENCE, Counting, by_kind
from consult.results.estimating import Weighing
from consult.surveys.definition.schema import Allocation, MatrixMultiple, Option, Ranking


def of_ranking(question: Ranking, columns: Columns, do: Counting) -> Chart:
    """The share of those who ranked anything that put an option first; the mean place among those who gave it one."""
    table = _Table(question, columns)
    base = int(table.ranked.sum())
    if reason := do.hidden(base):
        return do.nothing("bars", base, reason)
    counts = tuple(int((values == 1).sum()) for values in table.values)
    rows = []
    weighed = None if do.weighing is None else _Weighed(question, do.weighing)
    parts = do.parts(counts, base, estimates=weighed.first() if weighed else None)
    for number, (option, values, part) in enumerate(zip(table.options, table.values, parts, strict=True)):
        if weighed is not None:
            average = weighed.by.mean(weighed.values[number])
        else:
            average = mean(values, confidence=CONFIDENCE, population=do.population)
        is_told = part.share is not None and do.hidden(int((~np.isnan(values)).sum())) is None
        figures = (do.figure("mean", average),) if is_told else ()
        rows.append(Row(option.code, option.text, base, (part,), figures))
    return do.chart("bars", tuple(rows), base, measure="ranking", left_out=do.left_out(table.missing))


def of_allocation(question: Allocation, columns: Columns, do: Counting) -> Chart:
    """The mean share of the points, over all who shared them out; an option that got none counts as 0."""
    table = _Table(question, columns)
    base = int(table.ranked.sum())
    if reason := do.hidden(base):
        return do.nothing("bars", base, reason)
    rows = []
    weighed = None if do.weighing is None else _Weighed(question, do.weighing)
    for number, (option, values) in enumerate(zip(table.options, table.values, strict=True)):
        points = np.nan_to_num(values[table.ranked])
        count = int((points > 0).sum())
        if weighed is not None:
            average = weighed.by.mean(np.where(weighed.ranked, np.nan_to_num(weighed.values[number]), np.nan))
        else:
            average = mean(points, confidence=CONFIDENCE, population=do.population)
        found = do.figure("mean", average)
        if do.sensitive and 0 < count < do.policy.sensitive:
            rows.append(Row(option.code, option.text, base, (Part(),)))
            continue
        low, share, high = (_of(value, question.total) for value in (found.low, found.value, found.high))
        rows.append(Row(option.code, option.text, base, (Part(count, share, low, high),), (found,)))
    return do.chart(
        "bars", _guarded(rows), base, measure="allocation", left_out=do.left_out(table.missing)
    )  # fmt: skip


def _of(value: float | None, total: int) -> float | None:
    return None if value is None else min(1.0, max(0.0, value / total))


def _guarded(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Mean points add up, so one hidden row could be computed from the others: the smallest shown one goes as well."""
    hidden = [row for row in rows if row.parts[0].share is None]
    shown = [row for row in rows if row.parts[0].share is not None]
    if len(hidden) != 1 or not shown:
        return tuple(rows)
    least = min(shown, key=lambda row: row.parts[0].share or 0)
    return tuple(Row(row.key, row.label, row.base, (Part(),)) if row is least else row for row in rows)


class _Table:
    """The options of a ranking or an allocation, what each person gave them, and who gave any."""

    def __init__(self, question: Ranking | Allocation, columns: Columns) -> None:
        labels = {option.code: option for option in question.options}
        self.options: list[Option] = [labels[code] for code in points_of(question)]
        self.values: list[NDArray[np.float64]] = []
        for option in self.options:
            column = columns.column(f"{question.key}.{option.code}")
            assert isinstance(column, Measured)  # noqa: S101 - columns() makes them so
            self.values.append(column.values)
            status = column.status
        known = [~np.isnan(values) for values in self.values]
        self.ranked: NDArray[np.bool_] = np.any(known, axis=0)
        self.missing = by_kind(np.bincount(status[~self.ranked], minlength=len(KINDS) + 1).tolist())


class _Weighed(_Table):
    """The same of all people, as they are weighed."""

    def __init__(self, question: Ranking | Allocation, by: Weighing) -> None:
        super().__init__(question, by.columns)
        self.by = by

    def first(self) -> tuple[Estimate, ...]:
        """The share of those who ranked anything that put each option first."""
        return tuple(self.by.share(values == 1, self.ranked) for values in self.values)


def of_matrix_multiple(question: MatrixMultiple, columns: Columns, do: Counting) -> Chart:
    """A bar for each option of each row; the shares of a row rest on those who chose anything in it."""
    rows, bases = [], []
    labels = {option.code: option.text for option in question.options}
    for item in question.rows:
        key = f"{question.key}.{item.code}"
        base = columns.status(key)[0]
        bases.append(base)
        reason = do.hidden(base, key)
        counts, estimates = columns.chosen(key), None
        if do.weighing is not None and not reason:
            estimates = do.weighing.chosen(key, [None] * len(counts))
        parts = () if reason else do.parts(counts, base, of_whole=False, estimates=estimates)
        for number, code in enumerate(points_of(question)):
            part = (parts[number],) if parts else ()
            rows.append(Row(f"{item.code}.{code}", labels[code], base, part, group=item.text))
    if reason := do.hidden(max(bases, default=0)):
        return do.nothing("bars", max(bases, default=0), reason)
    return do.chart("bars", tuple(rows), max(bases), several=True)
