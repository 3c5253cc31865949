"""Background work: files follow the answers each minute, and by night nothing of the day's order is left in them.

Whoever looks at results brings the files up to date too; the minute is for what nobody looks at, so that erased answers
leave the disk soon and a first look costs little.
"""

from __future__ import annotations

from datetime import datetime

from consult.columns import store
from consult.jobs import every
from consult.storage import fetch

WAITING = "select distinct survey from response_pending"
STORED = "select survey from column_store"
LONGEST_S = 3600
"""Millions of answers, all of them anew, on a slow machine."""


@every(1, "columns.update", limit_s=LONGEST_S)
async def follow(at: datetime) -> None:
    """Take in what came, was replaced or erased."""
    for row in await fetch(WAITING):
        await store.update(row["survey"])


@every(1440, "columns.settle", limit_s=LONGEST_S)
async def settle(at: datetime) -> None:
    """Join each survey's small files, and make files anew that are not what was written."""
    for row in await fetch(STORED):
        await store.update(row["survey"], anew=not await store.check(row["survey"]), settle=True)
