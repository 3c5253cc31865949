"""Storing in micro-batches: everybody hears of their own row, after the commit."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from consult.surveys import inserts, queries
from consult.surveys.inserts import Batcher, Outcome
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
