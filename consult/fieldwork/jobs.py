"""Background work: forgetting contacts."""

from __future__ import annotations

import datetime as dt

from consult.fieldwork import operations
from consult.jobs import every


@every(1440, "fieldwork.forget")
async def forget(at: dt.datetime) -> None:
    await operations.forget(at=at)
