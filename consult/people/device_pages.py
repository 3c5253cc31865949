"""Where one is signed in, and the way to end that from elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency

from consult.errors import N_, Invalid
from consult.i18n import Locale
from consult.people import queries, sessions
from consult.people.guards import network, requires
from consult.people.queries import Session
from consult.people.session_pages import password_in
from consult.web import AnyRequest, NavItem, page, read_form, to_staff
from consult.web.keeping import NEVER_KEPT

NOTICES = {"ended": N_("The devices were signed out.")}


async def devices_view(
    request: AnyRequest, session: Session, now: datetime, problems: tuple[Any, ...] = (), status: int = 200
) -> Response[bytes]:
    return page(
        request,
        "people/devices.html",
        status=status,
        devices=await queries.sessions_of(session.person, now),
        this=session.id,
        problems=problems,
        notice=NOTICES.get(request.query_params.get("done", ""), ""),
    )


@get("/staff/{language:str}/devices", guards=[requires()])
async def devices_page(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    session: NamedDependency[Session],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    return await devices_view(request, session, now)


@post("/staff/{language:str}/devices", guards=[requires()], opt=NEVER_KEPT)
async def sign_out_others(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    session: NamedDependency[Session],
    now: NamedDependency[datetime],
) -> Response[Any]:
    form = await read_form(request)
    try:
        await sessions.sign_out_others(
            session=session,
            current=password_in(form, "current"),
            network=network(request),
            only=_chosen(form.get("which")),
            at=now,
        )
    except Invalid as refused:
        return await devices_view(request, session, now, refused.problems, 422)
    return to_staff(locale, "devices", done="ended")


def _chosen(written: str) -> UUID | None:
    try:
        return UUID(written) if written else None
    except ValueError:
        return UUID(int=0)  # made up: nobody's


routes: list[Any] = [devices_page, sign_out_others]
nav: list[NavItem] = []
