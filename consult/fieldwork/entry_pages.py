"""The clerks' pages: keying in sheets of paper and telephone calls, fast and by keyboard alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.errors import N_, Invalid, Problem, Refused
from consult.fieldwork import entry_operations, entry_queries, keying
from consult.fieldwork.entry_operations import Kept
from consult.i18n import AUTONYMS, Locale
from consult.people import queries as people
from consult.people.guards import requires
from consult.people.person import Person
from consult.surveys import queries
from consult.surveys.pages.views import spoken
from consult.surveys.survey import State, Survey, Version
from consult.web import AnyRequest, Form, page, read_form, to_staff

NOTICES = {
    Kept.STORED.value: N_("Stored. The next sheet is ready."),
    Kept.ONCE.value: N_("Kept. A colleague keys this sheet the second time."),
    Kept.DIFFERS.value: N_("The two readings differ. The sheet stands in the list of sheets to settle."),
    "settled": N_("The sheet is settled and stored."),
    "discarded": N_("The sheet is taken out. It can be keyed anew."),
    "set": N_("The setting is kept."),
}


def notice_of(request: AnyRequest) -> str:
    return NOTICES.get(request.query_params.get("done", ""), "")


@get("/staff/{language:str}/surveys/{slug:str}/entry", guards=[requires("clerk")])
async def entry_page(
    request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str], now: NamedDependency[dt.datetime]
) -> Response[bytes]:
    survey = await queries.survey(slug)
    waiting = await entry_queries.waiting(survey.id)
    names = await people.names({sheet.first_by for sheet in waiting} | {sheet.second_by for sheet in waiting})
    return page(
        request,
        "fieldwork/entry.html",
        survey=survey,
        is_ready=survey.state(now) in (State.OPEN, State.CLOSED),
        is_double=await entry_queries.is_double(survey.id),
        differing=[sheet for sheet in waiting if sheet.state == "differs"],
        once=[sheet for sheet in waiting if sheet.state == "once"],
        stored=await entry_queries.stored(survey.id),
        names=names,
        autonyms=AUTONYMS,
        notice=notice_of(request),
    )


@post("/staff/{language:str}/surveys/{slug:str}/entry/setting", guards=[requires("clerk")])
async def set_double(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Redirect:
    form = await read_form(request)
    survey = await queries.survey(slug)
    await entry_operations.set_double(
        survey_id=survey.id, is_double=form.get("is_double") == "1", at=now, person=person.id
    )
    return to_staff(locale, "surveys", survey.slug, "entry", done="set")


def sheet_view(
    request: AnyRequest, survey: Survey, version: Version, form: Form, *, channel: str, language: str,
    problems: tuple[Problem, ...] = (),
) -> Response[bytes]:  # fmt: skip
    return page(
        request,
        "fieldwork/entry-sheet.html",
        status=422 if problems else 200,
        survey=survey,
        version=version,
        pages=keying.keyed(version.definition),
        channel=channel,
        survey_language=language if language in version.languages else version.languages[0],
        autonyms=AUTONYMS,
        form=form,
        problems=problems,
        notice=notice_of(request),
    )


@get("/staff/{language:str}/surveys/{slug:str}/entry/sheet", guards=[requires("clerk")])
async def new_sheet(
    request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str], now: NamedDependency[dt.datetime]
) -> Response[Any]:
    """An empty form: ?channel=paper or phone, ?language= of the sheet or the call."""
    survey = await queries.survey(slug)
    if survey.state(now) not in (State.OPEN, State.CLOSED):
        raise entry_operations.NotYetOpen
    asked = request.query_params
    channel = "phone" if asked.get("channel") == "phone" else "paper"
    first = {"_day": locale.local(now).date().isoformat()}
    if channel == "paper":
        first["_number"] = str(await entry_queries.next_number(survey.id))
    return sheet_view(
        request, survey, await queries.version(survey.id), Form({name: [value] for name, value in first.items()}),
        channel=channel, language=asked.get("language", locale.code),
    )  # fmt: skip


def typed_in(form: Form) -> Mapping[str, str]:
    """What was typed into the questions' own fields."""
    found = {name: form.get(name).strip() for name in form if not name.startswith("_")}
    return {name: value for name, value in found.items() if value}


def day_in(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written.strip())
    except ValueError:
        return None


@post("/staff/{language:str}/surveys/{slug:str}/entry/sheet", guards=[requires("clerk")])
async def key_sheet(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    form = await read_form(request)
    survey = await queries.survey(slug)
    channel, language = form.get("_channel"), form.get("_language")
    try:
        kept = await entry_operations.key_sheet(
            survey_id=survey.id, number=form.get("_number"), channel=channel, language=language,
            day=day_in(form.get("_day")), typed=typed_in(form), at=now, person=person.id,
        )  # fmt: skip
    except (Invalid, Refused) as refused:
        problems = refused.problems if isinstance(refused, Invalid) else ()
        shown = spoken(problems or (refused.problem("_number"),), locale)
        version = await queries.version(survey.id)
        return sheet_view(request, survey, version, form, channel=channel, language=language, problems=shown)
    return to_staff(
        locale, "surveys", survey.slug, "entry", "sheet", channel=channel, language=language, done=kept.value
    )


async def settle_view(
    request: AnyRequest, survey: Survey, sheet: entry_queries.Sheet, form: Form | None = None,
    problems: tuple[Problem, ...] = (),
) -> Response[bytes]:  # fmt: skip
    version = await queries.version(survey.id, sheet.version)
    first, second = sheet.first or {}, sheet.second or sheet.first or {}
    different = {cell.name for cell in keying.different(version.definition, first, second)}
    return page(
        request,
        "fieldwork/entry-settle.html",
        status=422 if problems else 200,
        survey=survey,
        sheet=sheet,
        pages=keying.keyed(version.definition),
        first=first,
        second=second,
        different=different,
        names=await people.names({sheet.first_by, sheet.second_by}),
        form=form,
        problems=problems,
    )


@get("/staff/{language:str}/surveys/{slug:str}/entry/sheets/{sheet_id:uuid}", guards=[requires("clerk")])
async def settle_page(
    request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str], sheet_id: FromPath[UUID]
) -> Response[bytes]:
    survey = await queries.survey(slug)
    return await settle_view(request, survey, await entry_queries.sheet(sheet_id, survey.id))


@post("/staff/{language:str}/surveys/{slug:str}/entry/sheets/{sheet_id:uuid}", guards=[requires("clerk")])
async def settle(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    sheet_id: FromPath[UUID],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    form = await read_form(request)
    survey = await queries.survey(slug)
    try:
        await entry_operations.settle(
            sheet_id=sheet_id, survey_id=survey.id, typed=typed_in(form), at=now, person=person.id
        )
    except Invalid as refused:
        sheet = await entry_queries.sheet(sheet_id, survey.id)
        return await settle_view(request, survey, sheet, form, spoken(refused.problems, locale))
    return to_staff(locale, "surveys", survey.slug, "entry", done="settled")


@post("/staff/{language:str}/surveys/{slug:str}/entry/sheets/{sheet_id:uuid}/discard", guards=[requires("clerk")])
async def discard(
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    sheet_id: FromPath[UUID],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Redirect:
    survey = await queries.survey(slug)
    await entry_operations.discard(sheet_id=sheet_id, survey_id=survey.id, at=now, person=person.id)
    return to_staff(locale, "surveys", survey.slug, "entry", done="discarded")


routes = [entry_page, set_double, new_sheet, key_sheet, settle_page, settle, discard]
nav: list[object] = []
