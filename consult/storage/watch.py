"""Noticing that a machine of several hangs: it takes what is sent and answers nothing, so that no connection breaks.

Whoever waits for it would wait for ever, although another machine has long taken its place. So a small question is
asked now and then; if it stays without an answer, all connections are given up, and new ones look for a machine anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any
from weakref import WeakSet

import asyncpg

from consult.storage import hosts

PAUSE_S = 3.0
PATIENCE_S = 6.0
log = logging.getLogger("consult.storage")


class Watch:
    """The connections of one process to an address that names several machines."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.lines: WeakSet[Any] = WeakSet()
        self.own: Any = None
        self.task = asyncio.create_task(self._run(), name="database-watch")

    async def connect(self, dsn: str, **options: Any) -> Any:
        """As hosts.connect; the connection ends when its machine hangs."""
        made = await hosts.connect(dsn, **options)
        self.lines.add(made)
        return made

    async def stop(self) -> None:
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task
        self._hang_up()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(PAUSE_S)
            machine = await self._machine()
            elsewhere = [line for line in self.lines if hosts.machine_of.get(line) != machine]
            if elsewhere:
                log.warning("a machine of the database does not answer: looking for another one")
            for line in elsewhere:
                line.terminate()

    async def _machine(self) -> str | None:
        """The machine that takes writes and answers; None if there is none just now."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                if self.own is None or self.own.is_closed():
                    self.own = await hosts.connect(self.dsn)
                await self.own.fetchval("select 1")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            self._hang_up()
            return None
        return hosts.machine_of.get(self.own)

    def _hang_up(self) -> None:
        if self.own is not None:
            self.own.terminate()
            self.own = None
