"""Staff pages of the units: which there are, who works in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import N_, Invalid, Problem
from consult.i18n import Locale, languages
from consult.people import queries, trail, unit_operations, units
from consult.people.guards import requires
from consult.people.person import ADMIN, Person
from consult.profile import Profile
from consult.web import AnyRequest, Form, NavItem, page, read_form, to_staff

LIST = "/staff/{language:str}/units"
RUNS = [requires(ADMIN)]
KINDS: dict[str, str] = {"unit.added": N_("Unit added"), "unit.changed": N_("Unit changed")}
WORDS: dict[str, str] = {
    "unit": N_("Unit"),
    "name": N_("Name"),
    "members": N_("Staff"),
    "mk": N_("Macedonian"),
    "ka": N_("Georgian"),
    "en": N_("English"),
}


@get(LIST, guards=RUNS)
async def all_units(request: AnyRequest, locale: NamedDependency[Locale]) -> Response[bytes]:
    return page(request, "people/units.html", units=await units.units())


@get(f"{LIST}/new", guards=RUNS)
async def new_unit(
    request: AnyRequest, locale: NamedDependency[Locale], profile: NamedDependency[Profile]
) -> Response[bytes]:
    return await _form_page(request, None, Form(), profile)


@post(f"{LIST}/new", guards=RUNS)
async def add_unit(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    profile: NamedDependency[Profile],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    return await _saved(request, None, locale, person, profile, now)


@get(f"{LIST}/{{unit_id:uuid}}", guards=RUNS)
async def one_unit(
    request: AnyRequest, unit_id: FromPath[UUID], locale: NamedDependency[Locale], profile: NamedDependency[Profile]
) -> Response[bytes]:
    unit = await units.unit(unit_id)
    fields = {f"name-{language}": [words] for language, words in unit.name.items()}
    return await _form_page(request, unit, Form(fields | {"members": [str(one.id) for one in unit.members]}), profile)


@post(f"{LIST}/{{unit_id:uuid}}", guards=RUNS)
async def change_unit(
    request: AnyRequest,
    unit_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    profile: NamedDependency[Profile],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    return await _saved(request, await units.unit(unit_id), locale, person, profile, now)


async def _saved(
    request: AnyRequest, unit: units.Unit | None, locale: Locale, person: Person, profile: Profile, now: dt.datetime
) -> Response[Any]:
    form = await read_form(request)
    everybody = {str(one.person.id): one.person.id for one in await queries.colleagues()}
    try:
        await unit_operations.save_unit(
            unit_id=unit.id if unit else None,
            name={language: form.get(f"name-{language}") for language in languages()},
            needed=profile.authentic_language,
            members=[everybody[chosen] for chosen in form.list("members") if chosen in everybody],
            actor=person.id,
            at=now,
        )
    except Invalid as invalid:
        return await _form_page(request, unit, form, profile, invalid.problems, status=422)
    return to_staff(locale, "units")


async def _form_page(
    request: AnyRequest,
    unit: units.Unit | None,
    form: Form,
    profile: Profile,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> Response[bytes]:
    return page(
        request,
        "people/unit.html",
        status=status,
        unit=unit,
        values=form,
        problems=problems,
        offered=languages(),
        authentic=profile.authentic_language,
        colleagues=[one for one in await queries.colleagues() if one.is_active],
        lines=await trail.history(unit_operations.RECORD, unit.id) if unit else [],
        kinds=KINDS,
        words=WORDS,
    )


nav = [NavItem(N_("Units"), "units", frozenset({ADMIN}))]
routes = [all_units, new_unit, add_unit, one_unit, change_unit]
