"""Background work of appointments: giving times when requests have closed, forgetting."""

from datetime import datetime

from consult.forums.links import links_of
from consult.forums.slots import request_operations as operations
from consult.jobs import every
from consult.mail.delivery import office


@every(5, "forums.allocate_slots")
async def allocate_slots(at: datetime) -> None:
    await operations.allocate_due(links=links_of(office().settings), at=at)


@every(1440, "forums.forget_requests")
async def forget_requests(at: datetime) -> None:
    await operations.forget(at=at)
