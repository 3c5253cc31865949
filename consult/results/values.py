"""Charts of values that no option list of the question names: places, consents, links, computed truths, numbers."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from consult.analysis.estimate import Reason
from consult.analysis.simple_samples.bins import Bins, bins
from consult.analysis.simple_samples.means import mean, quantile
from consult.charts.chart import Chart, Figure, Row
from consult.columns.column import NO, YES
from consult.columns.reading import Columns
from consult.errors import N_
from consult.i18n import Text, languages
from consult.i18n import locale as locale_of
from consult.results.counting import CONFIDENCE, Counting, by_kind
from consult.surveys.definition.municipality import here
from consult.surveys.definition.schema import AnyQuestion, Calculated, Consent, Hidden, Number, Place
from consult.surveys.definition.values_in_words import AGREED

MOST_CODES = 20
"""Codes of a link that are drawn, the most frequent ones."""
LONG_LIST = 12
"""Places of a longer list that nobody named are left out of the drawing."""
NOT_AGREED = N_("Did not agree")
TRUE, FALSE = N_("Yes"), N_("No")


def words(message: str) -> Text:
    """A text of ours in every language, for charts that are kept."""
    return {code: locale_of(code).gettext(message) for code in languages()}


def of_place(question: Place, columns: Columns, do: Counting) -> Chart:
    """Answers per settlement. Small counts are hidden always: neighbours know each other. No coordinates."""
    labels = {code: place.name for code, place in here().places.items()}
    return _bars(question, columns, do, labels)


def of_consent(question: Consent, columns: Columns, do: Counting) -> Chart:
    labels = {YES: question.agree or words(AGREED), NO: words(NOT_AGREED)}
    return msgspec.structs.replace(_bars(question, columns, do, labels), measure="consent")


def of_codes(question: Hidden, columns: Columns, do: Counting) -> Chart:
    """Answers per code that came with the link."""
    labels = {option.code: option.text for option in question.options}
    if not labels:
        labels = {code: dict.fromkeys(languages(), code) for code in columns.frequencies(question.key).points}
    return _bars(question, columns, do, labels)


def of_bools(question: Calculated, columns: Columns, do: Counting) -> Chart:
    return _bars(question, columns, do, {str(True): words(TRUE), str(False): words(FALSE)})


def _bars(question: AnyQuestion, columns: Columns, do: Counting, labels: dict[str, Text]) -> Chart:
    found = columns.frequencies(question.key)
    if reason := do.hidden(found.n):
        return do.nothing("bars", found.n, reason)
    parts = do.parts(found.counts, found.n, estimates=do.shares(question.key, found.points))
    rows = [Row(code, labels[code], found.n, (part,)) for code, part in zip(found.points, parts, strict=True)]
    if isinstance(question, Place) and len(rows) > LONG_LIST:
        rows = [row for row in rows if row.parts[0].count != 0]
    return do.chart("bars", tuple(rows[:MOST_CODES] if isinstance(question, Hidden) else rows), found.n,
                    left_out=do.left_out(dict(found.missing)))  # fmt: skip


def of_number(question: Number | Calculated, columns: Columns, do: Counting) -> Chart:
    """A histogram; the bins follow from the answers as they came, their shares, mean and median are weighted."""
    values, times = columns.different(question.key)
    if isinstance(question, Number):
        whole, outside, unit = question.decimals == 0, question.outside, question.unit
    else:
        whole, outside, unit = bool((values == values.round()).all()), (), {}
    binned = bins(values, times, whole=whole)
    base = sum(binned.counts) if binned else 0
    reason = do.hidden(base)
    if reason or binned is None:
        return do.nothing("histogram", base, reason or Reason.NO_ANSWERS)
    estimates = None
    if do.weighing is not None:
        x = do.weighing.numbers(question.key)
        estimates = do.weighing.shares(_binned(x, binned), len(binned.counts))
        average, median = do.weighing.mean(x), do.weighing.median(x)
    else:
        average = mean(values, times, confidence=CONFIDENCE, population=do.population)
        median = quantile(values, weights=times)
    parts = do.parts(binned.counts, base, estimates=estimates)
    spans = list(zip(binned.edges, binned.edges[1:], strict=False))
    rows = tuple(
        Row(str(low), base=base, parts=(part,), span=(float(low or 0), high))
        for (low, high), part in zip(spans, parts, strict=True)
    )
    shown = not any(part.share is None for part in parts)
    figures = (do.figure("mean", average), Figure("median", median)) if shown else ()
    left_out = do.left_out(by_kind(columns.status(question.key)), outside)
    return do.chart("histogram", rows, base, figures=figures, left_out=left_out, unit=unit, whole=whole)


def _binned(x: NDArray[np.float64], binned: Bins) -> NDArray[np.int64]:
    """(n,) the bin of each number, -1 for none."""
    edges = np.array([edge for edge in binned.edges if edge is not None])
    place = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, len(binned.counts) - 1)
    return np.where(np.isnan(x), -1, place)
