"""Reading all answers of a survey from a copy of the database: writing its files anew then costs the primary little.

What a file holds and which marks are forgotten must agree. The copy shows one snapshot, of answers and marks alike,
that has everything that was committed before; only its marks are forgotten at the primary. An answer that is committed
meanwhile is not in the snapshot and keeps its mark, so that the next update takes it.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from consult.storage import replica

MARKS = "select id from response_pending where survey = $1"


@dataclass(frozen=True, slots=True)
class Copied:
    """A snapshot of the copy. marks: the ids of the survey's marks in it, as COPY writes them."""

    raw: Any
    survey_id: UUID
    marks: IO[bytes]

    async def forget_marks(self, primary: Any) -> None:
        """Delete the snapshot's marks, in the primary's transaction."""
        await primary.execute("create temporary table copied_mark (id uuid primary key) on commit drop")
        self.marks.seek(0)
        await primary.copy_to_table("copied_mark", source=self.marks)
        await primary.execute(
            "delete from response_pending where survey = $1 and id in (select id from copied_mark)", self.survey_id
        )


@asynccontextmanager
async def copied(primary: Any, survey_id: UUID, *, anew: bool) -> AsyncIterator[Copied | None]:
    """A snapshot for an update that will read everything; None for any other, or where the primary must do.

    The caller is the only one who updates this survey's files, and has not begun its transaction yet.
    """
    if not anew and await primary.fetchval("select 1 from column_store where survey = $1", survey_id):
        yield None
        return
    async with replica.caught_up() as raw:
        if raw is None:
            yield None
            return
        with tempfile.TemporaryFile() as marks:

            async def note(data: bytes) -> None:
                marks.write(data)

            async with raw.transaction(isolation="repeatable_read", readonly=True):
                await replica.copy_out(raw, MARKS, survey_id, output=note)
                yield Copied(raw, survey_id, marks)
