"""From a question and its columns to a chart: which figures, on which base, and what may not be shown."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from consult.analysis.estimate import Estimate, Reason
from consult.analysis.simple_samples.means import mean
from consult.analysis.simple_samples.scales import likert, net_promoter
from consult.charts.chart import LONGEST_SCALE, Chart, Figure, Part, Row, Source
from consult.columns.column import points_of
from consult.columns.reading import Columns
from consult.i18n import Text
from consult.results.counting import CONFIDENCE, PUBLIC, Counting, Policy, by_kind
from consult.results.estimating import Weighing
from consult.results.ranks import of_allocation, of_matrix_multiple, of_ranking
from consult.results.values import of_bools, of_codes, of_consent, of_number, of_place
from consult.surveys.definition.schema import (
    Allocation,
    AnyQuestion,
    Calculated,
    Consent,
    Hidden,
    MatrixMultiple,
    MatrixScale,
    MatrixSingle,
    Multiple,
    Nps,
    Number,
    Place,
    Ranking,
    Scale,
    Scaled,
    Single,
    Smiley,
)

ALWAYS = (
    Single | Multiple | Scale | Smiley | Nps | MatrixScale | MatrixSingle | MatrixMultiple | Ranking | Allocation
    | Number | Place | Consent
)  # fmt: skip


def may_have_chart(question: AnyQuestion) -> bool:
    """Whether a chart of it can be published; a computed value has one if it turns out to be a number."""
    return isinstance(question, ALWAYS | Calculated) or (isinstance(question, Hidden) and bool(question.options))


def has_chart(question: AnyQuestion, columns: Columns, policy: Policy = PUBLIC) -> bool:
    """Whether there is a chart of these answers.

    What comes with a link can be anything that somebody wrote into it, so without a list of codes only staff see it.
    """
    if isinstance(question, Hidden):
        return question.key in columns and (bool(question.options) or policy is not PUBLIC)
    if isinstance(question, Calculated):
        return question.key in columns
    return isinstance(question, ALWAYS)


def chart(
    question: AnyQuestion,
    columns: Columns,
    source: Source,
    policy: Policy = PUBLIC,
    weighing: Weighing | None = None,
    withheld: Collection[str] = (),
) -> Chart:
    """Make a question's chart. Raises TypeError for a question without one (see `has_chart`).

    columns   of the people whose answers are shown
    weighing  how much each answer counts; None: all the same, by simple random sampling where a sample is declared
    withheld  columns that may not be shown, see `Counting`
    """
    do = Counting(question, source, policy, weighing, withheld)
    match question:
        case Single():
            return _of_single(question, columns, do)
        case Multiple():
            return _of_multiple(question, columns, do)
        case Scale() | Smiley():
            return _of_scale(question, columns, do)
        case Nps():
            return _of_nps(question, columns, do)
        case MatrixScale() | MatrixSingle():
            return _of_matrix(question, columns, do)
        case MatrixMultiple():
            return of_matrix_multiple(question, columns, do)
        case Ranking():
            return of_ranking(question, columns, do)
        case Allocation():
            return of_allocation(question, columns, do)
        case Place():
            return of_place(question, columns, do)
        case Consent():
            return of_consent(question, columns, do)
        case Hidden():
            return of_codes(question, columns, do)
        case Calculated() if columns.kinds.get(question.key) == "coded":
            return of_bools(question, columns, do)
        case Number() | Calculated():
            return of_number(question, columns, do)
    raise TypeError(f"a question of this type has no chart: {question.key}")


def _of_single(question: Single, columns: Columns, do: Counting) -> Chart:
    found = columns.frequencies(question.key)
    if reason := do.hidden(found.n):
        return do.nothing("bars", found.n, reason)
    labels = {option.code: option.text for option in question.options}
    parts = do.parts(found.counts, found.n, estimates=do.shares(question.key, found.points))
    rows = tuple(Row(code, labels[code], found.n, (part,)) for code, part in zip(found.points, parts, strict=True))
    return do.chart("bars", rows, found.n, left_out=do.left_out(dict(found.missing), question.options))


def _of_multiple(question: Multiple, columns: Columns, do: Counting) -> Chart:
    status = columns.status(question.key)
    base = status[0]
    if reason := do.hidden(base):
        return do.nothing("bars", base, reason)
    labels = {option.code: option.text for option in question.options}
    points = points_of(question)
    counts = columns.chosen(question.key)
    estimates = _chosen(question.key, points, do)
    rows = []
    parts = do.parts(counts, base, of_whole=False, estimates=estimates)
    for number, (code, count, part) in enumerate(zip(points, counts, parts, strict=True)):
        could = base - columns.lacked(question.key, code)
        if could < base and part.share is not None:
            estimate = estimates[number] if estimates else None
            part = Part() if do.hidden(could) else do.part(count, could, estimate)
        if could:
            rows.append(Row(code, labels[code], could, (part,)))
    several = sum(counts) > base
    left_out = do.left_out(by_kind(status), question.options)
    return do.chart("bars", tuple(rows), base, several=several, left_out=left_out)


def _chosen(key: str, points: tuple[str, ...], do: Counting) -> tuple[Estimate, ...] | None:
    """The weighted share of each option, of those to whom it was offered."""
    if do.weighing is None:
        return None
    return do.weighing.chosen(key, [do.weighing.columns.offered(key, code) for code in points])


def _of_scale(question: Scale | Smiley, columns: Columns, do: Counting) -> Chart:
    found = columns.frequencies(question.key)
    kind = "diverging" if question.points <= LONGEST_SCALE else "histogram"
    if reason := do.hidden(found.n):
        return do.nothing(kind, found.n, reason)
    left_out = do.left_out(dict(found.missing), question.outside)
    if kind == "diverging":
        row = _scale_row(do, question, question.key, question.key, {}, found.counts)
        return do.chart(kind, (row,), found.n, figures=row.figures, left_out=left_out, **_scale_words(question))
    parts = do.parts(found.counts, found.n, estimates=do.shares(question.key, found.points))
    rows = tuple(
        Row(str(v), base=found.n, parts=(part,), span=(v, v + 1))
        for v, part in zip(question.values, parts, strict=True)
    )
    shown = not any(part.share is None for part in parts)
    figures = _scale_figures(do, question, question.key, found.counts) if shown else ()
    ends = {"low_end": question.low or {"en": "1"}, "high_end": question.high or {"en": str(question.points)}}
    return do.chart(kind, rows, found.n, figures=figures, left_out=left_out, measure=question.measure, **ends)


def _scale_words(question: Scaled) -> dict[str, Any]:
    """Series from the negative to the positive end; a reversed scale is turned round."""
    series = question.labels
    if not series:
        series = tuple(
            _numbered(value, question.low if i == 0 else question.high if i == question.points - 1 else {})
            for i, value in enumerate(question.values)
        )
    ends = [question.low or series[0], question.high or series[-1]]
    if question.reversed:
        series, ends = series[::-1], ends[::-1]
    return {"series": tuple(series), "measure": question.measure, "low_end": ends[0], "high_end": ends[1]}


def _numbered(value: int, words: Text) -> Text:
    return {lang: f"{value} – {text}" for lang, text in words.items()} or {"en": str(value)}


def _scale_row(do: Counting, question: Scaled, key: str, column: str, label: Text, counts: tuple[int, ...]) -> Row:
    """One stacked bar, from the negative end to the positive one. column: the key of its answers."""
    base = sum(counts)
    if reason := do.hidden(base, column):
        return Row(key, label, base if reason is Reason.NO_ANSWERS else 0, reason=reason)
    estimates = do.shares(column, [str(value) for value in question.values])
    turned = counts[::-1] if question.reversed else counts
    parts = do.parts(turned, base, estimates=estimates[::-1] if estimates and question.reversed else estimates)
    shown = not any(part.share is None for part in parts)
    return Row(key, label, base, parts, figures=_scale_figures(do, question, column, counts) if shown else ())


def _scale_figures(do: Counting, question: Scaled, column: str, counts: tuple[int, ...]) -> tuple[Figure, ...]:
    """The positive and negative share and the mean, in the points that respondents saw."""
    boxes = question.points // 2 if question.points <= LONGEST_SCALE else 2
    if do.weighing is not None:
        high, low, average = do.weighing.scale(column, question.values, boxes)
        top, bottom = (low, high) if question.reversed else (high, low)
    else:
        turned = counts[::-1] if question.reversed else counts
        found = likert(turned, boxes=boxes, confidence=CONFIDENCE)
        top, bottom = found.top, found.bottom
        average = mean(list(question.values), counts, confidence=CONFIDENCE, population=do.population)
    return do.figure("positive", top), do.figure("negative", bottom), do.figure("mean", average)


def _of_nps(question: Nps, columns: Columns, do: Counting) -> Chart:
    found = columns.frequencies(question.key)
    if reason := do.hidden(found.n):
        return do.nothing("nps", found.n, reason)
    counts, estimates = found.counts, None
    if do.weighing is not None:
        codes = do.weighing.codes(question.key, found.points)
        estimates = do.weighing.shares(np.where(codes < 0, -1, (codes > 6) * 1 + (codes > 8)), 3)
        score = do.weighing.score(codes)
    else:
        score = net_promoter(counts, confidence=CONFIDENCE, population=do.population).score
    parts = do.parts((sum(counts[:7]), sum(counts[7:9]), sum(counts[9:])), found.n, estimates=estimates)
    shown = not any(part.share is None for part in parts)
    figures = (do.figure("nps", score),) if shown else ()
    row = Row(question.key, {}, found.n, parts)
    left_out = do.left_out(dict(found.missing), question.outside)
    return do.chart("nps", (row,), found.n, figures=figures, left_out=left_out)


def _of_matrix(question: MatrixScale | MatrixSingle, columns: Columns, do: Counting) -> Chart:
    rows, bases = [], []
    for item in question.rows:
        key = f"{question.key}.{item.code}"
        found = columns.frequencies(key)
        bases.append(found.n)
        if isinstance(question, MatrixScale):
            rows.append(_scale_row(do, question, item.code, key, item.text, found.counts))
        elif reason := do.hidden(found.n, key):
            rows.append(Row(item.code, item.text, found.n if reason is Reason.NO_ANSWERS else 0, reason=reason))
        else:
            parts = do.parts(found.counts, found.n, estimates=do.shares(key, found.points))
            rows.append(Row(item.code, item.text, found.n, parts))
    kind = "diverging" if isinstance(question, MatrixScale) else "stacked"
    base = max((base for base, row in zip(bases, rows, strict=True) if row.reason is None), default=max(bases))
    if reason := do.hidden(base):
        return do.nothing(kind, base, reason)
    if all(row.reason is Reason.HIDDEN for row in rows):
        return do.nothing(kind, base, Reason.HIDDEN)
    if isinstance(question, MatrixScale):
        return do.chart(kind, tuple(rows), base, **_scale_words(question))
    series = tuple(option.text for option in question.options if option.missing is None)
    return do.chart(kind, tuple(rows), base, series=series)
