"""The speakers' list: whose turn it is, what the clock shows, who has had how much time."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import asyncpg
import httpx
import pytest

from consult.forums.speakers import operations, queries
from consult.forums.speakers.speaker import Rules, Speaker, State, clock, in_turn, totals
from consult.storage import execute
from tests.conftest import Clock
from tests.forums.makers import NOW, a_forum
from tests.people.makers import staff


def a_speaker(number: int, side: str = "", state: State = State.WAITING, used_s: int = 0) -> Speaker:
    spoke = NOW + timedelta(minutes=number) if state is not State.WAITING else None
    return Speaker(
        UUID(int=number), UUID(int=9), number, f"Speaker {number}", side, None, None, state, 180, used_s,
        NOW if state is State.SPEAKING else None, spoke,
    )  # fmt: skip


def turn(*speakers: Speaker, alternates: bool = True) -> list[int]:
    return [one.position for one in in_turn(speakers, Rules(alternates=alternates))]


def test_the_order_of_the_list_stands_unless_the_sides_take_turns() -> None:
    waiting = [a_speaker(1, "A"), a_speaker(2, "A"), a_speaker(3, "B"), a_speaker(4)]
    assert turn(*waiting, alternates=False) == [1, 2, 3, 4]
    assert turn(*waiting) == [1, 3, 2, 4]
    assert turn(a_speaker(5, "A", State.DONE), *waiting) == [3, 1, 4, 2]
    assert turn(a_speaker(1, "A", State.DONE), a_speaker(2, "A")) == [2]


def test_the_clock_runs_only_while_somebody_speaks() -> None:
    speaking = a_speaker(1, "A", State.SPEAKING, used_s=30)
    later = NOW + timedelta(seconds=160)
    assert (speaking.used(later), speaking.left(later), clock(speaking.left(later))) == (190, -10, "−0:10")
    assert a_speaker(2, used_s=30).used(later) == 30
    spoken = [speaking, a_speaker(2, "B", State.DONE, 60), a_speaker(3, "A", State.PAUSED, 10), a_speaker(4, "B")]
    assert [(one.side, one.speeches, one.used_s) for one in totals(spoken, later)] == [("A", 2, 200), ("B", 1, 60)]
    assert clock(185) == "3:05"


async def test_staff_give_the_floor_interrupt_and_go_on(client: httpx.AsyncClient, clock: Clock) -> None:
    forum = await a_forum()
    session = forum.sessions[0].id
    here = f"/staff/en/sessions/{session}/speakers"
    assert (await client.get(here)).status_code == 303
    await staff(client, clock.now, "clerk")
    assert (await client.post(here, data={"action": "next"})).status_code == 409
    for name, side in (("Ana", "Centar"), ("Ivo", "Centar"), ("Eva", "Karpoš")):
        await client.post(here, data={"action": "add", "name": name, "side": side})
    wrong = await client.post(here, data={"action": "add", "name": ""})
    assert wrong.status_code == 422 and "#name" in wrong.text
    assert (await client.post(here, data={"action": "rules", "minutes": "0"})).status_code == 422
    await client.post(here, data={"action": "rules", "minutes": "1,5", "alternates": "1"})
    await client.post(here, data={"action": "next"})
    clock.now += timedelta(seconds=100)
    shown = await client.get(here)
    assert "−0:10" in shown.text
    assert "Ana" in (await client.get(f"/en/forums/{forum.slug}/screen")).text
    await client.post(here, data={"action": "next"})
    (ana, ivo, eva) = await queries.speakers(session)
    assert (ana.state, ana.used_s, eva.state, eva.limit_s) == (State.DONE, 100, State.SPEAKING, 90)
    await client.post(here, data={"action": "pause"})
    await client.post(here, data={"action": "start", "speaker": str(eva.id)})
    assert (await client.post(here, data={"action": "start", "speaker": str(ana.id)})).status_code == 409
    with pytest.raises(asyncpg.UniqueViolationError):
        await execute("UPDATE forum_speaker SET state = 'speaking', started_at = now() WHERE id = $1", ivo.id)
    await client.post(here, data={"action": "stop"})
    late = await operations.add(session_id=session, name="Lea", side="", question_id=None, actor=None, at=clock.now)
    await client.post(here, data={"action": "up", "speaker": str(late)})
    assert [one.name for one in in_turn(await queries.speakers(session), Rules())] == ["Lea", "Ivo"]
    await client.post(here, data={"action": "withdraw", "speaker": str(ivo.id)})
    assert [one.name for one in await queries.for_minutes(forum.id)] == ["Ana", "Eva"]
    assert (await client.get(here)).status_code == 200
    assert await operations.forget(at=forum.sessions[0].ends_at + timedelta(days=31)) == 4
    assert [(one.name, one.side) for one in await queries.for_minutes(forum.id)] == [("", "Centar"), ("", "Karpoš")]
