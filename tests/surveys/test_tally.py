"""Daily totals: counted in memory, added in batches, lost neither by the database's absence nor by stopping."""

from __future__ import annotations

from uuid import uuid4

from consult.storage import fetchval
from consult.surveys import tally
from tests.conftest import NOON
from tests.surveys.conftest import publish


async def test_totals_are_added_up_over_batches(db: None) -> None:
    survey_id = await publish()
    line = tally.Line(survey_id, 1, NOON.date(), "mk", "web", "page_posted", "you")
    tally.count(line)
    tally.count(line)
    tally.count(line._replace(event="sent", page=""))
    await tally.flush()
    tally.count(line)
    await tally.drain()
    assert await tally.totals(survey_id) == {line: 3, line._replace(event="sent", page=""): 1}


async def test_a_survey_that_is_gone_stops_no_others_totals(db: None) -> None:
    survey_id = await publish()
    line = tally.Line(survey_id, 1, NOON.date(), "mk", "web", "sent", "")
    tally.count(line._replace(survey=uuid4()))
    tally.count(line)
    await tally.drain()
    assert await tally.totals(survey_id) == {line: 1}


async def test_nothing_but_totals_is_kept(db: None) -> None:
    names = await fetchval(
        "select array_agg(column_name::text) from information_schema.columns where table_name = 'survey_tally'"
    )
    assert set(names) == {"id", *tally.Line._fields, "count"}
