"""Background work: answers saved for later are deleted when their time is over."""

from datetime import datetime

from consult.jobs import every
from consult.surveys import saved


@every(60, "surveys.purge_saved")
async def purge_saved(at: datetime) -> None:
    await saved.purge(at=at)
