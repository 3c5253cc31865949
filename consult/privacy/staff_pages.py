"""The administrators' page: what is held about an address, and erasing it. No address stands in a page's address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from consult.errors import N_, Invalid, Problem, Refused
from consult.i18n import Locale
from consult.people.guards import requires
from consult.people.person import ADMIN, Person
from consult.privacy import erasing, finding
from consult.settings import Settings, secret_key
from consult.web import AnyRequest, Form, NavItem, page, read_form

HERE = "/staff/{language:str}/privacy"


def _view(request: AnyRequest, form: Form, problems: tuple[Problem, ...] = (), **shown: Any) -> Response[bytes]:
    status = 422 if problems else 200
    return page(request, "privacy/staff_person.html", status=status, form=form, problems=problems, **shown)


@get(HERE, guards=[requires(ADMIN)])
async def person_page(request: AnyRequest, locale: NamedDependency[Locale]) -> Response[bytes]:
    return _view(request, Form())


@post(HERE, guards=[requires(ADMIN)])
async def find_person(
    request: AnyRequest, locale: NamedDependency[Locale], settings: NamedDependency[Settings]
) -> Response[bytes]:
    """Show what there is; nothing changes."""
    form = await read_form(request)
    try:
        found = await finding.find(email=form.get("email"), secret=secret_key(settings))
    except Invalid as refused:
        return _view(request, form, refused.problems)
    return _view(request, form, found=found)


@post(f"{HERE}/erase", guards=[requires(ADMIN)])
async def erase_person(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    settings: NamedDependency[Settings],
    now: NamedDependency[dt.datetime],
) -> Response[bytes]:
    """The answer is the outcome itself: it names an address and is kept nowhere. Sending it again finds nothing."""
    form = await read_form(request)
    try:
        if form.get("sure") != "1":
            raise Invalid([Problem("sure", N_("Tick the box to say that these data may be erased for good."))])
        outcome = await erasing.forget(
            email=form.get("email"),
            reason=form.get("reason"),
            with_words=form.get("with_words") == "1",
            settings=settings,
            at=now,
            actor=person.id,
        )
    except Invalid as refused:
        return await _again(request, form, settings, refused.problems)
    except Refused as refused:
        return await _again(request, form, settings, (Problem("email", str(refused)),))
    return page(request, "privacy/staff_erased.html", outcome=outcome)


async def _again(request: AnyRequest, form: Form, settings: Settings, problems: tuple[Problem, ...]) -> Response[bytes]:
    if any(problem.place == "email" for problem in problems):
        return _view(request, form, problems)
    found = await finding.find(email=form.get("email"), secret=secret_key(settings))
    return _view(request, form, problems, found=found)


routes: list[Any] = [person_page, find_person, erase_person]
nav = [NavItem(N_("Personal data"), "privacy", frozenset({ADMIN}))]
