"""Meetings keep the hour on the town's clock over changes of summer time: stored, on pages, in letters and in .ics."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from icalendar import Calendar

from consult import i18n
from consult.forums import letters
from consult.forums.calendar import calendar
from consult.forums.forum import Forum, ForumSession, Kind, SessionContent, State, local_moment, span
from consult.forums.registration import Channel, Placed, Registrant, new_registration
from consult.forums.registration import State as Registered
from consult.profile import load_profile
from consult.settings import resource
from tests.forums.makers import LINKS, text

TOWNS = {"skopje": ("mk", "Europe/Skopje"), "telavi": ("ka", "Asia/Tbilisi")}
# The days around both changes of 2026 and 2027 in Europe, where most can go wrong, and any other day.
CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]
DAYS = some.one_of(
    some.builds(lambda day, shift: day + timedelta(days=shift), some.sampled_from(CHANGES), some.integers(-2, 2)),
    some.dates(date(2026, 1, 1), date(2028, 12, 31)),
)
HOURS = some.times(time(0), time(22, 59)).map(lambda hour: hour.replace(second=0, microsecond=0))


@pytest.fixture(params=sorted(TOWNS))
def town(request: pytest.FixtureRequest) -> Iterator[tuple[str, ZoneInfo]]:
    i18n.configure(load_profile(resource("profiles", f"{request.param}.toml")))
    language, zone = TOWNS[request.param]
    yield language, ZoneInfo(zone)
    i18n.configure(load_profile(resource("profiles", "skopje.toml")))


def a_sitting(starts: datetime, ends: datetime) -> Forum:
    session = ForumSession(uuid4(), uuid4(), starts, ends, text("Meeting"), {}, {}, 20, None, 0, 0, 3)
    return Forum(
        id=session.forum,
        slug="meeting",
        kind=Kind.TRIBUNE,
        consultation=None,
        title=text("Meeting"),
        summary=text("Meeting"),
        agenda={},
        venue={},
        address={},
        access={},
        organiser={},
        opens_at=None,
        closes_at=starts,
        state=State.PUBLISHED,
        cancel_reason={},
        is_demo=False,
        published_at=starts - timedelta(days=30),
        sessions=(session,),
    )


def test_the_hour_stays_what_staff_wrote(town: tuple[str, ZoneInfo]) -> None:
    language, zone = town

    @settings(max_examples=30)
    @given(DAYS, HOURS)
    def holds(day: date, starts: time) -> None:
        ends = (datetime.combine(day, starts) + timedelta(hours=1)).time()
        moments = span(SessionContent(day=day, starts=starts, ends=ends), zone)
        if moments is None:  # an hour that the clocks skip is refused, so no meeting stands in it
            skipped = (datetime.combine(day, hour) for hour in (starts, ends))
            assert any(local_moment(one, zone) is None for one in skipped)
            return
        stored = tuple(moment.astimezone(UTC) for moment in moments)
        spoken = i18n.locale(language)
        assert [spoken.time(moment) for moment in stored] == [spoken.time(starts), spoken.time(ends)]
        forum = a_sitting(*stored)
        registrant = Registrant(name="Ana", email="ana@example.com")
        placed = Placed(forum.sessions[0].id, Registered.CONFIRMED)
        one = new_registration(registrant, placed, party=uuid4(), language=language, channel=Channel.WEB, at=stored[0])
        (letter,) = letters.registered(forum, [(one, None)], LINKS, at=stored[0])
        assert f"{spoken.date(day, 'full')}, {spoken.time(starts)}–{spoken.time(ends)}" in letter.body_text
        written = letter.attachments[0].content.decode()
        assert f"DTSTART;TZID={zone.key}:{day:%Y%m%d}T{starts:%H%M}00" in written
        read: Any = Calendar.from_ical(written)
        (event,) = read.walk("VEVENT")
        assert event["DTSTART"].dt.astimezone(UTC) == stored[0] or is_repeated(day, starts, zone)
        assert "BEGIN:VTIMEZONE" in written

    holds()


def is_repeated(day: date, hour: time, zone: ZoneInfo) -> bool:
    """Whether the hour comes twice that day: .ics cannot say which of the two it means."""
    moment = datetime.combine(day, hour, zone)
    return moment.utcoffset() != moment.replace(fold=1).utcoffset()


def test_a_calendar_with_meetings_before_and_after_the_change_has_both_offsets(town: tuple[str, ZoneInfo]) -> None:
    language, zone = town
    both = [
        a_sitting(*(datetime.combine(day, time(hour), zone) for hour in (18, 19))).sessions[0]
        for day in (date(2026, 10, 24), date(2026, 10, 26))
    ]
    forum = a_sitting(both[0].starts_at, both[0].ends_at)
    made = calendar(forum, both, i18n.locale(language), base_url="http://x.test", link="http://x.test/mk")
    read: Any = Calendar.from_ical(made)
    offsets = {str(event["DTSTART"].dt.utcoffset()) for event in read.walk("VEVENT")}
    assert offsets == ({"2:00:00", "1:00:00"} if zone.key == "Europe/Skopje" else {"4:00:00"})
    assert [zone_["TZID"] for zone_ in read.walk("VTIMEZONE")] == [zone.key]
