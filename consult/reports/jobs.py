"""Background work: reports are made like the other files that staff ask for (results.downloads)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from uuid import UUID

from consult.fieldwork.links import links_of
from consult.i18n import locale as locale_of
from consult.profile import Profile
from consult.reports.making import FORMATS, Format, make
from consult.results.downloads.export import Asked
from consult.results.downloads.making import Maker, register
from consult.results.formats.taking import Report
from consult.settings import Settings


def configure(settings: Settings, profile: Profile) -> None:
    """Say once, at start-up, whose reports are made."""
    for kind in FORMATS:
        register(f"report-{kind}", _maker(kind, settings, profile))


def _maker(kind: Format, settings: Settings, profile: Profile) -> Maker:
    async def made(survey_id: UUID, asked: Asked, path: Path, at: dt.datetime) -> Report:
        counted = await make(
            survey_id,
            kind,
            path,
            locale=locale_of(asked.language),
            profile=profile,
            key=links_of(settings).key,
            at=at,
        )
        return Report(counted)

    return made
