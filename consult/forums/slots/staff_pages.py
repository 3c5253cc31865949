"""Staff pages of appointments: the rule and its publishing, the times, the officials."""

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
from consult.forums.forms import text_of
from consult.forums.forum import Forum
from consult.forums.links import links_of
from consult.forums.parts import Part, Shown
from consult.forums.parts import Provider as PartProvider
from consult.forums.slots import forms, operations, queries
from consult.forums.slots import request_operations as requesting
from consult.forums.slots.slot import RULE_NAMES, RULE_WORDS, STATE_NAMES, TIE_WORDS
from consult.forums.staff_pages import READS, ROLES, RUNS, autonyms, the_forum
from consult.i18n import AUTONYMS, Locale, languages
from consult.people.person import Person
from consult.people.waiting import Provider, Waiting
from consult.profile import Profile
from consult.settings import Settings
from consult.web import AnyRequest, Form, NavItem, identity, page, read_form, shell, to_staff

ALL = "/staff/{language:str}/forums/{forum_id:uuid}/appointments"
OFFICIALS = "/staff/{language:str}/officials"
NOTICES = {
    "saved": N_("The rule is saved."),
    "published": N_("The rule is published and stands from now on."),
    "added": N_("The times are added."),
    "cancelled": N_("The appointment is called off. Whoever had it has been told and keeps the place in the order."),
    "given": N_("The times are given by the rule, and everybody has been written to."),
    "official": N_("The official is saved."),
}


@get(ALL, guards=READS)
async def overview(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    done: FromQuery[str] = "",
) -> Response[bytes]:
    return await _overview(request, await the_forum(forum_id), now, done=NOTICES.get(done))


@post(ALL, guards=RUNS)
async def act(
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
    try:
        done = await _act(form, forum_id, profile, settings, person, now)
    except Invalid as invalid:
        return await _overview(request, forum, now, form=form, problems=invalid.problems, status=422)
    except Refused as refused:
        problem = refused.problem()
        return await _overview(request, forum, now, form=form, problems=[problem], status=409)
    return to_staff(locale, "forums", forum_id, "appointments", done=done)


async def _act(form: Form, forum_id: UUID, profile: Profile, settings: Settings, person: Person, now: datetime) -> str:
    by, links = person.id, links_of(settings)
    match form.get("action"):
        case "terms":
            content = forms.terms_of(form, profile.zone)
            await operations.set_terms(forum_id=forum_id, content=content, actor=by, at=now)
            return "saved"
        case "publish":
            await operations.freeze(forum_id, actor=by, at=now)
            return "published"
        case "add":
            slots, times = forms.slots_of(form, profile.zone)
            await operations.add_slots(forum_id=forum_id, content=slots, times=times, links=links, actor=by, at=now)
            return "added"
        case "cancel":
            await operations.cancel_slot(identity(form.get("slot")), forum_id=forum_id, links=links, actor=by, at=now)
            return "cancelled"
        case "give":
            await requesting.allocate(forum_id, links=links, actor=by, at=now)
            return "given"
    raise NotFound


async def _overview(
    request: AnyRequest,
    forum: Forum,
    now: datetime,
    *,
    form: Form | None = None,
    done: str | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response[bytes]:
    profile = shell(request).profile
    terms = await queries.terms(forum.id)
    slots = await queries.slots(forum.id)
    action = form.get("action") if form else ""
    return page(
        request,
        "forums/staff_appointments.html",
        status=status,
        forum=forum,
        terms=terms,
        slots=slots,
        counts=await queries.counts(forum.id),
        officials=await queries.officials(only_active=True),
        form=form if form is not None and action == "terms" else forms.form_of(terms, profile.zone),
        times_form=form if form is not None and action == "add" else Form(),
        rules=[(rule.value, RULE_NAMES[rule], words) for rule, words in RULE_WORDS.items()],
        ties=[(tie.value, words) for tie, words in TIE_WORDS.items()],
        rule_name=RULE_NAMES[terms.rule] if terms else "",
        tie_words=TIE_WORDS,
        states=STATE_NAMES,
        offered=languages(),
        authentic=profile.authentic_language,
        autonyms=autonyms(),
        all_autonyms=AUTONYMS,
        town_clock=profile.time_zone,
        at=now,
        done=done,
        problems=problems,
    )


@get(OFFICIALS, guards=READS)
async def officials(request: AnyRequest, locale: NamedDependency[Locale], done: FromQuery[str] = "") -> Response[bytes]:
    return await _officials_page(request, Form(), done=NOTICES.get(done))


@post(OFFICIALS, guards=RUNS)
async def change_officials(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    form = await read_form(request)
    number = form.get("number")
    try:
        if form.get("action") in {"on", "off"} and number.isdecimal() and len(number) < 9:
            await operations.set_active(
                number=int(number), is_active=form.get("action") == "on", actor=person.id, at=now
            )
        else:
            await operations.add_official(
                name=text_of(form, "name"),
                office=text_of(form, "office"),
                authentic=profile.authentic_language,
                actor=person.id,
                at=now,
            )
    except Invalid as invalid:
        return await _officials_page(request, form, problems=invalid.problems, status=422)
    return to_staff(locale, "officials", done="official")


async def _officials_page(
    request: AnyRequest, form: Form, *, done: str | None = None, problems: Sequence[Problem] = (), status: int = 200
) -> Response[bytes]:
    return page(
        request,
        "forums/staff_officials.html",
        status=status,
        officials=await queries.officials(),
        form=form,
        offered=languages(),
        authentic=shell(request).profile.authentic_language,
        autonyms=autonyms(),
        done=done,
        problems=problems,
    )


async def appointments_row(shown: Shown) -> Part | None:
    """What staff find on the page of a forum."""
    values = {"terms": await queries.terms(shown.forum.id), "counts": await queries.counts(shown.forum.id)}
    return Part("forums/staff_appointments_box.html", values | {"names": STATE_NAMES})


async def appointments_to_mark(person: Person, at: datetime) -> list[Waiting]:
    return [Waiting(N_("Appointments: note who came"), await queries.to_mark(at), "forums", ROLES)]


forum_parts: list[PartProvider] = [appointments_row]
routes: list[Any] = [overview, act, officials, change_officials]
nav: list[NavItem] = []
waiting_providers: list[Provider] = [appointments_to_mark]
