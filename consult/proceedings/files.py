"""The report as PDF and DOCX, made by a process of its own thread: it takes a core for seconds."""

from __future__ import annotations

import asyncio
from datetime import datetime

from consult.i18n import locale as locale_of
from consult.proceedings.record import Record
from consult.proceedings.writing import document
from consult.profile import Profile
from consult.reports.pdf import compile_pdf


async def made(
    record: Record, profile: Profile, *, language: str, format_: str, fingerprint: str, made_at: datetime
) -> bytes:
    """One file in one language."""
    locale = locale_of(language)

    def work() -> bytes:
        written = document(record, locale, profile, fingerprint=fingerprint)
        if format_ == "pdf":
            return compile_pdf(written, locale, profile, made_at=made_at)
        from consult.reports.word import compile_docx  # its library is loaded by who makes a document

        return compile_docx(written, locale, profile, made_at=made_at)

    return await asyncio.to_thread(work)
