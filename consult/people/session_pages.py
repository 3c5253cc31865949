"""The way in and out: signing in, invitations, forgotten passwords, one's own account."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from consult.errors import N_, Invalid
from consult.i18n import Locale, languages, negotiate
from consult.people import operations, queries, sessions
from consult.people.guards import (
    PUBLIC,
    STEPS,
    browser,
    enforced,
    let_in,
    mark_browser,
    network,
    requires,
    session_of,
    signed_in,
)
from consult.people.letters import Letterhead
from consult.people.person import Person, safe_next
from consult.people.queries import Session
from consult.profile import Profile
from consult.settings import Settings
from consult.web import AnyRequest, Form, NavItem, page, read_form, see_other, to_staff
from consult.web.keeping import NEVER_KEPT
from consult.web.pages import shell

NOTICES = {
    "signed-out": N_("You have signed out."),
    "mailed": N_("If there is an account with this address, a message with a link is on its way to it."),
    "chosen": N_("Your password is set. Sign in with it now."),
    "saved": N_("Your account has been saved."),
    "changed": N_("Your password has been changed, and all other devices were signed out."),
}


def here(settings: Settings, profile: Profile) -> Letterhead:
    return Letterhead(settings.base_url, profile.name)


def password_in(form: Form, name: str) -> str:
    """A password exactly as typed: spaces at its ends belong to it."""
    return (form.list(name) or [""])[-1]


def notice_of(request: AnyRequest) -> str:
    return NOTICES.get(request.query_params.get("done", ""), "")


@get(["/staff"], opt=PUBLIC)
async def front_door(request: AnyRequest) -> Redirect:
    """The short address: to the home page in one's own language."""
    session = await signed_in(request)
    wished = session.person.language if session is not None else None
    return see_other(f"/staff/{negotiate(request.headers.get('accept-language', ''), wished)}/")


@get("/staff/{language:str}/sign-in", opt=PUBLIC)
async def sign_in_page(request: AnyRequest, locale: NamedDependency[Locale]) -> Response[bytes]:
    following = request.query_params.get("next", "")
    return sign_in_view(request, Form(), following, notice=notice_of(request))


def sign_in_view(
    request: AnyRequest,
    form: Form,
    following: str,
    *,
    problems: tuple[Any, ...] = (),
    notice: str = "",
    status: int = 200,
) -> Response[bytes]:
    return page(
        request,
        "people/sign-in.html",
        status=status,
        form=form,
        problems=problems,
        next=following,
        notice=notice,
        service=shell(request).settings.oidc_issuer is not None,
    )


@post("/staff/{language:str}/sign-in", opt=PUBLIC)
async def sign_in(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[Any]:
    form = await read_form(request)
    try:
        signed = await sessions.sign_in(
            email=form.get("email"),
            password=password_in(form, "password"),
            network=network(request),
            enforced=enforced(request),
            browser=browser(request),
            here=here(settings, profile),
            at=now,
        )
    except Invalid as refused:
        return sign_in_view(request, form, form.get("next"), problems=refused.problems, status=422)
    before = await session_of(request)
    if before is not None:
        await sessions.sign_out(session=before, at=now)
    answer = see_other(onward(signed, form.get("next"), locale.code))
    let_in(answer, request, signed)
    return answer


def onward(signed: sessions.SignedIn, following: str, language: str) -> str:
    """Where somebody goes who has just given the right password: to the second factor first, where one is due."""
    wanted = safe_next(following, language)
    if signed.awaits is None:
        return wanted
    return f"/staff/{language}/{STEPS[signed.awaits]}" + (f"?next={quote(wanted, safe='')}" if following else "")


@get("/staff/{language:str}/forgotten-password", opt=PUBLIC)
async def forgotten_page(request: AnyRequest, locale: NamedDependency[Locale]) -> Response[bytes]:
    return page(request, "people/forgotten.html", notice=notice_of(request), problems=())


@post("/staff/{language:str}/forgotten-password", opt=PUBLIC)
async def forgotten(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Redirect:
    form = await read_form(request)
    await sessions.request_reset(
        email=form.get("email"), network=network(request), here=here(settings, profile), at=now
    )
    return to_staff(locale, "forgotten-password", done="mailed")


async def choose_page(request: AnyRequest, purpose: str, now: datetime) -> Response[bytes]:
    key = request.query_params.get("key", "")
    link = await queries.open_link(key, purpose, now)
    if link is None:
        raise sessions.LinkUsedUp
    return page(request, "people/choose.html", purpose=purpose, key=key, whose=link.person, problems=())


async def choose(request: AnyRequest, purpose: str, locale: Locale, here: Letterhead, now: datetime) -> Response[Any]:
    form = await read_form(request)
    key = form.get("key")
    link = await queries.open_link(key, purpose, now)
    if link is None:
        raise sessions.LinkUsedUp
    try:
        _, mark = await sessions.choose_password(
            token=key,
            purpose=purpose,
            password=password_in(form, "password"),
            browser=browser(request),
            here=here,
            stolen=shell(request).settings.breached_passwords,
            at=now,
        )
    except Invalid as refused:
        context: dict[str, Any] = {"purpose": purpose, "key": key, "whose": link.person, "problems": refused.problems}
        return page(request, "people/choose.html", status=422, **context)
    answer = to_staff(locale, "sign-in", done="chosen")
    mark_browser(answer, request, mark)
    return answer


@get("/staff/{language:str}/welcome", opt=PUBLIC)
async def welcome_page(
    request: AnyRequest, locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    return await choose_page(request, "invite", now)


@post("/staff/{language:str}/welcome", opt=PUBLIC)
async def welcome(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[Any]:
    return await choose(request, "invite", locale, here(settings, profile), now)


@get("/staff/{language:str}/new-password", opt=PUBLIC)
async def new_password_page(
    request: AnyRequest, locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    return await choose_page(request, "reset", now)


@post("/staff/{language:str}/new-password", opt=PUBLIC)
async def new_password(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[Any]:
    return await choose(request, "reset", locale, here(settings, profile), now)


def account_view(
    request: AnyRequest, person: Person, form: Form | None = None, problems: tuple[Any, ...] = (), status: int = 200
) -> Response[bytes]:
    return page(
        request,
        "people/account.html",
        status=status,
        name=form.get("name") if form and "name" in form else person.name,
        spoken=form.get("language") if form and "language" in form else person.language,
        offered=languages(),
        problems=problems,
        notice=notice_of(request),
    )


@get("/staff/{language:str}/account", guards=[requires()])
async def account_page(
    request: AnyRequest, locale: NamedDependency[Locale], person: NamedDependency[Person]
) -> Response[bytes]:
    return account_view(request, person)


@post("/staff/{language:str}/account", guards=[requires()])
async def change_account(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    form = await read_form(request)
    try:
        await operations.change_account(by=person, name=form.get("name"), language=form.get("language"), at=now)
    except Invalid as refused:
        return account_view(request, person, form, refused.problems, 422)
    return see_other(f"/staff/{form.get('language')}/account?done=saved")


@post("/staff/{language:str}/account/password", guards=[requires()], opt=NEVER_KEPT)
async def change_password(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    session: NamedDependency[Session],
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[Any]:
    form = await read_form(request)
    try:
        signed = await sessions.change_password(
            session=session,
            current=password_in(form, "current"),
            password=password_in(form, "password"),
            network=network(request),
            browser=browser(request),
            here=here(settings, profile),
            stolen=settings.breached_passwords,
            at=now,
        )
    except Invalid as refused:
        return account_view(request, session.person, form, refused.problems, 422)
    answer = to_staff(locale, "account", done="changed")
    let_in(answer, request, signed)
    return answer


routes: list[Any] = [
    front_door,
    sign_in_page,
    sign_in,
    forgotten_page,
    forgotten,
    welcome_page,
    welcome,
    new_password_page,
    new_password,
    account_page,
    change_account,
    change_password,
]
nav: list[NavItem] = []
