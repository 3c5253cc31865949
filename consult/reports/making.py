"""A survey's report as a file of any kind that may be asked for."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Literal, TypeAlias, get_args
from uuid import UUID

from consult.i18n import Locale
from consult.profile import Profile
from consult.reports import compiling, pdf, writing
from consult.reports.report import Texts

Format: TypeAlias = Literal["pdf"]
FORMATS: tuple[Format, ...] = get_args(Format)


async def make(
    survey_id: UUID, kind: Format, path: Path, *, locale: Locale, profile: Profile, key: bytes, at: dt.datetime,
    texts: Texts | None = None,
) -> int:  # fmt: skip
    """Write the report to `path`; returns how many answers it rests on. Raises NotFound.

    key  by which invitations are recognised (fieldwork.links).
    """
    report = await compiling.compiled(survey_id, key=key, at=at, texts=texts)
    document = writing.document(report, locale, profile)
    data = await pdf.report_pdf(document, locale, profile, made_at=at)
    await asyncio.to_thread(path.write_bytes, data)
    return report.conduct.counted
