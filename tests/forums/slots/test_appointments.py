"""Appointments from the rule to who came; and what the database refuses by itself."""

from __future__ import annotations

import asyncio
import hashlib
import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from consult.forums import operations as forum_operations
from consult.forums.forum import Forum
from consult.forums.links import links_of
from consult.forums.slots import links, operations, queries
from consult.forums.slots import request_operations as requesting
from consult.forums.slots.allocation import drawn
from consult.forums.slots.operations import TermsContent
from consult.forums.slots.slot import Channel, Requested, State
from consult.settings import Settings
from consult.storage import execute, fetch, fetchval
from tests.conftest import Clock
from tests.forums.makers import LINKS, NOW, a_forum, text
from tests.forums.slots.makers import CLOSES, OPENS, a_reception, add, an_official, asks
from tests.people.makers import signed_in_as, staff

ASKED = {"name": "Ана Петрова", "email": "ana@example.com", "phone": "070 123 456", "text": "За дрвјата."}


async def states(forum: Forum) -> dict[int, State]:
    return {one.number: one.state for one in (await queries.requests(forum.id)).items}


async def told(number: int) -> list[str]:
    rows = await fetch(
        "SELECT event FROM notification WHERE recipient = $1 ORDER BY created_at, event", f"person{number}@example.com"
    )
    return [row["event"].split(":")[0] for row in rows]


async def test_a_draw_is_bound_before_it_opens_and_repeated_afterwards(db: None) -> None:
    forum = await a_reception(times=2)
    frozen = await queries.terms(forum.id)
    assert frozen is not None and frozen.seed is not None and frozen.public_seed is None
    assert frozen.seed_hash == hashlib.sha256(frozen.seed.encode()).hexdigest()
    for number in range(1, 6):
        await asks(forum, number)
    with pytest.raises(requesting.NotYet):
        await requesting.allocate(forum.id, links=LINKS, actor=None, at=OPENS)
    await requesting.allocate_due(links=LINKS, at=CLOSES)
    assert await requesting.allocate(forum.id, links=LINKS, actor=None, at=CLOSES) == 0
    seed = frozen.seed
    expected = sorted(range(1, 6), key=lambda number: drawn(seed, number))
    assert [one.number for one in await queries.order_made(forum.id)] == expected
    found = await states(forum)
    assert [found[number] for number in expected] == [State.GIVEN] * 2 + [State.WAITING] * 3
    assert await told(expected[0]) == ["slot.noted", "slot.given"]
    assert await told(expected[4]) == ["slot.noted", "slot.waiting"]
    first = next(one for one in await queries.order_made(forum.id) if one.rank == 1)
    await requesting.end(first.id, links=LINKS, at=CLOSES)
    assert (await states(forum))[expected[2]] is State.GIVEN
    (slot, other) = await queries.slots(forum.id)
    await operations.cancel_slot(slot.id, forum_id=forum.id, links=LINKS, actor=None, at=CLOSES)
    assert sorted((await states(forum)).values()).count(State.GIVEN) == 1
    assert (await queries.slots(forum.id))[0].taken == 0
    await requesting.allocate_due(links=LINKS, at=other.ends_at)
    assert State.UNHEARD in (await states(forum)).values()


async def test_first_come_gives_at_once_and_the_prior_answer_may_settle_it(db: None) -> None:
    forum = await a_reception("first_come", times=1, capacity=2)
    first, second, third = [await asks(forum, number) for number in (1, 2, 3)]
    assert list((await states(forum)).values()) == [State.GIVEN, State.GIVEN, State.WAITING]
    with pytest.raises(requesting.RequestEnded):
        await requesting.end(first, is_settled=True, links=LINKS, at=OPENS)
    await requesting.answer(first, words="It is planned for May.", links=LINKS, actor=None, at=OPENS)
    letter = await fetchval("SELECT body_text FROM notification WHERE event LIKE 'slot.answered%'")
    assert "planned for May" in letter
    await requesting.end(first, is_settled=True, links=LINKS, at=OPENS)
    assert list((await states(forum)).values()) == [State.SETTLED, State.GIVEN, State.GIVEN]
    assert await told(3) == ["slot.given", "slot.noted", "slot.waiting"]
    await asks(forum, 2)
    assert len(await states(forum)) == 3
    by_phone: dict[str, Any] = {"channel": Channel.PHONE, "links": LINKS, "language": "en", "at": OPENS}
    again = Requested("Person 2", "person2@example.com", text="Roads")
    with pytest.raises(requesting.AlreadyRequested):
        await requesting.ask(form_id=uuid4(), forum_slug=forum.slug, requested=again, **by_phone)
    await forum_operations.cancel_forum(forum.id, reason=text("Ill"), links=LINKS, actor=None, at=OPENS)
    await requesting.allocate_due(links=LINKS, at=OPENS)
    assert await told(2) == ["slot.called_off", "slot.given", "slot.noted", "slot.noted"]
    assert {second, third} <= {one.id for one in await queries.in_state(forum.id, State.CANCELLED)}


async def test_many_who_ask_at_once_get_exactly_the_times_there_are(db: None) -> None:
    forum = await a_reception("first_come", times=3, capacity=2)
    await asyncio.gather(*(asks(forum, number) for number in range(1, 25)))
    found = await states(forum)
    assert [number for number, state in sorted(found.items()) if state is State.GIVEN] == [1, 2, 3, 4, 5, 6]
    assert sorted(found) == list(range(1, 25))
    assert [slot.taken for slot in await queries.slots(forum.id)] == [2, 2, 2]


async def test_those_never_received_come_first_and_the_memory_holds_no_address(db: None) -> None:
    forum = await a_reception("never_heard", tie="order", times=1)
    await asks(forum, 1)
    request = await asks(forum, 2)
    await execute(
        """INSERT INTO forum_heard
           SELECT unnest(contacts), $2 FROM forum_slot_request WHERE forum = $1 AND number = 1""",
        forum.id,
        NOW - timedelta(days=300),
    )
    await requesting.allocate(forum.id, links=LINKS, actor=None, at=CLOSES)
    assert await states(forum) == {2: State.GIVEN, 1: State.WAITING}
    slot = (await queries.slots(forum.id))[0]
    await requesting.mark(request, came=True, actor=None, at=slot.starts_at)
    assert await fetchval("SELECT count(*) FROM forum_heard") == 2
    await requesting.mark(request, came=False, actor=None, at=slot.ends_at)
    assert await fetchval("SELECT count(*) FROM forum_heard") == 1
    assert await requesting.forget(at=slot.ends_at + timedelta(days=31)) == 2
    assert await fetchval("SELECT count(*) FROM forum_slot_request WHERE name <> '' OR contacts <> '{}'") == 0
    await requesting.forget(at=NOW + timedelta(days=731))
    assert await fetchval("SELECT count(*) FROM forum_heard") == 0


async def test_who_asked_is_forgotten_even_where_no_time_is_left(db: None) -> None:
    forum = await a_reception()
    await asks(forum, 1)
    await execute("DELETE FROM forum_slot")
    end = forum.sessions[0].ends_at
    assert await requesting.forget(at=end + timedelta(days=29)) == 0
    assert await requesting.forget(at=end + timedelta(days=31)) == 1
    assert await fetchval("SELECT count(*) FROM forum_slot_request WHERE name <> '' OR email <> ''") == 0


async def test_the_database_refuses_overlaps_overfull_times_and_a_changed_rule(db: None) -> None:
    forum = await a_reception(times=2)
    number = (await queries.officials())[0].number
    with pytest.raises(operations.TimesOverlap):
        await add(forum, number, 1)
    assert len(await queries.slots(forum.id)) == 2
    await add(forum, await an_official(), 1)
    sql = """INSERT INTO forum_slot (id, forum, official, starts_at, ends_at, place, language, has_interpreter,
                 capacity)
             SELECT $1, forum, official, starts_at + interval '1 minute', ends_at, '{}', '', false, 1
             FROM forum_slot WHERE official = $2 LIMIT 1"""
    with pytest.raises(asyncpg.ExclusionViolationError, match="forum_slot_one_place_at_a_time"):
        await execute(sql, uuid4(), number)
    await execute("ALTER TABLE forum_slot DROP CONSTRAINT forum_slot_one_place_at_a_time")
    try:
        await execute(sql, uuid4(), number)
    finally:
        await execute("DELETE FROM forum_slot")
        await execute(
            """ALTER TABLE forum_slot ADD CONSTRAINT forum_slot_one_place_at_a_time EXCLUDE USING gist (
                   int4range(official, official, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&
               ) WHERE (cancelled_at IS NULL)"""
        )
    await add(forum, number, 1)
    with pytest.raises(asyncpg.CheckViolationError, match="forum_slot_never_over_capacity"):
        await execute("UPDATE forum_slot SET taken = 2")
    for change in ("rule = 'first_come'", "seed = repeat('0', 64)", "opens_at = opens_at + interval '1 hour'",
                   "frozen_at = NULL", "closes_at = closes_at - interval '1 hour'"):  # fmt: skip
        with pytest.raises(asyncpg.PostgresError):
            await execute(f"UPDATE forum_slots SET {change}")
    with pytest.raises(operations.RuleFrozen):
        terms = TermsContent("first_come", "draw", OPENS, CLOSES)
        await operations.set_terms(forum_id=forum.id, content=terms, actor=None, at=NOW)
    later = TermsContent("draw", "draw", OPENS, CLOSES + timedelta(days=1))
    await operations.set_terms(forum_id=forum.id, content=later, actor=None, at=NOW)
    late = await a_forum(slug="late")
    await operations.set_terms(forum_id=late.id, content=TermsContent("draw", "draw", NOW, CLOSES), actor=None, at=NOW)
    with pytest.raises(operations.NoTimes):
        await operations.freeze(late.id, actor=None, at=NOW)
    await add(late, number, 1, hour=3)
    with pytest.raises(operations.TooLate):
        await operations.freeze(late.id, actor=None, at=OPENS)


async def test_residents_ask_see_the_draw_and_cancel_by_link(
    client: httpx.AsyncClient, clock: Clock, settings: Settings
) -> None:
    forum = await a_reception(times=1)
    here = f"/en/forums/{forum.slug}/appointments"
    clock.now = OPENS
    shown = await client.get(here)
    assert shown.status_code == 200 and "Ask for an appointment" in shown.text
    assert "Ask for an appointment" in (await client.get(f"/en/forums/{forum.slug}")).text
    draw = await client.get(f"{here}/draw")
    terms = await queries.terms(forum.id)
    assert terms is not None and terms.seed is not None and terms.seed_hash is not None
    assert terms.seed_hash in draw.text and terms.seed not in draw.text
    assert (await client.get(f"{here}/draw.csv")).status_code == 404
    form = await client.get(f"{here}/new")
    token = re.search(r'name="form" value="([^"]+)"', form.text)
    assert token is not None
    wrong = await client.post(f"{here}/new", data={**ASKED, "form": token[1], "text": "", "email": "x"})
    assert wrong.status_code == 422 and "#text" in wrong.text and "#email" in wrong.text
    sent = await client.post(f"{here}/new", data={**ASKED, "form": token[1]})
    assert sent.headers["location"].endswith("/noted")
    assert "ana@example.com" not in (await client.get(sent.headers["location"])).text
    mine = f"/en/appointments/{links.token(links_of(settings), await the_request())}"
    letter = await fetchval("SELECT body_text FROM notification WHERE recipient = 'ana@example.com'")
    assert mine in letter and "Ана" not in letter
    clock.now = CLOSES
    assert (await client.post(f"{here}/new", data={**ASKED, "form": token[1]})).status_code == 409
    await requesting.allocate_due(links=LINKS, at=CLOSES)
    for page in (here, f"{here}/draw"):
        assert (await client.get(page)).status_code == 200
    assert terms.seed in (await client.get(f"{here}/draw")).text
    assert drawn(terms.seed, 1) in (await client.get(f"{here}/draw.csv")).text
    assert "ana@example.com" not in (await client.get(mine)).text
    assert (await client.post(mine, data={"action": "nothing"})).status_code == 404
    assert (await client.post(mine, data={"action": "settle"})).status_code == 409
    assert (await client.post(mine, data={"action": "cancel"})).status_code == 303
    assert (await states(forum))[1] is State.CANCELLED
    assert (await client.get(f"/en/appointments/{'x' * 43}")).status_code == 404


async def the_request() -> UUID:
    return UUID(str(await fetchval("SELECT id FROM forum_slot_request")))


async def test_staff_write_the_rule_the_times_and_who_came(client: httpx.AsyncClient, clock: Clock) -> None:
    forum = await a_forum()
    person = await staff(client, clock.now, "moderator")
    here = f"/staff/en/forums/{forum.id}/appointments"
    assert (await client.post("/staff/en/officials", data={"name-en": "Mayor"})).status_code == 422
    await client.post("/staff/en/officials", data={"name-mk": "Градоначалник", "office-mk": "Град"})
    number = (await queries.officials())[0].number
    rule = {"action": "terms", "rule": "draw", "tie": "draw", "opens": "2026-11-21T09:00",
            "closes": "2026-11-25T16:00", "topics-mk": "Паркови\nПатишта"}  # fmt: skip
    wrong = await client.post(here, data={**rule, "rule": "", "closes": "soon"})
    assert wrong.status_code == 422 and "#rule" in wrong.text and "#closes" in wrong.text
    await client.post(here, data=rule)
    assert (await client.post(here, data={"action": "publish"})).status_code == 409
    times = {"action": "add", "official": str(number), "day": "2026-12-05", "starts": "10:00", "ends": "11:00",
             "minutes": "15", "capacity": "1", "topic": "1"}  # fmt: skip
    assert (await client.post(here, data={**times, "ends": "09:00"})).status_code == 422
    assert (await client.post(here, data={**times, "official": "99"})).status_code == 422
    await client.post(here, data=times)
    assert (await client.post(here, data=times)).status_code == 409
    assert (await client.post(here, data={"action": "publish"})).status_code == 303
    slots = await queries.slots(forum.id)
    assert len(slots) == 4 and slots[0].topic == 1
    clock.now += timedelta(days=2)
    await signed_in_as(client, person, clock.now)
    by_phone = {"channel": "phone", "name": "Ivo", "phone": "070 111 222", "topic": "1", "text": "Roads"}
    listed = f"{here}/requests"
    assert (await client.post(listed, data={**by_phone, "topic": "9"})).status_code == 422
    await client.post(listed, data=by_phone)
    request = f"{listed}/{await the_request()}"
    assert (await client.post(request, data={"action": "answer", "answer": ""})).status_code == 422
    await client.post(request, data={"action": "answer", "answer": "In May."})
    clock.now += timedelta(days=4)
    await signed_in_as(client, person, clock.now)
    await client.post(here, data={"action": "give"})
    assert (await client.post(request, data={"action": "heard"})).status_code == 409
    clock.now = slots[0].ends_at
    await signed_in_as(client, person, clock.now)
    assert "Appointments: note who came" in (await client.get("/staff/en")).text
    await client.post(request, data={"action": "heard"})
    assert (await states(forum))[1] is State.HEARD
    for page in (here, listed, request, "/staff/en/officials", f"/staff/en/forums/{forum.id}"):
        assert (await client.get(page)).status_code == 200
