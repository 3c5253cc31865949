"""Staff pages of requests: the list, noting one by telephone, answering in writing, ending, who came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums.forum import Forum
from consult.forums.links import links_of
from consult.forums.slots import queries
from consult.forums.slots import request_operations as operations
from consult.forums.slots.pages import requested_of
from consult.forums.slots.slot import CHANNEL_NAMES, STATE_NAMES, STATE_TAGS, Channel
from consult.forums.staff_pages import READS, autonyms, the_forum
from consult.i18n import Locale, languages
from consult.people.person import Person
from consult.settings import Settings
from consult.web import AnyRequest, Form, NavItem, page, read_form, to_staff

ALL = "/staff/{language:str}/forums/{forum_id:uuid}/appointments/requests"
ONE = f"{ALL}/{{request_id:uuid}}"
BY_HAND = (Channel.PHONE, Channel.COUNTER, Channel.LETTER)
NOTICES = {
    "added": N_("The request is noted."),
    "answered": N_("The answer is sent. The resident decides whether it is enough."),
    "ended": N_("The request is ended."),
    "marked": N_("Saved."),
}


@get(ALL, guards=READS)
async def request_list(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    page_number: NamedDependency[int],
    done: FromQuery[str] = "",
) -> Response[bytes]:
    return await _list_page(request, await the_forum(forum_id), Form(), now, number=page_number, done=NOTICES.get(done))


@post(ALL, guards=READS)
async def add_request(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """Write down who telephones, stands at the counter or has written; an e-mail address is welcome, not needed."""
    forum = await the_forum(forum_id)
    form = await read_form(request)
    channel = next((one for one in BY_HAND if one.value == form.get("channel")), Channel.PHONE)
    spoken = form.get("spoken")
    try:
        await operations.ask(
            form_id=uuid4(),
            forum_slug=forum.slug,
            requested=requested_of(form),
            language=spoken if spoken in languages() else locale.code,
            links=links_of(settings),
            at=now,
            channel=channel,
            actor=person.id,
        )
    except Invalid as invalid:
        return await _list_page(request, forum, form, now, problems=invalid.problems, status=422)
    except Refused as refused:
        problem = refused.problem()
        return await _list_page(request, forum, form, now, problems=[problem], status=409)
    return to_staff(locale, "forums", forum_id, "appointments", "requests", done="added")


@get(ONE, guards=READS)
async def request_page(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    request_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    done: FromQuery[str] = "",
) -> Response[bytes]:
    return await _request_page(request, forum_id, request_id, Form(), now, done=NOTICES.get(done))


@post(ONE, guards=READS)
async def act_on_request(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    request_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    form = await read_form(request)
    known = await queries.request(request_id)
    if known is None or known.forum != forum_id:
        raise NotFound
    try:
        done = await _act(form, request_id, settings, person, now)
    except Invalid as invalid:
        return await _request_page(request, forum_id, request_id, form, now, problems=invalid.problems, status=422)
    except Refused as refused:
        problem = refused.problem()
        return await _request_page(request, forum_id, request_id, form, now, problems=[problem], status=409)
    return to_staff(locale, "forums", forum_id, "appointments", "requests", request_id, done=done)


async def _act(form: Form, request_id: UUID, settings: Settings, person: Person, now: datetime) -> str:
    by, links = person.id, links_of(settings)
    match form.get("action"):
        case "answer":
            await operations.answer(request_id, words=form.get("answer"), links=links, actor=by, at=now)
            return "answered"
        case "cancel" | "settle" as action:
            await operations.end(request_id, is_settled=action == "settle", links=links, actor=by, at=now)
            return "ended"
        case "heard" | "absent" as action:
            await operations.mark(request_id, came=action == "heard", actor=by, at=now)
            return "marked"
    raise NotFound


async def _list_page(
    request: AnyRequest,
    forum: Forum,
    form: Form,
    now: datetime,
    *,
    number: int = 1,
    done: str | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response[bytes]:
    terms = await queries.terms(forum.id)
    return page(
        request,
        "forums/staff_requests.html",
        status=status,
        forum=forum,
        terms=terms,
        found=await queries.requests(forum.id, number=number),
        slots={slot.id: slot for slot in await queries.slots(forum.id)},
        is_open=terms is not None and terms.takes_requests(now),
        states=STATE_NAMES,
        tags=STATE_TAGS,
        channels=[(one.value, CHANNEL_NAMES[one]) for one in BY_HAND],
        autonyms=autonyms(),
        form=form,
        done=done,
        problems=problems,
    )


async def _request_page(
    request: AnyRequest,
    forum_id: UUID,
    request_id: UUID,
    form: Form,
    now: datetime,
    *,
    done: str | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response[bytes]:
    forum = await the_forum(forum_id)
    one = await queries.request(request_id)
    terms = await queries.terms(forum_id)
    if one is None or one.forum != forum_id or terms is None:
        raise NotFound
    return page(
        request,
        "forums/staff_request.html",
        status=status,
        forum=forum,
        one=one,
        slot=await queries.slot(one.slot) if one.slot else None,
        topic=terms.topic(one.topic),
        states=STATE_NAMES,
        tags=STATE_TAGS,
        channels=CHANNEL_NAMES,
        autonyms=autonyms(),
        at=now,
        form=form,
        done=done,
        problems=problems,
    )


routes: list[Any] = [request_list, add_request, request_page, act_on_request]
nav: list[NavItem] = []
