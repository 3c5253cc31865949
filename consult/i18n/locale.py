"""A language with its catalogue, numbers and dates, all from Babel and gettext."""

from __future__ import annotations

import datetime as dt
import gettext
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from typing import TypeVar

import babel
from babel.dates import format_date, format_skeleton, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from consult.errors import N_, NotFound
from consult.profile import Profile
from consult.settings import resource

AUTONYMS = {"mk": "Македонски", "ka": "ქართული", "en": "English", "sq": "Shqip"}
BABEL_LOCALES = {"en": "en_GB"}  # British spelling of dates; the others are named like their language


class UnknownLanguage(NotFound):
    message = N_("This page does not exist in that language.")


Words = TypeVar("Words", bound=str)


def one_stop(sentence: Words) -> Words:
    """A Macedonian date ends with the full stop of "г."; at the end of a sentence it serves as that of the sentence."""
    if "г.." not in sentence:
        return sentence
    mended = sentence.replace("г..", "г.")
    return mended if isinstance(mended, type(sentence)) else type(sentence)(mended)


@dataclass(frozen=True)
class Locale:
    """How one language says things; `code` is its name in addresses and `lang` attributes."""

    code: str
    zone: dt.tzinfo
    order: tuple[str, ...]
    catalogue: gettext.NullTranslations = field(repr=False)

    @cached_property
    def babel(self) -> babel.Locale:
        return babel.Locale.parse(BABEL_LOCALES.get(self.code, self.code))

    @property
    def autonym(self) -> str:
        return AUTONYMS.get(self.code) or self.babel.get_display_name() or self.code

    def language(self, code: str) -> str:
        """Name a language in this one, to stand alone or at the head of a row."""
        name = self.babel.languages.get(code) or AUTONYMS.get(code, code)
        return name if self.code == "ka" else name[:1].upper() + name[1:]

    @cached_property
    def languages(self) -> dict[str, str]:
        """The languages that there are, each named in this one."""
        return {code: self.language(code) for code in AUTONYMS}

    def gettext(self, message: str, /, **parameters: object) -> str:
        translated = self.catalogue.gettext(message) if message else ""
        return one_stop(translated % parameters) if parameters else translated

    def ngettext(self, singular: str, plural: str, n: int, /, **parameters: object) -> str:
        """Choose the form for n; `%(num)s` in the sentence is n as this language writes it."""
        return one_stop(self.catalogue.ngettext(singular, plural, n) % {"num": self.number(n), **parameters})

    def number(self, value: float | Decimal, digits: int | None = None) -> str:
        """Write a number with this language's signs; digits fixes the places after the decimal sign."""
        pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
        return str(format_decimal(value, format=pattern, locale=self.babel))

    def percent(self, share: float, digits: int = 0) -> str:
        """Write a share in [0, 1] as a percentage, with a hard space where the language has one."""
        places = "." + "0" * digits if digits else ""
        pattern = "#,##0" + places + ("\u00a0%" if self.code == "mk" else "%")
        return str(format_percent(share, format=pattern, locale=self.babel))

    def local(self, moment: dt.datetime) -> dt.datetime:
        return moment.astimezone(self.zone)

    def date(self, day: dt.date | dt.datetime, style: str = "long") -> str:
        """Write a day: long, full, medium, short, or `day` for day and month alone."""
        if isinstance(day, dt.datetime):
            day = self.local(day).date()
        if style == "day":
            noon = dt.datetime.combine(day, dt.time(12), self.zone)
            return str(format_skeleton("MMMMd", noon, locale=self.babel))
        if style == "full" and self.code == "ka":
            style = "EEEE, d MMMM, y"  # CLDR writes "01 დეკემბერი"
        return str(format_date(day, format=style, locale=self.babel))

    def language_within(self, code: str) -> str:
        """Name a language in this one, within a sentence: "македонски", "Macedonian"."""
        return str(self.babel.languages.get(code) or AUTONYMS.get(code, code))

    def datetime(self, moment: dt.datetime, style: str = "long") -> str:
        """Write a moment in the town's time, to the minute."""
        return f"{self.date(moment, style)}, {self.time(moment)}"

    def deadline(self, end: dt.datetime) -> str:
        """Write until when something lasts: the last day where it ends at midnight, else day and time."""
        return self.last_day(end) if self.local(end).time() == dt.time() else self.datetime(end)

    def last_day(self, end: dt.datetime, style: str = "long") -> str:
        """Write the last day of what ends at that moment: midnight belongs to the day before."""
        return self.date(end - dt.timedelta(microseconds=1), style)

    def time(self, moment: dt.datetime | dt.time) -> str:
        if isinstance(moment, dt.datetime):
            moment = self.local(moment).time()
        return str(format_time(moment, format="HH:mm", locale=self.babel))

    def month(self, moment: dt.datetime) -> str:
        """Write a month as it stands on its own, without a day."""
        return str(format_date(self.local(moment).date(), format="LLLL", locale=self.babel))

    def period(self, start: dt.date, length: str) -> str:
        """Write the month, quarter or year that begins on a day, with its year."""
        form = {"month": "LLLL y", "quarter": "QQQQ y"}.get(length, "y")
        return str(format_date(start, format=form, locale=self.babel))

    def weekday(self, moment: dt.datetime | dt.date) -> str:
        day = self.local(moment).date() if isinstance(moment, dt.datetime) else moment
        return str(format_date(day, format="EEEE", locale=self.babel))


_locales: dict[str, Locale] = {}


def configure(profile: Profile) -> None:
    """Name the languages of this installation, in the profile's order."""
    _locales.clear()
    order = tuple(profile.languages)
    for code in order:
        _locales[code] = Locale(code, profile.zone, order, _catalogue(code))


def languages() -> tuple[str, ...]:
    return tuple(_locales)


def locale(code: str) -> Locale:
    """Return the locale of an enabled language. Raises UnknownLanguage."""
    found = _locales.get(code)
    if found is None:
        raise UnknownLanguage
    return found


def standalone(code: str) -> Locale:
    """A language without an installation, for commands that only read files. Unknown ones speak English."""
    return Locale(code, dt.UTC, (code,), _catalogue(code))


def negotiate(accept_language: str, preferred: str | None = None) -> str:
    """Choose a language for `/` from a remembered choice and an Accept-Language header, else the profile's first."""
    if preferred in _locales and preferred:
        return preferred
    wishes: list[tuple[float, str]] = []
    for part in accept_language[:500].split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            wishes.append((-float(weight or 1), name.partition("-")[0].lower()))
        except ValueError:
            continue
    return next(
        (name for weight, name in sorted(wishes, key=lambda w: w[0]) if weight < 0 and name in _locales), languages()[0]
    )


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    """Compile a language's .po in memory, once in a process: no stale .mo can ever be served."""
    path = Path(resource("locales", code, "LC_MESSAGES", "consult.po"))
    if not path.exists():
        return gettext.NullTranslations()
    buffer = BytesIO()
    with path.open("rb") as source:
        write_mo(buffer, read_po(source, locale=code))
    buffer.seek(0)
    return gettext.GNUTranslations(buffer)
