"""One Piccolo engine for the process, the connection pool under it, and raw SQL beside it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

import asyncpg
import msgspec
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

from consult.storage import hosts
from consult.storage.watch import Watch

if TYPE_CHECKING:
    from contextvars import ContextVar

Connection = Any  # asyncpg carries no types


class NotConnected(RuntimeError):
    """The database was used before connect(), or after disconnect()."""

    def __init__(self) -> None:
        super().__init__("The database is not connected: call consult.storage.connect(dsn) first.")


ACQUIRE_S = 10
AWAY: tuple[type[Exception], ...] = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,  # no connection left, no disk, no memory
    asyncpg.PostgresSystemError,  # its disk does not read or write
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.InternalClientError,  # the connection broke off between the steps of a statement
    asyncpg.InterfaceError,
    asyncpg.ReadOnlySQLTransactionError,  # the machine has just handed its part over to another one
    NotConnected,
)
STORED_TWICE = asyncpg.UniqueViolationError
"""What is raised where two wrote the same at one moment, and each had looked before that it was not there."""
log = logging.getLogger("consult.storage")


def is_away(error: Exception) -> bool:
    """Whether an error says that the database cannot be reached just now: a wish for another moment, not a bug.

    asyncpg's InterfaceError is a wrong argument too (then it is a ValueError), and an OSError that names a file is not
    about a connection.
    """
    if isinstance(error, OSError):
        return error.filename is None
    return isinstance(error, AWAY) and not isinstance(error, ValueError)


def _encode_json(value: object) -> str:
    """Encode a value for a JSONB column; a text is JSON already, because Piccolo encodes before it passes values on."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


async def prepare(connection: Connection) -> None:
    """Teach a new asyncpg connection that JSON columns hold Python objects."""
    for kind in ("jsonb", "json"):
        await connection.set_type_codec(
            kind, schema="pg_catalog", encoder=_encode_json, decoder=msgspec.json.decode, format="text"
        )


async def _tidy(connection: Connection) -> None:
    """Before a connection goes back to the pool. asyncpg would clear the session each time, which costs a round trip.

    Nothing of ours changes a session (settings and locks are a transaction's own), so only an open transaction matters.
    """
    if connection.is_in_transaction():
        await connection.reset()


class _Transaction(PostgresTransaction):
    """Piccolo's transaction, which gives its connection back even when the server went away in the middle.

    Piccolo 1.38 leaves the connection in use, and the transaction current, if BEGIN, COMMIT or ROLLBACK itself fails:
    after a restart of the database the pool would run dry.
    """

    engine: _Engine
    context: Any

    async def __aenter__(self) -> PostgresTransaction:
        if self._parent is not None:
            return self._parent
        self.connection = await self.engine.take()
        try:
            self.transaction = self.connection.transaction()
            await self.transaction.start()
        except BaseException:
            await self.engine.give_back(self.connection)
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if self._parent is not None:
            return False
        try:
            if exception is None:
                if not self._committed and not self._rolled_back:
                    await self.transaction.commit()
            elif not self._rolled_back and not self.connection.is_closed():
                await self.transaction.rollback()
        finally:
            self.ended = True
            self.engine.current_transaction.reset(self.context)
            await self.engine.give_back(self.connection)
        return False

    ended = False


class _CurrentTransaction:
    """A context variable that forgets a transaction which has ended.

    A task started inside a transaction inherits its context. If it outlives the transaction, it must not go on writing
    through a connection that someone else has by then.
    """

    def __init__(self, variable: ContextVar[Any]) -> None:
        self.variable = variable
        self.set = variable.set
        self.reset = variable.reset

    def get(self) -> _Transaction | None:
        current: _Transaction | None = self.variable.get()
        return None if current is None or current.ended else current


class _Engine(PostgresEngine):
    """Piccolo's engine, which connects on demand only and whose every connection knows JSON."""

    def __init__(self) -> None:
        super().__init__(config={}, extensions=())
        self.current_transaction = cast(Any, _CurrentTransaction(self.current_transaction))
        self.replica: Any = None
        self.watch: Watch | None = None

    async def check_version(self) -> None:
        """Do not connect while modules are being imported; migrate() checks the server's version."""

    async def prep_database(self) -> None:
        """Make no extensions: none is needed."""

    async def open(
        self, dsn: str, min_size: int, max_size: int, replica: str | None, lock_patience_s: float | None
    ) -> None:
        session = {"application_name": "consult", "TimeZone": "UTC", "DateStyle": "ISO", "jit": "off"}
        if lock_patience_s is not None:
            session["lock_timeout"] = f"{lock_patience_s * 1000:.0f}ms"
        self.config = {"dsn": dsn, "server_settings": session}
        same: dict[str, Any] = {"init": prepare, "reset": _tidy, "command_timeout": None, "server_settings": session}
        if hosts.is_one_of_several(dsn):
            self.watch = Watch(dsn)
        way = hosts.connect if self.watch is None else self.watch.connect
        try:
            self.pool = await asyncpg.create_pool(dsn, min_size=min_size, max_size=max_size, connect=way, **same)
            if replica is not None:
                # Nothing is connected before it is needed: a copy that is away keeps nobody from starting.
                self.replica = asyncpg.create_pool(
                    replica, min_size=0, max_size=4, connect=partial(hosts.connect, wish=hosts.READS), **same
                )
                await self.replica
        except BaseException:
            await self.close()  # the watch too: the next open begins with one of its own
            raise

    async def close(self) -> None:
        pools, watch = (self.pool, self.replica), self.watch
        self.pool = self.replica = self.watch = None
        self.config = {}
        for pool in pools:
            if pool is not None:
                await pool.close()
        if watch is not None:
            await watch.stop()

    async def take(self) -> Connection:
        if self.pool is None:
            raise NotConnected
        return await self.pool.acquire(timeout=ACQUIRE_S)

    async def give_back(self, connection: Connection) -> None:
        if self.pool is not None:
            await self.pool.release(connection)
        else:
            await connection.close()

    async def get_new_connection(self) -> Connection:
        if not self.config:
            raise NotConnected
        connection = await hosts.connect(**self.config)
        await prepare(connection)
        return connection

    def transaction(self, allow_nested: bool = True) -> PostgresTransaction:
        if self.pool is None:
            raise NotConnected
        return _Transaction(engine=self, allow_nested=allow_nested)


DB = _Engine()


async def connect(
    dsn: str,
    min_size: int = 1,
    max_size: int = 10,
    replica: str | None = None,
    *,
    lock_patience_s: float | None = None,
    must_answer: bool = True,
) -> None:
    """Open the pool of this process. Use it from the event loop that opened it.

    dsn              may name several machines, of which one takes writes.
    replica          a copy from which analysis reads (see replica.py).
    lock_patience_s  how long a statement waits for somebody else's lock before it fails as LockNotAvailableError.
    must_answer      False opens the pool even while the database is away: connections are made when they are needed.
    """
    if DB.pool is not None:
        raise RuntimeError("The database is connected already: call consult.storage.disconnect() first.")
    try:
        await DB.open(dsn, min_size, max_size, replica, lock_patience_s)
    except AWAY as fault:
        if must_answer or not is_away(fault):
            raise
        log.warning("the database is away", extra={"kind": type(fault).__name__})
        await DB.open(dsn, 0, max_size, replica, lock_patience_s)


async def disconnect() -> None:
    """Close the pool when what is running has finished. Does nothing without a pool."""
    await DB.close()


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """One transaction: committed at the end, rolled back if an exception leaves it. An inner one joins the outer.

    Do not gather() inside: a connection answers one question at a time.
    """
    async with DB.transaction():
        yield


@asynccontextmanager
async def connection(*, patience_s: float | None = ACQUIRE_S) -> AsyncIterator[Connection]:
    """The asyncpg connection of the current transaction, or else one from the pool.

    patience_s: how long to wait for a free one; None for those who have a limit of their own.
    """
    current = cast(_Transaction | None, DB.current_transaction.get())
    if current is not None:
        yield current.connection
        return
    if DB.pool is None:
        raise NotConnected
    async with DB.pool.acquire(timeout=patience_s) as free:
        yield free


async def fetch(sql: str, *arguments: object) -> list[Any]:
    """All rows (asyncpg records: row["name"])."""
    async with connection() as c:
        return cast(list[Any], await c.fetch(sql, *arguments))


async def fetchrow(sql: str, *arguments: object) -> Any:
    """The first row, or None."""
    async with connection() as c:
        return await c.fetchrow(sql, *arguments)


async def fetchval(sql: str, *arguments: object) -> Any:
    """The first column of the first row, or None."""
    async with connection() as c:
        return await c.fetchval(sql, *arguments)


async def execute(sql: str, *arguments: object) -> str:
    """Run a statement, or without arguments several; gives PostgreSQL's status word, like "UPDATE 3"."""
    async with connection() as c:
        return cast(str, await c.execute(sql, *arguments))
