"""Storing responses in micro-batches: the hot path's last step.

The first waiting row starts a flush at once; rows that arrive meanwhile form the next one. Where several came
together, the next one lets a few milliseconds pass for more to come: most of what a batch costs the database is its
commit, however many rows there are. A caller hears of its row after the commit, never before, and may do something
else until then. A batch that the database refuses is halved until the row is found that is at fault, so that it spoils
nothing for others. Storing is idempotent: the same id with the same answers is the same response.

Plain rows of a batch are one statement, and surveys take turns in it (insert_lanes.py). Rows that spend an invitation
or fill a quota share one transaction of their own survey (insert_reservations.py), so that they neither slow plain
ones down nor spoil them. Nobody waits for ever: who could not be served in time hears Unavailable, and pressing the
button again is safe.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from consult.errors import Unavailable
from consult.storage import AWAY, connection, is_away
from consult.surveys.responses import measures
from consult.surveys.responses.insert_lanes import Lane, Waiting, refuse
from consult.surveys.responses.insert_reservations import spend
from consult.surveys.responses.insert_rows import Outcome, Row, columns, encoded, values

LARGEST_BATCH = 400
MOST_WAITING = 5_000
SEVERAL = 3
BREATH_S = 0.005
LONGEST_WAIT_S = 10.0
LONGEST_FLUSH_S = 10.0
LANES_AT_ONCE = 4  # of those with locks: pages need connections too
RETRY_S = (5, 120)
log = logging.getLogger("consult.surveys")
Way: TypeAlias = Callable[[Any, list[Row]], Awaitable[list[Outcome]]]

NAMES = "id, survey, version, language, channel, day, submitted_at, supersedes"
KINDS = (
    "$1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::date[], $7::timestamptz[], $8::uuid[], "
    "$9::text[], $10::text[]"
)


class Batcher:
    """The queues in front of one table: `response`, or `test_response`."""

    def __init__(self, table: str) -> None:
        self.insert = (
            f"insert into {table} ({NAMES}, flags, answers)"  # noqa: S608 - the table is one of our two
            f" select {NAMES}, string_to_array(flags, ','), answers::jsonb"
            f" from unnest({KINDS}) as t ({NAMES}, flags, answers)"
        )
        self.insert_new = self.insert + " on conflict do nothing returning id"
        self.insert_one = (
            f"insert into {table} ({NAMES}, flags, answers)"  # noqa: S608
            " values ($1, $2, $3, $4, $5, $6, $7, $8, string_to_array($9, ','), $10) on conflict do nothing"
        )
        self.compare = (
            "select t.n, r.survey = t.survey and r.answers = t.answers::jsonb as same"  # noqa: S608
            f" from unnest($1::int[], $2::uuid[], $3::uuid[], $4::text[]) as t (n, id, survey, answers)"
            f" join {table} r on r.id = t.id"
        )
        self.plain = Lane()
        self.special: dict[UUID, Lane] = {}
        self.turns = asyncio.Semaphore(LANES_AT_ONCE)
        self.row_s = 0.0  # what a row took lately; 0 before the first

    @property
    def size(self) -> int:
        """Rows that wait to be part of a batch."""
        return self.plain.size + sum(lane.size for lane in self.special.values())

    async def store(self, row: Row, meanwhile: Callable[[], object] | None = None) -> Outcome:
        """Wait until the row is committed. Raises Unavailable where the database is away or far behind.

        meanwhile: what the caller does while the database is at work, whatever becomes of the row.
        """
        lane = self.plain if row.is_plain else self.special.setdefault(row.survey, Lane())
        if lane.size >= MOST_WAITING:
            raise self.behind()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        lane.add(Waiting(row, future, loop.time()))
        is_first = not lane.is_running
        if is_first:
            way = self._flush() if lane is self.plain else self._flush_special(row.survey, lane)
            lane.task = loop.create_task(way, context=contextvars.Context())
        if meanwhile is not None:
            if is_first:
                await asyncio.sleep(0)  # the batch begins
                await asyncio.sleep(0)  # and what it writes has left
            meanwhile()
        return await future

    async def drain(self) -> None:
        """Wait until nothing is waiting any more."""
        while running := {lane.task for lane in (self.plain, *self.special.values()) if lane.is_running and lane.task}:
            await asyncio.wait(running)

    def longest_s(self, now: float) -> float:
        """How long the row waits that has waited longest. now: by the clock of the event loop."""
        return max((lane.longest_s(now) for lane in (self.plain, *self.special.values()) if lane.size), default=0.0)

    def behind(self) -> Unavailable:
        """The refusal that says when the rows that wait now will have been stored."""
        least, most = RETRY_S
        return Unavailable(retry_after_s=min(most, max(least, round(self.size * self.row_s))))

    async def _flush(self) -> None:
        try:
            while self.plain.size:
                batch = self.plain.take(LARGEST_BATCH)
                await self._tell(batch, self._together)
                if len(batch) >= SEVERAL and self.plain.size < LARGEST_BATCH:
                    await asyncio.sleep(BREATH_S)
        finally:
            self.plain.give_up()

    async def _flush_special(self, survey: UUID, lane: Lane) -> None:
        try:
            while lane.size:
                async with self.turns:
                    await self._tell(lane.take(LARGEST_BATCH), self._spending)
        finally:
            lane.give_up()
            self.special.pop(survey, None)

    async def _tell(self, batch: list[Waiting], way: Way) -> None:
        """Store some rows, and tell each caller what became of its own."""
        begin = asyncio.get_running_loop().time()
        late = [one for one in batch if begin - one.since > LONGEST_WAIT_S]
        if late:
            batch = [one for one in batch if begin - one.since <= LONGEST_WAIT_S]
            refuse(late, self.behind())
        if not batch:
            return
        try:
            async with asyncio.timeout(LONGEST_FLUSH_S):
                await self._store(batch, way)
        except AWAY as fault:  # whatever else is wrong belongs to one row, and comes as its result
            log.warning("answers could not be stored", extra={"kind": type(fault).__name__})
        finally:
            refuse(batch, Unavailable())  # those who were told something hear no more
        took_s = asyncio.get_running_loop().time() - begin
        measures.flushed(len(batch), took_s)
        row_s = took_s / len(batch)
        self.row_s = row_s if not self.row_s else 0.8 * self.row_s + 0.2 * row_s

    async def _store(self, batch: list[Waiting], way: Way) -> None:
        try:
            async with connection(patience_s=None) as raw:
                results = await way(raw, [one.row for one in batch])
                for one, result in zip(batch, results, strict=True):
                    one.tell(result)  # here: giving the connection back takes longer than a receipt
            return
        except (*AWAY, asyncpg.PostgresError, asyncpg.DataError, ValueError) as fault:
            if len(batch) == 1:
                batch[0].tell(_of_its_own(fault))
                return
            if is_away(fault):
                raise
        middle = len(batch) // 2
        await self._store(batch[:middle], way)
        await self._store(batch[middle:], way)

    async def _together(self, raw: Any, rows: list[Row]) -> list[Outcome]:
        """Plain rows: one statement, and another one only where an id was there before."""
        if len(rows) == 1:  # no arrays: half the work for the database and for us
            told = await raw.execute(self.insert_one, *values(rows[0]))
            return [Outcome.STORED] if told.endswith(" 1") else [await self._there(raw, rows[0])]
        first: dict[UUID, int] = {}
        for number, row in enumerate(rows):
            first.setdefault(row.id, number)
        chosen = [rows[number] for number in first.values()]
        stored = {row["id"] for row in await raw.fetch(self.insert_new, *columns(chosen))}
        outcomes = [
            Outcome.STORED if row.id in stored and first[row.id] == number else Outcome.DIFFERENT
            for number, row in enumerate(rows)
        ]
        doubtful = [number for number, outcome in enumerate(outcomes) if outcome is Outcome.DIFFERENT]
        if doubtful:
            found = await self.compared(raw, [rows[number] for number in doubtful])
            for number, outcome in zip(doubtful, found, strict=True):
                outcomes[number] = outcome or Outcome.DIFFERENT
        return outcomes

    async def _spending(self, raw: Any, rows: list[Row]) -> list[Outcome]:
        try:
            async with raw.transaction():
                return await spend(raw, rows, insert=self.insert, compared=self.compared)
        except asyncpg.UniqueViolationError:
            if len(rows) > 1:
                raise
            return [await self._there(raw, rows[0])]

    async def _there(self, raw: Any, row: Row) -> Outcome:
        """What a row is to the one that is there already with its id."""
        (found,) = await self.compared(raw, [row])
        return found or Outcome.DIFFERENT

    async def compared(self, raw: Any, rows: list[Row]) -> list[Outcome | None]:
        """For each row: the same or different where its id is stored, None where it is not."""
        outcomes: list[Outcome | None] = [None] * len(rows)
        found = await raw.fetch(
            self.compare,
            list(range(len(rows))),
            [row.id for row in rows],
            [row.survey for row in rows],
            [row.answers for row in rows],
        )
        for one in found:
            outcomes[one["n"]] = Outcome.SAME if one["same"] else Outcome.DIFFERENT
        return outcomes


def _of_its_own(fault: Exception) -> Exception:
    """What the caller of a row hears that was refused alone."""
    is_told = isinstance(fault, asyncpg.PostgresError)
    own: Exception = fault if is_told else asyncpg.DataError(str(fault))
    return Unavailable() if is_away(fault) else own


responses = Batcher("response")
test_responses = Batcher("test_response")


async def drain() -> None:
    """At the end of a process: nobody's answers are left waiting."""
    await responses.drain()
    await test_responses.drain()


__all__ = ["Batcher", "Outcome", "Row", "drain", "encoded", "responses", "test_responses"]
