"""Staff pages of a session: who comes, the file and the sheet, registering by telephone, cancelling, attendance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums import attendance, queries, registering
from consult.forums import operations as forum_operations
from consult.forums import registration_operations as operations
from consult.forums.forum import Forum, ForumSession
from consult.forums.links import links_of
from consult.forums.own_pages import details_form
from consult.forums.pages import registrant_of
from consult.forums.parts import Shown, parts_of, providers
from consult.forums.party_operations import change_details
from consult.forums.registration import (
    CHANNEL_NAMES,
    MOST_COMPANIONS,
    NEEDS,
    STATE_NAMES,
    STATE_TAGS,
    Channel,
    Registration,
    State,
)
from consult.forums.staff_pages import READS, autonyms
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.people.person import Person
from consult.settings import Settings
from consult.web import AnyRequest, Form, NavItem, page, plain_page, read_form, to_staff

ONE = "/staff/{language:str}/sessions/{session_id:uuid}"
DOOR_OPENS = timedelta(hours=2)
NOTICES = {
    "confirmed": N_("Registered: there is a place."),
    "waitlisted": N_("Written on the waiting list: all places are taken."),
    "cancelled": N_("The registration is cancelled."),
    "accepted": N_("The offer is accepted."),
    "marked": N_("Saved."),
}
MARKS = {"attended": State.ATTENDED, "no_show": State.NO_SHOW, "confirmed": State.CONFIRMED}


@get(ONE, guards=READS)
async def session_page(
    request: AnyRequest,
    session_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    done: FromQuery[str] = "",
) -> Response[bytes]:
    return await _page(request, session_id, now, Form(), done=NOTICES.get(done))


@get(f"{ONE}/registrations.csv", guards=READS)
async def download(
    request: AnyRequest,
    session_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    forum, session = await _session(session_id)
    body = attendance.as_csv(await queries.registrations(session_id), locale)
    await forum_operations.note_download(session_id, actor=person.id, at=now)
    name = f"{forum.slug}-{locale.local(session.starts_at):%Y-%m-%d-%H%M}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return plain_page(request, body, "text/csv; charset=utf-8", headers=headers)


@post(f"{ONE}/registrations", guards=READS)
async def register(
    request: AnyRequest,
    session_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """Write down somebody who telephones or stands at the counter; an e-mail address is welcome, not needed."""
    forum, _ = await _session(session_id)
    form = await read_form(request)
    channel = Channel.COUNTER if form.get("channel") == Channel.COUNTER else Channel.PHONE
    spoken = form.get("spoken")
    try:
        placed = await registering.register(
            forum_slug=forum.slug,
            sessions=[session_id],
            registrant=registrant_of(form),
            language=spoken if spoken in languages() else locale.code,
            links=links_of(settings),
            at=now,
            channel=channel,
            actor=person.id,
        )
    except Invalid as invalid:
        return await _page(request, session_id, now, form, problems=invalid.problems, status=422)
    except Refused as refused:
        problem = refused.problem()
        return await _page(request, session_id, now, form, problems=[problem], status=409)
    return to_staff(locale, "sessions", session_id, done=placed[0].state.value)


@post(f"{ONE}/registrations/{{registration_id:uuid}}", guards=READS)
async def act(
    request: AnyRequest,
    session_id: FromPath[UUID],
    registration_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    form = await read_form(request)
    action = form.get("action")
    registration = await queries.registration(registration_id)
    if registration is None or registration.session != session_id:
        raise NotFound
    try:
        if action == "cancel":
            await operations.cancel(registration_id=registration_id, links=links_of(settings), at=now, actor=person.id)
            return to_staff(locale, "sessions", session_id, done="cancelled")
        if action == "accept":
            await operations.accept_offer(
                registration_id=registration_id, links=links_of(settings), at=now, actor=person.id
            )
            return to_staff(locale, "sessions", session_id, done="accepted")
        if action not in MARKS:
            raise operations.NotPossible
        await operations.mark(registration_id=registration_id, state=MARKS[action], actor=person.id, at=now)
    except Refused as refused:
        problem = refused.problem()
        return await _page(request, session_id, now, Form(), problems=[problem], status=409)
    return to_staff(locale, "sessions", session_id, done="marked")


@get(f"{ONE}/registrations/{{registration_id:uuid}}", guards=READS)
async def registration_page(
    request: AnyRequest, session_id: FromPath[UUID], registration_id: FromPath[UUID], locale: NamedDependency[Locale]
) -> Response[bytes]:
    """What somebody wrote, for staff who are told of a change by telephone."""
    registration = await _registration(session_id, registration_id)
    return await _details_page(request, registration, details_form(registration))


@post(f"{ONE}/registrations/{{registration_id:uuid}}/details", guards=READS)
async def change_registration(
    request: AnyRequest,
    session_id: FromPath[UUID],
    registration_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    registration = await _registration(session_id, registration_id)
    form = await read_form(request)
    spoken, made = form.get("spoken"), links_of(settings)
    registrant = registrant_of(form)
    try:
        await change_details(
            party=registration.party,
            registrant=registrant,
            language=spoken if spoken in languages() else registration.language,
            links=made,
            at=now,
            actor=person.id,
        )
        if "companions" in form and registrant.companions != str(registration.companions):
            companions = int(registrant.companions)
            await operations.change_party(
                registration_id=registration_id, companions=companions, links=made, at=now, actor=person.id
            )
    except Invalid as invalid:
        return await _details_page(request, registration, form, invalid.problems, status=422)
    except Refused as refused:
        problem = refused.problem()
        return await _details_page(request, registration, form, [problem], status=409)
    return to_staff(locale, "sessions", session_id, done="marked")


async def _registration(session_id: UUID, registration_id: UUID) -> Registration:
    registration = await queries.registration(registration_id)
    if registration is None or registration.session != session_id or registration.erased_at is not None:
        raise NotFound
    return registration


async def _details_page(
    request: AnyRequest,
    registration: Registration,
    form: Form,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> Response[bytes]:
    forum, session = await _session(registration.session)
    return page(
        request,
        "forums/staff_registration.html",
        status=status,
        forum=forum,
        sitting=session,
        one=registration,
        form=form,
        problems=problems,
        needs=NEEDS,
        autonyms=autonyms(),
        most_companions=MOST_COMPANIONS,
    )


async def _session(session_id: UUID) -> tuple[Forum, ForumSession]:
    forum = await queries.forum_of_session(session_id)
    session = forum.session(session_id) if forum else None
    if forum is None or session is None:
        raise NotFound
    return forum, session


async def _page(
    request: AnyRequest,
    session_id: UUID,
    now: datetime,
    form: Form,
    *,
    done: str | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response[bytes]:
    forum, session = await _session(session_id)
    registrations = await queries.registrations(session_id)
    shown = Shown(request, forum, now, locale_of(request.path_params["language"]), session)
    return page(
        request,
        "forums/staff_session.html",
        status=status,
        forum=forum,
        sitting=session,
        registrations=registrations,
        counts=attendance.counts(registrations),
        parts=await parts_of(providers(request).session, shown),
        at=now,
        door_open=now >= session.starts_at - DOOR_OPENS,
        form=form,
        done=done,
        problems=problems,
        State=State,
        states=STATE_NAMES,
        tags=STATE_TAGS,
        channels=CHANNEL_NAMES,
        needs=NEEDS,
        most_companions=MOST_COMPANIONS,
        autonyms=autonyms(),
    )


routes: list[Any] = [session_page, download, register, act, registration_page, change_registration]
nav: list[NavItem] = []
