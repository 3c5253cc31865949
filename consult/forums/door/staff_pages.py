"""Staff pages at the door: checking in, what did not fit, and the same for a page that works without a network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums import queries as forums
from consult.forums.door import checkin, operations, queries
from consult.forums.door.checkin import (
    LONGEST_DOOR,
    MOST_PEOPLE,
    OUTCOME_SAYS,
    SETTLED_SAYS,
    Act,
    Kind,
    Outcome,
    Settled,
)
from consult.forums.door.codes import code_of
from consult.forums.door.view import as_json, door_view, outcome_words
from consult.forums.forum import Forum, ForumSession
from consult.forums.gatherings.gathering import quorum_standing
from consult.forums.gatherings.queries import gathering_of
from consult.forums.links import Links, links_of
from consult.forums.parts import Part, Shown
from consult.forums.registration import NEEDS, STATE_NAMES
from consult.forums.registration import State as RegistrationState
from consult.forums.staff_pages import READS
from consult.i18n import Locale
from consult.people.person import Person
from consult.settings import Settings, resource
from consult.web import AnyRequest, Form, NavItem, page, read_form, to_staff
from consult.web.guard import permissions
from consult.web.templating import static

BASE = "/staff/{language:str}/sessions/{session_id:uuid}/door"
PRIVATE = {"cache-control": "no-store"}
NOTICES = {
    "noted": N_("Checked in."),
    "undone": N_("The entry is taken back."),
    "settled": N_("Settled."),
    "wrong": N_("Recorded as wrongly admitted."),
    "closed": N_("The door is closed: who is not inside did not come."),
}


class SentAct(msgspec.Struct, forbid_unknown_fields=True):
    """An act as a door writes it down."""

    id: UUID
    kind: Kind
    acted_at: datetime
    registration: UUID | None = None
    code: str = ""
    people: int | None = None
    voters: int = 0
    door: str = ""
    is_forced: bool = False


@get(BASE, guards=READS)
async def door_page(
    request: AnyRequest,
    session_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    sought: FromQuery[str] = "",
    done: FromQuery[str] = "",
    door: FromQuery[str] = "",
) -> Response[bytes]:
    form = Form({"sought": [sought[:120]], "door": [door[:LONGEST_DOOR]]})
    return await _page(request, session_id, now, links_of(settings), form=form, done=NOTICES.get(done))


@post(BASE, guards=READS)
async def act(
    request: AnyRequest,
    session_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """One act of a page without scripts."""
    form = await read_form(request)
    links = links_of(settings)
    wanted = _act_of(form, now)
    if wanted is None:
        return await _page(request, session_id, now, links, form=form, problems=[_not_understood()], status=422)
    (noted,) = await operations.note(session_id=session_id, acts=[wanted], links=links, actor=person.id, at=now)
    if noted.outcome not in checkin.GOOD and not wanted.is_forced:
        says = Problem("code" if wanted.code else "", OUTCOME_SAYS[noted.outcome])
        more: dict[str, Any] = {"refused": wanted, "outcome": noted.outcome, "meant": noted.registration}
        return await _page(request, session_id, now, links, form=form, problems=[says], status=409, **more)
    return _to(locale, session_id, "undone" if wanted.kind is Kind.UNDO else "noted", form.get("door"))


@post(f"{BASE}/acts", guards=READS, status_code=200)
async def reconcile(
    request: AnyRequest,
    session_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[dict[str, Any]]:
    """Take what a door has done since it was last heard of, and say how everything stands now."""
    form = await read_form(request)
    links = links_of(settings)
    try:
        sent = msgspec.json.decode(form.get("acts") or "[]", type=list[SentAct])
        acts = [Act(**msgspec.structs.asdict(one)) for one in sent]
        if any(one.acted_at.tzinfo is None for one in acts):
            raise Invalid([_not_understood()])
    except (msgspec.MsgspecError, Invalid):
        return Response({"state": "refused"}, status_code=422, headers=PRIVATE)
    noted = await operations.note(session_id=session_id, acts=acts, links=links, actor=person.id, at=now)
    view = await door_view(session_id, links)
    said = as_json(view, locale, now)
    said["acts"] = [{"id": str(one.act), "outcome": one.outcome, "says": _says(one.outcome, locale)} for one in noted]
    return Response(said, headers=PRIVATE)


@post(f"{BASE}/conflicts/{{act_id:uuid}}", guards=READS)
async def settle(
    request: AnyRequest,
    session_id: FromPath[UUID],
    act_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    form = await read_form(request)
    if form.get("how") not in set(Settled):
        raise NotFound
    await operations.settle(session_id=session_id, act_id=act_id, how=Settled(form.get("how")), actor=person.id, at=now)
    return _to(locale, session_id, "settled")


@post(f"{BASE}/arrivals/{{arrival_id:uuid}}", guards=READS)
async def mark_wrong(
    request: AnyRequest,
    session_id: FromPath[UUID],
    arrival_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    form = await read_form(request)
    try:
        await operations.mark_wrong(
            session_id=session_id, arrival_id=arrival_id, reason=form.get("reason"), actor=person.id, at=now
        )
    except Invalid as invalid:
        links = links_of(settings)
        return await _page(request, session_id, now, links, form=form, problems=invalid.problems, status=422)
    return _to(locale, session_id, "wrong")


@post(f"{BASE}/close", guards=READS)
async def close_door(
    request: AnyRequest,
    session_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    try:
        await operations.close_door(session_id, actor=person.id, at=now)
    except Refused as refused:
        problem = refused.problem()
        return await _page(request, session_id, now, links_of(settings), problems=[problem], status=409)
    return _to(locale, session_id, "closed")


@get("/staff/{language:str}/door/{code:str}", guards=READS)
async def by_picture(
    code: FromPath[str],
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    now: NamedDependency[datetime],
) -> Redirect:
    """Where a phone's own camera leads: the session around now for which this code is registered. Raises NotFound."""
    links, written = links_of(settings), checkin.digits(code)
    for session, party in await queries.parties_near(now):
        if code_of(links, party) == written:
            return to_staff(locale, "sessions", session, "door", sought=written)
    raise NotFound


@get("/door-worker.js", media_type="text/javascript")
async def door_worker() -> Response[bytes]:
    """The worker that keeps the list of a door for the time without a network."""
    built = resource("static", static("door-worker.js").rpartition("/")[2]).read_bytes()
    headers = {"cache-control": "no-cache", "service-worker-allowed": "/staff/"}
    return Response(built, media_type="text/javascript", headers=headers)


async def session_box(shown: Shown) -> Part | None:
    """On the staff page of a session: the way to the door."""
    if shown.session is None or not shown.forum.is_public:
        return None
    return Part("forums/staff_door_part.html", {"session": shown.session.id})


async def session_of(session_id: UUID) -> tuple[Forum, ForumSession]:
    forum = await forums.forum_of_session(session_id)
    session = forum.session(session_id) if forum else None
    if forum is None or session is None or not forum.is_public:
        raise NotFound
    return forum, session


async def _page(
    request: AnyRequest,
    session_id: UUID,
    now: datetime,
    links: Links,
    *,
    form: Form | None = None,
    done: str | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
    **more: Any,
) -> Response[bytes]:
    forum, session = await session_of(session_id)
    view = await door_view(session_id, links)
    gathering = (await gathering_of([forum.id])).get(forum.id)
    form = form or Form()
    return page(
        request,
        "forums/staff_door.html",
        status=status,
        headers=PRIVATE | {"permissions-policy": permissions(camera="(self)")},
        forum=forum,
        sitting=session,
        view=view,
        standing=quorum_standing(gathering, view.figures.voters) if gathering else None,
        lines=view.sought(form.get("sought")),
        at=now,
        form=form,
        done=done,
        problems=problems,
        new_id=uuid4,
        most_people=MOST_PEOPLE,
        outcomes=OUTCOME_SAYS,
        settled=SETTLED_SAYS,
        states=STATE_NAMES,
        State=RegistrationState,
        needs=NEEDS,
        **{"refused": None, **more},
    )


def _act_of(form: Form, now: datetime) -> Act | None:
    """Read the one act of a form; None if it is none."""
    try:
        registration = UUID(form.get("registration")) if form.get("registration") else None
        return Act(
            id=UUID(form.get("id")),
            kind=Kind(form.get("act")),
            acted_at=now,
            registration=registration,
            code=form.get("code")[:200],
            people=_number(form.get("people")),
            voters=_number(form.get("voters")) or 0,
            door=form.get("door"),
            is_forced=form.flag("is_forced"),
        )
    except ValueError:
        return None


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 4 else None


def _not_understood() -> Problem:
    return Problem("", N_("This could not be understood. Nothing was noted."))


def _says(outcome: Outcome, locale: Locale) -> str:
    return outcome_words(locale)[outcome.value]


def _to(locale: Locale, session_id: UUID, done: str, door: str = "") -> Redirect:
    known = door[:LONGEST_DOOR] if door.isalnum() else ""
    return to_staff(locale, "sessions", session_id, "door", done=done, door=known)


routes: list[Any] = [door_page, act, reconcile, settle, mark_wrong, close_door, by_picture, door_worker]
nav: list[NavItem] = []
session_parts = [session_box]
