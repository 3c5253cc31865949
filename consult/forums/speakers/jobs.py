"""Background work of the speakers' list: forgetting names."""

from datetime import datetime

from consult.forums.speakers import operations
from consult.jobs import every


@every(1440, "forums.forget_speakers")
async def forget_speakers(at: datetime) -> None:
    await operations.forget(at=at)
