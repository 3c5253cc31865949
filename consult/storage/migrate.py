"""Bringing the database's schema up to what this program expects.

Piccolo keeps the history (its table `migration`); we add a lock, one transaction around everything that is due, and a
refusal to touch a schema that a newer program has made.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

import asyncpg

from consult.errors import N_, ConsultError
from consult.storage.engine import DB, connect, disconnect, execute, fetch, fetchval, transaction
from consult.storage.sql import APP

HISTORY = "consult.migrations.piccolo_migrations"
LOCK = 0x636F6E73756C74  # "consult"
OLDEST_SERVER = 15
LOCK_WAIT_S = 10


class SchemaTooNew(ConsultError):
    """A newer version of the program has changed this database."""

    message = N_(
        "The database was made by a newer version of Consult (it knows %(unknown)s). "
        "Install that version or a newer one, or restore a backup made before the upgrade."
    )


class SchemaDiffers(ConsultError):
    """The schema is not the one this program works with."""

    message = N_(
        "The schema of the database ends with %(database)s, this version of Consult needs %(program)s. "
        "Run: consult migrate"
    )


class ServerTooOld(ConsultError):
    """The PostgreSQL server lacks what the schema needs."""

    message = N_("The database server is PostgreSQL %(version)s; Consult needs %(oldest)s or newer.")


class MigrationFailed(ConsultError):
    """A migration did not run to its end, so none of those that were due has changed anything."""

    message = (
        "The database could not be brought up to this version: %(reason)s. Nothing was changed. "
        "Let the version that ran before go on, and report this."
    )


class DatabaseInUse(ConsultError):
    """Something holds a table for too long; waiting on would make everybody behind us wait too."""

    message = (
        "Something else has been using the database for more than %(seconds)s seconds (a backup, a long analysis). "
        "Nothing was changed. Let it end, or stop the platform, and try again."
    )


def known() -> list[str]:
    """The IDs of all migrations this program has, in the order in which they run: the names of their files."""
    return sorted(found.name for found in pkgutil.iter_modules(importlib.import_module(HISTORY).__path__))


def history() -> dict[str, ModuleType]:
    """All migrations this program has, by ID, in the order in which they run."""
    modules = [importlib.import_module(f"{HISTORY}.{name}") for name in known()]
    for module in modules:
        if module.__name__.rpartition(".")[2] != module.ID:
            raise ValueError(f"{module.__name__}: the ID of a migration is the name of its file, not {module.ID!r}.")
    return {module.ID: module for module in modules}


async def done() -> list[str]:
    """The migrations that the connected database has had."""
    if await fetchval("SELECT to_regclass('migration')") is None:
        return []
    rows = await fetch("SELECT name FROM migration WHERE app_name = $1 ORDER BY name", APP)
    return [row["name"] for row in rows]


async def pending() -> list[str]:
    """The migrations that the connected database still needs. Raises SchemaTooNew if it had some that we don't know."""
    ours, had = known(), set(await done())
    unknown = sorted(had - set(ours))
    if unknown:
        raise SchemaTooNew(unknown=", ".join(unknown))
    return [id_ for id_ in ours if id_ not in had]


async def migrate(dsn: str) -> list[str]:
    """Run all migrations that are due, all or none, and tell which. Several processes may call this at once.

    Uses the pool if there is one (of the same database), else connects for the purpose.
    """
    from consult.storage import forwards  # a quarter of a second, needed here alone

    async with _connected(dsn), transaction():
        version = int(await fetchval("SHOW server_version_num")) // 10_000
        if version < OLDEST_SERVER:
            raise ServerTooOld(version=version, oldest=OLDEST_SERVER)
        await fetchval("SELECT pg_advisory_xact_lock($1)", LOCK)
        due = await pending()
        # Whoever waits for a table makes all who come later wait behind it, and residents are among them.
        await execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT_S}s'")
        try:
            await forwards.run(history())
        except asyncpg.LockNotAvailableError as fault:
            raise DatabaseInUse(seconds=LOCK_WAIT_S) from fault
        except asyncpg.PostgresError as fault:
            raise MigrationFailed(reason=str(fault).rstrip(".")) from fault
        return due


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[None]:
    if DB.pool is not None:
        if DB.config["dsn"] != dsn:
            raise RuntimeError("Another database is connected; disconnect() before migrating this one.")
        yield
        return
    await connect(dsn, max_size=1)
    try:
        yield
    finally:
        await disconnect()
