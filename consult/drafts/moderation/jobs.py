"""Background work: looking for comments that say the same, when staff ask for it and each hour where there is news."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from consult.drafts.moderation import group_operations
from consult.jobs import Backoff, every, task


@task("drafts.group_comments", backoff=Backoff(attempts=3, first_s=30), limit_s=900)
async def group_comments(payload: dict[str, Any]) -> None:
    await group_operations.find_groups(UUID(payload["draft"]), at=dt.datetime.now(dt.UTC))


@every(60, "drafts.look_for_groups")
async def look_for_groups(at: dt.datetime) -> None:
    await group_operations.ask_where_news(at=at)
