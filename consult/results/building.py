"""From a question and its columns to a chart: which figures, on which base, and what may not be shown."""

from __future__ import annotations

from typing import Any

from consult.analysis.bins import bins
from consult.analysis.estimate import Reason
from consult.analysis.means import mean, quantile
from consult.analysis.scales import likert, net_promoter
from consult.charts.chart import LONGEST_SCALE, Chart, Figure, Part, Row, Source
from consult.columns.column import points_of
from consult.columns.reading import Columns
from consult.i18n import Text
from consult.results.counting import CONFIDENCE, PUBLIC, Counting, Policy, by_kind
from consult.results.ranks import of_allocation, of_matrix_multiple, of_ranking
from consult.results.values import of_bools, of_codes, of_consent, of_place
from consult.surveys.definition import (
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


def chart(question: AnyQuestion, columns: Columns, source: Source, policy: Policy = PUBLIC) -> Chart:
    """Make a question's chart. Raises TypeError for a question without one (see `has_chart`)."""
    match question:
        case Single():
            return _of_single(question, columns, source, policy)
        case Multiple():
            return _of_multiple(question, columns, source, policy)
        case Scale() | Smiley():
            return _of_scale(question, columns, source, policy)
        case Nps():
            return _of_nps(question, columns, source, policy)
        case MatrixScale() | MatrixSingle():
            return _of_matrix(question, columns, source, policy)
        case MatrixMultiple():
            return of_matrix_multiple(question, columns, source, policy)
        case Ranking():
            return of_ranking(question, columns, source, policy)
        case Allocation():
            return of_allocation(question, columns, source, policy)
        case Place():
            return of_place(question, columns, source, policy)
        case Consent():
            return of_consent(question, columns, source, policy)
        case Hidden():
            return of_codes(question, columns, source, policy)
        case Calculated() if columns.kinds.get(question.key) == "coded":
            return of_bools(question, columns, source, policy)
        case Number() | Calculated():
            return _of_number(question, columns, source, policy)
    raise TypeError(f"a question of this type has no chart: {question.key}")


def _of_single(question: Single, columns: Columns, source: Source, policy: Policy) -> Chart:
    do, found = Counting(question, source, policy), columns.frequencies(question.key)
    if reason := do.hidden(found.n):
        return do.nothing("bars", found.n, reason)
    labels = {option.code: option.text for option in question.options}
    parts = do.parts(found.counts, found.n)
    rows = tuple(Row(code, labels[code], found.n, (part,)) for code, part in zip(found.points, parts, strict=True))
    return do.chart("bars", rows, found.n, left_out=do.left_out(dict(found.missing), question.options))


def _of_multiple(question: Multiple, columns: Columns, source: Source, policy: Policy) -> Chart:
    do, status = Counting(question, source, policy), columns.status(question.key)
    base = status[0]
    if reason := do.hidden(base):
        return do.nothing("bars", base, reason)
    labels = {option.code: option.text for option in question.options}
    counts = columns.chosen(question.key)
    rows = []
    parts = do.parts(counts, base, of_whole=False)
    for code, count, part in zip(points_of(question), counts, parts, strict=True):
        could = base - columns.lacked(question.key, code)
        if could < base and part.share is not None:
            part = Part() if do.hidden(could) else do.part(count, could)
        if could:
            rows.append(Row(code, labels[code], could, (part,)))
    several = sum(counts) > base
    left_out = do.left_out(by_kind(status), question.options)
    return do.chart("bars", tuple(rows), base, several=several, left_out=left_out)


def _of_scale(question: Scale | Smiley, columns: Columns, source: Source, policy: Policy) -> Chart:
    do, found = Counting(question, source, policy), columns.frequencies(question.key)
    kind = "diverging" if question.points <= LONGEST_SCALE else "histogram"
    if reason := do.hidden(found.n):
        return do.nothing(kind, found.n, reason)
    left_out = do.left_out(dict(found.missing), question.outside)
    if kind == "diverging":
        row = _scale_row(do, question, question.key, {}, found.counts)
        return do.chart(kind, (row,), found.n, figures=row.figures, left_out=left_out, **_scale_words(question))
    parts = do.parts(found.counts, found.n)
    rows = tuple(
        Row(str(v), base=found.n, parts=(part,), span=(v, v + 1))
        for v, part in zip(question.values, parts, strict=True)
    )
    shown = not any(part.share is None for part in parts)
    figures = _scale_figures(do, question, found.counts) if shown else ()
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


def _scale_row(do: Counting, question: Scaled, key: str, label: Text, counts: tuple[int, ...]) -> Row:
    """One stacked bar, from the negative end to the positive one."""
    base = sum(counts)
    if reason := do.hidden(base):
        return Row(key, label, base if reason is Reason.NO_ANSWERS else 0, reason=reason)
    turned = counts[::-1] if question.reversed else counts
    parts = do.parts(turned, base)
    shown = not any(part.share is None for part in parts)
    return Row(key, label, base, parts, figures=_scale_figures(do, question, counts) if shown else ())


def _scale_figures(do: Counting, question: Scaled, counts: tuple[int, ...]) -> tuple[Figure, ...]:
    """The positive and negative share and the mean, in the points that respondents saw."""
    turned = counts[::-1] if question.reversed else counts
    found = likert(turned, boxes=question.points // 2 if question.points <= LONGEST_SCALE else 2, confidence=CONFIDENCE)
    average = mean(list(question.values), counts, confidence=CONFIDENCE, population=do.population)
    return (
        do.figure("positive", found.top),
        do.figure("negative", found.bottom),
        do.figure("mean", average),
    )


def _of_nps(question: Nps, columns: Columns, source: Source, policy: Policy) -> Chart:
    do, found = Counting(question, source, policy), columns.frequencies(question.key)
    if reason := do.hidden(found.n):
        return do.nothing("nps", found.n, reason)
    counts = found.counts
    parts = do.parts((sum(counts[:7]), sum(counts[7:9]), sum(counts[9:])), found.n)
    shown = not any(part.share is None for part in parts)
    score = net_promoter(counts, confidence=CONFIDENCE, population=do.population).score
    figures = (do.figure("nps", score),) if shown else ()
    row = Row(question.key, {}, found.n, parts)
    left_out = do.left_out(dict(found.missing), question.outside)
    return do.chart("nps", (row,), found.n, figures=figures, left_out=left_out)


def _of_matrix(question: MatrixScale | MatrixSingle, columns: Columns, source: Source, policy: Policy) -> Chart:
    do, rows, bases = Counting(question, source, policy), [], []
    for item in question.rows:
        found = columns.frequencies(f"{question.key}.{item.code}")
        bases.append(found.n)
        if isinstance(question, MatrixScale):
            rows.append(_scale_row(do, question, item.code, item.text, found.counts))
        elif reason := do.hidden(found.n):
            rows.append(Row(item.code, item.text, found.n if reason is Reason.NO_ANSWERS else 0, reason=reason))
        else:
            rows.append(Row(item.code, item.text, found.n, do.parts(found.counts, found.n)))
    kind = "diverging" if isinstance(question, MatrixScale) else "stacked"
    base = max(bases, default=0)
    if reason := do.hidden(base):
        return do.nothing(kind, base, reason)
    if isinstance(question, MatrixScale):
        return do.chart(kind, tuple(rows), base, **_scale_words(question))
    series = tuple(option.text for option in question.options if option.missing is None)
    return do.chart(kind, tuple(rows), base, series=series)


def _of_number(question: Number | Calculated, columns: Columns, source: Source, policy: Policy) -> Chart:
    do, (values, times) = Counting(question, source, policy), columns.different(question.key)
    if isinstance(question, Number):
        whole, outside, unit = question.decimals == 0, question.outside, question.unit
    else:
        whole, outside, unit = bool((values == values.round()).all()), (), {}
    binned = bins(values, times, whole=whole)
    base = sum(binned.counts) if binned else 0
    reason = do.hidden(base)
    if reason or binned is None:
        return do.nothing("histogram", base, reason or Reason.NO_ANSWERS)
    parts = do.parts(binned.counts, base)
    spans = list(zip(binned.edges, binned.edges[1:], strict=False))
    rows = tuple(
        Row(str(low), base=base, parts=(part,), span=(float(low or 0), high))
        for (low, high), part in zip(spans, parts, strict=True)
    )
    average = mean(values, times, confidence=CONFIDENCE, population=do.population)
    shown = not any(part.share is None for part in parts)
    figures = (do.figure("mean", average), Figure("median", quantile(values, weights=times))) if shown else ()
    left_out = do.left_out(by_kind(columns.status(question.key)), outside)
    return do.chart("histogram", rows, base, figures=figures, left_out=left_out, unit=unit, whole=whole)
