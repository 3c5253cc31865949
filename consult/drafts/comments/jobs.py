"""Background work: forgetting files of comments that were never sent."""

from __future__ import annotations

import datetime as dt

from consult.drafts.comments import files
from consult.jobs import every


@every(60, "comments.forget_files")
async def forget_files(at: dt.datetime) -> None:
    await files.forget(at)
