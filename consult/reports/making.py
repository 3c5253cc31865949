"""A survey's report as a file of any kind that may be asked for."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Literal, TypeAlias, get_args
from uuid import UUID

from consult.i18n import Locale
from consult.profile import Profile
from consult.reports import compiling, pdf, queries, workbook, writing
from consult.reports.document import Document
from consult.reports.report import Texts

Format: TypeAlias = Literal["pdf", "docx", "xlsx"]
FORMATS: tuple[Format, ...] = get_args(Format)


async def make(
    survey_id: UUID, kind: Format, path: Path, *, locale: Locale, profile: Profile, key: bytes, at: dt.datetime,
    texts: Texts | None = None,
) -> int:  # fmt: skip
    """Write the report to `path`; returns how many answers it rests on. Raises NotFound.

    key  by which invitations are recognised (fieldwork.links).
    """
    report = await compiling.compiled(survey_id, key=key, at=at, texts=texts or await queries.texts(survey_id))
    document = writing.document(report, locale, profile)
    data = await asyncio.to_thread(_set, kind, document, locale, profile, at)
    await asyncio.to_thread(path.write_bytes, data)
    return report.conduct.counted


def _set(kind: Format, document: Document, locale: Locale, profile: Profile, at: dt.datetime) -> bytes:
    """It keeps a core busy for its time."""
    if kind == "pdf":
        return pdf.compile_pdf(document, locale, profile, made_at=at)
    if kind == "docx":
        from consult.reports import word  # its library is loaded by who makes a document

        return word.compile_docx(document, locale, profile, made_at=at)
    return workbook.compile_xlsx(document, locale, made_at=at)
