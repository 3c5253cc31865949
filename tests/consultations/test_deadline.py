"""Statutory lengths in calendar and in working days."""

from __future__ import annotations

from datetime import date

import msgspec

from consult.consultations.deadline import holidays_of, last_day_of, minimum_days
from consult.profile import Holiday, LegalRule, Profile, load_profile
from consult.settings import resource


def skopje() -> Profile:
    return load_profile(resource("profiles", "skopje.toml"))


def a_rule(days: int, unit: str) -> LegalRule:
    text = {"mk": "x", "ka": "x", "en": "x"}
    return msgspec.convert({"key": "r", "title": text, "days": days, "unit": unit, "reference": text}, LegalRule)


def test_calendar_days_count_the_first_one() -> None:
    assert last_day_of(a_rule(20, "calendar"), date(2026, 11, 3), skopje()) == date(2026, 11, 22)


def test_working_days_pass_over_weekends_and_holidays() -> None:
    # Friday 30 April 2027; 1 May is a Saturday, Orthodox Easter Monday is 3 May.
    assert last_day_of(a_rule(2, "working"), date(2027, 4, 30), skopje()) == date(2027, 5, 4)


def test_moveable_feasts_and_own_days_are_holidays() -> None:
    own = Holiday(date=date(2026, 11, 13), name={"mk": "Ден на Скопје"})
    profile = skopje()
    changed = msgspec.structs.replace(profile, holidays=msgspec.structs.replace(profile.holidays, extra=[own]))
    found = holidays_of(changed, [2026])
    assert date(2026, 4, 13) in found
    assert date(2026, 11, 13) in found


def test_a_minimum_in_working_days_depends_on_the_first_day() -> None:
    profile = skopje()
    rule = a_rule(5, "working")
    named = msgspec.structs.replace(rule, key="consultation-minimum")
    working = msgspec.structs.replace(profile, legal_rules=[named])
    assert minimum_days(working, date(2026, 11, 23)) == 5
    assert minimum_days(working, date(2026, 11, 25)) == 7
    assert minimum_days(profile, date(2026, 11, 25)) == 20
    assert minimum_days(msgspec.structs.replace(profile, legal_rules=[]), date(2026, 11, 25)) == 0
