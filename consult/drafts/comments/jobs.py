"""Background work: forgetting files of comments that were never sent, and addresses that nobody needs any more."""

from __future__ import annotations

import datetime as dt

from consult.drafts.comments import files, operations
from consult.jobs import every


@every(60, "comments.forget_files")
async def forget_files(at: dt.datetime) -> None:
    await files.forget(at)


@every(1440, "comments.forget_addresses")
async def forget_addresses(at: dt.datetime) -> None:
    await operations.forget_addresses(at=at)
