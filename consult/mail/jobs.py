"""Background work: sending, and forgetting."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from consult.jobs import Backoff, every, task
from consult.mail import operations
from consult.mail.delivery import office

# The mail server may be away for days: after a few minutes of quick attempts, every half hour for longer than PATIENCE.
STUBBORN = Backoff(attempts=400, first_s=15, factor=2, longest_s=1800)


@task("mail.send", backoff=STUBBORN)
async def send(payload: dict[str, Any]) -> None:
    await operations.send(notification_id=UUID(payload["notification"]), post=office(), at=dt.datetime.now(dt.UTC))


@every(1440, "mail.forget")
async def forget(at: dt.datetime) -> None:
    await operations.forget(at=at)
