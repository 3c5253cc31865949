"""Statutory lengths in calendar and in working days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec

from consult.consultations.consultation import Phase, phases_from_json, phases_to_json
from consult.consultations.deadline import due, holidays_of, minimum_days, plus_months
from consult.i18n import locale
from consult.profile import Holiday, LegalRule, Profile, load_profile
from consult.settings import resource
from tests.consultations.makers import content


def skopje() -> Profile:
    return load_profile(resource("profiles", "skopje.toml"))


def a_rule(days: int = 0, unit: str = "calendar", **more: object) -> LegalRule:
    text = {"mk": "x", "ka": "x", "en": "x"}
    return msgspec.convert(
        {"key": "r", "title": text, "days": days, "unit": unit, "reference": text, **more}, LegalRule
    )


def test_calendar_days_count_the_first_one() -> None:
    assert due(a_rule(20, "calendar"), date(2026, 11, 3), skopje()).last == date(2026, 11, 22)


def test_working_days_pass_over_weekends_and_holidays() -> None:
    # Friday 30 April 2027; 1 May is a Saturday, Orthodox Easter Monday is 3 May.
    assert due(a_rule(2, "working"), date(2027, 4, 30), skopje()).last == date(2027, 5, 4)


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


def test_months_end_on_the_same_number_or_the_last_of_a_shorter_one() -> None:
    assert plus_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert plus_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert plus_months(date(2026, 12, 15), 1) == date(2027, 1, 15)
    assert due(a_rule(months=1), date(2026, 11, 30), skopje()).last == date(2026, 12, 30)


def test_counting_may_begin_on_the_next_day_and_roll_over_days_off() -> None:
    profile = skopje()
    assert due(a_rule(5, starts="next_day"), date(2026, 11, 2), profile).last == date(2026, 11, 7)  # a Saturday
    rolled = due(a_rule(5, starts="next_day", rolls=True), date(2026, 11, 2), profile)
    assert rolled.last == date(2026, 11, 9)
    assert rolled.rolled_from == date(2026, 11, 7)


def test_the_arithmetic_is_told_in_every_language() -> None:
    found = due(a_rule(2, "working"), date(2027, 4, 30), skopje())
    steps = found.steps(locale("en"))
    assert steps[0] == "Counting begins on 30 April 2027, and that day counts."
    assert "3 May 2027" in steps[2]
    assert steps[-1] == "The last day is 4 May 2027."
    for language in ("mk", "ka"):
        assert not set(found.steps(locale(language))) & set(steps)


def test_the_rule_of_the_day_counts() -> None:
    old = msgspec.structs.replace(a_rule(10), key="consultation-minimum", valid_to=date(2026, 11, 30))
    new = msgspec.structs.replace(a_rule(20), key="consultation-minimum", valid_from=date(2026, 12, 1))
    profile = msgspec.structs.replace(skopje(), legal_rules=[old, new])
    assert minimum_days(profile, date(2026, 11, 30)) == 10
    assert minimum_days(profile, date(2026, 12, 1)) == 20


def test_a_step_below_its_rule_needs_a_reason() -> None:
    short = Phase("1", {"mk": "Коментари"}, date(2026, 11, 3), date(2026, 11, 9), "consultation-minimum", 20)
    assert [p.place for p in content(phases=(short,)).problems(0)] == ["phase-1-reason"]
    assert content(phases=(replace(short, short_reason="Итно."),)).problems(0) == []
    kept = phases_from_json(phases_to_json((replace(short, short_reason="Итно."),)))
    assert kept == (replace(short, short_reason="Итно."),)
