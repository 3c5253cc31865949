"""The source line of the charts in kinds.py: who was asked, by which method, how certain, what is left out."""

from __future__ import annotations

from collections.abc import Iterator

from consult.charts import notes, wording
from consult.charts.kinds import Common, Grouped, Heat, Intervals, Line, Scatter, Value, Words
from consult.i18n import Locale


def source(spec: Common, remarks: list[str], locale: Locale) -> str:
    """remarks: what the kind itself has to say, such as what its marks mean."""
    said = [wording.origin(spec.source, spec.base, locale)]
    if getattr(spec, "several", False):
        said.append(locale.gettext("Several answers were possible: the shares are shares of people, not of answers."))
    said += [certainty(spec, locale), *remarks]
    said += [notes.said(note, locale) for note in spec.notes]
    said.append(wording.left_out(spec.left_out, locale))
    if is_partly_hidden(spec):
        said.append(locale.gettext(wording.SMALL_HIDDEN))
    said.append(wording.as_of(spec.source, locale))
    return " ".join(part for part in said if part)


def certainty(spec: Common, locale: Locale) -> str:
    """What the interval's mark is, or why there is none. Counts of words have none, and need no reason."""
    if isinstance(spec, Words):
        return ""
    if spec.source.design in wording.NO_SAMPLE:
        return locale.gettext(wording.NO_SAMPLE[spec.source.design])
    if isinstance(spec, Heat) or not any(value.low is not None for value in values(spec)):
        return ""
    level = locale.percent(spec.source.confidence or 0.95)
    message = {Line: wording.PALE_BAR, Intervals: wording.THROUGH}.get(type(spec), wording.THIN_LINE)
    return locale.gettext(message, level=level)


def values(spec: Common) -> Iterator[Value]:
    """All figures that may have intervals."""
    if isinstance(spec, Grouped):
        yield from (value for group in spec.groups for value in group.values)
    elif isinstance(spec, Intervals):
        yield from (row.figure for row in spec.rows)
    elif isinstance(spec, Line):
        yield from (wave.figure for wave in spec.waves)
    elif isinstance(spec, Scatter):
        yield from (value for spot in spec.spots for value in (spot.x, spot.y))


def is_partly_hidden(spec: Common) -> bool:
    if isinstance(spec, Heat):
        return any(cell.value is None and cell.reason in (None, "hidden") for row in spec.rows for cell in row.cells)
    if isinstance(spec, Words):
        return any(word.count is None for word in spec.words)
    if isinstance(spec, Grouped) and any(group.reason == "hidden" for group in spec.groups):
        return True
    return any(value.value is None and value.reason == "hidden" for value in values(spec))
