"""The workspace's page on which staff declare how a survey's respondents were chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.columns.column import Coded
from consult.columns.frame import Frame
from consult.columns.published import counted
from consult.columns.variables import Variable
from consult.errors import N_, Invalid, Problem
from consult.i18n import AUTONYMS, Locale, languages
from consult.people.guards import requires
from consult.people.person import Person
from consult.profile import Profile
from consult.surveys import queries as surveys
from consult.surveys.survey import Survey
from consult.web import AnyRequest, Form, page, read_form, to_staff
from consult.weighting import operations, population, queries
from consult.weighting.declared import KINDS, Declared, may_group
from consult.weighting.population import number_of
from consult.weighting.recipe import belonging

GUARDS = [requires("analyst", "designer")]
HERE = "/staff/{language:str}/results/{slug:str}/design"
LONGEST = 2_000
LARGEST = 10**10


def filled(declared: Declared) -> Form:
    """The form as the design stands."""
    values: dict[str, list[str]] = {
        "kind": [declared.kind],
        "strata": [declared.strata],
        "clusters": [declared.clusters],
    }
    values |= {"population": [str(declared.population or "")], "drawn": [str(declared.drawn or "")]}
    for code in languages():
        values[f"description-{code}"] = [declared.description.get(code, "")]
        values[f"frame-{code}"] = [declared.frame.get(code, "")]
    values |= {f"count-{point}": [str(count)] for point, count in declared.counts.items()}
    return Form(values)


def read(form: Form, variables: Mapping[str, Variable]) -> Declared:
    """The design that a form says. Raises Invalid with all that cannot be read."""
    problems: list[Problem] = []
    kind = form.get("kind")
    if kind not in KINDS:
        problems.append(Problem("kind", N_("Choose how respondents were chosen.")))
    counted: dict[str, int | None] = {}
    groups = variables[form.get("strata")].points if form.get("strata") in variables else ()
    for place in ("population", "drawn", *(f"count-{point}" for point in groups)):
        written = form.get(place)
        number = number_of(written) if written else None
        if written and (number is None or number < 1 or number > LARGEST or number != int(number)):
            problems.append(Problem(place, N_("Write a whole number of people, without words.")))
        counted[place] = None if number is None else int(number)
    texts = {
        part: {code: words for code in languages() if (words := form.get(f"{part}-{code}")[:LONGEST])}
        for part in ("description", "frame")
    }
    if problems:
        raise Invalid(problems)
    if kind != "sample":
        return Declared(kind=kind, population=counted["population"], **texts)  # type: ignore[arg-type]
    counts = {point: count for point in groups if (count := counted[f"count-{point}"])}
    return Declared(
        kind="sample", population=counted["population"], drawn=counted["drawn"], strata=form.get("strata"),
        counts=counts, clusters=form.get("clusters"), **texts,
    )  # fmt: skip


def suggested(form: Form, variable: Variable, profile: Profile) -> dict[str, str]:
    """How many people each group has: what was typed, else what the municipality's profile knows."""
    known: dict[str, str] = {}
    for margin in population.of_profile(profile):
        belongs = belonging(margin, variable)
        people = {group.key: group.people for group in margin.groups}
        if len(set(belongs.values())) == len(set(belongs)):
            known |= {point: f"{people[key]:.0f}" for point, key in belongs.items()}
    return {point: form.get(f"count-{point}") or known.get(point, "") for point in variable.points}


async def view(
    request: AnyRequest, survey: Survey, form: Form | None = None, problems: Sequence[Problem] = ()
) -> Response[bytes]:
    made = await counted(survey.id)
    declaration = await queries.declaration(survey.id)
    form = form or filled(declaration.design)
    variables = may_group(made.variables)
    strata = next((one for one in variables if one.key == form.get("strata")), None)
    return page(
        request,
        "weighting/design.html",
        status=422 if problems else 200,
        survey=survey,
        declaration=declaration,
        form=form,
        problems=tuple(problems),
        variables=variables,
        strata=strata,
        groups=_groups(made, strata, form, request.app.state.shell.profile) if strata else [],
        n=made.n,
        offered=[(code, AUTONYMS.get(code, code)) for code in languages()],
        done=request.query_params.get("done", ""),
    )


def _groups(made: Frame, strata: Variable, form: Form, profile: Profile) -> list[tuple[str, Any, int, str]]:
    """Each stratum: its point, its words, how many answered from it, how many people it has."""
    column = made.column(strata.key)
    assert isinstance(column, Coded)  # noqa: S101 - may_group offers no other
    answered = np.bincount(column.codes, minlength=len(column.points))
    people = suggested(form, strata, profile)
    return [
        (point, strata.labels.get(point, {}), int(answered[code]), people[point])
        for code, point in enumerate(column.points)
    ]


@get(HERE, guards=GUARDS)
async def design_page(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    return await view(request, await surveys.survey(slug))


@post(HERE, guards=GUARDS)
async def declare_design(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Save the declaration, or show the fields of the groups that were chosen."""
    survey = await surveys.survey(slug)
    form = await read_form(request)
    if form.get("go") == "groups":
        return await view(request, survey, form)
    made = await counted(survey.id)
    try:
        declared = read(form, {one.key: one for one in may_group(made.variables)})
        await operations.declare_design(survey_id=survey.id, declared=declared, frame=made, at=now, person=person.id)
    except Invalid as refused:
        return await view(request, survey, form, refused.problems)
    return to_staff(locale, "results", slug, "design", done="saved")


@post(f"{HERE}/withdraw", guards=GUARDS)
async def withdraw_design(
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    survey = await surveys.survey(slug)
    await operations.withdraw_design(survey_id=survey.id, at=now, person=person.id)
    return to_staff(locale, "results", slug, "design", done="withdrawn")


nav: list[Any] = []
routes = [design_page, declare_design, withdraw_design]
