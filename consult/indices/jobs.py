"""Background work: keeping what an index was worth in surveys that have closed."""

from datetime import datetime

from consult.indices import operations
from consult.jobs import every


@every(60, "indices.keep_closed_waves")
async def keep_closed_waves(at: datetime) -> None:
    await operations.keep_closed_waves(at=at)
