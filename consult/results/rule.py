"""Which answers count, in words: nothing is left out or deleted silently."""

from __future__ import annotations

from dataclasses import dataclass

from consult.columns.snapshot import LeftOut
from consult.errors import N_, NN_
from consult.i18n import Locale
from consult.surveys.responses.flags import ALL, NAMES, REASONS

ALL_COUNT = N_("All answers count. None was left out because of how it came or what it says.")
SOME_LEFT = NN_(
    "%(num)s answer was left out, because it has one of these marks: %(marks)s. It is kept, not deleted.",
    "%(num)s answers were left out, because they have one of these marks: %(marks)s. They are kept, not deleted.",
)
NONE_HAS = N_("Answers with one of these marks were to be left out, but none has any: %(marks)s.")


@dataclass(frozen=True, slots=True)
class Mark:
    """A flag with its words, how many answers have it, and whether they are left out."""

    flag: str
    name: str
    reason: str
    count: int
    is_out: bool


def said(left: LeftOut, locale: Locale) -> str:
    """One or two sentences for the page's method and for whoever takes the figures away."""
    if not left.flags:
        return locale.gettext(ALL_COUNT)
    marks = "; ".join(f"{locale.gettext(NAMES[f])} ({locale.gettext(REASONS[f]).rstrip('.')})" for f in left.flags)
    if not left.total:
        return locale.gettext(NONE_HAS, marks=marks)
    return locale.ngettext(*SOME_LEFT, left.total, marks=marks)


def marks(left: LeftOut, locale: Locale) -> list[Mark]:
    """All flags in their order, those that no answer has as well."""
    return [
        Mark(
            flag,
            locale.gettext(NAMES[flag]),
            locale.gettext(REASONS[flag]),
            left.counts.get(flag, 0),
            flag in left.flags,
        )
        for flag in ALL
    ]
