"""How places wander: offers, their end, changes of a party and of the capacity, reminders, forgetting."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from consult.errors import Invalid
from consult.forums import operations, queries
from consult.forums import registration_operations as registering
from consult.forums.forum import Forum
from consult.forums.operations import SessionHasRegistrations
from consult.forums.registration import Channel, State
from consult.forums.registration_operations import NoRoom, NotPossible, OfferOver, SessionHasBegun
from consult.mail.delivery import PostOffice
from consult.mail.operations import send
from consult.records.queries import history, verify_chain
from consult.settings import Settings
from consult.storage import fetch, fetchval
from tests.forums.makers import (
    LINKS,
    NOW,
    TOWN,
    a_forum,
    a_session,
    content,
    kept,
    register,
    states,
    the_forum,
    the_registration,
)
from tests.mail.server import MailServer

DAY = timedelta(days=1)
DATE = date(2026, 12, 5)


async def cancel(forum: Forum, email: str, at: datetime = NOW) -> None:
    registration = await the_registration(forum, email)
    await registering.cancel(registration_id=registration.id, links=LINKS, at=at)


async def events(email: str) -> list[str]:
    rows = await fetch("SELECT event FROM notification WHERE recipient = $1 ORDER BY created_at, event", email)
    return [row["event"].split(":")[0] for row in rows]


async def test_a_freed_place_is_offered_at_once_and_counts_as_taken(db: None) -> None:
    forum = await a_forum(capacity=1)
    for email in ("a@example.com", "b@example.com", "c@example.com"):
        await register(forum, email)
    await cancel(forum, "a@example.com")
    assert list((await states(forum)).values()) == ["cancelled", "offered", "waitlisted"]
    assert (await the_forum(forum.id)).sessions[0].seats_taken == 1
    assert (await the_registration(forum, "b@example.com")).offered_until == NOW + DAY
    assert await events("b@example.com") == ["forum.offered", "forum.registered"]
    assert (await register(forum, "d@example.com"))[0].position == 2


async def test_an_offer_that_ends_goes_to_the_next_and_its_address_may_register_again(db: None) -> None:
    forum = await a_forum(capacity=1)
    for email in ("a@example.com", "b@example.com", "c@example.com"):
        await register(forum, email)
    await cancel(forum, "a@example.com")
    assert await registering.expire_offers(links=LINKS, at=NOW + DAY - timedelta(seconds=1)) == 0
    assert await registering.expire_offers(links=LINKS, at=NOW + DAY) == 1
    assert await registering.expire_offers(links=LINKS, at=NOW + DAY) == 0
    assert (await states(forum))["b@example.com"] == "expired"
    assert (await states(forum))["c@example.com"] == "offered"
    assert "forum.expired" in await events("b@example.com")
    assert (await register(forum, "b@example.com", at=NOW + DAY))[0].state is State.WAITLISTED


async def test_an_offer_is_taken_in_time_once_and_never_late(db: None) -> None:
    forum = await a_forum(capacity=1)
    await register(forum, "a@example.com")
    await register(forum, "b@example.com")
    await cancel(forum, "a@example.com")
    offered = await the_registration(forum, "b@example.com")
    with pytest.raises(OfferOver):
        await registering.accept_offer(registration_id=offered.id, links=LINKS, at=NOW + DAY)
    for _ in range(2):
        await registering.accept_offer(registration_id=offered.id, links=LINKS, at=NOW + timedelta(hours=5))
    assert (await states(forum))["b@example.com"] == "confirmed"
    assert (await events("b@example.com")).count("forum.accepted") == 1


async def test_a_party_that_does_not_fit_is_passed_by_nobody(db: None) -> None:
    forum = await a_forum(capacity=3)
    await register(forum, "a@example.com")
    await register(forum, "b@example.com", companions=1)
    await register(forum, "c@example.com", companions=2)
    await register(forum, "d@example.com")
    await cancel(forum, "a@example.com")
    assert (await states(forum))["c@example.com"] == (await states(forum))["d@example.com"] == "waitlisted"
    await cancel(forum, "b@example.com")
    assert (await states(forum))["c@example.com"] == "offered"
    assert (await states(forum))["d@example.com"] == "waitlisted"


async def test_no_offer_is_made_when_nobody_could_answer(db: None) -> None:
    forum = await a_forum(capacity=1)
    await register(forum, "a@example.com")
    await register(forum, "b@example.com")
    await cancel(forum, "a@example.com", forum.sessions[0].starts_at - timedelta(minutes=30))
    assert (await states(forum))["b@example.com"] == "waitlisted"


async def test_cancelling_twice_frees_one_place_only(db: None) -> None:
    forum = await a_forum(capacity=3)
    for email in ("a@example.com", "b@example.com"):
        await register(forum, email)
    registration = await the_registration(forum, "a@example.com")
    for _ in range(2):
        await registering.cancel(registration_id=registration.id, links=LINKS, at=NOW)
    assert (await the_forum(forum.id)).sessions[0].seats_taken == 1


async def test_once_the_session_has_begun_residents_change_nothing(db: None) -> None:
    forum = await a_forum()
    await register(forum)
    registration = await the_registration(forum)
    begun = forum.sessions[0].starts_at
    with pytest.raises(SessionHasBegun):
        await registering.cancel(registration_id=registration.id, links=LINKS, at=begun)
    with pytest.raises(SessionHasBegun):
        await registering.change_party(registration_id=registration.id, companions=1, links=LINKS, at=begun)


async def test_a_party_shrinks_always_and_grows_only_into_free_places(db: None) -> None:
    forum = await a_forum(capacity=4)
    await register(forum, "a@example.com", companions=2)
    registration = await the_registration(forum, "a@example.com")

    async def become(companions: int) -> None:
        await registering.change_party(registration_id=registration.id, companions=companions, links=LINKS, at=NOW)

    with pytest.raises(NoRoom):
        await become(4)
    await become(3)
    await register(forum, "b@example.com")
    await become(2)
    assert (await states(forum))["b@example.com"] == "offered"
    with pytest.raises(NoRoom):
        await become(3)
    with pytest.raises(NotPossible):
        await become(-1)
    assert (await the_forum(forum.id)).sessions[0].seats_taken == 4


async def test_lowering_the_capacity_ejects_nobody_and_takes_effect_as_places_become_free(db: None) -> None:
    forum = await a_forum(capacity=4)
    for letter in "abcde":
        await register(forum, f"{letter}@example.com")
    smaller = content(a_session(session_id=forum.sessions[0].id, capacity=2))
    await operations.change_forum(forum_id=forum.id, content=smaller, town=TOWN, links=LINKS, actor=None, at=NOW)
    session = (await the_forum(forum.id)).sessions[0]
    assert (session.capacity, session.wished_capacity, session.seats_taken, session.free) == (4, 2, 4, 0)
    for letter in "abc":
        await cancel(forum, f"{letter}@example.com")
    session = (await the_forum(forum.id)).sessions[0]
    assert (session.capacity, session.wished_capacity, session.seats_taken) == (2, None, 2)
    assert (await states(forum))["e@example.com"] == "offered"


async def test_raising_the_capacity_offers_places_in_order(db: None) -> None:
    forum = await a_forum(capacity=1)
    for letter in "abc":
        await register(forum, f"{letter}@example.com")
    larger = content(a_session(session_id=forum.sessions[0].id, capacity=2))
    await operations.change_forum(forum_id=forum.id, content=larger, town=TOWN, links=LINKS, actor=None, at=NOW)
    assert list((await states(forum)).values()) == ["confirmed", "offered", "waitlisted"]


async def test_a_new_hour_is_told_to_everybody_with_the_same_event_in_the_calendar(db: None) -> None:
    forum = await a_forum()
    await register(forum)
    moved = content(a_session(session_id=forum.sessions[0].id, starts=time(17), ends=time(19)))
    await operations.change_forum(forum_id=forum.id, content=moved, town=TOWN, links=LINKS, actor=None, at=NOW)
    await operations.change_forum(forum_id=forum.id, content=moved, town=TOWN, links=LINKS, actor=None, at=NOW)
    assert (await events("ana@example.com")).count("forum.session_changed") == 1


async def test_letters_of_a_move_and_of_a_cancellation_carry_the_same_event_with_a_higher_number(db: None) -> None:
    forum = await a_forum()
    await register(forum)
    elsewhere = a_session(session_id=forum.sessions[0].id, starts=time(17), ends=time(19))
    moved = content(replace(elsewhere, venue={"mk": "Дом на културата"}, point="41.98301, 21.46512"))
    await operations.change_forum(forum_id=forum.id, content=moved, town=TOWN, links=LINKS, actor=None, at=NOW)
    await operations.cancel_forum(forum.id, reason={"mk": "Поплава"}, links=LINKS, actor=None, at=NOW)
    rows = await fetch("SELECT event, body_text, attachments -> 0 ->> 'content' AS file FROM notification")
    letters, events = {}, {}
    for row in rows:
        name = row["event"].split(":")[0]
        read: Any = Calendar.from_ical(base64.b64decode(row["file"]))
        letters[name], (events[name],) = row["body_text"], read.walk("VEVENT")
    assert len({str(event["UID"]) for event in events.values()}) == 1
    assert {name: (int(event["SEQUENCE"]), str(event["STATUS"])) for name, event in events.items()} == {
        "forum.registered": (0, "CONFIRMED"),
        "forum.session_changed": (1, "CONFIRMED"),
        "forum.forum_cancelled": (2, "CANCELLED"),
    }
    moved_to = str(events["forum.session_changed"]["LOCATION"])
    assert "Дом на културата" in letters["forum.session_changed"] and moved_to.endswith("Дом на културата")
    assert "Поплава" in letters["forum.forum_cancelled"]


async def test_a_session_with_registrations_is_not_removed(db: None) -> None:
    forum = await a_forum(a_session(), a_session(title="Questions", starts=time(20), ends=time(21)))
    await register(forum)
    left = content(a_session(session_id=forum.sessions[1].id))
    with pytest.raises(SessionHasRegistrations):
        await operations.change_forum(forum_id=forum.id, content=left, town=TOWN, links=LINKS, actor=None, at=NOW)
    other = content(a_session(session_id=forum.sessions[0].id))
    await operations.change_forum(forum_id=forum.id, content=other, town=TOWN, links=LINKS, actor=None, at=NOW)
    assert len((await the_forum(forum.id)).sessions) == 1


async def test_the_address_of_a_public_meeting_stays(db: None) -> None:
    forum = await a_forum()
    with pytest.raises(Invalid) as refused:
        renamed = content(a_session(session_id=forum.sessions[0].id), slug="another-name")
        await operations.change_forum(forum_id=forum.id, content=renamed, town=TOWN, links=LINKS, actor=None, at=NOW)
    assert [problem.place for problem in refused.value.problems] == ["slug"]


async def test_a_reminder_comes_once_a_day_before_and_only_to_who_has_a_place(db: None) -> None:
    forum = await a_forum(capacity=1)
    await register(forum, "a@example.com")
    await register(forum, "b@example.com")
    before = forum.sessions[0].starts_at - timedelta(hours=20)
    assert await registering.remind(links=LINKS, at=before - DAY) == 0
    assert await registering.remind(links=LINKS, at=before) == 1
    assert await registering.remind(links=LINKS, at=before) == 0
    assert "forum.reminder" in await events("a@example.com")
    assert "forum.reminder" not in await events("b@example.com")


async def test_reminders_come_as_the_organiser_sets_them_each_once_and_anew_when_the_meeting_moves(db: None) -> None:
    forum = await kept(content(a_session(), remind_before=(72, 2)))
    await register(forum, "a@example.com")
    start = forum.sessions[0].starts_at
    moments = [start - timedelta(hours=hours) for hours in (73, 72, 71, 2, 1)]
    assert [await registering.remind(links=LINKS, at=at) for at in moments] == [0, 1, 0, 1, 0]
    later = content(a_session(session_id=forum.sessions[0].id, day=DATE + DAY), remind_before=(72, 2))
    await operations.change_forum(forum_id=forum.id, content=later, town=TOWN, links=LINKS, actor=None, at=start - DAY)
    assert await registering.remind(links=LINKS, at=start + DAY - timedelta(hours=1)) == 1
    assert (await events("a@example.com")).count("forum.reminder") == 3


async def test_where_smaller_parties_may_pass_one_behind_is_offered_what_the_first_cannot_use(db: None) -> None:
    forum = await kept(content(a_session(capacity=3), smaller_may_pass=True, offer_hours=6))
    await register(forum, "a@example.com")
    await register(forum, "b@example.com", companions=1)
    await register(forum, "c@example.com", companions=2)
    await cancel(forum, "a@example.com")
    await register(forum, "d@example.com")
    assert (await states(forum))["c@example.com"] == "waitlisted"
    offered = await the_registration(forum, "d@example.com")
    assert (offered.state, offered.offered_until) == (State.OFFERED, NOW + timedelta(hours=6))


async def test_who_came_is_forgotten_thirty_days_after_and_the_figures_stay(db: None) -> None:
    forum = await a_forum()
    await register(forum, companions=2, needs=("wheelchair",))
    end = forum.sessions[0].ends_at
    assert await registering.forget(at=end + 29 * DAY) == 0
    assert await registering.forget(at=end + 30 * DAY) == 1
    (one,) = await queries.registrations(forum.sessions[0].id)
    assert (one.name, one.email, one.needs, one.seats) == ("", None, (), 3)


async def test_the_letter_arrives_over_smtp_with_the_calendar_in_local_hours(db: None, settings: Settings) -> None:
    forum = await a_forum(a_session(day=date(2026, 12, 5)))
    await register(forum)
    notification = await fetchval("SELECT id FROM notification")
    server = MailServer()
    server.start()
    try:
        with_smtp = replace(settings, smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none")
        post = PostOffice(with_smtp, {"mk": "Град Скопје"})
        await send(notification_id=notification, post=post, at=NOW)
    finally:
        server.stop()
    (mail,) = server.post.mails
    assert mail["To"] == "ana@example.com"
    parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
    assert "DTSTART;TZID=Europe/Skopje:20261205T180000" in parts["text/calendar"]
    assert "http://consult.test/mk/registrations/" in parts["text/plain"]


async def test_everything_is_in_the_audit_trail_without_names(db: None) -> None:
    forum = await a_forum()
    await register(forum, channel=Channel.WEB)
    registration = await the_registration(forum)
    await registering.cancel(registration_id=registration.id, links=LINKS, at=NOW)
    assert [entry.kind for entry in await history("registration", registration.party)] == ["registration.added"]
    assert [entry.kind for entry in await history("registration", registration.id)] == ["registration.cancelled"]
    assert (await verify_chain()).is_intact
    kept = await fetchval(
        "SELECT string_agg(concat(before, after), ' ') FROM audit_entry WHERE record = 'registration'"
    )
    assert "Ana" not in kept and "ana@" not in kept
