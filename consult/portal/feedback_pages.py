"""Choosing the survey for those who came to a meeting, and the way out of such letters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from consult.errors import N_, NotFound, Problem, Refused
from consult.fieldwork import links as fieldwork_links
from consult.fieldwork import mailing_operations
from consult.forums import queries as forums
from consult.forums.afterwards import queries as afterwards
from consult.forums.forum import Stage
from consult.forums.links import token_hash
from consult.forums.parts import Part, Shown
from consult.i18n import Locale
from consult.people.guards import requires
from consult.people.person import Person
from consult.portal import feedback
from consult.settings import Settings
from consult.surveys import queries as surveys
from consult.surveys.survey import STATE_NAMES
from consult.web import AnyRequest, Form, page, read_form, to_staff

BASE = "/staff/{language:str}/forums/{forum_id:uuid}/feedback"
READS = [requires("clerk", "moderator")]
RUNS = [requires("moderator")]
PRIVATE = {"cache-control": "no-store", "x-robots-tag": "noindex"}
NO_SURVEY = N_("Choose a survey from the list.")


@get(BASE, guards=READS)
async def feedback_page(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    done: FromQuery[str] = "",
) -> Response[bytes]:
    return await _page(request, forum_id, now, done=done == "saved")


@post(BASE, guards=RUNS)
async def choose_survey(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    form = await read_form(request)
    known = {str(one.id): one.id for one in await surveys.all_surveys()}
    wanted = form.get("survey")
    if wanted and wanted not in known:
        return await _page(request, forum_id, now, form=form, problems=[Problem("survey", NO_SURVEY)], status=422)
    try:
        await feedback.choose(forum_id, known.get(wanted), actor=person.id, at=now)
    except Refused as refused:
        problems = [refused.problem("survey")]
        return await _page(request, forum_id, now, form=form, problems=problems, status=409)
    return to_staff(locale, "forums", forum_id, "feedback", done="saved")


@get("/{language:str}/registrations/{token:str}/no-letters")
async def way_out(request: AnyRequest, token: FromPath[str], locale: NamedDependency[Locale]) -> Response[bytes]:
    """A GET changes nothing: mail programs look at links by themselves."""
    await _email(token)
    return page(request, "portal/no_letters.html", headers=PRIVATE, done=False)


@post("/{language:str}/registrations/{token:str}/no-letters", status_code=200)
async def no_letters(
    request: AnyRequest,
    token: FromPath[str],
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    """The button of the page, or of a mail program (RFC 8058). Somebody who is erased already is content."""
    email = await _email(token)
    if email is not None:
        await mailing_operations.refuse_letters(email, links=fieldwork_links.links_of(settings), at=now)
    return page(request, "portal/no_letters.html", headers=PRIVATE, done=True)


async def feedback_link(shown: Shown) -> Part | None:
    if not shown.forum.is_public or shown.forum.stage(shown.now) is Stage.CANCELLED:
        return None
    chosen = await feedback.feedback_of(shown.forum.id)
    survey = await surveys.survey_by_id(chosen.survey) if chosen else None
    return Part("portal/feedback_part.html", {"forum": shown.forum.id, "chosen": chosen, "survey": survey})


async def _page(
    request: AnyRequest,
    forum_id: UUID,
    now: datetime,
    *,
    form: Form | None = None,
    done: bool = False,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response[bytes]:
    forum = await forums.forum_by_id(forum_id)
    if forum is None:
        raise NotFound
    chosen = await feedback.feedback_of(forum_id)
    offered = [
        one for one in await surveys.all_surveys() if (one.version and one.closes_at is None) or one.is_open(now)
    ]
    return page(
        request,
        "portal/staff_feedback.html",
        status=status,
        forum=forum,
        chosen=chosen,
        form=form or Form({"survey": [str(chosen.survey)] if chosen else []}),
        offered=offered,
        states=STATE_NAMES,
        attendance=(await afterwards.attendance_of([forum_id])).get(forum_id),
        at=now,
        done=done,
        problems=problems,
    )


async def _email(token: str) -> str | None:
    """The address of a registration, by the link in its letters. Raises NotFound."""
    found = await forums.party(token_hash(token)) if 20 <= len(token) <= 100 else []
    if not found:
        raise NotFound
    return found[0].email


routes: list[Any] = [feedback_page, choose_survey, way_out, no_letters]
nav: list[Any] = []
forum_parts = [feedback_link]
