"""Answers that are only counted: what they say belongs to single people, so pages say how many there are."""

from __future__ import annotations

from consult.errors import N_
from consult.i18n import Locale
from consult.surveys import definition as d
from consult.surveys import sayings

WROTE = (
    N_("%(num)s person wrote an answer. Staff read all of them; they are not published word for word."),
    N_("%(num)s people wrote an answer. Staff read all of them; they are not published word for word."),
)
GAVE = {
    d.Email: (
        N_("%(num)s person gave an e-mail address. Addresses are never published."),
        N_("%(num)s people gave an e-mail address. Addresses are never published."),
    ),
    d.Phone: (
        N_("%(num)s person gave a telephone number. Numbers are never published."),
        N_("%(num)s people gave a telephone number. Numbers are never published."),
    ),
    d.File: (
        N_("%(num)s person sent a file. Files are never published."),
        N_("%(num)s people sent a file. Files are never published."),
    ),
    d.Photo: (
        N_("%(num)s person sent a photo. Photos are never published."),
        N_("%(num)s people sent a photo. Photos are never published."),
    ),
    d.Date: (N_("%(num)s person gave a day."), N_("%(num)s people gave a day.")),
    d.Time: (N_("%(num)s person gave a time of day."), N_("%(num)s people gave a time of day.")),
    d.DateRange: (
        N_("%(num)s person gave a first and a last day."),
        N_("%(num)s people gave a first and a last day."),
    ),
    d.Calculated: (
        N_("A value was computed for %(num)s person. It is not published."),
        N_("Values were computed for %(num)s people. They are not published."),
    ),
    d.Hidden: (
        N_("%(num)s person came by a link that says where it was found."),
        N_("%(num)s people came by a link that says where it was found."),
    ),
}
BETWEEN = N_("The earliest is %(first)s, the latest %(last)s.")


def said(question: d.AnyQuestion, count: int, span: tuple[str, str] | None, locale: Locale) -> str:
    """How many gave an answer; with a span also the first and the last of them."""
    one, many = GAVE.get(type(question), WROTE)
    words = locale.ngettext(one, many, count)
    if span is None:
        return words
    first, last = span if isinstance(question, d.Time) else (sayings.day(day, locale) for day in span)
    return f"{words} {locale.gettext(BETWEEN, first=first, last=last).rstrip('.')}."
