"""What analysts send from the pages of written answers: codes for answers, and the codes themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.coding import operations
from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.explorer import text_views as views
from consult.explorer.text_corpus import chosen
from consult.explorer.text_pages import CODERS, Opened, Visit, opened, shown
from consult.i18n import Locale, languages
from consult.people.guards import requires
from consult.people.person import Person
from consult.profile import Profile
from consult.web import AnyRequest, Form, read_form, see_other
from consult.web.forms import parse_form

NO_ANSWER = N_("Tick the answers that you mean.")
NO_CODE = N_("Tick at least one code, or write a new one.")
ACTS = ("add", "none", "remove", "clear")


def back(locale: Locale, of: Opened, done: int | None = None) -> Redirect:
    """To the same view of the same answers."""
    query = of.state.here + ("" if done is None else f"&done={done}")
    path = f"/staff/{locale.code}/results/{of.survey.slug}/texts/{of.question.key}"
    return see_other(f"{path}?{query.lstrip('&')}" if query else path)


def state_sent(form: Form) -> Form:
    return parse_form(form.get("state").encode("ascii", "replace"))


@post("/staff/{language:str}/results/{slug:str}/texts/{question:str}/assign", guards=[requires(CODERS)])
async def assign(
    request: AnyRequest,
    slug: FromPath[str],
    question: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Give codes to ticked answers, groups or wordings, or to all that are found; or take codes away."""
    form = await read_form(request)
    of = await opened(slug, question, state_sent(form))
    asked = await chosen(of.texts, of.state, of.codes)
    meant = await views.selected(
        of.texts, responses=form.list("answer"), groups=form.list("group"), wordings=form.list("wording"),
        chosen=asked, everything=form.flag("everything"),
    )  # fmt: skip
    problems = _problems(form, meant)
    if not problems:
        try:
            return back(locale, of, await _done(form, of, meant, person, now, locale))
        except Invalid as refused:
            problems = refused.problems
        except Refused as refused:
            problems = (refused.problem("answer"),)
    return await shown(Visit(request, locale, profile, person, now), of, form=form, problems=problems, status=422)


def _problems(form: Form, meant: Sequence[UUID]) -> tuple[Problem, ...]:
    act, found = form.get("act"), []
    if act not in ACTS:
        raise NotFound
    if not meant:
        found.append(Problem("answer", NO_ANSWER))
    named = form.list("code") or (act == "add" and form.get("new"))
    if act in ("add", "remove") and not named:
        found.append(Problem("code", NO_CODE))
    return tuple(found)


async def _done(
    form: Form, of: Opened, meant: Sequence[UUID], person: Person, now: datetime, locale: Locale
) -> int:  # fmt: skip
    act, keys = form.get("act"), form.list("code")
    if act in ("remove", "clear"):
        return await operations.take_away(
            survey_id=of.survey.id, question=of.question.key, responses=meant, keys=keys if act == "remove" else None,
            at=now, person=person.id, coder=of.state.coder,
        )  # fmt: skip
    is_new = act == "add" and form.get("new")
    return await operations.assign(
        survey_id=of.survey.id, question=of.question.key, responses=meant, keys=keys if act == "add" else (),
        new={locale.code: form.get("new")} if is_new else None, at=now, person=person.id, coder=of.state.coder,
    )  # fmt: skip


@post("/staff/{language:str}/results/{slug:str}/texts/{question:str}/codes", guards=[requires(CODERS)])
async def codes(
    request: AnyRequest,
    slug: FromPath[str],
    question: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Add a code, or rename, merge or delete one: `act` says which, `key` of which code."""
    form = await read_form(request)
    of = await opened(slug, question, state_sent(form))
    try:
        await _change(form, of, person, now)
    except Invalid as refused:
        return await shown(
            Visit(request, locale, profile, person, now), of, form=form, problems=refused.problems, status=422
        )
    except operations.SameCode as refused:
        problem = Problem(f"into-{form.get('key')}", refused.message)
        return await shown(Visit(request, locale, profile, person, now), of, form=form, problems=(problem,), status=422)
    return back(locale, of)


async def _change(form: Form, of: Opened, person: Person, now: datetime) -> None:
    key, act = form.get("key"), form.get("act")
    what: dict[str, Any] = {
        "survey_id": of.survey.id, "question": of.question.key, "at": now, "person": person.id,
    }  # fmt: skip
    prefix = key or "label"
    label = {code: form.get(f"{prefix}-{code}") for code in languages()}
    place = f"{prefix}-{languages()[0]}"
    if act == "add":
        await operations.add_code(**what, label=label, place=place)
    elif act == "rename":
        await operations.rename_code(**what, key=key, label=label, place=place)
    elif act == "merge":
        await operations.merge_codes(**what, key=key, into=form.get(f"into-{key}"))
    elif act == "delete":
        await operations.delete_code(**what, key=key)
    else:
        raise NotFound


routes = [assign, codes]
nav: tuple[Any, ...] = ()
