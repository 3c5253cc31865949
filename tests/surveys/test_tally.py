"""Daily totals: counted in memory, added in batches, lost neither by the database's absence nor by stopping."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest
from litestar import Litestar

from consult import app
from consult.storage import DB, fetchval
from consult.surveys.responses import daily_totals
from tests.conftest import NOON
from tests.surveys.conftest import publish


async def test_totals_are_added_up_over_batches(db: None) -> None:
    survey_id = await publish()
    line = daily_totals.Line(survey_id, 1, NOON.date(), "mk", "web", "page_posted", "you")
    daily_totals.count(line)
    daily_totals.count(line)
    daily_totals.count(line._replace(event="sent", page=""))
    await daily_totals.flush()
    daily_totals.count(line)
    await daily_totals.drain()
    assert await daily_totals.totals(survey_id) == {line: 3, line._replace(event="sent", page=""): 1}


async def test_a_survey_that_is_gone_stops_no_others_totals(db: None) -> None:
    survey_id = await publish()
    line = daily_totals.Line(survey_id, 1, NOON.date(), "mk", "web", "sent", "")
    daily_totals.count(line._replace(survey=uuid4()))
    daily_totals.count(line)
    await daily_totals.drain()
    assert await daily_totals.totals(survey_id) == {line: 1}


async def test_nothing_but_totals_is_kept(db: None) -> None:
    names = await fetchval(
        "select array_agg(column_name::text) from information_schema.columns where table_name = 'survey_tally'"
    )
    assert set(names) == {"id", *daily_totals.Line._fields, "count"}


async def test_a_process_ends_quietly_while_the_database_is_away(
    ways_in: Litestar, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """What was counted and cannot be written is told in one line."""
    monkeypatch.setattr(DB, "pool", None)  # that of other tests comes back
    monkeypatch.setattr(DB, "config", {})
    nobody = f"postgresql://consult@/consult?host={tmp_path}"
    line = daily_totals.Line(uuid4(), 1, NOON.date(), "mk", "web", "sent", "")
    async with app._with_database(nobody, None, works=False)(ways_in):
        daily_totals.count(line)
        daily_totals.count(line)
    told = [record for record in caplog.records if record.name == daily_totals.__name__]
    assert [vars(record)["counted"] for record in told] == [2]
    assert daily_totals._counted.pop(line) == 2


async def test_the_end_of_a_process_waits_for_what_is_being_written(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    survey_id = await publish()
    line = daily_totals.Line(survey_id, 1, NOON.date(), "mk", "web", "sent", "")
    begun, add = asyncio.Event(), daily_totals.add

    async def slowly(counted: dict[daily_totals.Line, int]) -> None:
        begun.set()
        await asyncio.sleep(0.05)
        await add(counted)

    monkeypatch.setattr(daily_totals, "EVERY_S", 0.0)
    monkeypatch.setattr(daily_totals, "add", slowly)
    daily_totals.count(line)
    await begun.wait()
    await daily_totals.drain()
    assert await daily_totals.totals(survey_id) == {line: 1}
