"""Bringing the database's schema up to what this program expects.

Piccolo keeps the history (its table `migration`); we add a lock, one transaction around everything that is due, and a
refusal to touch a schema that a newer program has made.
"""

from __future__ import annotations

import importlib
import io
import os
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, redirect_stdout
from types import ModuleType
from typing import cast

from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import AppConfig, MigrationModule

from consult.errors import N_, ConsultError
from consult.storage.engine import DB, connect, disconnect, fetch, fetchval, transaction
from consult.storage.sql import APP

HISTORY = "consult.migrations.piccolo_migrations"
CONFIGURATION = "consult.migrations.piccolo_conf"
LOCK = 0x636F6E73756C74  # "consult"
OLDEST_SERVER = 15


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


def history() -> dict[str, ModuleType]:
    """All migrations this program has, by ID, in the order in which they run."""
    package = importlib.import_module(HISTORY)
    modules = [importlib.import_module(f"{HISTORY}.{found.name}") for found in pkgutil.iter_modules(package.__path__)]
    for module in modules:
        if module.__name__.rpartition(".")[2] != module.ID:
            raise ValueError(f"{module.__name__}: the ID of a migration is the name of its file, not {module.ID!r}.")
    return {module.ID: module for module in sorted(modules, key=lambda module: cast(str, module.ID))}


class _Forwards(ForwardsMigrationManager):
    """Piccolo's runner, with migrations imported as modules of their package instead of through sys.path."""

    def get_migration_modules(self, folder_path: str) -> dict[str, MigrationModule]:
        return cast(dict[str, MigrationModule], history())


async def done() -> list[str]:
    """The migrations that the connected database has had."""
    if await fetchval("SELECT to_regclass('migration')") is None:
        return []
    rows = await fetch("SELECT name FROM migration WHERE app_name = $1 ORDER BY name", APP)
    return [row["name"] for row in rows]


async def pending() -> list[str]:
    """The migrations that the connected database still needs. Raises SchemaTooNew if it had some that we don't know."""
    known, had = list(history()), set(await done())
    unknown = sorted(had - set(known))
    if unknown:
        raise SchemaTooNew(unknown=", ".join(unknown))
    return [id_ for id_ in known if id_ not in had]


async def migrate(dsn: str) -> list[str]:
    """Run all migrations that are due, all or none, and tell which. Several processes may call this at once.

    Uses the pool if there is one (of the same database), else connects for the purpose.
    """
    async with _connected(dsn), transaction():
        version = int(await fetchval("SHOW server_version_num")) // 10_000
        if version < OLDEST_SERVER:
            raise ServerTooOld(version=version, oldest=OLDEST_SERVER)
        await fetchval("SELECT pg_advisory_xact_lock($1)", LOCK)
        due = await pending()
        # Piccolo finds its engine through this variable, and prints as it goes.
        os.environ.setdefault("PICCOLO_CONF", CONFIGURATION)
        Migration._meta.db = DB
        runner = _Forwards(app_name=APP)
        await runner.create_migration_table()
        with redirect_stdout(io.StringIO()):
            await runner.run_migrations(AppConfig(app_name=APP, migrations_folder_path=""))
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
