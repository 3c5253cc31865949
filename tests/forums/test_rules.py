"""The rules without a database: dates, local hours, who gets a place and who is next."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from consult.errors import Invalid, NotFound
from consult.forums.forum import Stage, local_moment, span
from consult.forums.links import Links, links_of
from consult.forums.registration import (
    LIVING,
    MOVES,
    TAKING,
    Placed,
    Registrant,
    State,
    due_reminders,
    lowered,
    next_in_line,
    offer_until,
    takes_place,
)
from consult.forums.venue import Point, point_of
from consult.settings import Settings
from tests.forums.makers import LINKS, ZONE, a_session, content

TBILISI = ZoneInfo("Asia/Tbilisi")


def places(problems: list[object]) -> list[str]:
    return [problem.place for problem in problems]  # type: ignore[attr-defined]


def test_a_session_keeps_its_local_hour_across_the_change_of_summer_time() -> None:
    before = span(a_session(day=date(2026, 10, 24), starts=time(18)), ZONE)
    after = span(a_session(day=date(2026, 10, 25), starts=time(18)), ZONE)
    assert before is not None and after is not None
    assert before[0] == datetime(2026, 10, 24, 16, tzinfo=UTC)
    assert after[0] == datetime(2026, 10, 25, 17, tzinfo=UTC)
    assert {moment.astimezone(ZONE).hour for moment in (before[0], after[0])} == {18}


def test_tbilisi_has_one_offset_all_year() -> None:
    summer = local_moment(datetime.fromisoformat("2026-07-01T18:00"), TBILISI)
    winter = local_moment(datetime.fromisoformat("2026-12-01T18:00"), TBILISI)
    assert summer is not None and winter is not None
    assert (summer.hour, winter.hour) == (14, 14)


def test_an_hour_that_the_clocks_skip_is_refused_and_one_that_comes_twice_means_the_first() -> None:
    assert local_moment(datetime.fromisoformat("2026-03-29T02:30"), ZONE) is None
    assert local_moment(datetime.fromisoformat("2026-10-25T02:30"), ZONE) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    skipped = a_session(day=date(2026, 3, 29), starts=time(2, 30))
    assert "session-1-starts" in places(list(content(skipped).problems(authentic="mk", zone=ZONE)))


def test_all_problems_of_a_forum_are_reported_at_once() -> None:
    broken = a_session(starts=time(19), ends=time(18), capacity=0)
    problems = content(broken, slug="Not A Slug", kind="party", closes=None).problems(authentic="mk", zone=ZONE)
    assert set(places(list(problems))) == {"slug", "kind", "closes", "session-1-ends", "session-1-capacity"}


def test_a_complete_forum_has_no_problem() -> None:
    assert content().problems(authentic="mk", zone=ZONE) == []


@pytest.mark.parametrize(
    ("seats", "taken", "waiting", "expected"),
    [(1, 19, 0, True), (2, 19, 0, False), (1, 20, 0, False), (1, 10, 1, False), (5, 15, 0, True)],
)
def test_a_newcomer_gets_a_place_only_if_the_party_fits_and_nobody_waits(
    seats: int, taken: int, waiting: int, expected: bool
) -> None:
    assert takes_place(seats, limit=20, seats_taken=taken, waiting=waiting) is expected


def test_nobody_passes_a_party_that_does_not_fit() -> None:
    first, second, third = uuid4(), uuid4(), uuid4()
    assert next_in_line([(first, 1), (second, 3), (third, 1)], limit=10, seats_taken=7) == [first]
    assert next_in_line([(second, 3), (third, 1)], limit=10, seats_taken=6) == [second, third]
    assert next_in_line([(first, 1)], limit=10, seats_taken=10) == []


def test_smaller_parties_pass_only_where_the_rule_says_so() -> None:
    first, second, third = uuid4(), uuid4(), uuid4()
    line = [(first, 4), (second, 2), (third, 1)]
    assert next_in_line(line, limit=10, seats_taken=7) == []
    assert next_in_line(line, limit=10, seats_taken=7, smaller_may_pass=True) == [second, third]
    assert next_in_line(line, limit=10, seats_taken=6, smaller_may_pass=True) == [first]


def test_a_reminder_is_due_from_its_hour_until_the_beginning_and_once() -> None:
    start = datetime(2026, 12, 5, 17, tzinfo=UTC)
    assert due_reminders((72, 2), (), start, start - timedelta(hours=73)) == ()
    assert due_reminders((72, 2), (), start, start - timedelta(hours=72)) == (72,)
    assert due_reminders((72, 2), (72,), start, start - timedelta(hours=1)) == (2,)
    assert due_reminders((72, 2), (), start, start - timedelta(hours=1)) == (72, 2)
    assert due_reminders((72, 2), (), start, start) == ()


@pytest.mark.parametrize(
    ("written", "point"),
    [
        ("41.99646, 21.43141", Point(41.99646, 21.43141)),
        ("41.9964634;21.4314112", Point(41.99646, 21.43141)),
        ("https://www.openstreetmap.org/#map=18/41.98301/21.46512", Point(41.98301, 21.46512)),
        ("https://www.openstreetmap.org/?mlat=41.98301&mlon=21.46512#map=17/41.9/21.4", Point(41.98301, 21.46512)),
        ("https://www.openstreetmap.org/way/123#map=17/-41.98301/-21.46512&layers=N", Point(-41.98301, -21.46512)),
        ("91.00000, 21.43141", None),
        ("41.99646", None),
        ("https://maps.example.com/#map=18/41.98301/21.46512", None),
        ("javascript:alert(1)", None),
    ],
)
def test_a_place_on_the_map_is_two_numbers_or_an_address_of_the_map(written: str, point: Point | None) -> None:
    assert point_of(written) == point
    if point is not None:
        assert point_of(point.written) == point_of(point.map_url) == point


def test_an_offer_lasts_a_day_and_never_reaches_the_last_hour() -> None:
    start = datetime(2026, 12, 5, 17, tzinfo=UTC)
    assert offer_until(start - timedelta(days=5), start) == start - timedelta(days=4)
    assert offer_until(start - timedelta(hours=6), start) == start - timedelta(hours=1)
    assert offer_until(start - timedelta(minutes=90), start) is None


def test_lowering_the_capacity_ejects_nobody() -> None:
    assert lowered(60, 14, 40) == (40, None)
    assert lowered(60, 50, 40) == (50, 40)


def test_what_is_over_takes_no_place_and_leads_nowhere() -> None:
    assert TAKING < LIVING
    assert State.WAITLISTED in LIVING - TAKING
    assert MOVES[State.CANCELLED] == MOVES[State.EXPIRED] == frozenset()
    assert set(MOVES) == set(State)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 121),
        ("name", "a\nb"),
        ("email", ""),
        ("email", "ana@"),
        ("phone", "call me"),
        ("companions", "5"),
        ("companions", "-1"),
        ("companions", "many"),
        ("needs", ("champagne",)),
        ("needs_note", "x" * 301),
    ],
)
def test_each_field_of_the_form_is_checked(field: str, value: object) -> None:
    fields: dict[str, object] = {"name": "Ana", "email": "ana@example.com", field: value}
    with pytest.raises(Invalid) as refused:
        Registrant(**fields).check()  # type: ignore[arg-type]
    assert {problem.place for problem in refused.value.problems} == {field}


def test_staff_may_register_somebody_without_an_address() -> None:
    registrant = Registrant(name="Ана Петрова", phone="02 3297 000", companions="4")
    registrant.check(needs_email=False)
    assert registrant.address is None
    assert registrant.seats == 5


def test_a_receipt_comes_back_as_it_was_and_nobody_else_can_write_one() -> None:
    placed = [Placed(uuid4(), State.CONFIRMED), Placed(uuid4(), State.WAITLISTED, 7)]
    receipt = LINKS.receipt(placed)
    assert LINKS.read_receipt(receipt) == placed
    for altered in ("", ".", "x.y", receipt[:-1], "A" + receipt, receipt.replace(".", ""), "ჟ.ჟ"):
        with pytest.raises(NotFound):
            LINKS.read_receipt(altered)
    with pytest.raises(NotFound):
        Links("http://consult.test", b"1" * 32).read_receipt(receipt)


def test_a_party_has_the_same_link_in_every_letter(settings: Settings) -> None:
    party = UUID(int=7)
    assert links_of(settings).token(party) == links_of(settings).token(party)
    assert links_of(settings).token(party) != LINKS.token(party)


def test_stages_follow_from_the_dates() -> None:
    names = {stage.value for stage in Stage}
    assert names == {"draft", "announced", "open", "closed", "over", "cancelled"}
