"""Storing responses in micro-batches: the hot path's last step.

The first waiting row starts a flush at once; rows that arrive meanwhile form the next one. A caller hears of its row
after the commit, never before. A row that the database refuses is tried alone, so that it spoils nothing for others.
Storing is idempotent: the same id with the same answers is the same response.

Plain rows of a batch are one statement. Rows that spend an invitation or fill a quota share one transaction of their
own (spending.py), so that they neither slow plain ones down nor spoil them.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from consult.errors import Unavailable
from consult.storage import connection
from consult.storage.engine import NotConnected
from consult.surveys.rows import Outcome, Row, columns, encoded
from consult.surveys.spending import spend

LARGEST_BATCH = 400
Way: TypeAlias = Callable[[Any, list[Row]], Awaitable[list[Outcome]]]
AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    NotConnected,
)

NAMES = "id, survey, version, language, channel, day, submitted_at, supersedes"
KINDS = (
    "$1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::date[], $7::timestamptz[], $8::uuid[], "
    "$9::text[], $10::text[]"
)


class Batcher:
    """The queue in front of one table: `response`, or `test_response`."""

    def __init__(self, table: str) -> None:
        self.insert = (
            f"insert into {table} ({NAMES}, flags, answers)"  # noqa: S608 - the table is one of our two
            f" select {NAMES}, string_to_array(flags, ','), answers::jsonb"
            f" from unnest({KINDS}) as t ({NAMES}, flags, answers)"
        )
        self.insert_new = self.insert + " on conflict do nothing returning id"
        self.compare = (
            "select t.n, r.survey = t.survey and r.answers = t.answers::jsonb as same"  # noqa: S608
            f" from unnest($1::int[], $2::uuid[], $3::uuid[], $4::text[]) as t (n, id, survey, answers)"
            f" join {table} r on r.id = t.id"
        )
        self.waiting: list[tuple[Row, asyncio.Future[Outcome]]] = []
        self.flushing: asyncio.Task[None] | None = None

    async def store(self, row: Row) -> Outcome:
        """Wait until the row is committed. Raises Unavailable when the database is away."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.waiting.append((row, future))
        if self.flushing is None or self.flushing.done():
            self.flushing = asyncio.create_task(self._flush(), context=contextvars.Context())
        return await future

    async def drain(self) -> None:
        """Wait until nothing is waiting any more."""
        while self.flushing is not None and not self.flushing.done():
            await asyncio.wait({self.flushing})

    async def _flush(self) -> None:
        while self.waiting:
            batch, self.waiting = self.waiting[:LARGEST_BATCH], self.waiting[LARGEST_BATCH:]
            special = [pair for pair in batch if not pair[0].is_plain]
            plain = [pair for pair in batch if pair[0].is_plain] if special else batch
            for pairs, way in ((plain, self._together), (special, self._spending)):
                if pairs:
                    await self._tell(pairs, way)

    async def _tell(self, pairs: list[tuple[Row, asyncio.Future[Outcome]]], way: Way) -> None:
        """Store some rows, and tell each caller what became of its own."""
        results: list[Outcome | Exception]
        try:
            results = await self._store([row for row, _ in pairs], way)
        except AWAY:
            results = [Unavailable() for _ in pairs]
        for (_, future), result in zip(pairs, results, strict=True):
            if future.done():
                continue
            if isinstance(result, Outcome):
                future.set_result(result)
            else:
                future.set_exception(result)

    async def _store(self, rows: list[Row], way: Way) -> list[Outcome | Exception]:
        try:
            async with connection() as raw:
                return list(await way(raw, rows))
        except AWAY:
            if len(rows) == 1:
                return [Unavailable()]
            raise
        except (asyncpg.PostgresError, asyncpg.DataError, ValueError) as fault:
            if len(rows) == 1:
                return [fault if isinstance(fault, asyncpg.PostgresError) else asyncpg.DataError(str(fault))]
        return [outcome for row in rows for outcome in await self._store([row], way)]

    async def _together(self, raw: Any, rows: list[Row]) -> list[Outcome]:
        """Plain rows: one statement, and another one only where an id was there before."""
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
            (found,) = await self.compared(raw, rows)
            return [found or Outcome.DIFFERENT]

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


responses = Batcher("response")
test_responses = Batcher("test_response")


async def drain() -> None:
    """At the end of a process: nobody's answers are left waiting."""
    await responses.drain()
    await test_responses.drain()


__all__ = ["AWAY", "Batcher", "Outcome", "Row", "drain", "encoded", "responses", "test_responses"]
