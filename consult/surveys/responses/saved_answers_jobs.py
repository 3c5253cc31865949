"""Background work: answers saved for later are deleted when their time is over."""

from datetime import datetime

from consult.jobs import every
from consult.surveys.responses import saved_answers


@every(60, "surveys.purge_saved")
async def purge_saved(at: datetime) -> None:
    await saved_answers.purge(at=at)
