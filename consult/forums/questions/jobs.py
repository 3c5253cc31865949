"""Background work of questions: forgetting the addresses of who asked."""

from datetime import datetime

from consult.forums.questions import operations
from consult.jobs import every


@every(1440, "forums.forget_askers")
async def forget_askers(at: datetime) -> None:
    await operations.forget(at=at)
