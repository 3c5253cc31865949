"""Migrations written as SQL."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from consult.storage.engine import execute

if TYPE_CHECKING:
    from piccolo.apps.migrations.auto.migration_manager import MigrationManager

APP = "consult"


def sql_migration(id_: str, description: str, sql: str) -> Callable[[], Awaitable[MigrationManager]]:
    """Make the `forwards` of a migration that runs these statements."""

    async def run() -> None:
        await execute(sql)

    async def forwards() -> MigrationManager:
        from piccolo.apps.migrations.auto.migration_manager import (
            MigrationManager,  # slow to load, as all of its package
        )

        manager = MigrationManager(migration_id=id_, app_name=APP, description=description)
        manager.add_raw(run)
        return manager

    return forwards
