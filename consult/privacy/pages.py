"""The public privacy page: the register in plain words, and the way to have something erased."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from consult.i18n import Locale
from consult.privacy.outside import BACKUPS_KEPT
from consult.privacy.plain import CHAPTERS
from consult.web import AnyRequest, page


@get("/{language:str}/privacy")
async def privacy(request: AnyRequest, locale: NamedDependency[Locale]) -> Response[bytes]:
    return page(request, "privacy/public.html", locale=locale, chapters=CHAPTERS, backup_days=BACKUPS_KEPT.days)


routes: list[Any] = [privacy]
