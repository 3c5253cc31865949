"""Statutory lengths as days: calendar days or working days, by the profile's rules and holidays. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from consult.profile import LegalRule, Profile

WEEKEND = (5, 6)
MINIMUM_RULE = "consultation-minimum"


def holidays_of(profile: Profile, years: Iterable[int]) -> frozenset[date]:
    """The public holidays of the municipality's country, with the profile's own days.

    Moveable feasts (Orthodox Easter, Bajram) come from the package `holidays`; days that were announced late stand in
    the profile.
    """
    import holidays  # its many countries cost a fifth of a second: only who counts working days pays for it

    wanted = sorted(set(years))
    known = holidays.country_holidays(profile.holidays.country, years=wanted)
    return frozenset(known) | {day.date for day in profile.holidays.extra if day.date.year in wanted}


def last_day_of(rule: LegalRule, first: date, profile: Profile) -> date:
    """The last day of a statutory length that begins with `first`; the first day counts."""
    if rule.unit == "calendar":
        return first + timedelta(days=rule.days - 1)
    free = holidays_of(profile, (first.year, first.year + 1))
    day, left = first - timedelta(days=1), rule.days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() not in WEEKEND and day not in free
    return day


def minimum_days(profile: Profile, first: date | None) -> int:
    """The shortest lawful consultation that begins on a day, in calendar days; 0 without a rule or a day."""
    rule = profile.rule(MINIMUM_RULE)
    if rule is None or first is None:
        return rule.days if rule and rule.unit == "calendar" else 0
    return (last_day_of(rule, first, profile) - first).days + 1
