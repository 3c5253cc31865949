"""The workspace's survey pages: list, dates, test, single answers, QR."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.i18n import AUTONYMS, Locale, languages
from consult.people.guards import requires
from consult.people.person import Person
from consult.people.waiting import Provider, Waiting
from consult.settings import Settings
from consult.surveys import operations, queries
from consult.surveys.answers.in_words import Copier
from consult.surveys.authoring.yaml_reading import write
from consult.surveys.files import uploads
from consult.surveys.responses import flags
from consult.surveys.survey import STATE_NAMES, State, Survey, content_hash
from consult.web import AnyRequest, Form, NavItem, absolute, page, read_form, read_query, to_staff
from consult.web.moments import moment_in

SEE = ("designer", "translator", "clerk", "analyst")
BUILD = ("designer",)
READ = ("designer", "clerk", "analyst")
NOTICES = {
    "imported": N_("The file is in order. It is now the working copy; residents see it when you publish it."),
    "scheduled": N_("The dates are set."),
    "closed": N_("The survey is closed."),
    "test": N_("The test has begun. Send its link to colleagues."),
    "ended": N_("The test has ended. Its answers are gone."),
    "erased": N_("The answer has been erased."),
}


ON_PAGE = 50


def notice_of(request: AnyRequest) -> str:
    return NOTICES.get(request.query_params.get("done", ""), "")


@get("/staff/{language:str}/surveys", guards=[requires(*SEE)])
async def surveys(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    now: NamedDependency[dt.datetime],
    page_number: NamedDependency[int],
) -> Response[bytes]:
    found = await queries.listed(number=page_number, size=ON_PAGE)
    return page(
        request,
        "surveys/staff-list.html",
        found=found,
        surveys=[(survey, survey.state(now)) for survey in found.items],
        counts=await queries.counts([survey.id for survey in found.items]),
        state_names=STATE_NAMES,
        notice=notice_of(request),
    )


async def overview(
    request: AnyRequest, survey: Survey, now: dt.datetime, *, problems: tuple[Problem, ...] = (), status: int = 200,
    form: Form | None = None,
) -> Response[bytes]:  # fmt: skip
    copy = await queries.working_copy(survey.id)
    versions = await queries.versions(survey.id)
    is_new = copy is not None and (not versions or versions[0].content_hash != content_hash(copy.definition))
    settings: Settings = request.app.state.shell.settings
    return page(
        request,
        "surveys/staff-survey.html",
        status=status,
        survey=survey,
        state=survey.state(now),
        states=State,
        state_names=STATE_NAMES,
        versions=versions,
        is_new=is_new,
        count=await queries.count(survey.id),
        test_count=await queries.test_count(survey.id),
        erased=await queries.erased(survey.id),
        per_day=await queries.per_day(survey.id),
        short_link=absolute(settings, f"/s/{survey.code}"),
        enabled=languages(),
        problems=problems,
        form=form or Form(),
        notice=notice_of(request),
    )


@get("/staff/{language:str}/surveys/{slug:str}", guards=[requires(*SEE)])
async def survey_page(
    request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str], now: NamedDependency[dt.datetime]
) -> Response[bytes]:
    return await overview(request, await queries.survey(slug), now)


async def refused_view(
    request: AnyRequest, slug: str, now: dt.datetime, refused: Refused | Invalid, form: Form | None = None
) -> Response[bytes]:
    """The survey's page with what stood in the way, and what was typed."""
    problems = refused.problems if isinstance(refused, Invalid) else ()
    shown = problems or (refused.problem(),)
    return await overview(request, await queries.survey(slug), now, problems=shown, status=422, form=form)


def moment(written: str, locale: Locale) -> dt.datetime | None:
    """What a field for date and time holds, in the town's time; None for nothing. Raises ValueError."""
    if not written:
        return None
    return moment_in(written, locale.zone)


@post("/staff/{language:str}/surveys/{slug:str}/dates", guards=[requires(*BUILD)])
async def schedule(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    form = await read_form(request)
    survey = await queries.survey(slug)
    found: dict[str, dt.datetime | None] = {}
    problems = []
    for name in ("opens_at", "closes_at"):
        try:
            found[name] = moment(form.get(name), locale)
        except ValueError:
            problems.append(Problem(name, N_("Write the day and the time.")))
    opens_at = found.get("opens_at") or now
    if problems:
        return await overview(request, survey, now, problems=tuple(problems), status=422, form=form)
    try:
        await operations.schedule(
            survey_id=survey.id,
            opens_at=opens_at,
            closes_at=found["closes_at"],
            languages=languages(),
            at=now,
            person=person.id,
            reason=form.get("reason") or None,
            needs_approval=request.app.state.shell.profile.surveys.translation_approval,
        )
    except (Invalid, Refused) as refused:
        return await refused_view(request, slug, now, refused, form)
    return to_staff(locale, "surveys", slug, done="scheduled")


@post("/staff/{language:str}/surveys/{slug:str}/close", guards=[requires(*BUILD)])
async def close(
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Redirect:
    survey = await queries.survey(slug)
    await operations.close(survey_id=survey.id, at=now, person=person.id)
    return to_staff(locale, "surveys", slug, done="closed")


@post("/staff/{language:str}/surveys/{slug:str}/test", guards=[requires(*BUILD)])
async def start_test(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    survey = await queries.survey(slug)
    try:
        await operations.start_test(survey_id=survey.id, at=now, person=person.id)
    except Refused as refused:
        return await refused_view(request, slug, now, refused)
    return to_staff(locale, "surveys", slug, done="test")


@post("/staff/{language:str}/surveys/{slug:str}/test-end", guards=[requires(*BUILD)])
async def end_test(
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Redirect:
    survey = await queries.survey(slug)
    await operations.stop_test(survey_id=survey.id, at=now, person=person.id)
    return to_staff(locale, "surveys", slug, done="ended")


@get("/staff/{language:str}/surveys/{slug:str}/file", guards=[requires(*SEE)])
async def survey_file(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    """The definition as a file: ?version=2, or the working copy."""
    survey = await queries.survey(slug)
    wanted = request.query_params.get("version", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 6:
        definition = (await queries.version(survey.id, int(wanted))).definition
    else:
        copy = await queries.working_copy(survey.id)
        if copy is None:
            raise NotFound
        definition = copy.definition
    headers = {"content-disposition": f'attachment; filename="{survey.slug}.yaml"', "cache-control": "no-store"}
    return Response(write(definition).encode(), media_type="application/yaml; charset=utf-8", headers=headers)


async def answers_view(
    request: AnyRequest, survey: Survey, code: str = "", problems: tuple[Problem, ...] = (), status: int = 200
) -> Response[bytes]:
    """One page of answers; ?flag= shows those with one flag, or those without any."""
    marked = await request.app.state.flagged(survey.id)
    flag = request.query_params.get("flag", "")
    only = [one for one, found in marked.items() if flag in found] if flag in flags.ALL else None
    return page(
        request,
        "surveys/staff-responses.html",
        status=status,
        survey=survey,
        slice=await queries.responses(
            survey.id, number=read_query(request).page_number(), only=only, without=marked if flag == "none" else ()
        ),
        flagged=marked,
        flag=flag,
        flag_names=flags.NAMES,
        autonyms=AUTONYMS,
        flag_counts=Counter(one for found in marked.values() for one in found),
        code=code,
        problems=problems,
        notice=notice_of(request),
    )


@get("/staff/{language:str}/surveys/{slug:str}/responses", guards=[requires(*READ)])
async def responses(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[Any]:
    """All answers; ?code= goes to the one with this receipt."""
    survey = await queries.survey(slug)
    code = str(request.query_params.get("code", "")).strip()[:40]
    if not code:
        return await answers_view(request, survey)
    try:
        found = await queries.response_by_code(survey.id, code)
    except NotFound:
        problem = Problem("code", N_("No answer to this survey has this code. Compare it with the receipt."))
        return await answers_view(request, survey, code, (problem,), 404)
    return to_staff(locale, "surveys", slug, "responses", found.id)


async def answer_view(
    request: AnyRequest, locale: Locale, slug: str, response_id: UUID, problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> Response[bytes]:  # fmt: skip
    survey = await queries.survey(slug)
    response = await queries.response(response_id)
    if response.survey != survey.id:
        raise NotFound
    version = await queries.version(survey.id, response.version)
    is_named = version.definition.mode == "identified"
    return page(
        request,
        "surveys/staff-response.html",
        status=status,
        survey=survey,
        response=response,
        marked=(await request.app.state.flagged(survey.id)).get(response_id, ()),
        flag_names=flags.NAMES,
        autonyms=locale.languages,
        flag_reasons=flags.REASONS,
        copy=Copier(version.definition, locale).markup(response.answers),
        files=await uploads.of_response(response.id),
        who=await request.app.state.who_answered(response.id) if is_named else "",
        problems=problems,
    )


@get("/staff/{language:str}/surveys/{slug:str}/responses/{response_id:uuid}", guards=[requires(*READ)])
async def response_page(
    request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str], response_id: FromPath[UUID]
) -> Response[bytes]:
    return await answer_view(request, locale, slug, response_id)


@post("/staff/{language:str}/surveys/{slug:str}/responses/{response_id:uuid}/erase", guards=[requires("clerk")])
async def erase(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    response_id: FromPath[UUID],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    form = await read_form(request)
    try:
        await operations.erase_response(response_id=response_id, reason=form.get("reason"), at=now, person=person.id)
    except Invalid as refused:
        return await answer_view(request, locale, slug, response_id, refused.problems, 422)
    return to_staff(locale, "surveys", slug, "responses", done="erased")


async def waiting_surveys(person: Person, at: dt.datetime) -> list[Waiting]:
    unopened, testing = await queries.unfinished()
    designers = frozenset(BUILD)
    return [
        Waiting(N_("Surveys that are not opened yet"), unopened, "surveys", designers),
        Waiting(N_("Surveys that are being tested"), testing, "surveys", designers),
    ]


routes = [
    surveys,
    survey_page,
    schedule,
    close,
    start_test,
    end_test,
    survey_file,
    responses,
    response_page,
    erase,
]
nav = [NavItem(N_("Surveys"), "surveys", frozenset(SEE))]
waiting_providers: list[Provider] = [waiting_surveys]
