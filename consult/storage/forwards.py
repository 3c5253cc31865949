"""Piccolo's runner of migrations: its modules bring a code formatter along, so only migrating loads them."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stdout
from types import ModuleType
from typing import cast

from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import AppConfig, MigrationModule

from consult.storage.engine import DB
from consult.storage.sql import APP

CONFIGURATION = "consult.migrations.piccolo_conf"


class _Forwards(ForwardsMigrationManager):
    """Piccolo's runner, with migrations imported as modules of their package instead of through sys.path."""

    def __init__(self, history: dict[str, ModuleType]) -> None:
        super().__init__(app_name=APP)
        self.history = history

    def get_migration_modules(self, folder_path: str) -> dict[str, MigrationModule]:
        return cast(dict[str, MigrationModule], self.history)


async def run(history: dict[str, ModuleType]) -> None:
    """Run what is due of these migrations, in the caller's transaction."""
    # Piccolo finds its engine through this variable, and prints as it goes.
    os.environ.setdefault("PICCOLO_CONF", CONFIGURATION)
    Migration._meta.db = DB
    runner = _Forwards(history)
    await runner.create_migration_table()
    with redirect_stdout(io.StringIO()):
        await runner.run_migrations(AppConfig(app_name=APP, migrations_folder_path=""))
