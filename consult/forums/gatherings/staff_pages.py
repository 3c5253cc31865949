"""The staff page of a gathering: settlement, voters, who called it; and its line on the meeting's page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.errors import Invalid, NotFound, Problem
from consult.forums import forms
from consult.forums.afterwards.queries import attendance_of
from consult.forums.forum import Forum, Kind
from consult.forums.gatherings import operations, queries
from consult.forums.gatherings.gathering import (
    CALL_RULE,
    CALLED_BY_NAMES,
    QUORUM_RULE,
    CalledBy,
    Gathering,
    GatheringContent,
    quorum_standing,
)
from consult.forums.parts import Part, Provider, Shown
from consult.forums.staff_pages import ONE, RUNS, autonyms, settlements, the_forum
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.people.person import Person
from consult.profile import Profile
from consult.web import AnyRequest, Form, NavItem, page, read_form, to_staff


@get(f"{ONE}/gathering", guards=RUNS)
async def gathering_page(
    request: AnyRequest, forum_id: FromPath[UUID], locale: NamedDependency[Locale], profile: NamedDependency[Profile]
) -> Response[bytes]:
    forum = await _forum(forum_id)
    gathering = (await queries.gathering_of([forum_id])).get(forum_id)
    form = _form_of(gathering) if gathering else Form({"called_by": [CalledBy.MAYOR.value]})
    return _page(request, forum, form, profile)


@post(f"{ONE}/gathering", guards=RUNS)
async def keep_gathering(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    forum = await _forum(forum_id)
    form = await read_form(request)
    if form.get("language") in languages():
        return _page(request, forum, form, profile, spoken=locale_of(form.get("language")))
    if form.get("action") == "known":
        return _page(request, forum, await _with_known_voters(form), profile)
    rules = operations.rules_of(profile=profile, on=now.astimezone(profile.zone).date())
    try:
        await operations.keep_gathering(forum_id=forum_id, content=_content(form), rules=rules, actor=person.id, at=now)
    except Invalid as invalid:
        return _page(request, forum, form, profile, invalid.problems, status=422)
    return to_staff(locale, "forums", forum_id, done="changed")


async def _forum(forum_id: UUID) -> Forum:
    forum = await the_forum(forum_id)
    if forum.kind is not Kind.GATHERING:
        raise NotFound
    return forum


def _content(form: Form) -> GatheringContent:
    return GatheringContent(
        settlement=form.get("settlement"),
        called_by=form.get("called_by"),
        supporters=forms.number_of(form.get("supporters")) if form.get("called_by") == CalledBy.VOTERS else None,
        voters=forms.number_of(form.get("voters")),
        counted_on=_day(form.get("counted_on")),
        source=forms.text_of(form, "source"),
    )


async def _with_known_voters(form: Form) -> Form:
    """The same form with the count that was last written down for the settlement."""
    known = await queries.latest_count(form.get("settlement"))
    if known is None:
        return form
    fields = {"voters": [str(known.voters)], "counted_on": [known.counted_on.isoformat()]}
    fields |= {f"source-{language}": [words] for language, words in known.source.items()}
    return Form({**form.values, **fields})


def _form_of(gathering: Gathering) -> Form:
    fields = {
        "settlement": [gathering.settlement],
        "called_by": [gathering.called_by.value],
        "supporters": [str(gathering.supporters or "")],
        "voters": [str(gathering.voters)],
        "counted_on": [gathering.counted_on.isoformat()],
    }
    return Form(fields | {f"source-{language}": [words] for language, words in gathering.source.items()})


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _page(
    request: AnyRequest,
    forum: Forum,
    form: Form,
    profile: Profile,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
    spoken: Locale | None = None,
) -> Response[bytes]:
    return page(
        request,
        "forums/staff_gathering.html",
        status=status,
        locale=spoken,
        forum=forum,
        form=form,
        problems=problems,
        settlements=settlements(profile),
        called_by=CALLED_BY_NAMES,
        rules=[rule for key in (CALL_RULE, QUORUM_RULE) if (rule := profile.rule(key)) is not None],
        offered=languages(),
        authentic=profile.authentic_language,
        autonyms=autonyms(),
    )


async def staff_box(shown: Shown) -> Part | None:
    """What is missing, or the quorum beside the people who have come."""
    if shown.forum.kind is not Kind.GATHERING:
        return None
    gathering = (await queries.gathering_of([shown.forum.id])).get(shown.forum.id)
    attendance = (await attendance_of([shown.forum.id])).get(shown.forum.id)
    present = attendance.voters if attendance else 0
    standing = quorum_standing(gathering, present) if gathering else None
    begun = shown.forum.starts_at is not None and shown.now >= shown.forum.starts_at
    return Part("forums/staff_gathering_box.html", {"gathering": gathering, "standing": standing, "begun": begun})


routes: list[Any] = [gathering_page, keep_gathering]
nav: list[NavItem] = []
forum_parts: list[Provider] = [staff_box]
session_parts: list[Provider] = [staff_box]
