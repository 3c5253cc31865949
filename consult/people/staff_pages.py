"""The workspace's own pages: home, colleagues, audit trail."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.errors import N_, Invalid
from consult.i18n import Locale, languages
from consult.people import operations, queries, second_operations, trail, waiting
from consult.people.guards import enforced, requires
from consult.people.person import ADMIN, ROLE_HINTS, ROLES, Person
from consult.people.queries import Session
from consult.people.session_pages import here
from consult.profile import Profile
from consult.records import queries as records
from consult.records.audit import Filter
from consult.settings import Settings
from consult.web import AnyRequest, Form, NavItem, page, read_form, to_staff
from consult.web.moments import day_in

NOTICES = {
    "invited": N_("The invitation is on its way."),
    "roles": N_("The roles have been changed."),
    "disabled": N_("The account has been disabled."),
    "signed-out": N_("The colleague was signed out everywhere."),
    "second-factor": N_("The second factor has been reset. At the next sign-in a new one can be set up."),
    "enabled": N_("The account is enabled again. Send an invitation, so that a new password can be chosen."),
}


@get("/staff/{language:str}", guards=[requires()])
async def home(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[bytes]:
    found = await waiting.all_for(person, now, request.app.state.waiting)
    return page(request, "people/home.html", waiting=found)


@get("/staff/{language:str}/colleagues", guards=[requires(ADMIN)])
async def colleagues(request: AnyRequest, locale: NamedDependency[Locale]) -> Response[bytes]:
    return page(request, "people/colleagues.html", colleagues=await queries.colleagues(), notice=notice_of(request))


def invite_view(request: AnyRequest, form: Form, problems: tuple[Any, ...] = (), status: int = 200) -> Response[bytes]:
    return page(
        request,
        "people/invite.html",
        status=status,
        form=form,
        problems=problems,
        roles=ROLES,
        role_hints=ROLE_HINTS,
        offered=languages(),
    )


@get("/staff/{language:str}/colleagues/invite", guards=[requires(ADMIN)])
async def invite_page(request: AnyRequest, locale: NamedDependency[Locale]) -> Response[bytes]:
    return invite_view(request, Form())


@post("/staff/{language:str}/colleagues/invite", guards=[requires(ADMIN)])
async def invite(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    form = await read_form(request)
    try:
        await operations.invite(
            by=person,
            email=form.get("email"),
            name=form.get("name"),
            roles=form.list("roles"),
            language=form.get("language"),
            here=here(settings, profile),
            at=now,
        )
    except Invalid as refused:
        return invite_view(request, form, refused.problems, 422)
    return to_staff(locale, "colleagues", done="invited")


async def colleague_view(
    request: AnyRequest, person_id: UUID, problems: tuple[Any, ...] = (), status: int = 200
) -> Response[bytes]:
    found = await queries.colleague(person_id)
    return page(
        request,
        "people/colleague.html",
        status=status,
        colleague=found,
        must=bool(found.person.roles & enforced(request)),
        history=await trail.history("person", person_id),
        kinds=trail.KINDS,
        words=trail.WORDS,
        roles=ROLES,
        role_hints=ROLE_HINTS,
        problems=problems,
        notice=notice_of(request),
    )


@get("/staff/{language:str}/colleagues/{person_id:uuid}", guards=[requires(ADMIN)])
async def colleague(request: AnyRequest, locale: NamedDependency[Locale], person_id: FromPath[UUID]) -> Response[bytes]:
    return await colleague_view(request, person_id)


@post("/staff/{language:str}/colleagues/{person_id:uuid}/roles", guards=[requires(ADMIN)])
async def change_roles(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    session: NamedDependency[Session],
    person_id: FromPath[UUID],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    form = await read_form(request)
    try:
        await operations.change_roles(
            by=session.person, person_id=person_id, roles=form.list("roles"), keep=session.id, at=now
        )
    except Invalid as refused:
        return await colleague_view(request, person_id, refused.problems, 422)
    return to_staff(locale, "colleagues", person_id, done="roles")


@post("/staff/{language:str}/colleagues/{person_id:uuid}/disable", guards=[requires(ADMIN)])
async def disable(
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    person_id: FromPath[UUID],
    now: NamedDependency[dt.datetime],
) -> Redirect:
    await operations.disable(by=person, person_id=person_id, at=now)
    return to_staff(locale, "colleagues", person_id, done="disabled")


@post("/staff/{language:str}/colleagues/{person_id:uuid}/enable", guards=[requires(ADMIN)])
async def enable(
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    person_id: FromPath[UUID],
    now: NamedDependency[dt.datetime],
) -> Redirect:
    await operations.enable(by=person, person_id=person_id, at=now)
    return to_staff(locale, "colleagues", person_id, done="enabled")


@post("/staff/{language:str}/colleagues/{person_id:uuid}/sign-out", guards=[requires(ADMIN)])
async def sign_out_everywhere(
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    person_id: FromPath[UUID],
    now: NamedDependency[dt.datetime],
) -> Redirect:
    await operations.sign_out_everywhere(by=person, person_id=person_id, at=now)
    return to_staff(locale, "colleagues", person_id, done="signed-out")


@post("/staff/{language:str}/colleagues/{person_id:uuid}/second-factor", guards=[requires(ADMIN)])
async def reset_second_factor(
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    person_id: FromPath[UUID],
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
    now: NamedDependency[dt.datetime],
) -> Redirect:
    await second_operations.reset(by=person.id, person_id=person_id, here=here(settings, profile), at=now)
    return to_staff(locale, "colleagues", person_id, done="second-factor")


@post("/staff/{language:str}/colleagues/{person_id:uuid}/invitation", guards=[requires(ADMIN)])
async def invite_again(
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    person_id: FromPath[UUID],
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
    now: NamedDependency[dt.datetime],
) -> Redirect:
    await operations.invite_again(by=person, person_id=person_id, here=here(settings, profile), at=now)
    return to_staff(locale, "colleagues", person_id, done="invited")


@get("/staff/{language:str}/audit", guards=[requires(ADMIN)])
async def audit(
    request: AnyRequest, locale: NamedDependency[Locale], page_number: NamedDependency[int]
) -> Response[bytes]:
    asked = {name: _asked(request, name) for name in ("actor", "kind", "since", "until")}
    wanted = Filter(
        actor=_uuid(asked["actor"]),
        kind=asked["kind"] or None,
        since=_midnight(asked["since"], locale),
        until=_midnight(asked["until"], locale, days=1),
    )
    filtered = urlencode({name: value for name, value in asked.items() if value})
    vocabulary: trail.Vocabulary = request.app.state.vocabulary
    found = await records.entries(wanted, number=page_number)
    return page(
        request,
        "people/audit.html",
        slice=found,
        lines=await trail.lines(found.items),
        kinds=vocabulary.kinds,
        words=trail.WORDS,
        domains=vocabulary.words,
        all_kinds=await records.kinds(),
        everybody=await queries.colleagues(),
        asked=asked,
        page_link=f"/staff/{locale.code}/audit{filtered and '?' + filtered}",
        chain=await records.verify_chain() if request.query_params.get("verify") else None,
    )


def notice_of(request: AnyRequest) -> str:
    return NOTICES.get(request.query_params.get("done", ""), "")


def _asked(request: AnyRequest, name: str) -> str:
    return str(request.query_params.get(name, "")).replace("\0", "").strip()


def _uuid(raw: str) -> UUID | None:
    try:
        return UUID(raw) if raw else None
    except ValueError:
        return None


def _midnight(raw: str, locale: Locale, days: int = 0) -> dt.datetime | None:
    """The beginning of a day in the town's time; what is no day is no limit."""
    try:
        day = day_in(raw) + dt.timedelta(days=days)
    except ValueError:
        return None
    return dt.datetime.combine(day, dt.time(), locale.zone)


async def waiting_invitations(person: Person, at: dt.datetime) -> list[waiting.Waiting]:
    """Colleagues who have not chosen a password yet."""
    count = sum(one.is_active and not one.has_password for one in await queries.colleagues())
    label = N_("Invitations that were not accepted yet")
    return [waiting.Waiting(label, count, "colleagues", frozenset({ADMIN}))]


routes: list[Any] = [
    home,
    colleagues,
    invite_page,
    invite,
    colleague,
    change_roles,
    disable,
    enable,
    invite_again,
    reset_second_factor,
    sign_out_everywhere,
    audit,
]
nav = [
    NavItem(N_("Colleagues"), "colleagues", frozenset({ADMIN})),
    NavItem(N_("Audit trail"), "audit", frozenset({ADMIN})),
]
waiting_providers: list[waiting.Provider] = [waiting_invitations]
