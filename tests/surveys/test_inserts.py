"""Storing in micro-batches: everybody hears of their own row, after the commit."""

from __future__ import annotations

import asyncio
import contextvars
from collections import Counter
from uuid import UUID

import asyncpg
import pytest
from prometheus_client import REGISTRY

from consult import storage
from consult.errors import Unavailable
from consult.surveys import queries
from consult.surveys.responses import inserts
from consult.surveys.responses.insert_lanes import Lane, Waiting
from consult.surveys.responses.inserts import Batcher, Outcome
from tests.surveys.conftest import publish
from tests.surveys.makers import survey
from tests.surveys.test_operations import row


async def test_rows_that_wait_are_stored_together(db: None) -> None:
    survey_id = await publish(survey())
    batcher = Batcher("response")
    outcomes = await asyncio.gather(*(batcher.store(row(survey_id)) for _ in range(1000)))
    assert set(outcomes) == {Outcome.STORED}
    assert await queries.count(survey_id) == 1000


async def test_one_bad_row_does_not_spoil_its_neighbours(db: None) -> None:
    survey_id = await publish(survey())
    rows = [row(survey_id, version=9) if number == 7 else row(survey_id) for number in range(20)]
    outcomes = await asyncio.gather(*(Batcher.store(inserts.responses, one) for one in rows), return_exceptions=True)
    assert isinstance(outcomes[7], asyncpg.ForeignKeyViolationError)
    assert outcomes.count(Outcome.STORED) == 19
    assert await queries.count(survey_id) == 19


async def test_same_id_in_one_batch_and_in_the_next(db: None) -> None:
    survey_id = await publish(survey())
    first = row(survey_id)
    same = row(survey_id, id=first.id)
    other = row(survey_id, id=first.id, answers='{"colour":"blue"}')
    together = await asyncio.gather(*(inserts.responses.store(one) for one in (first, same, other)))
    assert together == [Outcome.STORED, Outcome.SAME, Outcome.DIFFERENT]
    assert await inserts.responses.store(same) is Outcome.SAME
    assert await inserts.responses.store(other) is Outcome.DIFFERENT
    assert await queries.count(survey_id) == 1


async def test_same_id_in_another_survey_is_not_the_same(db: None) -> None:
    first, second = await publish(survey()), await publish(survey(key="second"))
    stored = row(first)
    await inserts.responses.store(stored)
    assert await inserts.responses.store(row(second, id=stored.id)) is Outcome.DIFFERENT


async def test_draining_waits_for_every_row(db: None) -> None:
    survey_id = await publish(survey())
    waiting = [asyncio.ensure_future(inserts.responses.store(row(survey_id))) for _ in range(50)]
    await asyncio.sleep(0)
    await inserts.drain()
    assert all(task.done() or not task.cancelled() for task in waiting)
    assert await queries.count(survey_id) == 50
    await asyncio.gather(*waiting)


async def test_caller_who_goes_away_does_not_stop_the_others(db: None) -> None:
    survey_id = await publish(survey())
    gone = asyncio.ensure_future(inserts.responses.store(row(survey_id)))
    await asyncio.sleep(0)
    gone.cancel()
    assert await inserts.responses.store(row(survey_id)) is Outcome.STORED
    with pytest.raises(asyncio.CancelledError):
        await gone


def test_surveys_take_turns_in_a_batch() -> None:
    busy, quiet, other = UUID(int=1), UUID(int=2), UUID(int=3)
    lane = Lane()
    loop = asyncio.new_event_loop()
    for one in (*[busy] * 1000, quiet, *[other] * 30):
        lane.add(Waiting(row(one), loop.create_future(), 0.0))
    loop.close()
    counts = Counter(one.row.survey for one in lane.take(100))
    assert counts == {busy: 69, quiet: 1, other: 30}
    assert (lane.size, len(lane.take(2000)), lane.size, dict(lane.rows)) == (931, 931, 0, {})


async def test_full_queue_refuses_and_says_when_to_come_again(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    survey_id = await publish(survey())
    monkeypatch.setattr(inserts, "MOST_WAITING", 3)
    batcher = Batcher("response")
    batcher.row_s = 20.0
    found = await asyncio.gather(*(batcher.store(row(survey_id)) for _ in range(5)), return_exceptions=True)
    assert found[:3] == [Outcome.STORED] * 3
    assert [fault.retry_after_s for fault in found[3:] if isinstance(fault, Unavailable)] == [60, 60]
    assert await batcher.store(row(survey_id)) is Outcome.STORED


async def test_who_waits_for_a_lock_holds_up_no_other_survey(db: None) -> None:
    """A quota of one survey is locked by somebody else; plain rows and another survey's quotas go on."""
    locked, free = await publish(survey()), await publish(survey(key="second"))
    batcher = Batcher("response")
    full = (("young", 100),)
    assert await batcher.store(row(locked, quotas=full)) is Outcome.STORED
    async with storage.transaction():
        await storage.execute("select 1 from survey_quota where survey = $1 for update", locked)
        context = contextvars.Context()
        held = asyncio.get_running_loop().create_task(batcher.store(row(locked, quotas=full)), context=context)
        await asyncio.sleep(0.05)
        others = [row(locked), row(free), row(free, quotas=full)]
        done = await asyncio.wait_for(asyncio.gather(*(batcher.store(one) for one in others)), 60)
        assert (done, held.done()) == ([Outcome.STORED] * 3, False)
    assert await held is Outcome.STORED


async def test_database_that_hangs_is_unavailable_and_what_waits_is_not_lost(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey_id = await publish(survey())
    batcher = Batcher("response")
    rows = [row(survey_id) for _ in range(2)]
    async with storage.transaction():
        monkeypatch.setattr(inserts, "LONGEST_FLUSH_S", 0.2)
        monkeypatch.setattr(inserts, "LONGEST_WAIT_S", 0.1)
        await storage.execute("lock table response in exclusive mode")
        first = asyncio.ensure_future(batcher.store(rows[0]))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(batcher.store(rows[1]))
        refused = await asyncio.gather(first, second, return_exceptions=True)
        assert [type(fault) for fault in refused] == [Unavailable, Unavailable]
    monkeypatch.undo()
    assert [await batcher.store(one) for one in rows] == [Outcome.STORED] * 2
    assert await queries.count(survey_id) == 2


def batches() -> float:
    return REGISTRY.get_sample_value("consult_batch_rows_count") or 0.0


async def test_after_several_rows_the_next_batch_lets_more_come(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    survey_id, before = await publish(survey()), batches()
    sleep, breath_over = asyncio.sleep, asyncio.Event()

    async def until_told(seconds: float) -> None:
        await (breath_over.wait() if seconds == inserts.BREATH_S else sleep(seconds))

    monkeypatch.setattr(asyncio, "sleep", until_told)
    await asyncio.gather(*(inserts.responses.store(row(survey_id)) for _ in range(inserts.SEVERAL)))
    early = asyncio.create_task(inserts.responses.store(row(survey_id)))
    for _ in range(20):
        await asyncio.sleep(0)
    late = asyncio.create_task(inserts.responses.store(row(survey_id)))
    await asyncio.sleep(0)
    breath_over.set()
    await asyncio.gather(early, late)
    await inserts.drain()
    assert batches() - before == 2


async def test_who_comes_alone_never_waits_for_others(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inserts, "BREATH_S", 60.0)
    survey_id = await publish(survey())
    async with asyncio.timeout(20):
        for _ in range(3):
            assert await inserts.responses.store(row(survey_id)) is Outcome.STORED


async def test_what_a_caller_does_meanwhile_comes_before_the_commit(db: None) -> None:
    """The receipt is made while the database is at work, alone and in a batch; it is shown only after that."""
    survey_id = await publish(survey())
    batcher = Batcher("response")
    made = [asyncio.Event() for _ in range(3)]
    loop, context = asyncio.get_running_loop(), contextvars.Context()
    async with storage.transaction():
        await storage.execute("lock table response in exclusive mode")
        waiting = []
        for event in made:
            waiting.append(loop.create_task(batcher.store(row(survey_id), event.set), context=context))
            await event.wait()
        assert not any(task.done() for task in waiting)
    assert await asyncio.gather(*waiting) == [Outcome.STORED] * 3
