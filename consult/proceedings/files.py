"""The report as PDF and DOCX, made by a process of its own thread: it takes a core for seconds."""

from __future__ import annotations

import asyncio
from datetime import datetime

from consult.i18n import locale as locale_of
from consult.proceedings.record import Record
from consult.proceedings.writing import document
from consult.profile import Profile
from consult.reports.pdf import compile_pdf
from consult.reports.word import compile_docx


async def made(
    record: Record, profile: Profile, *, language: str, format_: str, fingerprint: str, made_at: datetime
) -> bytes:
    """One file in one language."""
    locale = locale_of(language)
    compile_ = compile_pdf if format_ == "pdf" else compile_docx

    def work() -> bytes:
        return compile_(document(record, locale, profile, fingerprint=fingerprint), locale, profile, made_at=made_at)

    return await asyncio.to_thread(work)
