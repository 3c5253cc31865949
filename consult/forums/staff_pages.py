"""Staff pages of meetings: the list, a meeting with its sessions, publishing it and calling it off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from consult.consultations import queries as consultations
from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums import forms, operations, queries
from consult.forums.forum import (
    KIND_NAMES,
    MOST_SESSIONS,
    REMIND_BEFORE,
    REMINDERS,
    STAGE_NAMES,
    STAGE_TAGS,
    TONGUES,
    Forum,
    Kind,
    Stage,
)
from consult.forums.links import links_of
from consult.forums.notice import notice_of
from consult.forums.parts import Shown, parts_of, providers
from consult.forums.registration import NEEDS
from consult.forums.rows import Town
from consult.forums.tongues import tongue_names
from consult.forums.venue import FACTS
from consult.i18n import AUTONYMS, Locale, Text, languages
from consult.i18n import locale as locale_of
from consult.people.guards import requires
from consult.people.person import Person
from consult.people.waiting import Provider, Waiting
from consult.profile import Profile
from consult.settings import Settings
from consult.web import AnyRequest, Form, NavItem, page, read_form, shell, to_staff

ROLES = frozenset({"clerk", "moderator"})
READS = [requires("clerk", "moderator")]
RUNS = [requires("moderator")]
LIST = "/staff/{language:str}/forums"
ONE = f"{LIST}/{{forum_id:uuid}}"
ELSEWHERE = "elsewhere"
NOTICES = {
    "created": N_("The meeting is kept. Residents see it once you publish it."),
    "changed": N_("The changes are saved."),
    "published": N_("The meeting is published."),
    "cancelled": N_("The meeting is cancelled and everybody who registered has been told."),
}


def town_of(profile: Profile) -> Town:
    return Town(profile.zone, profile.authentic_language)


def settlements(profile: Profile) -> dict[str, Text]:
    """The settlements and neighbourhoods in which meetings may be held."""
    return {place.code: place.name for place in profile.places if place.code != ELSEWHERE}


@get(LIST, guards=READS)
async def forums(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    page_number: NamedDependency[int],
) -> Response[bytes]:
    return page(
        request,
        "forums/staff_list.html",
        forums=await queries.all_forums(number=page_number),
        at=now,
        kinds=KIND_NAMES,
        stages=STAGE_NAMES,
        tags=STAGE_TAGS,
    )


@get(f"{LIST}/new", guards=RUNS)
async def new_forum(
    request: AnyRequest, locale: NamedDependency[Locale], profile: NamedDependency[Profile]
) -> Response[bytes]:
    fields = {f"organiser-{language}": [profile.controller[language]] for language in languages()}
    usual = {"kind": [Kind.TRIBUNE.value], "remind_before": [str(hours) for hours in REMIND_BEFORE]}
    return await _edit_page(request, None, Form({**usual, **fields}), profile)


@post(f"{LIST}/new", guards=RUNS)
async def create_forum(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    form = await read_form(request)
    if (again := await _only_shown(request, None, form, profile)) is not None:
        return again
    content, problems = forms.content_of(form, settlements(profile))
    town = town_of(profile)
    try:
        if problems:
            raise Invalid([*problems, *content.problems(authentic=town.authentic, zone=town.zone)])
        forum_id = await operations.create_forum(content, town=town, actor=person.id, at=now)
    except Invalid as invalid:
        return await _edit_page(request, None, form, profile, _once(invalid.problems), status=422)
    return to_staff(locale, "forums", forum_id, done="created")


@get(ONE, guards=READS)
async def forum_overview(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    done: FromQuery[str] = "",
) -> Response[bytes]:
    return await _overview(request, await the_forum(forum_id), now, done=NOTICES.get(done))


@get(f"{ONE}/edit", guards=RUNS)
async def edit_forum(
    request: AnyRequest, forum_id: FromPath[UUID], locale: NamedDependency[Locale], profile: NamedDependency[Profile]
) -> Response[bytes]:
    forum = await the_forum(forum_id)
    return await _edit_page(request, forum, forms.form_of(forum, profile.zone), profile)


@post(f"{ONE}/edit", guards=RUNS)
async def change_forum(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    settings: NamedDependency[Settings],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    forum = await the_forum(forum_id)
    form = await read_form(request)
    if (again := await _only_shown(request, forum, form, profile)) is not None:
        return again
    content, problems = forms.content_of(form, settlements(profile))
    town = town_of(profile)
    try:
        if problems:
            raise Invalid([*problems, *content.problems(authentic=town.authentic, zone=town.zone)])
        await operations.change_forum(
            forum_id=forum_id, content=content, town=town, links=links_of(settings), actor=person.id, at=now
        )
    except Invalid as invalid:
        return await _edit_page(request, forum, form, profile, _once(invalid.problems), status=422)
    except Refused as refused:
        problem = refused.problem()
        return await _edit_page(request, forum, form, profile, [problem], status=409)
    return to_staff(locale, "forums", forum_id, done="changed")


@post(f"{ONE}/publish", guards=RUNS)
async def publish_forum(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    form = await read_form(request)
    reason = forms.text_of(form, "reason")
    try:
        await operations.publish_forum(forum_id, actor=person.id, at=now, profile=profile, reason=reason)
    except Invalid as invalid:
        problems = [Problem(f"reason-{locale.order[0]}", one.message) for one in invalid.problems]
        return await _overview(request, await the_forum(forum_id), now, problems=problems, status=422)
    except Refused as refused:
        problem = refused.problem()
        return await _overview(request, await the_forum(forum_id), now, problems=[problem], status=409)
    return to_staff(locale, "forums", forum_id, done="published")


@post(f"{ONE}/cancel", guards=RUNS)
async def cancel_forum(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    form = await read_form(request)
    reason = forms.text_of(form, "reason")
    try:
        await operations.cancel_forum(forum_id, reason=reason, links=links_of(settings), actor=person.id, at=now)
    except Invalid as invalid:
        problems = [Problem(f"reason-{locale.order[0]}", one.message) for one in invalid.problems]
        return await _overview(request, await the_forum(forum_id), now, problems=problems, status=422)
    return to_staff(locale, "forums", forum_id, done="cancelled")


async def the_forum(forum_id: UUID) -> Forum:
    forum = await queries.forum_by_id(forum_id)
    if forum is None:
        raise NotFound
    return forum


async def _overview(
    request: AnyRequest,
    forum: Forum,
    now: datetime,
    *,
    done: str | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response[bytes]:
    spoken = locale_of(request.path_params["language"])
    profile = shell(request).profile
    given = notice_of(forum, _published_on(forum, now, profile), profile)
    return page(
        request,
        "forums/staff_forum.html",
        status=status,
        forum=forum,
        stage=forum.stage(now),
        Stage=Stage,
        kinds=KIND_NAMES,
        stages=STAGE_NAMES,
        tags=STAGE_TAGS,
        at=now,
        done=done,
        problems=problems,
        missing=_missing(forum),
        needs=NEEDS,
        needed=await queries.needs_of([session.id for session in forum.sessions]),
        notice_given=given,
        notice_steps=given.deadline.steps(spoken) if given else (),
        parts=await parts_of(providers(request).staff, Shown(request, forum, now, spoken)),
        blank=Form(),
        offered=languages(),
        authentic=profile.authentic_language,
        autonyms=autonyms(),
    )


def _published_on(forum: Forum, now: datetime, profile: Profile) -> date:
    return (forum.published_at or now).astimezone(profile.zone).date()


def _missing(forum: Forum) -> list[str]:
    """The languages in which title or summary are not written yet: the page will show another language there."""
    return [autonyms()[code] for code in languages() if not (forum.title.get(code) and forum.summary.get(code))]


async def _only_shown(request: AnyRequest, forum: Forum | None, form: Form, profile: Profile) -> Response[bytes] | None:
    """Buttons that save nothing: another language, one more session."""
    if form.get("language") in languages():
        return await _edit_page(request, forum, form, profile, spoken=locale_of(form.get("language")))
    if form.get("action") == "add-session":
        return await _edit_page(request, forum, forms.with_another(form), profile)
    return None


async def _edit_page(
    request: AnyRequest,
    forum: Forum | None,
    form: Form,
    profile: Profile,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
    spoken: Locale | None = None,
) -> Response[bytes]:
    return page(
        request,
        "forums/staff_edit.html",
        status=status,
        locale=spoken,
        forum=forum,
        form=form,
        problems=problems,
        sessions=forms.session_count(form),
        most_sessions=MOST_SESSIONS,
        kinds=KIND_NAMES,
        consultations=await consultations.all_consultations(),
        offered=languages(),
        authentic=profile.authentic_language,
        autonyms=autonyms(),
        town_clock=profile.time_zone,
        facts=FACTS,
        tongues=tongue_names(TONGUES, spoken or locale_of(request.path_params["language"])),
        settlements=settlements(profile),
        reminders=REMINDERS,
    )


def autonyms() -> dict[str, str]:
    return {code: AUTONYMS.get(code, code) for code in languages()}


def _once(problems: Sequence[Problem]) -> list[Problem]:
    """One problem for a place is enough: an hour that cannot be read is not missing as well."""
    found: dict[str, Problem] = {}
    for problem in problems:
        found.setdefault(problem.place, problem)
    return list(found.values())


async def offers_to_telephone(person: Person, at: datetime) -> list[Waiting]:
    label = N_("Places offered to people without e-mail: please telephone")
    return [Waiting(label, await queries.with_open_offers(at), "forums", ROLES)]


async def attendance_to_enter(person: Person, at: datetime) -> list[Waiting]:
    label = N_("Sessions whose attendance has not been entered")
    return [Waiting(label, await queries.sessions_to_mark(at), "forums", ROLES)]


routes: list[Any] = [
    forums,
    new_forum,
    create_forum,
    forum_overview,
    edit_forum,
    change_forum,
    publish_forum,
    cancel_forum,
]
nav = [NavItem(N_("Meetings"), "forums", ROLES)]
waiting_providers: list[Provider] = [offers_to_telephone, attendance_to_enter]
