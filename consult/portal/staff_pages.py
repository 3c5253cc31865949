"""Staff pages over several kinds: attaching the charts of surveys to the articles of a draft, and freezing them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from consult.charts import showing
from consult.drafts import queries as drafts
from consult.errors import N_, Invalid, NotFound, Problem
from consult.i18n import Locale
from consult.people.guards import requires
from consult.people.person import Person
from consult.portal import operations, queries, sources
from consult.portal.evidence import AlreadyAttached
from consult.portal.sources import Source
from consult.profile import Profile
from consult.surveys import queries as surveys
from consult.surveys.definition.schema import Definition
from consult.web import AnyRequest, Form, NavItem, page, read_form, see_other, to_staff

ROLES = ("designer", "analyst")
BASE = "/staff/{language:str}/drafts/{slug:str}/charts"
ATTACH = "/staff/{language:str}/results/{slug:str}/attach"
MOST_OFFERED = 30
"""Surveys whose questions the list has: those of the draft's consultation first, then the newest."""
NOT_COUNTED = frozenset({"text", "information"})


def countable(definition: Definition) -> list[tuple[str, dict[str, str]]]:
    """The questions a chart can be made of: (key, words)."""
    return [
        (question.key, question.text)
        for part in definition.pages
        for question in part.questions
        if type(question).__struct_config__.tag not in NOT_COUNTED
    ]


async def _page(
    request: AnyRequest, slug: str, locale: Locale, profile: Profile, form: Form, problems: tuple[Problem, ...] = ()
) -> Response[bytes]:
    draft = await drafts.the_draft(slug)
    version = await drafts.version(draft.id)
    articles = await drafts.articles(version.id) if version else ()
    attached = await queries.of_draft(draft.id)
    known = {survey.id: survey for survey in await surveys.all_surveys()}
    own = draft.consultation
    near = sorted(known.values(), key=lambda survey: own is None or survey.consultation != own)
    newest = await surveys.newest_definitions([survey.id for survey in near[:MOST_OFFERED]])
    offered = [
        (survey, [(f"{survey.id}:{key}", words) for key, words in countable(newest[survey.id])])
        for survey in near
        if survey.id in newest
    ]
    every = [each for of_article in attached.values() for each in of_article]
    views = {
        each.id: showing.view(each.chart, locale, profile, id_=f"e{each.id.hex[:8]}")
        for each in every
        if each.chart is not None
    }
    origins = {each.id: sources.page_of(known[each.survey], each.source) for each in every}
    return page(
        request,
        "portal/staff_charts.html",
        status=422 if problems else 200,
        locale=locale,
        draft=draft,
        articles=articles,
        attached=attached,
        views=views,
        origins=origins,
        offered=offered,
        form=form,
        problems=problems,
    )


@get(BASE, guards=[requires(*ROLES)])
async def evidence_page(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], profile: NamedDependency[Profile]
) -> Response[bytes]:
    return await _page(request, slug, locale, profile, Form())


@post(BASE, guards=[requires(*ROLES)])
async def attach_chart(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    form = await read_form(request)
    draft = await drafts.the_draft(slug)
    try:
        article, survey, question = _chosen(form)
        source = Source("question", question)
        await operations.attach(
            draft_id=draft.id, article_id=article, survey_id=survey, source=source, by=person.id, at=now
        )
    except Invalid as refused:
        return await _page(request, slug, locale, profile, form, refused.problems)
    except AlreadyAttached as refused:
        return await _page(request, slug, locale, profile, form, (Problem("chart", refused.message),))
    return _back(request)


def _chosen(form: Form) -> tuple[UUID, UUID, str]:
    """The article, survey and question of the form. Raises Invalid."""
    problems = []
    survey, _, question = form.get("chart").partition(":")
    ids: list[UUID] = []
    for place, value, message in (
        ("article", form.get("article"), N_("Choose the article that the chart belongs to.")),
        ("chart", survey, N_("Choose the question whose answers the chart shows.")),
    ):
        try:
            ids.append(UUID(value))
        except ValueError:
            problems.append(Problem(place, message))
    if problems:
        raise Invalid(problems)
    return ids[0], ids[1], question


@get(ATTACH, guards=[requires(*ROLES)])
async def attach_page(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    source: FromQuery[str] = "",
) -> Response[bytes]:
    """The chart that ?source= names (see sources.py), and the articles that it can be put beside."""
    return await _attaching(request, slug, source, locale, profile, Form())


@post(ATTACH, guards=[requires(*ROLES)])
async def attach_anywhere(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    form = await read_form(request)
    written = form.get("source")
    survey, source = await surveys.survey(slug), sources.read(written)
    try:
        draft_id, article_id = _place(form)
        await operations.attach(
            draft_id=draft_id,
            article_id=article_id,
            survey_id=survey.id,
            source=source,
            by=person.id,
            at=now,
            frozen=form.get("keep") == "frozen",
        )
    except Invalid as refused:
        return await _attaching(request, slug, written, locale, profile, form, refused.problems)
    except AlreadyAttached as refused:
        return await _attaching(request, slug, written, locale, profile, form, (Problem("article", refused.message),))
    draft = await drafts.draft_by_id(draft_id)
    if draft is None:
        raise NotFound
    return to_staff(locale, "drafts", draft.slug, "charts")


async def _attaching(
    request: AnyRequest,
    slug: str,
    written: str,
    locale: Locale,
    profile: Profile,
    form: Form,
    problems: tuple[Problem, ...] = (),
) -> Response[bytes]:
    survey, source = await surveys.survey(slug), sources.read(written)
    chart = await sources.chart_of(survey, source)
    places = []
    every = await drafts.all_drafts()
    articles = await drafts.newest_articles([draft.id for draft in every])
    for draft in every:
        places += [(draft, article) for article in articles.get(draft.id, [])]
    return page(
        request,
        "portal/staff_attach.html",
        status=422 if problems else 200,
        locale=locale,
        survey=survey,
        source=source,
        origin=sources.page_of(survey, source),
        view=showing.view(chart, locale, profile, id_="chart"),
        places=places,
        form=form,
        problems=problems,
    )


def _place(form: Form) -> tuple[UUID, UUID]:
    """The draft and the article of the form. Raises Invalid."""
    draft, _, article = form.get("article").partition(":")
    try:
        return UUID(draft), UUID(article)
    except ValueError as fault:
        raise Invalid([Problem("article", N_("Choose the article that the chart belongs to."))]) from fault


@post(BASE + "/{evidence_id:uuid}/freeze", guards=[requires(*ROLES)])
async def freeze_chart(
    request: AnyRequest, evidence_id: FromPath[UUID], person: NamedDependency[Person], now: NamedDependency[datetime]
) -> Redirect:
    await operations.freeze(evidence_id=evidence_id, by=person.id, at=now)
    return _back(request)


@post(BASE + "/{evidence_id:uuid}/detach", guards=[requires(*ROLES)])
async def detach_chart(
    request: AnyRequest, evidence_id: FromPath[UUID], person: NamedDependency[Person], now: NamedDependency[datetime]
) -> Redirect:
    await operations.detach(evidence_id=evidence_id, by=person.id, at=now)
    return _back(request)


def _back(request: AnyRequest) -> Redirect:
    above = request.scope["path"].partition("/charts")[0]
    return see_other(f"{above}/charts")


routes = [evidence_page, attach_chart, attach_page, attach_anywhere, freeze_chart, detach_chart]
nav: tuple[NavItem, ...] = ()
