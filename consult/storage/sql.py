"""Migrations written as SQL."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from consult.storage.engine import execute

APP = "consult"


def sql_migration(id_: str, description: str, sql: str) -> Callable[[], Awaitable[MigrationManager]]:
    """Make the `forwards` of a migration that runs these statements."""

    async def run() -> None:
        await execute(sql)

    async def forwards() -> MigrationManager:
        manager = MigrationManager(migration_id=id_, app_name=APP, description=description)
        manager.add_raw(run)
        return manager

    return forwards
