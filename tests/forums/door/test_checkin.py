"""At the door: what comes of an act, acts that arrive late or twice, and what a person settles."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from consult.errors import NotFound
from consult.forums.afterwards.queries import Attendance, attendance_of
from consult.forums.door import operations, queries
from consult.forums.door.checkin import Act, Arrival, Kind, Outcome, Settled, acted_at, digits, figures, outcome_of
from consult.forums.door.codes import LENGTH, code_of, spaced
from consult.forums.door.operations import DoorNotClosed, TooMuchAtOnce
from consult.forums.door.view import door_view
from consult.forums.forum import Forum
from consult.forums.registration import Channel, Registration, State
from consult.forums.registration_operations import cancel
from consult.records.queries import history
from consult.storage import fetch
from tests.conftest import Clock
from tests.forums.makers import LINKS, NOW, a_forum, a_session, register, states, the_registration
from tests.people.makers import staff

DOOR = datetime(2026, 12, 5, 17, 30, tzinfo=UTC)
HERE = UUID(int=1)


def a_registration(state: State = State.CONFIRMED, *, seats: int = 1, session: UUID = HERE) -> Registration:
    return Registration(
        id=uuid4(),
        number=1,
        party=uuid4(),
        session=session,
        state=state,
        name="Ana",
        email=None,
        phone="",
        companions=seats - 1,
        needs=(),
        needs_note="",
        language="mk",
        channel=Channel.WEB,
        created_at=NOW,
        offered_until=None,
        cancelled_at=None,
        erased_at=None,
    )


def an_act(kind: Kind = Kind.ARRIVE, *, minute: int = 0, forced: bool = True, **more: object) -> Act:
    moment = DOOR + timedelta(minutes=minute)
    return Act(id=uuid4(), kind=kind, acted_at=moment, is_forced=forced, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("registration", "is_inside", "outcome"),
    [
        (a_registration(), False, Outcome.NOTED),
        (a_registration(State.OFFERED), False, Outcome.NOTED),
        (a_registration(State.NO_SHOW), False, Outcome.NOTED),
        (a_registration(State.ATTENDED), True, Outcome.TWICE),
        (a_registration(State.CANCELLED), False, Outcome.CANCELLED),
        (a_registration(State.EXPIRED), False, Outcome.CANCELLED),
        (a_registration(State.WAITLISTED), False, Outcome.WAITING),
        (a_registration(session=UUID(int=2)), False, Outcome.ELSEWHERE),
        (None, False, Outcome.UNKNOWN),
    ],
)
def test_what_comes_of_letting_somebody_in(
    registration: Registration | None, is_inside: bool, outcome: Outcome
) -> None:
    assert outcome_of(registration, session=HERE, is_inside=is_inside) is outcome


def test_code_is_read_as_typed_spoken_or_seen() -> None:
    assert digits(" 4821 7365 ") == digits("https://consult.test/staff/mk/door/48217365/") == "48217365"
    code = code_of(LINKS, UUID(int=7))
    assert len(code) == LENGTH and code.isdigit() and code == code_of(LINKS, UUID(int=7)) != code_of(LINKS, HERE)


def test_clock_that_is_plainly_wrong_is_not_believed() -> None:
    assert acted_at(DOOR - timedelta(hours=3), DOOR) == DOOR - timedelta(hours=3)
    assert acted_at(DOOR + timedelta(hours=1), DOOR) == DOOR
    assert acted_at(DOOR - timedelta(days=30), DOOR) == DOOR


def test_figures_count_people_not_parties_and_voters_only_where_rightly_inside() -> None:
    inside, absent = a_registration(State.ATTENDED, seats=3), a_registration(State.NO_SHOW)
    by_hand = a_registration(State.ATTENDED, seats=2)
    arrivals = [
        Arrival(uuid4(), inside.id, 2, 2, "A", DOOR, False, ""),
        Arrival(uuid4(), None, 4, 4, "", DOOR, True, "no place"),
        Arrival(uuid4(), absent.id, 1, 1, "", DOOR, False, ""),
    ]
    found = figures(arrivals, [inside, absent, by_hand, a_registration(seats=2)])
    assert (found.inside, found.walk_ins, found.wrongly, found.expected, found.voters) == (8, 4, 4, 2, 2)


async def test_acts_of_two_doors_are_counted_once_and_what_does_not_fit_is_settled(db: None) -> None:
    forum = await a_forum(capacity=4)
    session = forum.sessions[0].id
    await register(forum, "ana@example.com", companions=2)
    await register(forum, "goce@example.com", name="Goce")
    await register(forum, "late@example.com", name="Late")
    ana, goce, late = [await the_registration(forum, f"{who}@example.com") for who in ("ana", "goce", "late")]
    await cancel(registration_id=goce.id, links=LINKS, at=NOW)
    came = an_act(registration=ana.id, people=2, door="A")
    batch = [
        an_act(code=code_of(LINKS, ana.party), minute=9, door="B"),
        came,
        an_act(registration=goce.id, minute=2),
        an_act(code="00000000", minute=3, people=2),
        an_act(Kind.WALK_IN, minute=4, people=3),
    ]
    first = await operations.note(session_id=session, acts=batch, links=LINKS, actor=None, at=DOOR + timedelta(hours=2))
    outcomes = [Outcome.NOTED, Outcome.CANCELLED, Outcome.UNKNOWN, Outcome.NOTED, Outcome.TWICE]
    assert [one.outcome for one in first] == outcomes
    again = await operations.note(session_id=session, acts=batch, links=LINKS, actor=None, at=DOOR + timedelta(hours=3))
    assert [one.outcome for one in again] == outcomes
    view = await door_view(session, LINKS)
    assert (view.figures.inside, view.figures.walk_ins) == (8, 5)
    by_outcome = {one.outcome: one for one in view.conflicts}
    assert set(by_outcome) == {Outcome.TWICE, Outcome.CANCELLED, Outcome.UNKNOWN}
    assert (by_outcome[Outcome.TWICE].door, by_outcome[Outcome.TWICE].other_door) == ("B", "A")
    with pytest.raises(NotFound):
        await operations.settle(
            session_id=uuid4(), act_id=by_outcome[Outcome.TWICE].id, how=Settled.MISTAKE, actor=None, at=DOOR
        )
    for outcome, how in zip(by_outcome, (Settled.WRONGLY, Settled.MISTAKE, Settled.RIGHTLY), strict=True):
        for _ in range(2):
            await operations.settle(session_id=session, act_id=by_outcome[outcome].id, how=how, actor=None, at=DOOR)
    assert await queries.conflicts(session) == []
    late = await the_registration(forum, "late@example.com")
    assert late.state in {State.OFFERED, State.CONFIRMED}
    await operations.note(
        session_id=session, acts=[an_act(registration=late.id, minute=20)], links=LINKS, actor=None, at=DOOR
    )
    assert (await states(forum))["late@example.com"] == "attended"


async def test_people_are_let_in_all_the_same_only_when_somebody_says_so(db: None) -> None:
    forum = await a_forum(capacity=1)
    session = forum.sessions[0].id
    await register(forum)
    await register(forum, "goce@example.com", name="Goce")
    waiting = await the_registration(forum, "goce@example.com")
    for forced, conflicts in ((False, 0), (True, 1)):
        act = an_act(registration=waiting.id, forced=forced)
        (noted,) = await operations.note(session_id=session, acts=[act], links=LINKS, actor=None, at=DOOR)
        assert noted.outcome is Outcome.WAITING and len(await queries.conflicts(session)) == conflicts
    ana = await the_registration(forum)
    came, back = an_act(registration=ana.id), an_act(Kind.UNDO, registration=ana.id, minute=1)
    await operations.note(session_id=session, acts=[came, back], links=LINKS, actor=None, at=DOOR)
    assert (await the_registration(forum)).state is State.CONFIRMED
    with pytest.raises(DoorNotClosed):
        await operations.close_door(session, actor=None, at=DOOR - timedelta(hours=2))
    assert await operations.close_door(session, actor=None, at=DOOR) == 1
    assert (await attendance_of([forum.id]))[forum.id] == Attendance(1, 0, 1, 0, 1, 0)
    with pytest.raises(TooMuchAtOnce):
        await operations.note(session_id=session, acts=[an_act(Kind.WALK_IN)] * 501, links=LINKS, actor=None, at=DOOR)


async def _evening(clock: Clock) -> Forum:
    """A meeting that begins in a quarter of an hour."""
    starts = (clock.now + timedelta(minutes=15)).astimezone(UTC)
    local = starts + timedelta(hours=1)
    session = a_session(day=local.date(), starts=local.time(), ends=local.replace(hour=23).time())
    closes = (local - timedelta(minutes=10)).replace(tzinfo=None)
    forum = await a_forum(session, closes=closes, at=clock.now - timedelta(days=3))
    await register(forum, companions=1, at=clock.now - timedelta(days=2))
    return forum


async def test_door_page_without_scripts(client: httpx.AsyncClient, clock: Clock) -> None:
    forum = await _evening(clock)
    session = forum.sessions[0].id
    base = f"/staff/en/sessions/{session}/door"
    assert (await client.get(base)).status_code in {303, 401, 403}
    await staff(client, clock.now, "clerk")
    shown = await client.get(base)
    assert "camera=(self)" in shown.headers["permissions-policy"] and "no-store" in shown.headers["cache-control"]
    ana = await the_registration(forum)
    sent = {"id": str(uuid4()), "act": "arrive", "registration": str(ana.id), "people": "2", "door": "North"}
    assert (await client.post(base, data=sent)).status_code == 303
    assert (await client.post(base, data=sent)).status_code == 303
    assert "2 people inside" in (await client.get(f"{base}?sought=ana")).text
    assert "Nobody on the list fits." in (await client.get(f"{base}?sought=nobody")).text
    refused = await client.post(base, data={"id": str(uuid4()), "act": "arrive", "code": "1234 5678"})
    assert refused.status_code == 409 and "This code is not on the list." in refused.text
    assert (await client.post(base, data={"id": "x", "act": "arrive"})).status_code == 422
    walk_in = {"id": str(uuid4()), "act": "walk_in", "people": "3"}
    assert (await client.post(base, data=walk_in)).status_code == 303
    assert (await client.post(f"{base}/arrivals/{walk_in['id']}", data={"reason": ""})).status_code == 422
    assert (await client.post(f"{base}/arrivals/{walk_in['id']}", data={"reason": "Full"})).status_code == 303
    assert "Wrongly admitted" in (await client.get(base)).text
    forced = {"id": str(uuid4()), "act": "arrive", "code": "12345678", "is_forced": "1"}
    assert (await client.post(base, data=forced)).status_code == 303
    settled = await client.post(f"{base}/conflicts/{forced['id']}", data={"how": "mistake"})
    assert settled.status_code == 303 and await queries.conflicts(session) == []
    assert (await client.post(f"{base}/close")).status_code == 409
    clock.now = forum.sessions[0].starts_at + timedelta(minutes=1)
    assert (await client.post(f"{base}/close")).status_code == 303
    assert (await client.get("/staff/en/door/00000000")).status_code == 404


async def test_door_sends_its_acts_and_hears_how_things_stand(client: httpx.AsyncClient, clock: Clock) -> None:
    forum = await _evening(clock)
    session = forum.sessions[0].id
    await staff(client, clock.now, "clerk")
    ana = await the_registration(forum)
    address = f"/staff/en/sessions/{session}/door/acts"
    act = {"id": str(uuid4()), "kind": "arrive", "registration": str(ana.id), "acted_at": clock.now.isoformat()}
    for _ in range(2):
        said = (await client.post(address, data={"acts": json.dumps([act])})).json()
        assert [one["outcome"] for one in said["acts"]] == ["noted"]
        assert said["figures"]["inside"] == 2 and said["parties"][str(ana.id)]["state"] == "attended"
    assert "Ana" not in json.dumps(said)
    for wrong in ("nothing", '[{"id": 1}]', json.dumps([act | {"acted_at": "2026-12-05T18:00:00"}])):
        assert (await client.post(address, data={"acts": wrong})).status_code == 422


async def test_attendance_sheet_has_large_lines_to_sign(client: httpx.AsyncClient, clock: Clock) -> None:
    forum = await _evening(clock)
    base = f"/staff/ka/sessions/{forum.sessions[0].id}"
    await staff(client, clock.now, "clerk")
    ana = await the_registration(forum)
    shown = await client.get(f"{base}/sheet")
    assert ana.name in shown.text
    made = await client.get(f"{base}/sheet.pdf")
    assert made.content.startswith(b"%PDF") and made.headers["content-type"] == "application/pdf"
    assert [entry.kind for entry in await history("forum_session", forum.sessions[0].id)] == ["forum.list_downloaded"]


async def test_letter_and_page_of_a_registration_carry_the_code_until_the_meeting_is_over(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    forum = await _evening(clock)
    ana = await the_registration(forum)
    code = spaced(code_of(LINKS, ana.party))
    (letter,) = await fetch("SELECT body_text, attachments FROM notification WHERE event LIKE 'forum.registered:%'")
    assert code in letter["body_text"]
    assert [part["content_type"] for part in letter["attachments"]] == ["text/calendar", "image/png"]
    mine = f"/en/registrations/{LINKS.token(ana.party)}"
    assert "c-entrance" in (await client.get(mine)).text
    clock.now = forum.sessions[0].ends_at
    assert "c-entrance" not in (await client.get(mine)).text


async def test_what_was_written_at_the_door_is_forgotten_with_the_registrations(db: None) -> None:
    forum = await a_forum()
    session, over = forum.sessions[0].id, forum.sessions[0].ends_at
    acts = [an_act(code="12345678"), an_act(Kind.WALK_IN)]
    await operations.note(session_id=session, acts=acts, links=LINKS, actor=None, at=DOOR)
    await operations.mark_wrong(session_id=session, arrival_id=acts[1].id, reason="Ana said so", actor=None, at=DOOR)
    for days, kept in ((29, {"12345678", "Ana said so"}), (31, set())):
        await operations.forget(at=over + timedelta(days=days))
        words = await fetch("SELECT code AS words FROM door_act UNION SELECT reason FROM arrival")
        assert {row["words"] for row in words} - {""} == kept
    assert (await attendance_of([forum.id]))[forum.id].walk_ins == 2
