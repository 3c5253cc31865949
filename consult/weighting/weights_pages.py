"""The workspace's pages on the weights of a survey: the sets there are, a new one, one with all that it does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.charts.chart import Source
from consult.columns.frame import Frame
from consult.columns.published import counted
from consult.documents import sheets
from consult.errors import Invalid, Problem
from consult.i18n import Locale
from consult.i18n import locale as locale_of
from consult.people.guards import requires
from consult.people.person import Person
from consult.profile import Profile
from consult.surveys import queries as surveys
from consult.surveys.survey import Survey
from consult.web import AnyRequest, Form, page, read_files, read_form, read_query, to_staff
from consult.weighting import operations, population, queries, views, weights_forms
from consult.weighting.declared import may_group
from consult.weighting.queries import WeightSet
from consult.weighting.recipe import Margin, Recipe, matched

GUARDS = [requires("analyst", "designer")]
HERE = "/staff/{language:str}/results/{slug:str}/weights"
SET = f"{HERE}/{{key:str}}"


@get(HERE, guards=GUARDS)
async def weights_list(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    survey = await surveys.survey(slug)
    return page(
        request,
        "weighting/list.html",
        survey=survey,
        sets=await queries.weight_sets(survey.id),
        declaration=await queries.declaration(survey.id),
        done=request.query_params.get("done", ""),
    )


def choosing(
    request: AnyRequest,
    survey: Survey,
    profile: Profile,
    form: Form,
    *,
    problems: tuple[Problem, ...] = (),
    found: WeightSet | None = None,
) -> Response[bytes]:
    """The page on which distributions are chosen: for a new set, or for `found`."""
    return page(
        request,
        "weighting/choose.html",
        status=422 if problems else 200,
        survey=survey,
        offered=population.of_profile(profile),
        form=form,
        problems=problems,
        found=found,
    )


async def chosen(form: Form, profile: Profile, made: Frame, before: Recipe) -> tuple[Margin, ...]:
    """The distributions that a form names, matched with questions that `before` does not use. Raises Invalid."""
    offered = population.of_profile(profile)
    margins = [margin for number, margin in enumerate(offered) if str(number) in form.list("margins")]
    upload = form.files.get("file")
    content = upload.content if upload is not None and upload.content else form.get("table").encode()
    if content.strip():
        margins += population.of_sheet(await sheets.read(content), form.get("source")[:200])
    return matched(margins, may_group(made.variables), [margin.variable for margin in before.margins])


@get(f"{HERE}/new", guards=GUARDS)
async def new_weights(
    request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str], profile: NamedDependency[Profile]
) -> Response[bytes]:
    return choosing(request, await surveys.survey(slug), profile, Form())


@post(f"{HERE}/new", guards=GUARDS)
async def create_weights(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    survey = await surveys.survey(slug)
    form = await read_files(request)
    try:
        recipe = Recipe(await chosen(form, profile, await counted(survey.id), Recipe()))
        key = await operations.create_weights(
            survey_id=survey.id, name=form.get("name"), recipe=recipe, at=now, person=person.id
        )
    except Invalid as refused:
        return choosing(request, survey, profile, form, problems=refused.problems)
    return to_staff(locale, "results", slug, "weights", key, done="created")


@get(f"{SET}/add", guards=GUARDS)
async def more_margins(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    key: FromPath[str],
    profile: NamedDependency[Profile],
) -> Response[bytes]:
    survey = await surveys.survey(slug)
    return choosing(request, survey, profile, Form(), found=await queries.weight_set(survey.id, key))


@post(f"{SET}/add", guards=GUARDS)
async def add_margins(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    key: FromPath[str],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    survey = await surveys.survey(slug)
    found = await queries.weight_set(survey.id, key)
    form = await read_files(request)
    try:
        margins = await chosen(form, profile, await counted(survey.id), found.recipe)
        await operations.add_margins(survey_id=survey.id, key=key, margins=margins, at=now, person=person.id)
    except Invalid as refused:
        return choosing(request, survey, profile, form, problems=refused.problems, found=found)
    return to_staff(locale, "results", slug, "weights", key, done="saved")


async def view(
    request: AnyRequest,
    survey: Survey,
    found: WeightSet,
    made: Frame,
    *,
    form: Form | None = None,
    recipe: Recipe | None = None,
    problems: tuple[Problem, ...] = (),
) -> Response[bytes]:
    """A set of weights with all that it does; with problems, the recipe that was not saved and its form."""
    locale, profile = locale_of(request.path_params["language"]), request.app.state.shell.profile
    recipe = recipe or found.recipe
    weighed = await queries.tried(made, recipe)
    asked = read_query(request).list("show")
    return page(
        request,
        "weighting/weights.html",
        status=422 if problems else 200,
        survey=survey,
        found=found,
        recipe=recipe,
        form=form or weights_forms.filled(found.name, recipe, locale),
        problems=problems,
        n=made.n,
        weighed=weighed,
        reason=views.reason(weighed, locale),
        places=views.places(recipe, weighed.faults, locale),
        sides=views.sides(made, recipe, weighed),
        spread=views.spread(weighed.weights, _source(survey, made), locale, profile, weighed),
        outside=views.left_out(made, recipe),
        variables=may_group(made.variables),
        changeable=views.changeable(made),
        changes=views.changes(made, weighed, asked, recipe),
        asked=asked,
        declared=await queries.design_of(survey.id),
        done=request.query_params.get("done", ""),
    )


def _source(survey: Survey, made: Frame) -> Source:
    return Source(
        made.definition.title, survey.slug, "weights", "open", made.n, made.snapshot.taken_at, made.snapshot.key
    )


@get(SET, guards=GUARDS)
async def weights_page(
    request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str], key: FromPath[str]
) -> Response[bytes]:
    survey = await surveys.survey(slug)
    return await view(request, survey, await queries.weight_set(survey.id, key), await counted(survey.id))


@post(SET, guards=GUARDS)
async def save_weights(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    key: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    survey = await surveys.survey(slug)
    found = await queries.weight_set(survey.id, key)
    made = await counted(survey.id)
    form = await read_form(request)
    variables = {one.key: one for one in may_group(made.variables)}
    recipe, problems = weights_forms.read(form, found.recipe, variables)
    try:
        if problems:
            raise Invalid(problems)
        await operations.save_weights(
            survey_id=survey.id, key=key, name=form.get("name"), recipe=recipe, frame=made, at=now, person=person.id
        )
    except Invalid as refused:
        return await view(request, survey, found, made, form=form, recipe=recipe, problems=refused.problems)
    return to_staff(locale, "results", slug, "weights", key, done="saved")


@post(f"{SET}/default", guards=GUARDS)
async def choose_default(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    key: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    survey = await surveys.survey(slug)
    found = await queries.weight_set(survey.id, key)
    use = (await read_form(request)).flag("use")
    await operations.set_default(survey_id=survey.id, key=found.key if use else "", at=now, person=person.id)
    return to_staff(locale, "results", slug, "weights", key, done="default")


@post(f"{SET}/delete", guards=GUARDS)
async def delete_weights(
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    key: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    survey = await surveys.survey(slug)
    await operations.delete_weights(survey_id=survey.id, key=key, at=now, person=person.id)
    return to_staff(locale, "results", slug, "weights", done="deleted")


nav: list[Any] = []
routes = [
    weights_list, new_weights, create_weights, more_margins, add_margins, weights_page, save_weights, choose_default,
    delete_weights,
]  # fmt: skip
