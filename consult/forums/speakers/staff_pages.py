"""The staff page of the speakers' list: one button for each thing the chair says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums import queries as forums
from consult.forums.parts import Part, Provider, Shown
from consult.forums.questions import queries as questions
from consult.forums.speakers import operations, queries
from consult.forums.speakers.speaker import STATE_NAMES, Rules, State, clock, in_turn, totals
from consult.forums.staff_pages import READS
from consult.i18n import Locale
from consult.people.person import Person
from consult.web import AnyRequest, Form, NavItem, identity, page, read_form, to_staff

LIST = "/staff/{language:str}/sessions/{session_id:uuid}/speakers"
NOTICES = {"added": N_("The speaker is on the list."), "rules": N_("The rules of the list are saved.")}


@get(LIST, guards=READS)
async def speaker_list(
    request: AnyRequest,
    session_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    done: FromQuery[str] = "",
) -> Response[bytes]:
    return await _page(request, session_id, Form(), now, done=NOTICES.get(done))


@post(LIST, guards=READS)
async def act_on_list(
    request: AnyRequest,
    session_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    form = await read_form(request)
    try:
        done = await _act(form, session_id, person, now)
    except Invalid as invalid:
        return await _page(request, session_id, form, now, problems=invalid.problems, status=422)
    except Refused as refused:
        problem = refused.problem()
        return await _page(request, session_id, form, now, problems=[problem], status=409)
    return to_staff(locale, "sessions", session_id, "speakers", done=done)


async def _act(form: Form, session_id: UUID, person: Person, now: datetime) -> str:
    match form.get("action"):
        case "add":
            chosen = identity(form.get("question")) if form.get("question") else None
            name, side = form.get("name"), form.get("side")
            await operations.add(
                session_id=session_id, name=name, side=side, question_id=chosen, actor=person.id, at=now
            )
            return "added"
        case "next":
            await operations.go_on(session_id=session_id, at=now)
        case "start":
            await operations.start(identity(form.get("speaker")), session_id=session_id, at=now)
        case "stop" | "pause" as action:
            await operations.stop(session_id=session_id, at=now, is_over=action == "stop")
        case "withdraw":
            await operations.withdraw(identity(form.get("speaker")), session_id=session_id, actor=person.id, at=now)
        case "up":
            await operations.move_up(identity(form.get("speaker")), session_id=session_id, actor=person.id, at=now)
        case "rules":
            rules = Rules(_seconds(form.get("minutes")), form.flag("alternates"))
            await operations.set_rules(session_id=session_id, rules=rules, actor=person.id, at=now)
            return "rules"
        case _:
            raise NotFound
    return ""


def _seconds(minutes: str) -> int:
    """Minutes as staff write them, with a comma or a point; what is no number is outside every limit."""
    whole, _, rest = minutes.replace(",", ".").partition(".")
    if not (whole.isdecimal() and len(whole) < 4 and (rest.isdecimal() or not rest)):
        return 0
    return round(float(f"{whole}.{rest or 0}") * 60)


async def _page(
    request: AnyRequest,
    session_id: UUID,
    form: Form,
    now: datetime,
    *,
    done: str | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response[bytes]:
    forum = await forums.forum_of_session(session_id)
    session = forum.session(session_id) if forum else None
    if forum is None or session is None:
        raise NotFound
    listed = await queries.speakers(session_id)
    rules = await queries.rules(session_id)
    return page(
        request,
        "forums/staff_speakers.html",
        status=status,
        forum=forum,
        sitting=session,
        rules=rules,
        minutes=f"{rules.limit_s / 60:g}",
        speaking=next((one for one in listed if one.state is State.SPEAKING), None),
        paused=[one for one in listed if one.state is State.PAUSED],
        turn=in_turn(listed, rules),
        spoken=[one for one in listed if one.first_started_at and one.state is not State.SPEAKING],
        totals=totals(listed, now),
        shortlist=await questions.shortlist(forum.id),
        states=STATE_NAMES,
        clock=clock,
        at=now,
        form=form,
        done=done,
        problems=problems,
    )


async def speakers_row(shown: Shown) -> Part | None:
    """The way to the list, on the page of a session."""
    return Part("forums/staff_speakers_box.html", {})


session_parts: list[Provider] = [speakers_row]
routes: list[Any] = [speaker_list, act_on_list]
nav: list[NavItem] = []
