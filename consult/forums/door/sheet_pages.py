"""The attendance sheet to print: as a page and as PDF."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.documents import pdf
from consult.forums import operations as forum_operations
from consult.forums.door import sheet
from consult.forums.door.staff_pages import session_of
from consult.forums.door.view import Line, door_view
from consult.forums.links import Links, links_of
from consult.forums.staff_pages import READS
from consult.i18n import Locale
from consult.people.person import Person
from consult.profile import Profile
from consult.settings import Settings
from consult.web import AnyRequest, NavItem, page

BASE = "/staff/{language:str}/sessions/{session_id:uuid}"


@get(f"{BASE}/sheet", guards=READS)
async def sheet_page(
    request: AnyRequest,
    session_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    settings: NamedDependency[Settings],
) -> Response[bytes]:
    """In order of names, with empty lines at the end."""
    forum, session = await session_of(session_id)
    listed = await _listed(session_id, links_of(settings))
    data = sheet.document(forum, session, listed, profile, locale)
    headers = {"cache-control": "no-store"}
    return page(request, "forums/staff_sheet.html", headers=headers, forum=forum, sitting=session, sheet=data)


@get(f"{BASE}/sheet.pdf", guards=READS)
async def sheet_pdf(
    session_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    settings: NamedDependency[Settings],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    forum, session = await session_of(session_id)
    listed = await _listed(session_id, links_of(settings))
    made = await pdf.pdf(sheet.TEMPLATE, sheet.document(forum, session, listed, profile, locale), made_at=now)
    await forum_operations.note_download(session_id, actor=person.id, at=now)
    name = f"{forum.slug}-{locale.local(session.starts_at):%Y-%m-%d-%H%M}.pdf"
    headers = {"content-disposition": f'inline; filename="{name}"', "cache-control": "no-store"}
    return Response(made, media_type="application/pdf", headers=headers)


async def _listed(session_id: UUID, links: Links) -> list[Line]:
    return [line for line in (await door_view(session_id, links)).lines if line.registration.takes_seats]


routes: list[Any] = [sheet_page, sheet_pdf]
nav: list[NavItem] = []
