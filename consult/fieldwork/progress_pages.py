"""The workspace's page on a running survey: how it goes, until when, and how long its answers are kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import N_, Invalid, Problem, Refused
from consult.fieldwork import mailing_queries, progress, progress_operations, progress_queries
from consult.fieldwork.links import links_of
from consult.i18n import Locale
from consult.people.guards import requires
from consult.people.person import Person
from consult.surveys import operations, queries
from consult.surveys.responses import response_counts
from consult.surveys.staff import date_operations
from consult.surveys.survey import STATE_NAMES, State
from consult.web import AnyRequest, Form, page, read_form, to_staff
from consult.web.moments import moment_in

SEE = ("designer", "clerk", "analyst")
CHANNELS = {"web": N_("On the web"), "kiosk": N_("At a kiosk"), "phone": N_("By telephone"), "paper": N_("On paper")}
NOTICES = {
    "extended": N_("The survey stays open longer."),
    "reopened": N_("The survey is open again."),
    "closed": N_("The survey is closed."),
    "kept": N_("How long answers are kept is decided."),
    "erased": N_("All answers to this survey have been erased."),
    "assumed": N_("The assumption is kept with its reason."),
}


async def shown(
    request: AnyRequest, locale: Locale, slug: str, now: dt.datetime, *, form: Form | None = None,
    refused: Refused | Invalid | None = None,
) -> Response[bytes]:  # fmt: skip
    survey = await queries.survey(slug)
    found = await response_counts.by_day(survey.id)
    tallies = await response_counts.tallies(survey.id)
    version = await queries.version(survey.id) if survey.version else None
    frame = await mailing_queries.frame_counts(survey.id, links_of(request.app.state.shell.settings).key)
    eligibility = await progress_queries.eligibility(survey.id)
    problems = refused.problems if isinstance(refused, Invalid) else ()
    if refused is not None and not problems:
        problems = (refused.problem(),)
    return page(
        request,
        "fieldwork/progress.html",
        status=422 if refused else 200,
        survey=survey,
        state=survey.state(now),
        states=State,
        state_names=STATE_NAMES,
        total=sum(one.count for one in found),
        days=progress.days(found, locale.local(now).date()),
        channels=progress.parts(found, "channel"),
        channel_names=CHANNELS,
        spoken=progress.parts(found, "language"),
        autonyms=locale.languages,
        steps=progress.steps(version.definition, tallies) if version else [],
        screened_out=progress.happened(tallies, "screened_out"),
        quota_full=progress.happened(tallies, "quota_full"),
        retention=await progress_queries.retention_days(survey.id),
        eligibility=eligibility,
        frame=frame,
        rates=progress.rates(frame, eligibility.share, progress.turned_away(survey, tallies)),
        form=form or Form(),
        problems=problems,
        notice=NOTICES.get(request.query_params.get("done", ""), ""),
    )


@get("/staff/{language:str}/surveys/{slug:str}/fieldwork", guards=[requires(*SEE)])
async def progress_page(
    request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str], now: NamedDependency[dt.datetime]
) -> Response[bytes]:
    return await shown(request, locale, slug, now)


@post("/staff/{language:str}/surveys/{slug:str}/fieldwork/end", guards=[requires("designer")])
async def change_end(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    """Close now, extend or reopen: the button that was pressed says which."""
    form = await read_form(request)
    survey = await queries.survey(slug)
    wish = form.get("wish")
    try:
        if wish == "close":
            await operations.close(survey_id=survey.id, at=now, person=person.id)
            return to_staff(locale, "surveys", slug, "fieldwork", done="closed")
        act = date_operations.reopen if wish == "reopen" else date_operations.extend
        await act(
            survey_id=survey.id, closes_at=_moment(form.get("closes_at"), locale), reason=form.get("reason"), at=now,
            person=person.id,
        )  # fmt: skip
    except (Invalid, Refused) as refused:
        return await shown(request, locale, slug, now, form=form, refused=refused)
    return to_staff(locale, "surveys", slug, "fieldwork", done="reopened" if wish == "reopen" else "extended")


def _moment(written: str, locale: Locale) -> dt.datetime:
    """What a field for date and time holds, in the town's time. Raises Invalid."""
    try:
        return moment_in(written, locale.zone)
    except ValueError:
        raise Invalid([Problem("closes_at", N_("Write the day and the time."))]) from None


@post("/staff/{language:str}/surveys/{slug:str}/fieldwork/retention", guards=[requires("designer")])
async def decide_retention(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    form = await read_form(request)
    survey = await queries.survey(slug)
    try:
        await progress_operations.keep_for(survey_id=survey.id, days=form.get("days"), at=now, person=person.id)
    except Invalid as refused:
        return await shown(request, locale, slug, now, form=form, refused=refused)
    return to_staff(locale, "surveys", slug, "fieldwork", done="kept")


@post("/staff/{language:str}/surveys/{slug:str}/fieldwork/erase", guards=[requires("admin")])
async def erase_all(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    form = await read_form(request)
    survey = await queries.survey(slug)
    try:
        await progress_operations.erase_answers(
            survey_id=survey.id, confirmation=form.get("confirmation"), reason=form.get("erase_reason"), at=now,
            person=person.id,
        )  # fmt: skip
    except (Invalid, Refused) as refused:
        return await shown(request, locale, slug, now, form=form, refused=refused)
    return to_staff(locale, "surveys", slug, "fieldwork", done="erased")


@post("/staff/{language:str}/surveys/{slug:str}/fieldwork/eligibility", guards=[requires("designer", "analyst")])
async def assume(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    form = await read_form(request)
    survey = await queries.survey(slug)
    try:
        await progress_operations.assume_eligible(
            survey_id=survey.id, percent=form.get("percent"), reason=form.get("eligibility_reason"), at=now,
            person=person.id,
        )  # fmt: skip
    except Invalid as refused:
        return await shown(request, locale, slug, now, form=form, refused=refused)
    return to_staff(locale, "surveys", slug, "fieldwork", done="assumed")


routes = [progress_page, change_end, decide_retention, erase_all, assume]
nav: list[object] = []
