"""Staff pages of promises: the ledger, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem
from consult.forums.afterwards import operations, queries
from consult.forums.afterwards.minutes import (
    STANDING_NAMES,
    STANDING_TAGS,
    PromiseState,
    Settling,
    Standing,
)
from consult.forums.afterwards.staff_pages import day_of, form_of, in_languages
from consult.forums.forms import text_of
from consult.forums.staff_pages import READS, ROLES
from consult.i18n import Locale
from consult.people.person import Person
from consult.people.waiting import Provider, Waiting
from consult.profile import Profile
from consult.web import AnyRequest, Form, NavItem, page, read_form, to_staff

PROMISES = "/staff/{language:str}/promises"
NOTICES = {"saved": N_("Saved.")}
STATE_CHOICES = {
    PromiseState.OPEN: N_("In progress"),
    PromiseState.KEPT: N_("Kept"),
    PromiseState.WITHDRAWN: N_("Withdrawn"),
}


@get(PROMISES, guards=READS)
async def promises(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    page_number: NamedDependency[int],
    standing: FromQuery[str] = "",
) -> Response[bytes]:
    today = locale.local(now).date()
    chosen = Standing(standing) if standing in set(Standing) else None
    return page(
        request,
        "forums/staff_promises.html",
        found=await queries.ledger(today, standing=chosen, number=page_number, size=50),
        chosen=chosen,
        counts=await queries.standings(today),
        today=today,
        names=STANDING_NAMES,
        tags=STANDING_TAGS,
    )


@get(f"{PROMISES}/{{promise_id:uuid}}", guards=READS)
async def promise_page(
    request: AnyRequest,
    promise_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    done: FromQuery[str] = "",
) -> Response[bytes]:
    return await _promise_page(request, promise_id, locale, now, done=NOTICES.get(done))


@post(f"{PROMISES}/{{promise_id:uuid}}", guards=READS)
async def settle(
    request: AnyRequest,
    promise_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    form = await read_form(request)
    settling = Settling(state=form.get("state"), note=text_of(form, "note"), due_on=day_of(form.get("due_on")))
    try:
        await operations.settle_promise(
            promise_id=promise_id,
            settling=settling,
            authentic=profile.authentic_language,
            today=locale.local(now).date(),
            actor=person.id,
            at=now,
        )
    except Invalid as invalid:
        return await _promise_page(request, promise_id, locale, now, form=form, problems=invalid.problems, status=422)
    return to_staff(locale, "promises", promise_id, done="saved")


async def late_promises(person: Person, at: datetime) -> list[Waiting]:
    label = N_("Promises from meetings that are late")
    return [Waiting(label, await queries.promises_to_settle(at.date()), "promises?standing=late", ROLES)]


async def _promise_page(
    request: AnyRequest,
    promise_id: UUID,
    locale: Locale,
    now: datetime,
    *,
    form: Form | None = None,
    done: str | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response[bytes]:
    promise = await queries.promise(promise_id)
    if promise is None:
        raise NotFound
    fields = {"state": [promise.state.value], "due_on": [promise.due_on.isoformat()]}
    return page(
        request,
        "forums/staff_promise.html",
        status=status,
        promise=promise,
        today=locale.local(now).date(),
        form=form or Form(fields | form_of("note", promise.note).values),
        done=done,
        problems=problems,
        choices=STATE_CHOICES,
        names=STANDING_NAMES,
        tags=STANDING_TAGS,
        **in_languages(request),
    )


routes: list[Any] = [promises, promise_page, settle]
nav = [NavItem(N_("Promises"), "promises", ROLES)]
waiting_providers: list[Provider] = [late_promises]
