"""Background work: erasing answers that have been kept long enough."""

from datetime import datetime

from consult.fieldwork import progress_operations
from consult.jobs import every


@every(1440, "fieldwork.erase_due")
async def erase_due(at: datetime) -> None:
    await progress_operations.erase_due(at=at)
