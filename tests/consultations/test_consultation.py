"""The rules of a consultation, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from consult.consultations.consultation import (
    MOVES,
    Phase,
    State,
    Stored,
    date_problems,
    end_of,
    first_moment,
    last_day,
    length_in_days,
    phases_from_json,
    phases_to_json,
    slug_problems,
    state_at,
    text_problems,
)

OPENS = datetime(2026, 11, 3, tzinfo=UTC)
CLOSES = datetime(2026, 12, 13, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (OPENS - DAY, State.ANNOUNCED),
        (OPENS, State.OPEN),
        (CLOSES - timedelta(microseconds=1), State.OPEN),
        (CLOSES, State.CLOSED),
    ],
)
def test_a_published_consultation_follows_the_calendar(now: datetime, state: State) -> None:
    assert state_at(Stored.PUBLISHED, OPENS, CLOSES, now) is state


@pytest.mark.parametrize("stored", [s for s in Stored if s is not Stored.PUBLISHED])
def test_what_a_person_set_goes_before_the_calendar(stored: Stored) -> None:
    assert state_at(stored, OPENS, CLOSES, OPENS + DAY).value == stored.value


def test_every_state_says_where_it_may_go() -> None:
    assert set(MOVES) == set(State)
    assert MOVES[State.CANCELLED] == ()


def test_the_last_day_is_the_day_before_midnight_in_the_towns_time() -> None:
    closes = end_of(date(2026, 12, 12), "Europe/Skopje")
    assert closes == datetime(2026, 12, 12, 23, tzinfo=UTC)
    assert last_day(closes, "Europe/Skopje") == date(2026, 12, 12)


def test_midnight_stays_midnight_when_clocks_change() -> None:
    assert first_moment(date(2026, 10, 25), "Europe/Skopje") == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert end_of(date(2026, 10, 25), "Europe/Skopje") == datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert last_day(end_of(date(2026, 10, 25), "Europe/Skopje"), "Europe/Skopje") == date(2026, 10, 25)


def test_both_days_count() -> None:
    assert length_in_days(date(2026, 11, 3), date(2026, 11, 3)) == 1
    assert length_in_days(date(2026, 11, 3), date(2026, 11, 22)) == 20


def test_twenty_days_are_enough_and_nineteen_need_a_reason() -> None:
    first = date(2026, 11, 3)
    assert date_problems(first, date(2026, 11, 22), minimum_days=20, reason="") == []
    problems = date_problems(first, date(2026, 11, 21), minimum_days=20, reason="  ")
    assert [p.place for p in problems] == ["short_reason"]
    assert problems[0].parameters == {"days": 19, "minimum": 20}
    assert date_problems(first, date(2026, 11, 21), minimum_days=20, reason="Urgent: flood.") == []


def test_dates_the_wrong_way_round_are_named_once() -> None:
    problems = date_problems(date(2026, 11, 3), date(2026, 11, 2), minimum_days=20, reason="")
    assert [p.place for p in problems] == ["last_on"]


def test_both_missing_dates_are_reported() -> None:
    assert [p.place for p in date_problems(None, None, minimum_days=0, reason="")] == ["opens_on", "last_on"]


@pytest.mark.parametrize("slug", ["trees", "trees-2026", "a1b"])
def test_a_plain_address_is_taken(slug: str) -> None:
    assert slug_problems(slug) == []


@pytest.mark.parametrize("slug", ["", "ab", "Trees", "trees--2026", "-trees", "дрвја", "a" * 81, "a b", "a/b"])
def test_another_address_is_refused(slug: str) -> None:
    assert [p.place for p in slug_problems(slug)] == ["slug"]


def test_a_missing_language_and_a_long_text_are_named_by_field() -> None:
    problems = text_problems("title", {"mk": " ", "en": "x" * 11}, needed=["mk"], longest=10)
    assert [p.place for p in problems] == ["title-mk", "title-en"]


def test_phases_survive_the_way_to_the_database() -> None:
    phases = (
        Phase("comments", {"mk": "Коментари"}, ends=date(2026, 12, 12)),
        Phase("council", {"mk": "Совет"}, starts=date(2027, 1, 29)),
    )
    assert phases_from_json(phases_to_json(phases)) == phases


def test_a_phase_is_done_now_or_to_come() -> None:
    phase = Phase("comments", {}, date(2026, 11, 3), date(2026, 12, 12))
    assert not phase.is_now(date(2026, 11, 2))
    assert phase.is_now(date(2026, 12, 12))
    assert phase.is_done(date(2026, 12, 13))
    assert Phase("council", {}, starts=date(2027, 1, 29)).is_now(date(2027, 1, 29))
    assert not Phase("some day", {}).is_done(date(2030, 1, 1))
