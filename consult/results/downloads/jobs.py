"""Background work: making files, forgetting old ones."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from consult.jobs import Backoff, every, task
from consult.results.downloads import operations

LONGEST_S = 2 * 3600


@task("results.export", backoff=Backoff(attempts=3, first_s=30), limit_s=LONGEST_S)
async def export(payload: dict[str, Any]) -> None:
    await operations.produce(export_id=UUID(payload["export"]), at=dt.datetime.now(dt.UTC))


@every(60, "results.forget_exports")
async def forget_exports(at: dt.datetime) -> None:
    await operations.forget_expired(at=at)
