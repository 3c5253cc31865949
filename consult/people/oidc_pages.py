"""The way to the town's sign-in service and back; without one there is nothing here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from consult import refusals
from consult.errors import NotFound
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.people import joining, oidc, sessions
from consult.people.guards import (
    PUBLIC,
    browser,
    drop_cookie,
    enforced,
    is_secure,
    let_in,
    requires,
    session_of,
    vault,
)
from consult.people.queries import Session, Via
from consult.people.second_factor import SecretChanged
from consult.people.session_pages import here, onward
from consult.profile import Profile
from consult.settings import Settings
from consult.web import AnyRequest, NavItem, page, read_form, see_other, to_staff
from consult.web.failures import SPOKEN
from consult.web.keeping import NEVER_KEPT
from consult.web.pages import absolute, shell

CALLBACK = "/staff/oidc/callback"
LEFT = "/staff/oidc/signed-out"
BACK_CHANNEL = "/oidc/logout"
"""Outside /staff: the service itself posts there, no browser, and so without what tells a browser's own site."""
LONGEST_MARK = 43
"""Whatever stands in that cookie: it must not make the journey's own longer than a browser keeps."""


def service_of(settings: Settings) -> oidc.Service | None:
    """The service of this installation; None where none is set up. Raises ExtraMissing, NotSetUp."""
    if settings.oidc_issuer is None:
        return None
    if not settings.oidc_client_id or not settings.oidc_client_secret:
        raise oidc.NotSetUp
    oidc.check_installed()
    return oidc.Service(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        redirect_uri=absolute(settings, CALLBACK),
    )


def service(request: AnyRequest) -> oidc.Service:
    """Raises NotFound."""
    found: oidc.Service | None = request.app.state.sign_in_service
    if found is None:
        raise NotFound
    return found


def cookie_name(request: AnyRequest) -> str:
    return "__Secure-staff-oidc" if is_secure(request) else "staff-oidc"


def is_own_wish(request: AnyRequest) -> bool:
    """Tell whether our own button or an address that somebody typed led here; another site signs nobody in.

    Browsers that say nothing of where a request began name our own page as the one before.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    return request.headers.get("referer", "").startswith(absolute(shell(request).settings, "/staff/"))


@get("/staff/{language:str}/oidc", opt=PUBLIC)
async def begin(request: AnyRequest, locale: NamedDependency[Locale], now: NamedDependency[datetime]) -> Response[Any]:
    wanted = service(request)
    if not is_own_wish(request):
        return to_staff(locale, "sign-in")
    # Only here the strict cookies of an earlier session and of the browser's mark travel: the way back comes from
    # another site.
    before = await session_of(request)
    following = request.query_params.get("next", "")[:500]
    journey = oidc.begun(
        locale.code,
        following,
        int(now.timestamp()),
        before.id if before is not None else None,
        browser(request).mark[:LONGEST_MARK],
    )
    answer = see_other(await wanted.way_out(journey))
    # Lax: the way back comes from the service's site.
    answer.set_cookie(
        cookie_name(request),
        oidc.sealed(journey, vault(request)),
        path=CALLBACK,
        max_age=oidc.AWAY_S,
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )
    return answer


@get(CALLBACK, opt=PUBLIC)
async def come_back(
    request: AnyRequest,
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Begin the session; a page of our own leads on, because a strict cookie does not travel with the redirect."""
    wanted = service(request)
    seconds = int(now.timestamp())
    journey = oidc.unsealed(request.cookies.get(cookie_name(request), ""), vault(request), seconds)
    request.scope["state"][SPOKEN] = journey.language  # also of what goes wrong from here on
    try:
        found = await wanted.identity(journey, dict(request.query_params), seconds)
    except oidc.SignInFailed:
        refusals.note("sign-in service")
        raise
    signed = await joining.sign_in_from_service(
        issuer=wanted.issuer,
        sub=found.sub,
        email=found.email,
        is_strong=found.is_strong,
        enforced=enforced(request),
        browser=replace(browser(request), mark=journey.mark),
        here=here(settings, profile),
        via=Via(found.sub, found.sid, vault(request).seal_bytes(found.token.encode(), oidc.TOKEN_PURPOSE)),
        at=now,
    )
    if journey.before is not None:
        await sessions.end(session_id=journey.before, at=now)
    language = journey.language if journey.language in languages() else languages()[0]
    target = onward(signed, journey.following, language)
    answer = page(
        request, "people/arrived.html", locale=locale_of(language), headers={"refresh": f"0; url={target}"}, next=target
    )
    answer.set_cookie(
        cookie_name(request), "", path=CALLBACK, max_age=0, secure=is_secure(request), httponly=True, samesite="lax"
    )
    let_in(answer, request, signed)
    return answer


@post("/staff/{language:str}/sign-out", guards=[requires(arriving=("code", "enrol"))], opt=NEVER_KEPT)
async def sign_out(
    request: AnyRequest,
    session: NamedDependency[Session],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """End the session here, and the one at the service through which it began."""
    await sessions.sign_out(session=session, at=now)
    there = await way_to_leave(request, session, locale.code)
    answer: Response[Any]
    if there is None:
        answer = to_staff(locale, "sign-in", done="signed-out")
    else:
        # No redirect: browsers let a form lead only where the policy of our pages lets forms go.
        request.scope["state"].pop("person", None)
        # The page leads on, no header: with the token in it, a header may be longer than a proxy takes.
        answer = page(request, "people/leaving.html", next=there)
    drop_cookie(answer, request)
    # Never "cookies", which would clear those of the town's other sites, nor "storage", where answers of a kiosk and
    # acts of a door may wait for the network: the list of a door is taken away by staff.js and door-worker.js.
    answer.headers["clear-site-data"] = '"cache"'
    return answer


async def way_to_leave(request: AnyRequest, session: Session, language: str) -> str | None:
    """Where the service ends its session; None where there is nothing to end or it is away: here one is signed out."""
    known: oidc.Service | None = request.app.state.sign_in_service
    if known is None or session.via is None:
        return None
    try:
        said = vault(request).open_bytes(session.via.sealed, oidc.TOKEN_PURPOSE).decode()
        return await known.way_to_leave(said, language, absolute(shell(request).settings, LEFT))
    except (SecretChanged, oidc.ServiceAway, oidc.SignInFailed):
        return None


@get(LEFT, opt=PUBLIC)
async def left(request: AnyRequest) -> Response[Any]:
    """Where the service sends the browser afterwards; it hands the language back as state."""
    service(request)
    wished = request.query_params.get("state", "")
    return see_other(f"/staff/{wished if wished in languages() else languages()[0]}/sign-in?done=signed-out")


@post(BACK_CHANNEL, status_code=200, opt=NEVER_KEPT)
async def end_from_service(request: AnyRequest, now: NamedDependency[datetime]) -> Response[Any]:
    """The service says that somebody signed out there, or was signed out; what it signed is all that counts."""
    wanted = service(request)
    form = await read_form(request)
    try:
        ended = await wanted.ended(form.get("logout_token"), int(now.timestamp()))
    except oidc.SignInFailed:
        refusals.note("sign-in service")
        return Response({"error": "invalid_request"}, status_code=400, headers={"cache-control": "no-store"})
    except oidc.ServiceAway as away:
        later = {"cache-control": "no-store", "retry-after": str(away.retry_after_s)}
        return Response({"error": "temporarily_unavailable"}, status_code=503, headers=later)
    await joining.end_from_service(
        sub=ended.sub, sid=ended.sid, begun_by=datetime.fromtimestamp(ended.begun_by, now.tzinfo), at=now
    )
    return Response(b"", status_code=200, headers={"cache-control": "no-store"})


routes: list[Any] = [begin, come_back, sign_out, left, end_from_service]
nav: list[NavItem] = []
