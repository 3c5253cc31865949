"""What happened on a day: pages posted, surveys sent, screened out, turned away. Totals alone, never whose.

Counted in memory and added to the database in batches, so that answering a page costs no statement. What a process
counted and did not write when it was killed is lost; it is nobody's answer.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Literal, NamedTuple, TypeAlias
from uuid import UUID

from consult.errors import Unavailable
from consult.storage import AWAY, execute, fetch

Event: TypeAlias = Literal["page_posted", "sent", "screened_out", "quota_full"]
EVERY_S = 5.0
ADD = """
insert into survey_tally (survey, version, day, language, channel, event, page, count)
select t.* from unnest($1::uuid[], $2::int[], $3::date[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[])
    as t (survey, version, day, language, channel, event, page, count)
    where exists (select from survey s where s.id = t.survey)
on conflict (survey, version, day, language, channel, event, page)
    do update set count = survey_tally.count + excluded.count
"""


class Line(NamedTuple):
    """page is its key, or the key of the quota; empty for what was sent."""

    survey: UUID
    version: int
    day: date
    language: str
    channel: str
    event: Event
    page: str


log = logging.getLogger(__name__)
_counted: Counter[Line] = Counter()
_writing: asyncio.Task[None] | None = None
_end = asyncio.Event()  # of the task that is writing


def count(line: Line) -> None:
    """Count one more; it stands in the database some seconds later."""
    global _writing, _end
    _counted[line] += 1
    if _writing is None or _writing.done():
        _end = asyncio.Event()
        _writing = asyncio.create_task(_later(_end), context=contextvars.Context())


async def _later(end: asyncio.Event) -> None:
    while _counted and not end.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(end.wait(), EVERY_S)
            return
        with suppress(Unavailable):
            await flush()


async def flush() -> None:
    """Write what was counted so far. Raises Unavailable; nothing is lost then."""
    taken = Counter(_counted)
    _counted.clear()
    try:
        await add(taken)
    except AWAY:
        _counted.update(taken)
        raise Unavailable from None


async def add(counted: Mapping[Line, int]) -> None:
    """Add to the totals in the database."""
    # The same order everywhere: processes that add to the same rows wait for each other, never in a ring.
    lines = sorted(counted.items())
    if lines:
        columns = [list(column) for column in zip(*(line for line, _ in lines), strict=True)]
        await execute(ADD, *columns, [number for _, number in lines])


async def drain() -> None:
    """At the end of a process: write what is left and stop; where the database is away, tell what was not written."""
    global _writing
    if _writing is not None and not _writing.done():  # one that is done may belong to a loop that has ended
        _end.set()
        await asyncio.wait({_writing})  # never cut off: it may be writing, and nobody would know what has arrived
    _writing = None
    try:
        await flush()
    except Unavailable:
        log.warning("daily totals were not written: the database is away", extra={"counted": _counted.total()})


async def totals(survey_id: UUID) -> dict[Line, int]:
    """All daily totals of a survey that stand in the database."""
    rows = await fetch(
        "select survey, version, day, language, channel, event, page, count from survey_tally where survey = $1"
        " order by day, version, language, channel, event, page",
        survey_id,
    )
    return {Line(*(row[name] for name in Line._fields)): row["count"] for row in rows}
