"""Answers that are only counted: what they say belongs to single people, so pages say how many there are."""

from __future__ import annotations

from consult.errors import N_, NN_
from consult.i18n import Locale
from consult.surveys.definition import schema as d
from consult.surveys.definition import values_in_words

WROTE = NN_(
    "%(num)s person wrote an answer. Staff read all of them; they are not published word for word.",
    "%(num)s people wrote an answer. Staff read all of them; they are not published word for word.",
)
GAVE = {
    d.Email: NN_(
        "%(num)s person gave an e-mail address. Addresses are never published.",
        "%(num)s people gave an e-mail address. Addresses are never published.",
    ),
    d.Phone: NN_(
        "%(num)s person gave a telephone number. Numbers are never published.",
        "%(num)s people gave a telephone number. Numbers are never published.",
    ),
    d.File: NN_(
        "%(num)s person sent a file. Files are never published.",
        "%(num)s people sent a file. Files are never published.",
    ),
    d.Photo: NN_(
        "%(num)s person sent a photo. Photos are never published.",
        "%(num)s people sent a photo. Photos are never published.",
    ),
    d.Date: NN_("%(num)s person gave a day.", "%(num)s people gave a day."),
    d.Time: NN_("%(num)s person gave a time of day.", "%(num)s people gave a time of day."),
    d.DateRange: NN_("%(num)s person gave a first and a last day.", "%(num)s people gave a first and a last day."),
    d.Calculated: NN_(
        "A value was computed for %(num)s person. It is not published.",
        "Values were computed for %(num)s people. They are not published.",
    ),
    d.Hidden: NN_(
        "%(num)s person came by a link that says where it was found.",
        "%(num)s people came by a link that says where it was found.",
    ),
}
BETWEEN = N_("The earliest is %(first)s, the latest %(last)s.")


def said(question: d.AnyQuestion, count: int, span: tuple[str, str] | None, locale: Locale) -> str:
    """How many gave an answer; with a span also the first and the last of them."""
    one, many = GAVE.get(type(question), WROTE)
    words = locale.ngettext(one, many, count)
    if span is None:
        return words
    first, last = span if isinstance(question, d.Time) else (values_in_words.day(day, locale) for day in span)
    return f"{words} {locale.gettext(BETWEEN, first=first, last=last).rstrip('.')}."
