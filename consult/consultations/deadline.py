"""Statutory lengths as days, with their arithmetic in words: by the profile's rules and holidays. No I/O."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from consult.errors import N_, NN_
from consult.i18n import Locale
from consult.profile import LegalRule, Profile

WEEKEND = (5, 6)
MINIMUM_RULE = "consultation-minimum"
BEGINS = N_("Counting begins on %(day)s, and that day counts.")
BEGINS_NEXT = N_("Counting begins on the day after %(day)s.")
CALENDAR = NN_(
    "%(num)s day is counted, weekends and holidays included.",
    "%(num)s days are counted, weekends and holidays included.",
)
WORKING = NN_("%(num)s working day is counted.", "%(num)s working days are counted.")
MONTHS = NN_(
    "%(num)s month is counted, to the day of the same number or the last of a shorter month.",
    "%(num)s months are counted, to the day of the same number or the last of a shorter month.",
)
HOLIDAYS = N_("Holidays that were not counted: %(days)s.")
ROLLED = N_("%(day)s is not a working day, so the next working day counts.")
ENDS = N_("The last day is %(day)s.")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a statutory length, and all that its arithmetic needs to be told."""

    rule: LegalRule
    first: date
    last: date
    holidays: tuple[date, ...] = ()
    rolled_from: date | None = None

    def steps(self, locale: Locale) -> list[str]:
        """The arithmetic, one sentence a step."""
        counts_itself = self.rule.starts == "same_day" and not self.rule.months
        said = [locale.gettext(BEGINS if counts_itself else BEGINS_NEXT, day=locale.date(self.first))]
        forms = MONTHS if self.rule.months else WORKING if self.rule.unit == "working" else CALENDAR
        said.append(locale.ngettext(*forms, self.rule.months or self.rule.days))
        if self.holidays:
            said.append(locale.gettext(HOLIDAYS, days=", ".join(locale.date(day) for day in self.holidays)))
        if self.rolled_from is not None:
            said.append(locale.gettext(ROLLED, day=locale.date(self.rolled_from)))
        return [*said, locale.gettext(ENDS, day=locale.date(self.last))]


def holidays_of(profile: Profile, years: Iterable[int]) -> frozenset[date]:
    """The public holidays of the municipality's country, with the profile's own days.

    Moveable feasts (Orthodox Easter, Bajram) come from the package `holidays`; days that were announced late stand in
    the profile.
    """
    import holidays  # its many countries cost a fifth of a second: only who counts working days pays for it

    wanted = sorted(set(years))
    known = holidays.country_holidays(profile.holidays.country, years=wanted)
    return frozenset(known) | {day.date for day in profile.holidays.extra if day.date.year in wanted}


def due(rule: LegalRule, first: date, profile: Profile) -> Deadline:
    """Count a statutory length from the day of its event. The rule must have days or months.

    31 January and one month is the last day of February. Working days are all but Saturdays, Sundays and holidays.
    """
    last, met = _counted(rule, first, profile)
    if not rule.rolls or not _is_off(last, profile):
        return Deadline(rule, first, last, met)
    rolled = last
    while _is_off(rolled, profile):
        rolled += timedelta(days=1)
    return Deadline(rule, first, rolled, met, rolled_from=last)


def _counted(rule: LegalRule, first: date, profile: Profile) -> tuple[date, tuple[date, ...]]:
    if rule.months:
        return plus_months(first, rule.months), ()
    before = first - timedelta(days=1) if rule.starts == "same_day" else first
    if rule.unit == "calendar":
        return before + timedelta(days=rule.days), ()
    free = holidays_of(profile, (first.year, first.year + 1))
    met = []
    day, left = before, rule.days
    while left:
        day += timedelta(days=1)
        if day.weekday() in WEEKEND:
            continue
        if day in free:
            met.append(day)
        else:
            left -= 1
    return day, tuple(met)


def plus_months(day: date, months: int) -> date:
    """The day of the same number some months later, or the last day of a month that is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def minimum_days(profile: Profile, first: date | None, key: str = MINIMUM_RULE) -> int:
    """The shortest lawful length of what begins on a day, in calendar days with the first; 0 without a rule."""
    rule = profile.rule(key, first)
    if rule is None or rule.percent is not None:
        return 0
    if first is None:
        return rule.days if rule.unit == "calendar" else 0
    return (due(rule, first, profile).last - first).days + 1


def lengths(profile: Profile, on: date) -> Iterator[LegalRule]:
    """The rules about lengths that hold on a day, in the profile's order."""
    return (rule for rule in profile.legal_rules if rule.percent is None and rule.holds_on(on))


def _is_off(day: date, profile: Profile) -> bool:
    return day.weekday() in WEEKEND or day in holidays_of(profile, (day.year,))
