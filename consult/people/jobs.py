"""Background work: forgetting what is over."""

from __future__ import annotations

import datetime as dt

from consult.jobs import every
from consult.people import sessions


@every(60, "people.forget")
async def forget(at: dt.datetime) -> None:
    await sessions.forget(at=at)
