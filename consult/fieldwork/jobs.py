"""Background work: sending rounds of letters, so many a minute, and forgetting contacts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from consult.fieldwork import mailing_operations, operations
from consult.fieldwork.links import links_of
from consult.jobs import every, task
from consult.mail.delivery import office


@every(1, "fieldwork.send")
async def send(at: dt.datetime) -> None:
    await mailing_operations.settle()
    post = office()
    await mailing_operations.send_some(
        links=links_of(post.settings), sender=post.sender_names, per_minute=post.settings.letters_per_minute, at=at
    )


@task("fieldwork.send_now")
async def send_now(_: dict[str, Any]) -> None:
    """The first part of a round need not wait for the minute."""
    await send(dt.datetime.now(dt.UTC))


@every(1440, "fieldwork.forget")
async def forget(at: dt.datetime) -> None:
    await operations.forget(key=links_of(office().settings).key, at=at)
