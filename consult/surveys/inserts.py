"""Storing responses in micro-batches: the hot path's last step.

The first waiting row starts a flush at once; rows that arrive meanwhile form the next one. A caller hears of its row
after the commit, never before. A row that the database refuses is tried alone, so that it spoils nothing for others.
Storing is idempotent: the same id with the same answers is the same response.
"""

from __future__ import annotations

import asyncio
import contextvars
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from consult.errors import Unavailable
from consult.storage import connection
from consult.storage.engine import NotConnected

LARGEST_BATCH = 400
AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    NotConnected,
)
ENCODER = msgspec.json.Encoder(order="deterministic")


class Outcome(Enum):
    STORED = "stored"
    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Row:
    """A response on its way to the table; answers is JSON text, submitted_at None in anonymous surveys."""

    id: UUID
    survey: UUID
    version: int
    language: str
    channel: str
    day: dt.date
    submitted_at: dt.datetime | None
    answers: str


def encoded(answers: dict[str, Any]) -> str:
    return ENCODER.encode(answers).decode()


class Batcher:
    """The queue in front of one table: `response`, or `test_response`."""

    def __init__(self, table: str) -> None:
        names = "id, survey, version, language, channel, day, submitted_at"
        kinds = "$1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::date[], $7::timestamptz[], $8::text[]"
        self.insert = (
            f"insert into {table} ({names}, answers)"  # noqa: S608 - the table is one of our two
            f" select {names}, answers::jsonb from unnest({kinds}) as t ({names}, answers)"
            " on conflict (id) do nothing returning id"
        )
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
            try:
                outcomes = await self._store([row for row, _ in batch])
            except AWAY:
                for _, future in batch:
                    if not future.done():
                        future.set_exception(Unavailable())
                continue
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                if future.done():
                    continue
                if isinstance(outcome, Outcome):
                    future.set_result(outcome)
                else:
                    future.set_exception(outcome)

    async def _store(self, rows: list[Row]) -> list[Outcome | asyncpg.PostgresError]:
        try:
            async with connection() as raw:
                return list(await self._together(raw, rows))
        except AWAY:
            raise
        except (asyncpg.PostgresError, asyncpg.DataError, ValueError) as fault:
            if len(rows) == 1:
                return [fault if isinstance(fault, asyncpg.PostgresError) else asyncpg.DataError(str(fault))]
        return [outcome for row in rows for outcome in await self._store([row])]

    async def _together(self, raw: Any, rows: list[Row]) -> Iterable[Outcome]:
        first: dict[UUID, int] = {}
        for number, row in enumerate(rows):
            first.setdefault(row.id, number)
        chosen = [rows[number] for number in first.values()]
        columns = zip(
            *((r.id, r.survey, r.version, r.language, r.channel, r.day, r.submitted_at, r.answers) for r in chosen),
            strict=True,
        )
        stored = {row["id"] for row in await raw.fetch(self.insert, *map(list, columns))}
        outcomes = [
            Outcome.STORED if row.id in stored and first[row.id] == number else Outcome.DIFFERENT
            for number, row in enumerate(rows)
        ]
        doubtful = [number for number, outcome in enumerate(outcomes) if outcome is Outcome.DIFFERENT]
        if doubtful:
            found = await raw.fetch(
                self.compare,
                doubtful,
                [rows[number].id for number in doubtful],
                [rows[number].survey for number in doubtful],
                [rows[number].answers for number in doubtful],
            )
            for row in found:
                if row["same"]:
                    outcomes[row["n"]] = Outcome.SAME
        return outcomes


responses = Batcher("response")
test_responses = Batcher("test_response")


async def drain() -> None:
    """At the end of a process: nobody's answers are left waiting."""
    await responses.drain()
    await test_responses.drain()
