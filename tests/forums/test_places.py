"""Places never oversold, nobody registered twice, the order kept: each line of defence proven without the others."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from consult.errors import Invalid, NotFound
from consult.forums import queries, registering
from consult.forums import registration_operations as changing
from consult.forums.desk import desk
from consult.forums.forum import Forum
from consult.forums.registering import Wish
from consult.forums.registration import Registrant
from consult.records.queries import verify_chain
from consult.storage import execute, fetch, fetchval, transaction
from tests.forums.makers import LINKS, NOW, a_forum, a_session, content, kept, register, states, the_forum

INSERT = """INSERT INTO registration (id, party, session, state, name, email, phone, companions, seats, needs,
    needs_note, language, channel, token_hash, created_at)
    VALUES (gen_random_uuid(), gen_random_uuid(), $1, $2, 'A', $3, '', 0, 1, '{}', '', 'mk', 'web',
            decode(repeat('00', 32), 'hex'), now())"""


async def held_places(session_id: object) -> tuple[int, int]:
    """What the session row says, and what the registrations add up to."""
    row = await fetch(
        """SELECT s.seats_taken, (SELECT coalesce(sum(seats), 0) FROM registration r WHERE r.session = s.id
           AND state IN ('held', 'confirmed', 'offered', 'attended', 'no_show')) FROM forum_session s WHERE id = $1""",
        session_id,
    )
    return int(row[0][0]), int(row[0][1])


def a_wish(forum: Forum, email: str) -> Wish:
    registrant = Registrant(name="Ana", email=email)
    sessions = (forum.sessions[0].id,)
    return Wish(forum_slug=forum.slug, sessions=sessions, registrant=registrant, language="mk", links=LINKS, at=NOW)


async def test_three_hundred_at_once_for_twenty_places_hold_exactly_twenty_at_every_instant_and_keep_the_order(
    db: None,
) -> None:
    forum = await a_forum(capacity=20)
    session_id = forum.sessions[0].id
    seen: list[tuple[int, int]] = []

    async def watch() -> None:
        while True:
            seen.append(await held_places(session_id))
            await asyncio.sleep(0)

    watcher = asyncio.create_task(watch())
    direct = [register(forum, f"d{n}@example.com") for n in range(20)]
    placed = await asyncio.gather(*(desk.register(a_wish(forum, f"r{n}@example.com")) for n in range(280)), *direct)
    watcher.cancel()
    assert all(taken == held <= 20 for taken, held in seen)
    assert set(seen[seen.index((20, 20)) :]) == {(20, 20)}
    given = [one[0] for one in placed]
    assert sum(one.state == "confirmed" for one in given) == 20
    assert sorted(one.position for one in given if one.position) == list(range(1, 281))
    positions = [one.position or 0 for one in given[:280]]
    assert positions == sorted(positions)
    in_order = [one.state for one in await queries.registrations(session_id)]
    assert in_order == ["confirmed"] * 20 + ["waitlisted"] * 280
    assert await fetchval("SELECT count(*) FROM notification") == 300
    assert (await verify_chain()).is_intact


async def test_a_wish_that_is_refused_spoils_nothing_for_the_others(db: None) -> None:
    forum, over = await a_forum(), await a_forum(slug="closed", closes=NOW.replace(tzinfo=None))
    wishes = [a_wish(forum, "a@example.com"), a_wish(over, "b@example.com"), a_wish(forum, "nobody")]
    wishes += [replace(wishes[0], forum_slug="nowhere"), a_wish(forum, "A@example.com"), a_wish(forum, "c@example.com")]
    outcomes = await asyncio.gather(*(desk.register(wish) for wish in wishes), return_exceptions=True)
    kinds = [type(one) for one in outcomes]
    assert kinds == [list, registering.RegistrationClosed, Invalid, NotFound, list, list]
    assert list(await states(forum)) == ["a@example.com", "c@example.com"]


async def test_an_address_has_one_of_the_meetings_of_a_round_where_the_organiser_says_so(db: None) -> None:
    round_of_two = content(a_session(), a_session(title="Ikalto"), one_session=True, smaller_may_pass=True)
    forum = await kept(round_of_two)
    first, second = (session.id for session in forum.sessions)
    with pytest.raises(Invalid):
        await register(forum, sessions=[first, second])
    answers = await asyncio.gather(*(register(forum, sessions=[one], name=f"{one}") for one in (first, second)))
    assert [one[0].state for one in answers] == ["confirmed", "confirmed"]
    assert sum([session.seats_taken for session in (await the_forum(forum.id)).sessions]) == 1
    assert await fetchval("SELECT count(*) FROM notification") == 2
    await execute(INSERT, second, "confirmed", "other@example.com")
    with pytest.raises(asyncpg.UniqueViolationError):
        await execute("UPDATE registration SET email = 'ANA@example.com', only_one_of = $1", forum.id)


async def test_one_of_two_meetings_at_once_is_kept_by_the_lock_alone_and_by_the_index_alone(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [content(a_session(), a_session(title="Ikalto"), one_session=True, slug=slug) for slug in ("one", "two")]
    forum, other = [await kept(one) for one in both]

    async def rush(where: Forum) -> list[object]:
        ids = [session.id for session in where.sessions]
        tries = (register(where, sessions=[ids[n % 2]], name=f"Ana {n}") for n in range(12))
        return await asyncio.gather(*tries, return_exceptions=True)

    await execute("DROP INDEX registration_one_session")
    try:
        assert all(isinstance(one, list) for one in await rush(forum))
    finally:
        await execute(
            """CREATE UNIQUE INDEX registration_one_session ON registration (only_one_of, lower(email))
               WHERE state NOT IN ('cancelled', 'expired')"""
        )
    monkeypatch.setattr(registering, "LOCK", registering.LOCK.replace(" FOR UPDATE", ""))
    failures = [one for one in await rush(other) if isinstance(one, BaseException)]
    assert failures and all(isinstance(one, asyncpg.UniqueViolationError) for one in failures)
    for one in (forum, other):
        assert sum(session.seats_taken for session in (await the_forum(one.id)).sessions) == 1


async def test_a_place_too_many_is_refused_whatever_program_writes_it(db: None) -> None:
    forum = await a_forum(capacity=2)
    session_id = forum.sessions[0].id
    await register(forum, companions=1)
    for sql in ("SET seats_taken = seats_taken + 1", "SET capacity = 1", "SET seats_taken = -1"):
        with pytest.raises(asyncpg.CheckViolationError):
            await execute(f"UPDATE forum_session {sql} WHERE id = $1", session_id)
    assert await held_places(session_id) == (2, 2)


async def test_registrations_and_cancellations_at_once_never_exceed_the_capacity(db: None) -> None:
    forum = await a_forum(capacity=10)
    session_id = forum.sessions[0].id
    await asyncio.gather(*(register(forum, f"r{n}@example.com", companions=n % 3) for n in range(30)))
    chance = random.Random(7)
    some = chance.sample(await queries.registrations(session_id), 12)

    jobs: list[Coroutine[Any, Any, object]] = [
        changing.cancel(registration_id=one.id, links=LINKS, at=NOW) for one in some
    ]
    jobs += [register(forum, f"late{n}@example.com", companions=n % 4) for n in range(20)]
    chance.shuffle(jobs)
    await asyncio.gather(*jobs)
    taken, counted = await held_places(session_id)
    assert taken == counted <= 10


async def test_the_row_lock_alone_keeps_the_capacity(db: None) -> None:
    forum = await a_forum(capacity=5)
    await execute("ALTER TABLE forum_session DROP CONSTRAINT forum_session_never_over_capacity")
    try:
        await asyncio.gather(*(register(forum, f"r{n}@example.com") for n in range(40)))
        assert await held_places(forum.sessions[0].id) == (5, 5)
    finally:
        await execute(
            """ALTER TABLE forum_session ADD CONSTRAINT forum_session_never_over_capacity
               CHECK (seats_taken BETWEEN 0 AND capacity)"""
        )


async def test_without_the_row_lock_the_check_refuses_the_place_too_many(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registering, "LOCK", registering.LOCK.replace(" FOR UPDATE", ""))
    forum = await a_forum(capacity=3)
    answers = await asyncio.gather(*(register(forum, f"r{n}@example.com") for n in range(40)), return_exceptions=True)
    failures = [one for one in answers if isinstance(one, BaseException)]
    assert failures
    assert all(isinstance(one, asyncpg.CheckViolationError) for one in failures)
    assert await held_places(forum.sessions[0].id) == (3, 3)


async def test_the_row_lock_alone_keeps_an_address_to_one_registration(db: None) -> None:
    forum = await a_forum()
    await execute("DROP INDEX registration_address_once")
    try:
        await asyncio.gather(*(register(forum, "Ana@example.com") for _ in range(10)))
        assert await held_places(forum.sessions[0].id) == (1, 1)
    finally:
        await execute(
            """CREATE UNIQUE INDEX registration_address_once ON registration (session, lower(email))
               WHERE state NOT IN ('cancelled', 'expired')"""
        )


async def test_without_the_row_lock_the_index_refuses_the_second_registration(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registering, "LOCK", registering.LOCK.replace(" FOR UPDATE", ""))
    forum = await a_forum()
    answers = await asyncio.gather(*(register(forum, name=f"Ana {n}") for n in range(12)), return_exceptions=True)
    failures = [one for one in answers if isinstance(one, BaseException)]
    assert failures
    assert all(isinstance(one, asyncpg.UniqueViolationError) for one in failures)
    assert await held_places(forum.sessions[0].id) == (1, 1)


async def test_the_index_ignores_case_and_what_is_over(db: None) -> None:
    forum = await a_forum()
    session_id = forum.sessions[0].id
    await execute(INSERT, session_id, "confirmed", "ana@example.com")
    with pytest.raises(asyncpg.UniqueViolationError):
        await execute(INSERT, session_id, "waitlisted", "ANA@example.com")
    await execute("UPDATE registration SET state = 'expired'")
    await execute(INSERT, session_id, "waitlisted", "ana@example.com")
    assert await fetchval("SELECT count(*) FROM registration") == 2


async def test_many_sessions_in_one_form_are_locked_in_one_order(db: None) -> None:
    forum = await a_forum(a_session(capacity=50), a_session(title="Questions", capacity=50))
    ids = [session.id for session in forum.sessions]
    await asyncio.gather(
        *(register(forum, f"r{n}@example.com", sessions=ids if n % 2 else ids[::-1]) for n in range(60))
    )
    after = await the_forum(forum.id)
    assert [session.seats_taken for session in after.sessions] == [50, 50]
    assert [session.waiting for session in after.sessions] == [10, 10]


async def test_a_refused_transaction_leaves_neither_place_nor_letter(db: None) -> None:
    forum = await a_forum(capacity=3)
    with pytest.raises(ZeroDivisionError):
        async with transaction():
            await register(forum)
            _ = 1 / 0
    assert await states(forum) == {}
    assert await fetchval("SELECT count(*) FROM notification") == 0
