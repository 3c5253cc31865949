"""Where residents' registrations queue: those that come while a batch is being written form the next one.

Whoever registers alone waits for nobody; thousands at once share locks and commits, and the connections stay free for
everybody else. A caller hears of its places after the commit, never before. If the database refuses a batch, each wish
is tried alone, so that it spoils nothing for others.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Sequence

import asyncpg

from consult.errors import ConsultError
from consult.forums.registering import Outcome, Wish, register_all
from consult.forums.registration import Placed
from consult.storage import AWAY

LARGEST_BATCH = 250


class Desk:
    def __init__(self) -> None:
        self.waiting: list[tuple[Wish, asyncio.Future[Outcome]]] = []
        self.serving: asyncio.Task[None] | None = None

    async def register(self, wish: Wish) -> list[Placed]:
        """Wait until the registration is committed. Raises what `registering.register` raises."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.waiting.append((wish, future))
        if self.serving is None or self.serving.done():
            self.serving = asyncio.create_task(self._serve(), context=contextvars.Context())
        outcome = await future
        if isinstance(outcome, ConsultError):
            raise outcome
        return outcome

    async def drain(self) -> None:
        """Wait until nobody is waiting any more."""
        while self.serving is not None and not self.serving.done():
            await asyncio.wait({self.serving})

    async def _serve(self) -> None:
        while self.waiting:
            batch, self.waiting = self.waiting[:LARGEST_BATCH], self.waiting[LARGEST_BATCH:]
            try:
                await self._answer(batch)
            finally:  # after a bug nobody waits for ever
                for _, future in batch:
                    future.cancel()

    async def _answer(self, batch: Sequence[tuple[Wish, asyncio.Future[Outcome]]]) -> None:
        try:
            outcomes = await register_all([wish for wish, _ in batch])
        except AWAY as fault:
            _fail(batch, fault)
        except asyncpg.PostgresError as fault:
            if len(batch) == 1:
                _fail(batch, fault)
            else:
                for one in batch:
                    await self._answer([one])
        else:
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                if not future.done():
                    future.set_result(outcome)


def _fail(batch: Sequence[tuple[Wish, asyncio.Future[Outcome]]], fault: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(fault)


desk = Desk()
