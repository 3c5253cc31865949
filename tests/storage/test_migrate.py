from __future__ import annotations

import asyncio
import sys

import pytest

from consult import storage
from consult.storage.embedded import Embedded
from consult.storage.migrate import SchemaTooNew, done, history, migrate, pending


async def test_nothing_is_pending_after_migrating(db: None) -> None:
    assert await pending() == []
    assert await done() == list(history())


async def test_migrating_again_changes_nothing(db: None, database: Embedded) -> None:
    assert await migrate(database.dsn) == []


async def test_newer_schema_is_refused(db: None, database: Embedded) -> None:
    async with storage.transaction():
        await storage.execute("INSERT INTO migration (name, app_name) VALUES ('consult_9999_future', 'consult')")
    try:
        with pytest.raises(SchemaTooNew, match="consult_9999_future"):
            await migrate(database.dsn)
    finally:
        await storage.execute("DELETE FROM migration WHERE name = 'consult_9999_future'")


async def test_processes_that_migrate_at_once_wait_for_each_other(db: None, database: Embedded) -> None:
    await storage.execute("DROP DATABASE IF EXISTS fresh")
    await storage.execute("CREATE DATABASE fresh")
    fresh = database.dsn.replace("/consult?", "/fresh?")
    program = (
        "import asyncio, sys; from consult.storage.migrate import migrate; print(asyncio.run(migrate(sys.argv[1])))"
    )
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, fresh, stdout=asyncio.subprocess.PIPE)
        for _ in range(2)
    ]
    answers = sorted([(await process.communicate())[0].decode().strip() for process in processes], key=len)
    assert answers == sorted(["[]", str(list(history()))], key=len)
    await storage.execute("DROP DATABASE fresh")
