"""Answers of the written types in words: days and times as the reader's language writes them, places by their names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from markupsafe import escape

from consult.errors import N_
from consult.i18n import Locale, pick
from consult.surveys.definition import phones
from consult.surveys.definition import schema as d
from consult.surveys.definition.dates_and_times import iso_day
from consult.surveys.definition.municipality import here

Say: TypeAlias = Callable[[Any, Mapping[str, Any]], str]

FROM_TO = N_("%(first)s to %(last)s")
AGREED = N_("Yes, I agree")
FILE_SENT = N_("A file was sent")
PHOTO_SENT = N_("A photo was sent")
YES, NO = N_("Yes"), N_("No")


def saying(question: d.AnyQuestion, locale: Locale) -> Say | None:
    """How to say an answer (escaped; empty where there is none); None for types whose answers options name."""

    def word(message: str) -> Say:
        return lambda value, _: str(escape(locale.gettext(message))) if value else ""

    match question:
        case d.Date():
            return lambda value, _: str(escape(day(value, locale))) if value else ""
        case d.DateRange():
            return lambda value, _: str(escape(span(value, locale))) if value else ""
        case d.Phone():
            return lambda value, _: str(escape(phones.spaced(value))) if value else ""
        case d.Consent(agree=agree):
            return (lambda value, _: str(escape(_text(agree, locale))) if value else "") if agree else word(AGREED)
        case d.File():
            return word(FILE_SENT)
        case d.Photo():
            return word(PHOTO_SENT)
        case d.Place(key=key):
            return lambda value, answers: str(escape(_place(key, value, answers, locale)))
        case d.Calculated():
            return lambda value, _: str(escape(_value(value, locale)))
    return None


def _text(text: Mapping[str, str], locale: Locale) -> str:
    return pick(dict(text), locale.code, locale.order)[0]


def day(iso: str, locale: Locale) -> str:
    found = iso_day(iso)
    return locale.date(found) if isinstance(found, dt.date) else iso


def span(value: Mapping[str, str], locale: Locale) -> str:
    return locale.gettext(FROM_TO, first=day(value["from"], locale), last=day(value["to"], locale))


def place_name(code: str, locale: Locale) -> str:
    known = here().places.get(code)
    return _text(known.name, locale) if known else code


def _place(key: str, code: str | None, answers: Mapping[str, Any], locale: Locale) -> str:
    axes = [answers.get(f"{key}.{axis}") for axis in ("latitude", "longitude")]
    point = ", ".join(f"{axis:.4f}" for axis in axes if isinstance(axis, int | float))
    return ", ".join(part for part in (place_name(code, locale) if code else "", point) if part)


def _value(value: object, locale: Locale) -> str:
    if isinstance(value, bool):
        return locale.gettext(YES if value else NO)
    if isinstance(value, int | float):
        return locale.number(value, 0 if value == int(value) else 2)
    return str(value) if value is not None else ""
