"""The staff page on which a running consultation gets more time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.consultations import forms, queries, shift_operations
from consult.consultations.consultation import Consultation
from consult.consultations.following import queries as following
from consult.consultations.shift import EXTENDABLE
from consult.errors import Invalid, NotFound, Problem
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.people.guards import requires
from consult.people.person import Person
from consult.profile import Profile
from consult.web import AnyRequest, Form, NavItem, page, read_form, to_staff

EXTEND = "/staff/{language:str}/consultations/{slug:str}/extend"
WRITES = [requires("designer")]


@get(EXTEND, guards=WRITES)
async def extend_form(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    found = await _extendable(slug, now)
    due = found.answers_due.isoformat() if found.answers_due else ""
    return await _form_page(request, found, Form({"answers_due": [due]}), profile)


@post(EXTEND, guards=WRITES)
async def extend(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    found = await _extendable(slug, now)
    form = await read_form(request)
    if form.get("language") in languages():
        return await _form_page(request, found, form, profile, spoken=locale_of(form.get("language")))
    problems: list[Problem] = []
    last_on = forms.day_of(form, "last_on", problems)
    due = forms.day_of(form, "answers_due", problems)
    try:
        if problems:
            raise Invalid(problems)
        await _extend(found, last_on, due, forms.text_of(form, "reason"), profile, person, now)
    except Invalid as invalid:
        return await _form_page(request, found, form, profile, invalid.problems, status=422)
    return to_staff(locale, "consultations", slug)


async def _extend(
    found: Consultation,
    last_on: date | None,
    due: date | None,
    reason: dict[str, str],
    profile: Profile,
    person: Person,
    now: datetime,
) -> None:
    await shift_operations.extend_consultation(
        found.id,
        last_on=last_on,
        answers_due=due,
        reason=reason,
        time_zone=profile.time_zone,
        actor=person.id,
        at=now,
    )


async def _form_page(
    request: AnyRequest,
    found: Consultation,
    form: Form,
    profile: Profile,
    problems: Sequence[Problem] = (),
    *,
    spoken: Locale | None = None,
    status: int = 200,
) -> Response[bytes]:
    return page(
        request,
        "consultations/staff_extend.html",
        status=status,
        locale=spoken,
        consultation=found,
        values=form,
        problems=problems,
        offered=languages(),
        authentic=found.authentic_language,
        last_day=found.last_day(profile.time_zone),
        followers=await following.count_of(found.id),
    )


async def _extendable(slug: str, now: datetime) -> Consultation:
    found = await queries.consultation(slug)
    if found is None:
        raise NotFound
    if found.state_at(now) not in EXTENDABLE:
        raise shift_operations.NotExtendable
    return found


nav: list[NavItem] = []
routes = [extend_form, extend]
