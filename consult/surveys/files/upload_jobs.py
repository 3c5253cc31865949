"""Background work: forgetting files that nobody sent answers for."""

from __future__ import annotations

import datetime as dt

from consult.jobs import every
from consult.surveys.files import uploads


@every(60, "surveys.forget_files")
async def forget_files(at: dt.datetime) -> None:
    await uploads.forget(at=at)
