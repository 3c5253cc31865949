"""Reads for analysis from a copy of the database (CONSULT_REPLICA_URL), so that they cost the primary nothing.

A copy is used only if it has everything that was committed when it was asked: it is given a moment to catch up, and
when it is further behind, or away, the primary answers. So nothing that is read here is older than a read of the
primary, and what is shown need not say how old it is.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import asyncpg

from consult.storage.engine import AWAY, DB, Connection, connection

CATCH_UP_S = 1.0
LOOK_S = 0.02
READ_S = 300.0
"""Longer than any read for analysis: a copy that takes questions and answers none is given up then."""
SILENT_S = 30.0
"""Longer than a copy needs for its first row: one that sends nothing in a COPY for so long is given up."""
PAUSE_S = 10.0
"""For so long a copy that was away or behind is left alone."""
INTERRUPTED = (*AWAY, asyncpg.SerializationError, asyncpg.QueryCanceledError)
"""What a copy may say in the middle, besides being away: it has to forget rows that a long read still needs."""

Output = Callable[[bytes], Awaitable[None]]
log = logging.getLogger("consult.replica")
HAS_ALL = "select not pg_is_in_recovery() or pg_last_wal_replay_lsn() >= $1::text::pg_lsn"
_left_alone_until = 0.0


@asynccontextmanager
async def caught_up() -> AsyncIterator[Connection | None]:
    """A connection to the copy, which has all that is committed by now; None where the primary must do.

    In a transaction that is always the primary, because the transaction may have written. Whatever the block raises of
    INTERRUPTED leaves the copy alone for a while and goes on to the caller, who asks again.
    """
    pool = DB.replica
    if pool is None or time.monotonic() < _left_alone_until or DB.current_transaction.get() is not None:
        yield None
        return
    raw = await _when_caught_up(pool)
    if raw is None:
        _leave_alone("it is away or too far behind")
        yield None
        return
    try:
        yield raw
    except INTERRUPTED as fault:
        _leave_alone(type(fault).__name__)
        _hang_up(raw)
        raise
    finally:
        await pool.release(raw)


async def fetch(sql: str, *arguments: object) -> list[Any]:
    """All rows, from the copy if it can be used."""
    try:
        async with caught_up() as raw:
            if raw is not None:
                return cast(list[Any], await raw.fetch(sql, *arguments, timeout=READ_S))
    except INTERRUPTED:
        pass
    async with connection() as primary:
        return cast(list[Any], await primary.fetch(sql, *arguments))


async def copy_out(raw: Connection, sql: str, *arguments: object, output: Output) -> None:
    """COPY from the copy. It may take long, and so may output; what ends it is a copy that hangs and sends nothing."""
    loop = asyncio.get_running_loop()
    limit = loop.call_later(SILENT_S, raw.terminate)

    async def take(data: bytes) -> None:
        nonlocal limit
        limit.cancel()
        await output(data)
        limit = loop.call_later(SILENT_S, raw.terminate)

    try:
        await raw.copy_from_query(sql, *arguments, output=take)
    finally:
        limit.cancel()


async def seconds_behind() -> float | None:
    """For how long the copy has missed something that the primary has written; None without a copy that answers.

    The primary is asked what it has written: a copy that was cut off from it believes that it has everything. A copy
    that catches up within a moment misses nothing. Of one that does not, only the time of the last transaction it has
    is known: after a quiet night that is hours, although what it misses may be new.
    """
    pool = DB.replica
    if pool is None:
        return None
    async with connection() as primary:
        written = await primary.fetchval("select pg_current_wal_flush_lsn()::text")
    try:
        raw = await pool.acquire(timeout=CATCH_UP_S)
    except INTERRUPTED:
        return None
    try:
        if await _has_all(raw, written, until=time.monotonic() + CATCH_UP_S):
            return 0.0
        return float(await raw.fetchval(BEHIND, written, timeout=CATCH_UP_S))
    except INTERRUPTED:
        _hang_up(raw)
        return None
    finally:
        await pool.release(raw)


BEHIND = """
    select case when not pg_is_in_recovery() or pg_last_wal_replay_lsn() >= $1::text::pg_lsn then 0
           else greatest(coalesce(extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()), 0), 0) end
"""


async def _when_caught_up(pool: Any) -> Connection | None:
    """A connection of the pool whose server has replayed what the primary has written by now."""
    end = time.monotonic() + CATCH_UP_S
    async with connection() as primary:
        written = await primary.fetchval("select pg_current_wal_flush_lsn()::text")
    try:
        raw = await pool.acquire(timeout=CATCH_UP_S)
    except INTERRUPTED:
        return None
    has_all = False
    try:
        has_all = await _has_all(raw, written, until=end)
    except INTERRUPTED:
        _hang_up(raw)
    finally:
        if not has_all:
            await pool.release(raw)
    return raw if has_all else None


async def _has_all(raw: Connection, written: str, *, until: float) -> bool:
    """Whether a copy has replayed what was written, or does so before a time of the monotonic clock."""
    while time.monotonic() < until:
        if await raw.fetchval(HAS_ALL, written, timeout=CATCH_UP_S):
            return True
        await asyncio.sleep(LOOK_S)
    return False


def _hang_up(raw: Connection) -> None:
    """Without waiting for the copy, which may hang; one that has gone by itself is not ours any more."""
    with suppress(asyncpg.InterfaceError):
        raw.terminate()


def _leave_alone(reason: str) -> None:
    global _left_alone_until
    _left_alone_until = time.monotonic() + PAUSE_S
    log.warning("the copy for analysis is not used for a while: %s", reason)
