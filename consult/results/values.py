"""Charts of single values that no option list of the question names: places, consents, links, computed truths."""

from __future__ import annotations

import msgspec

from consult.charts.chart import Chart, Row, Source
from consult.columns.column import NO, YES
from consult.columns.reading import Columns
from consult.errors import N_
from consult.i18n import Text, languages
from consult.i18n import locale as locale_of
from consult.results.counting import Counting, Policy
from consult.surveys.definition import AnyQuestion, Calculated, Consent, Hidden, Place
from consult.surveys.locality import here
from consult.surveys.sayings import AGREED

MOST_CODES = 20
"""Codes of a link that are drawn, the most frequent ones."""
LONG_LIST = 12
"""Places of a longer list that nobody named are left out of the drawing."""
NOT_AGREED = N_("Did not agree")
TRUE, FALSE = N_("Yes"), N_("No")


def words(message: str) -> Text:
    """A text of ours in every language, for charts that are kept."""
    return {code: locale_of(code).gettext(message) for code in languages()}


def of_place(question: Place, columns: Columns, source: Source, policy: Policy) -> Chart:
    """Answers per settlement. Small counts are hidden always: neighbours know each other. No coordinates."""
    labels = {code: place.name for code, place in here().places.items()}
    return _bars(question, columns, source, policy, labels, sensitive=True)


def of_consent(question: Consent, columns: Columns, source: Source, policy: Policy) -> Chart:
    labels = {YES: question.agree or words(AGREED), NO: words(NOT_AGREED)}
    return msgspec.structs.replace(_bars(question, columns, source, policy, labels), measure="consent")


def of_codes(question: Hidden, columns: Columns, source: Source, policy: Policy) -> Chart:
    """Answers per code that came with the link."""
    labels = {option.code: option.text for option in question.options}
    if not labels:
        labels = {code: dict.fromkeys(languages(), code) for code in columns.frequencies(question.key).points}
    return _bars(question, columns, source, policy, labels)


def of_bools(question: Calculated, columns: Columns, source: Source, policy: Policy) -> Chart:
    return _bars(question, columns, source, policy, {str(True): words(TRUE), str(False): words(FALSE)})


def _bars(
    question: AnyQuestion, columns: Columns, source: Source, policy: Policy, labels: dict[str, Text], *,
    sensitive: bool = False,
) -> Chart:  # fmt: skip
    do, found = Counting(question, source, policy, sensitive=sensitive), columns.frequencies(question.key)
    if reason := do.hidden(found.n):
        return do.nothing("bars", found.n, reason)
    parts = do.parts(found.counts, found.n)
    rows = [Row(code, labels[code], found.n, (part,)) for code, part in zip(found.points, parts, strict=True)]
    if isinstance(question, Place) and len(rows) > LONG_LIST:
        rows = [row for row in rows if row.parts[0].count != 0]
    return do.chart("bars", tuple(rows[:MOST_CODES] if isinstance(question, Hidden) else rows), found.n,
                    left_out=do.left_out(dict(found.missing)))  # fmt: skip
