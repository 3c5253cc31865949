"""Rows that wait for the database, and who comes next: surveys take turns, so that a busy one delays no other.

A lane is one chain of batches. Plain rows of all surveys share one; rows that spend an invitation or fill a quota have
a lane for each survey, because they hold locks that others of the same survey wait for.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from consult.errors import Unavailable
from consult.surveys.responses.insert_rows import Outcome, Row


class Waiting(NamedTuple):
    """since: when it came, by the clock of the event loop."""

    row: Row
    future: asyncio.Future[Outcome]
    since: float

    def tell(self, result: Outcome | Exception) -> None:
        """Tell the caller, unless they have been told or have gone."""
        if self.future.done():
            return
        if isinstance(result, Outcome):
            self.future.set_result(result)
        else:
            self.future.set_exception(result)


def refuse(batch: Iterable[Waiting], fault: Exception) -> None:
    for one in batch:
        one.tell(fault)


class Lane:
    """The rows of one chain of batches. task: what stores them, while there are any."""

    def __init__(self) -> None:
        self.rows: OrderedDict[UUID, deque[Waiting]] = OrderedDict()
        self.size = 0
        self.task: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        return self.task is not None and not self.task.done()

    def add(self, waiting: Waiting) -> None:
        rows = self.rows.get(waiting.row.survey)
        if rows is None:
            rows = self.rows[waiting.row.survey] = deque()
        rows.append(waiting)
        self.size += 1

    def take(self, most: int) -> list[Waiting]:
        """The next batch: every survey gets the same number of places, those that need fewer leave them to others."""
        taken: list[Waiting] = []
        while self.rows and len(taken) < most:
            share = max(1, (most - len(taken)) // len(self.rows))
            for survey in list(self.rows):
                rows = self.rows[survey]
                for _ in range(min(share, len(rows), most - len(taken))):
                    taken.append(rows.popleft())
                if rows:
                    self.rows.move_to_end(survey)
                else:
                    del self.rows[survey]
                if len(taken) == most:
                    break
        self.size -= len(taken)
        return taken

    def give_up(self) -> None:
        """Nobody waits for ever: what is left when storing has ended by a bug is refused."""
        if self.size:
            refuse(self.take(self.size), Unavailable())

    def longest_s(self, now: float) -> float:
        """How long the row waits that has waited longest."""
        return max((now - rows[0].since for rows in self.rows.values()), default=0.0)
