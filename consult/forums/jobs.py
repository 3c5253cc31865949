"""Background work: offers that end, reminders, forgetting."""

from datetime import datetime

from consult.forums import registration_operations as operations
from consult.forums.links import links_of
from consult.jobs import every
from consult.mail.delivery import office


@every(1, "forums.expire_offers")
async def expire_offers(at: datetime) -> None:
    await operations.expire_offers(links=links_of(office().settings), at=at)


@every(15, "forums.remind")
async def remind(at: datetime) -> None:
    await operations.remind(links=links_of(office().settings), at=at)


@every(1440, "forums.forget")
async def forget(at: datetime) -> None:
    await operations.forget(at=at)
