"""Results in the workspace: every survey's charts before and after publication, publishing, downloads."""

from __future__ import annotations

from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.columns.published import rule_of
from consult.errors import N_
from consult.i18n import Locale
from consult.people.guards import requires
from consult.people.person import Person
from consult.profile import Profile
from consult.results import operations, overview, pages, queries, rule
from consult.results.counting import STAFF
from consult.surveys import queries as surveys
from consult.surveys.responses.flags import ALL
from consult.web import AnyRequest, NavItem, page, read_form, to_staff

READERS = frozenset({"analyst", "designer"})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 64 * 1024
nav = (NavItem(N_("Results"), "results", READERS),)


ON_PAGE = 50


def without_in(request: AnyRequest) -> tuple[str, ...]:
    """The flags whose answers are to be left out: ?without=too_fast&without=burst. Unknown ones are dropped."""
    asked = request.query_params.getall("without", [])
    return tuple(flag for flag in ALL if flag in asked)


@get("/staff/{language:str}/results", guards=[requires(*READERS)])
async def staff_results(
    request: AnyRequest, now: NamedDependency[datetime], page_number: NamedDependency[int]
) -> Response[bytes]:
    found = await surveys.listed(number=page_number, size=ON_PAGE, only_published=True)
    return page(
        request,
        "results/staff_list.html",
        found=found,
        counts=await surveys.counts([survey.id for survey in found.items]),
        published=await queries.publications(),
        now=now,
    )


@get("/staff/{language:str}/results/{slug:str}", guards=[requires(*READERS)])
async def staff_survey_results(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    survey = await surveys.survey(slug)
    rule_in_force = await rule_of(survey.id)
    without = without_in(request) if request.query_params else rule_in_force
    results = await queries.results_of(survey.id, policy=STAFF, at=now, without=without)
    breaks = results.definition.results.breaks
    return page(
        request,
        "results/staff_results.html",
        results=results,
        source=results.source,
        published_at=await queries.published_at(survey.id),
        headlines=overview.said(overview.headlines(results.charts, breaks), locale),
        indices=overview.indices(results.charts, locale),
        sections=pages.sections(results, locale, profile, STAFF),
        attachable={question.key for question in queries.published(results.definition)},
        words=pages.method_words(results, locale),
        counted=rule.said(results.left, locale),
        marks=rule.marks(results.left, locale),
        left=results.left,
        is_other_rule=results.left.flags != rule_in_force,
        survey=survey,
        may_explore=not person.roles.isdisjoint({"admin", "analyst"}),
        policy=STAFF,
    )


@post("/staff/{language:str}/results/{slug:str}/publish", guards=[requires(*READERS)])
async def publish(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    survey = await surveys.survey(slug)
    without = (await read_form(request)).list("without")
    await operations.publish_results(survey_id=survey.id, at=now, person=person.id, without=without)
    return to_staff(locale, "results", slug)


@post("/staff/{language:str}/results/{slug:str}/withdraw", guards=[requires(*READERS)])
async def withdraw(
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    survey = await surveys.survey(slug)
    await operations.withdraw_results(survey_id=survey.id, at=now, person=person.id)
    return to_staff(locale, "results", slug)


routes = [staff_results, staff_survey_results, publish, withdraw]
