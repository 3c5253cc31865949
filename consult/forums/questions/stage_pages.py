"""The hall: the screen that everybody sees, and the page from which staff say what is on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from markupsafe import Markup

from consult.errors import N_, NotFound
from consult.forums.forum import Forum
from consult.forums.links import links_of
from consult.forums.pages import public_forum
from consult.forums.questions import grouping, operations, queries
from consult.forums.speakers import queries as speakers
from consult.forums.speakers.speaker import clock
from consult.forums.staff_pages import READS, the_forum
from consult.i18n import AUTONYMS, Locale
from consult.people.person import Person
from consult.settings import Settings
from consult.web import AnyRequest, NavItem, identity, page, read_form, shell, to_staff, url

STAGE = "/staff/{language:str}/forums/{forum_id:uuid}/stage"
NEAR = "/staff/{language:str}/forums/{forum_id:uuid}/questions/near"
NOTICES = {
    "grouped": N_("The questions now stand together."),
    "apart": N_("Noted: these questions differ and will not be proposed again."),
    "nothing": N_("Nothing was chosen, so nothing has changed."),
}


@get("/{language:str}/forums/{slug:str}/screen")
async def screen(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    look: FromQuery[str] = "",
) -> Response[bytes]:
    """What the projector shows: the question on stage and who has the floor, else how to ask. It refreshes itself."""
    forum = await public_forum(slug)
    asking = await queries.asking(forum.id)
    address = shell(request).settings.base_url + url(locale, "forums", slug, "questions", "new")
    return page(
        request,
        "forums/screen.html",
        headers={"cache-control": "no-store"},
        forum=forum,
        question=await queries.on_stage(forum.id),
        speaker=await speakers.speaking_now(session.id for session in forum.sessions),
        clock=clock,
        at=now,
        autonyms=AUTONYMS,
        is_dark=look == "dark",
        address=address if asking.is_due(forum, now) else None,
        code=Markup(_code(address)),
    )


def _code(address: str) -> str:
    return str(
        segno.make(address, error="m").svg_inline(border=2, svgclass="c-screen__code", lineclass=None, omitsize=True)
    )


@get(STAGE, guards=READS)
async def stage_page(
    request: AnyRequest, forum_id: FromPath[UUID], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    forum = await the_forum(forum_id)
    return page(
        request,
        "forums/staff_stage.html",
        forum=forum,
        question=await queries.on_stage(forum_id),
        shortlist=await queries.shortlist(forum_id),
        answered=await queries.for_minutes(forum_id),
        running=[session for session in forum.sessions if not session.is_over(now)] or list(forum.sessions),
    )


@post(STAGE, guards=READS)
async def act_on_stage(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    """Next question, a chosen one, none; `next` marks the one on stage as answered."""
    form = await read_form(request)
    match form.get("action"):
        case "hide":
            await operations.put_on_stage(forum_id=forum_id, question_id=None, at=now)
        case "show":
            await operations.put_on_stage(forum_id=forum_id, question_id=identity(form.get("question")), at=now)
        case "answered" | "next" as action:
            # The button names the question that it was drawn beside: a second click does not skip one.
            on_stage = await queries.on_stage(forum_id)
            named = form.get("question")
            if on_stage is not None and (not named or str(on_stage.id) == named):
                links = links_of(settings)
                await operations.answer(on_stage.id, forum_id=forum_id, answer={}, links=links, actor=person.id, at=now)
            following = await queries.shortlist(forum_id)
            if action == "next" and following and (on_stage is None or not named or str(on_stage.id) == named):
                await operations.put_on_stage(forum_id=forum_id, question_id=following[0].id, at=now)
        case _:
            raise NotFound
    return to_staff(locale, "forums", forum_id, "stage")


@get(NEAR, guards=READS)
async def near_questions(
    request: AnyRequest, forum_id: FromPath[UUID], locale: NamedDependency[Locale], done: FromQuery[str] = ""
) -> Response[bytes]:
    """Questions that look alike, with the words in which they differ."""
    return await _near_page(request, await the_forum(forum_id), NOTICES.get(done))


async def _near_page(request: AnyRequest, forum: Forum, done: str | None) -> Response[bytes]:
    found = grouping.proposals(await queries.ungrouped(forum.id), await queries.apart(forum.id))
    return page(request, "forums/staff_near.html", forum=forum, proposals=found, done=done)


@post(NEAR, guards=READS)
async def decide_near(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    form = await read_form(request)
    head, chosen = identity(form.get("head")), [identity(one) for one in form.list("near")[:200]]
    if form.get("action") == "apart":
        await operations.keep_apart(chosen, head_id=head, forum_id=forum_id, actor=person.id, at=now)
        done = "apart"
    else:
        await operations.group(chosen, head_id=head, forum_id=forum_id, actor=person.id, at=now)
        done = "grouped"
    return to_staff(locale, "forums", forum_id, "questions", "near", done=done if chosen else "nothing")


routes: list[Any] = [screen, stage_page, act_on_stage, near_questions, decide_near]
nav: list[NavItem] = []
