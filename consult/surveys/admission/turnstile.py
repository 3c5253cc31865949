"""Newcomers pass a few at a time, so that nobody who sends answers stands behind hundreds who only come.

A turn is one round of the event loop: between two turns, whatever was posted meanwhile is taken a step further. All
newcomers together wait no longer than without turns; they only let others through.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque

A_TURN = 8  # first pages; about two milliseconds


class Turnstile:
    """One for each process; first come, first through."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[float, asyncio.Future[None]]] = deque()
        self.left = A_TURN
        self.is_turning = False

    async def enter(self) -> None:
        """Return when it is the caller's turn: at once, unless many come together."""
        loop = asyncio.get_running_loop()
        if not self.is_turning:
            self.is_turning = True
            loop.call_soon(self._turn, loop, context=contextvars.Context())
        if self.left and not self.waiting:
            self.left -= 1
            return
        future = loop.create_future()
        self.waiting.append((loop.time(), future))
        await future

    def longest_s(self, now: float) -> float:
        """How long who comes next has waited. now: by the clock of the event loop."""
        return now - self.waiting[0][0] if self.waiting else 0.0

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        self.left = A_TURN
        while self.waiting and self.left:
            _, future = self.waiting.popleft()
            if not future.done():  # they have not gone
                future.set_result(None)
                self.left -= 1
        self.is_turning = self.left < A_TURN
        if self.is_turning:
            loop.call_soon(self._turn, loop, context=contextvars.Context())
