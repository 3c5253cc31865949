"""Indices in the workspace: the list, one index with its series, its method in versions, earlier figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.charts import showing
from consult.errors import N_, Invalid, Problem, Refused
from consult.i18n import Locale, Text, languages
from consult.indices import charts, operations, queries
from consult.indices.standing import RULES, Standing, items_in, items_text
from consult.people.guards import requires
from consult.people.person import Person
from consult.profile import Profile
from consult.surveys import queries as surveys
from consult.surveys.survey import State
from consult.web import AnyRequest, Form, NavItem, page, read_form, to_staff

LIST = "/staff/{language:str}/indices"
ONE = f"{LIST}/{{key:str}}"
ROLES = frozenset({"analyst"})
GUARDS = [requires(*ROLES)]
nav = (NavItem(N_("Indices"), "indices", ROLES),)
NUMBER_WRONG = N_("Write a number, such as 72.5.")


@get(LIST, guards=GUARDS)
async def index_list(
    request: AnyRequest, locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    found = []
    those = await queries.indices()
    series = await queries.all_series(those, at=now)
    for one in those:
        waves = series[one.id]
        last = waves[-1] if waves else None
        said = charts.written(last.estimate.value or 0, one.standing, locale) if last else ""
        found.append((one, last, said))
    return page(request, "indices/list.html", found=found)


@get(f"{LIST}/new", guards=GUARDS)
async def new_index(request: AnyRequest) -> Response[bytes]:
    return _form_page(request, None, Form({"rule": ["mean"]}))


@post(f"{LIST}/new", guards=GUARDS)
async def create_index(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    form = await read_form(request)
    standing, problems = _standing(form)
    try:
        _refuse(problems)
        await operations.define(key=form.get("key"), standing=standing, at=now, person=person.id)
    except Invalid as invalid:
        return _form_page(request, None, form, invalid.problems)
    return to_staff(locale, "indices", form.get("key"))


@get(ONE, guards=GUARDS)
async def one_index(
    request: AnyRequest,
    key: FromPath[str],
    profile: NamedDependency[Profile],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    return await _one_page(request, await queries.index(key), locale, profile, now, Form())


@get(f"{ONE}/edit", guards=GUARDS)
async def edit_index(request: AnyRequest, key: FromPath[str]) -> Response[bytes]:
    found = await queries.index(key)
    return _form_page(request, found, _filled(found.standing))


@post(f"{ONE}/edit", guards=GUARDS)
async def change_index(
    request: AnyRequest,
    key: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    form = await read_form(request)
    found = await queries.index(key)
    standing, problems = _standing(form)
    try:
        _refuse(problems)
        await operations.change(key=key, standing=standing, at=now, person=person.id)
    except Invalid as invalid:
        return _form_page(request, found, form, invalid.problems)
    except operations.SameVersion as same:
        return _form_page(request, found, form, (Problem("", same.message),))
    return to_staff(locale, "indices", key)


@post(f"{ONE}/keep/{{slug:str}}", guards=GUARDS)
async def keep_wave(
    key: FromPath[str],
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    survey = await surveys.survey(slug)
    await operations.keep_wave(key=key, survey_id=survey.id, at=now, person=person.id)
    return to_staff(locale, "indices", key)


@post(f"{ONE}/earlier", guards=GUARDS)
async def record_earlier(
    request: AnyRequest,
    key: FromPath[str],
    profile: NamedDependency[Profile],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Take in a figure that was measured before the platform was there."""
    form = await read_form(request)
    found = await queries.index(key)
    label = form.get("label")
    try:
        await operations.record_elsewhere(
            key=key,
            on=_day(form.get("on")),
            label=dict.fromkeys(languages(), label) if label else _label(form.get("on")),
            value=_number(form.get("value")),
            people=_whole(form.get("people")),
            origin=form.get("origin"),
            at=now,
            person=person.id,
        )
    except (Invalid, Refused) as refused:
        problems = refused.problems if isinstance(refused, Invalid) else (Problem("on", refused.message),)
        return await _one_page(request, found, locale, profile, now, form, problems)
    return to_staff(locale, "indices", key)


async def _one_page(
    request: AnyRequest,
    found: queries.Index,
    locale: Locale,
    profile: Profile,
    now: datetime,
    form: Form,
    problems: tuple[Problem, ...] = (),
) -> Response[bytes]:
    waves = await queries.series(found, at=now)
    before = await queries.versions(found.id)
    chart = charts.line(found, waves, before, at=now)
    closed = {one.slug for one in await surveys.all_surveys() if one.state(now) is State.CLOSED}
    return page(
        request,
        "indices/one.html",
        status=422 if problems else 200,
        index=found,
        rule=RULES[found.standing.rule],
        versions=before,
        waves=[(wave, *_said(wave, found.standing, locale)) for wave in waves],
        view=showing.view(chart, locale, profile),
        closed=closed,
        form=form,
        problems=problems,
    )


def _said(wave: queries.Wave, standing: Standing, locale: Locale) -> tuple[str, str]:
    """The value and its interval in words; the interval is empty without one."""
    found = wave.estimate
    value = charts.written(found.value or 0, standing, locale)
    if found.low is None or found.high is None:
        return value, ""
    return value, f"{charts.written(found.low, standing, locale)}–{charts.written(found.high, standing, locale)}"


def _form_page(
    request: AnyRequest, found: queries.Index | None, form: Form, problems: tuple[Problem, ...] = ()
) -> Response[bytes]:
    return page(
        request,
        "indices/form.html",
        status=422 if problems else 200,
        index=found,
        form=form,
        rules=list(RULES.items()),
        offered=languages(),
        authentic=request.app.state.shell.profile.authentic_language,
        problems=problems,
    )


def _standing(form: Form) -> tuple[Standing, list[Problem]]:
    """What the form says, and what in it is no number or no concept; the rest is judged by `standing.faults`."""
    items, problems = items_in(form.get("items"))
    target, boxes = _number(form.get("target")), _whole(form.get("boxes") or "2")
    if form.get("target") and target is None:
        problems.append(Problem("target", NUMBER_WRONG))
    rule = form.get("rule") if form.get("rule") in RULES else "mean"
    made = Standing(
        name=_texts(form, "name"),
        rule=rule,  # type: ignore[arg-type]
        items=items,
        boxes=1 if boxes == 1 else 2,
        weights=form.get("weights"),
        target=target,
        changed=_texts(form, "changed"),
    )
    return made, problems


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Invalid(problems)


def _filled(standing: Standing) -> Form:
    values = {f"name-{code}": [text] for code, text in standing.name.items()}
    target = "" if standing.target is None else f"{standing.target:g}"
    values |= {"rule": [standing.rule], "items": [items_text(standing.items)], "boxes": [str(standing.boxes)]}
    return Form(values | {"weights": [standing.weights], "target": [target]})


def _texts(form: Form, name: str) -> Text:
    found = {code: form.get(f"{name}-{code}") for code in languages()}
    return {code: text for code, text in found.items() if text}


def _label(day: str) -> Text:
    return dict.fromkeys(languages(), day)


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".").replace("−", "-"))
    except ValueError:
        return None


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


routes = [index_list, new_index, create_index, one_index, edit_index, change_index, keep_wave, record_earlier]
