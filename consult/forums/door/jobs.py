"""Background work: forgetting what could lead to people once their registrations are erased."""

from __future__ import annotations

from datetime import datetime

from consult.forums.door import operations
from consult.jobs import every


@every(1440, "forums.forget_door")
async def forget(at: datetime) -> None:
    await operations.forget(at=at)
