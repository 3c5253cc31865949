"""Days, times of day, and spans of days. Days are written as three numbers and kept as ISO text, like times (14:30)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from consult.errors import N_, Problem
from consult.surveys.answers.decoders.base import Decoder, Makers, Put, one
from consult.surveys.answers.decoders.messages import ONE_VALUE
from consult.surveys.answers.forms import Fields
from consult.surveys.definition import schema as d
from consult.surveys.definition.dates_and_times import ENDS, PARTS, day_fields, day_of_parts, iso_day, time_of_day

WRITE_DATE = N_("Write the day, month and year: “%(question)s”.")
WRITE_DAY = N_("Write the day too: “%(question)s”.")
WRITE_MONTH = N_("Write the month too: “%(question)s”.")
WRITE_YEAR = N_("Write the year too, with four digits: “%(question)s”.")
NO_SUCH_DAY = N_("There is no such day. Write numbers such as 27 3 2026: “%(question)s”.")
NOT_BEFORE = N_("Write a day that is not before %(day)s: “%(question)s”.")
NOT_AFTER = N_("Write a day that is not after %(day)s: “%(question)s”.")
WRITE_FIRST = N_("Write the first day too: “%(question)s”.")
WRITE_LAST = N_("Write the last day too: “%(question)s”.")
WRONG_ORDER = N_("The last day is before the first. Check both: “%(question)s”.")
WRITE_TIME = N_("Write a time of day, such as 14:30: “%(question)s”.")

TOO = (WRITE_DAY, WRITE_MONTH, WRITE_YEAR)
YEAR_DIGITS = 4


class _Wrong(Exception):
    """A day that cannot be read: the field, and what is wrong with it."""

    def __init__(self, place: str, message: str, **more: object) -> None:
        super().__init__(message)
        self.place, self.message, self.more = place, message, more


def _day(form: Fields, name: str, earliest: dt.date | None, latest: dt.date | None) -> dt.date | None:
    """None where nothing is written. Raises _Wrong."""
    whole, *written = [one(form.get(field)) for field in day_fields(name)]
    if whole is None or None in written:
        raise _Wrong(name, ONE_VALUE)
    parts = [part.strip() for part in written if part is not None]
    if not any(parts):
        if not whole.strip():
            return None
        found = iso_day(whole.strip())
    else:
        for part, message, value in zip(PARTS, TOO, parts, strict=True):
            if not value or (part == "year" and value.isdigit() and len(value) != YEAR_DIGITS):
                raise _Wrong(f"{name}.{part}" if part != "day" else name, message)
        found = day_of_parts(*parts)
    if found is None:
        raise _Wrong(name, NO_SUCH_DAY)
    if earliest is not None and found < earliest:
        raise _Wrong(name, NOT_BEFORE, day=earliest)
    if latest is not None and found > latest:
        raise _Wrong(name, NOT_AFTER, day=latest)
    return found


def _bounds(question: d.Date | d.DateRange) -> tuple[dt.date | None, dt.date | None]:
    return iso_day(question.earliest or ""), iso_day(question.latest or "")


def date(question: d.Date) -> Decoder:
    key, required, told = question.key, question.required, {"question": question.text}
    earliest, latest = _bounds(question)

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        try:
            found = _day(form, key, earliest, latest)
        except _Wrong as wrong:
            put(Problem(wrong.place, wrong.message, {**told, **wrong.more}))
            return True
        answers[key] = found.isoformat() if found else None
        if found is None and required:
            put(Problem(key, WRITE_DATE, told))
        return True

    return decode


def date_range(question: d.DateRange) -> Decoder:
    key, required, told = question.key, question.required, {"question": question.text}
    earliest, latest = _bounds(question)
    names = [f"{key}.{end}" for end in ENDS]

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        found: list[dt.date | None] = []
        for name in names:
            try:
                found.append(_day(form, name, earliest, latest))
            except _Wrong as wrong:
                put(Problem(wrong.place, wrong.message, {**told, **wrong.more}))
        if len(found) < len(ENDS):
            return True
        first, last = found
        if first is None and last is None:
            answers[key] = None
            if required:
                put(Problem(names[0], WRITE_DATE, told))
        elif first is None:
            put(Problem(names[0], WRITE_FIRST, told))
        elif last is None:
            put(Problem(names[1], WRITE_LAST, told))
        elif last < first:
            put(Problem(names[1], WRONG_ORDER, told))
        else:
            answers[key] = {"from": first.isoformat(), "to": last.isoformat()}
        return True

    return decode


def time(question: d.Time) -> Decoder:
    key, required, told = question.key, question.required, {"question": question.text}

    def decode(form: Fields, answers: dict[str, Any], put: Put, gone: frozenset[str]) -> bool:
        written = one(form.get(key))
        found = time_of_day(written) if written else None
        if written is None:
            put(Problem(key, ONE_VALUE, told))
        elif found is not None:
            answers[key] = found
        else:
            if not written.strip():
                answers[key] = None
            if required or written.strip():
                put(Problem(key, WRITE_TIME, told))
        return True

    return decode


MAKERS: Makers = {d.Date: date, d.Time: time, d.DateRange: date_range}
