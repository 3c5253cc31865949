"""The dossier of a meeting: one page for officials to print."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import NotFound
from consult.forums import queries as forums
from consult.forums.afterwards.minutes import STANDING_NAMES, STANDING_TAGS
from consult.forums.forum import KIND_NAMES
from consult.forums.parts import Part, Shown
from consult.forums.registration import NEEDS
from consult.i18n import Locale
from consult.people.guards import requires
from consult.portal.dossier import dossier
from consult.profile import Profile
from consult.web import AnyRequest, NavItem, page

READS = [requires("clerk", "moderator", "analyst", "designer")]


@get("/staff/{language:str}/forums/{forum_id:uuid}/dossier", guards=READS)
async def dossier_page(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    forum = await forums.forum_by_id(forum_id)
    if forum is None:
        raise NotFound
    return page(
        request,
        "portal/dossier.html",
        found=await dossier(forum, locale=locale, profile=profile, at=now),
        kind=KIND_NAMES[forum.kind],
        needs=NEEDS,
        names=STANDING_NAMES,
        tags=STANDING_TAGS,
        at=now,
    )


async def dossier_link(shown: Shown) -> Part | None:
    return Part("portal/dossier_part.html", {"forum": shown.forum.id})


routes: list[Any] = [dossier_page]
nav: list[NavItem] = []
forum_parts = [dossier_link]
