"""The second factor in the browser: the code at sign-in, setting it up, recovery codes, taking it away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from consult.errors import N_, Invalid
from consult.i18n import Locale, pick
from consult.people import queries, second_factor
from consult.people import second_operations as operations
from consult.people.guards import STEPS, browser, enforced, let_in, network, requires, vault
from consult.people.person import safe_next
from consult.people.queries import Session
from consult.people.session_pages import here, password_in
from consult.profile import Profile
from consult.settings import Settings
from consult.web import AnyRequest, NavItem, page, read_form, see_other
from consult.web.keeping import NEVER_KEPT

NOTICES = {"removed": N_("The second factor was removed. You can set up another one now.")}


def code_view(
    request: AnyRequest, following: str, problems: tuple[Any, ...] = (), status: int = 200
) -> Response[bytes]:
    return page(request, "people/code.html", status=status, problems=problems, next=following)


@get("/staff/{language:str}/code", guards=[requires(arriving=("code",))])
async def code_page(
    request: AnyRequest, locale: NamedDependency[Locale], session: NamedDependency[Session]
) -> Response[Any]:
    following = request.query_params.get("next", "")
    if session.awaits is None:
        return see_other(safe_next(following, locale.code))
    return code_view(request, following)


@post("/staff/{language:str}/code", guards=[requires(arriving=("code",))], opt=NEVER_KEPT)
async def enter_code(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    session: NamedDependency[Session],
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[Any]:
    form = await read_form(request)
    following = form.get("next")
    if session.awaits is None:  # sent twice: the first one opened the door
        return see_other(safe_next(following, locale.code))
    try:
        signed = await operations.enter_code(
            session=session,
            code=form.get("code"),
            browser=browser(request),
            network=network(request),
            vault=vault(request),
            here=here(settings, profile),
            at=now,
        )
    except Invalid as refused:
        return code_view(request, following, refused.problems, 422)
    answer = see_other(safe_next(following, locale.code))
    let_in(answer, request, signed)
    return answer


async def factor_view(
    request: AnyRequest,
    locale: Locale,
    session: Session,
    profile: Profile,
    *,
    sealed: bytes | None = None,
    following: str = "",
    problems: tuple[Any, ...] = (),
    status: int = 200,
) -> Response[bytes]:
    """What there is, or a new one to set up."""
    person = session.person
    kept = await queries.second_factor(person.id)
    context: dict[str, Any] = {
        "kept": kept,
        "must": bool(person.roles & enforced(request)),
        "whose": person,
        "arriving": session.awaits is not None,
        "next": following,
        "problems": problems,
        "notice": NOTICES.get(request.query_params.get("done", ""), ""),
    }
    if kept is None:
        safe = vault(request)
        sealed = sealed or safe.seal(second_factor.new_shared(), person.id)
        shared = safe.open(sealed, person.id)
        town = pick(profile.name, locale.code, locale.order)[0]
        context |= {
            "sealed": second_factor.as_field(sealed),
            "letters": second_factor.grouped(shared),
            "square": second_factor.square_of(second_factor.address_of(shared, email=person.email, town=town)),
        }
    return page(request, "people/second-factor.html", status=status, **context)


def codes_view(request: AnyRequest, codes: tuple[str, ...], following: str, *, is_new: bool) -> Response[bytes]:
    return page(
        request,
        "people/recovery-codes.html",
        codes=[second_factor.grouped(code) for code in codes],
        next=following,
        is_new=is_new,
    )


@get("/staff/{language:str}/second-factor", guards=[requires(arriving=("enrol",))])
async def factor_page(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    session: NamedDependency[Session],
    profile: NamedDependency[Profile],
) -> Response[bytes]:
    return await factor_view(request, locale, session, profile, following=request.query_params.get("next", ""))


@post("/staff/{language:str}/second-factor", guards=[requires(arriving=("enrol",))], opt=NEVER_KEPT)
async def set_up(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    session: NamedDependency[Session],
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[Any]:
    form = await read_form(request)
    following = form.get("next")
    sealed = second_factor.from_field(form.get("sealed"))
    shared = vault(request).open(sealed, session.person.id)
    try:
        done = await operations.set_up(
            session=session,
            shared=shared,
            code=form.get("code"),
            current=None if session.awaits == "enrol" else password_in(form, "current"),
            browser=browser(request),
            network=network(request),
            vault=vault(request),
            here=here(settings, profile),
            at=now,
        )
    except Invalid as refused:
        return await factor_view(
            request, locale, session, profile, sealed=sealed, following=following, problems=refused.problems, status=422
        )
    request.scope["state"]["person"] = session.person
    answer = codes_view(request, done.codes, safe_next(following, locale.code), is_new=True)
    let_in(answer, request, done.signed_in)
    return answer


@post("/staff/{language:str}/second-factor/change", guards=[requires()], opt=NEVER_KEPT)
async def change(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    session: NamedDependency[Session],
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Fresh recovery codes, or the end of the second factor: two buttons of one form."""
    form = await read_form(request)
    proof: dict[str, Any] = {
        "session": session,
        "current": password_in(form, "current"),
        "code": form.get("code"),
        "network": network(request),
        "vault": vault(request),
        "at": now,
    }
    try:
        if form.get("action") != "remove":
            codes = await operations.new_recovery_codes(**proof)
            return codes_view(request, codes, f"/staff/{locale.code}/second-factor", is_new=False)
        signed = await operations.remove(**proof, enforced=enforced(request), here=here(settings, profile))
    except Invalid as refused:
        return await factor_view(request, locale, session, profile, problems=refused.problems, status=422)
    answer = see_other(f"/staff/{locale.code}/{STEPS['enrol']}?done=removed")
    let_in(answer, request, signed)
    return answer


routes: list[Any] = [code_page, enter_code, factor_page, set_up, change]
nav: list[NavItem] = []
