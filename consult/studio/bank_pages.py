"""Beginning a survey (empty, as a copy, from a ready-made one), and taking questions from the bank."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem
from consult.i18n import Locale, languages, pick
from consult.people.guards import requires
from consult.people.person import Person
from consult.profile import Profile
from consult.studio import bank, edits, naming, operations, queries
from consult.studio.editor import page_of, place_or_first
from consult.studio.editor_pages import EDIT
from consult.studio.fields import TYPES, WORDS, tag_of
from consult.surveys import operations as surveys
from consult.surveys import queries as survey_queries
from consult.surveys.definition import schema as d
from consult.surveys.staff.pages import BUILD
from consult.web import AnyRequest, Form, page, read_form, to_staff

BEGIN = "/staff/{language:str}/surveys/begin"
NO_TITLE = N_("Write a title in at least one language.")
NO_ADDRESS = N_("Write an address from small letters a to z, digits and hyphens.")


def _short(text: d.Text, locale: Locale) -> str:
    return pick(text, locale.code, locale.order)[0]


@get(BEGIN, guards=[requires(*BUILD)])
async def begin(
    request: AnyRequest, locale: NamedDependency[Locale], profile: NamedDependency[Profile]
) -> Response[bytes]:
    return await _begin_view(request, Form(), locale, profile)


async def _begin_view(
    request: AnyRequest, form: Form, locale: Locale, profile: Profile, problems: tuple[Problem, ...] = ()
) -> Response[bytes]:
    first = profile.authentic_language
    codes = [first, *(code for code in languages() if code != first)]
    copies = [
        (f"survey:{one.slug}", _short(one.title, locale) or one.slug) for one in await survey_queries.all_surveys()
    ]
    ready = [(f"ready:{one.key}", _short(one.title, locale)) for one in bank.ready_made()]
    return page(
        request,
        "studio/begin.html",
        status=422 if problems else 200,
        form=form,
        problems=problems,
        named=[(code, str(locale.babel.languages.get(code, code))) for code in codes],
        copies=copies,
        ready=ready,
        modes=[(mode, locale.gettext(WORDS[mode])) for mode in ("anonymous", "confidential", "identified")],
    )


@post(BEGIN, guards=[requires(*BUILD)])
async def begin_survey(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    profile: NamedDependency[Profile],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    form = await read_form(request)
    try:
        definition = await _begun(form, profile)
        await surveys.start_working_copy(definition=definition, at=now, person=person.id)
    except Invalid as refused:
        return await _begin_view(request, form, locale, profile, refused.problems)
    return to_staff(locale, "surveys", definition.key, "edit")


async def _begun(form: Form, profile: Profile) -> d.Definition:
    """The definition that the form describes. Raises Invalid."""
    chosen = [code for code in languages() if code in form.list("languages")] or list(languages())
    first = profile.authentic_language
    order = (*(code for code in chosen if code == first), *(code for code in chosen if code != first))
    title = {code: form.get(f"title.{code}") for code in order if form.get(f"title.{code}")}
    source = await _source(form.get("from"))
    problems = [] if title else [Problem(f"title.{order[0]}", NO_TITLE)]
    words = title.get("en") or next(iter(title.values()), "")
    key = form.get("key") or await _free_address(naming.suggested(words, join="-", longest=50))
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) or len(key) > 60:
        problems.append(Problem("key", NO_ADDRESS))
    if problems:
        raise Invalid(problems)
    mode: Any = form.get("mode") if form.get("mode") in ("anonymous", "confidential", "identified") else "anonymous"
    if source is None:
        return d.Definition(
            consult="survey/1", key=key, title=title, languages=order, mode=mode, pages=(d.Page(key="page_1"),)
        )
    gone = set(source.languages) - set(order)
    kept = edits.without_languages(source, gone) if gone else source
    return msgspec.structs.replace(kept, key=key, title=title, languages=order, mode=mode)


async def _source(name: str) -> d.Definition | None:
    kind, _, key = name.partition(":")
    if kind == "ready":
        return next((one for one in bank.ready_made() if one.key == key), None)
    if kind == "survey":
        try:
            return (await queries.copy((await survey_queries.survey(key)).id)).definition
        except NotFound:
            return None
    return None


async def _free_address(wanted: str) -> str:
    taken = {one.slug for one in await survey_queries.all_surveys()} | {"new", "begin"}
    base = wanted or "survey"
    number, name = 1, base
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    return name


@get(EDIT + "/bank", guards=[requires(*BUILD)])
async def bank_page(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    """?q= searches in all languages."""
    survey = await survey_queries.survey(slug)
    copy = await queries.copy(survey.id)
    at = place_or_first(copy.definition, request.query_params.get("at", ""))
    query = request.query_params.get("q", "").replace("\0", "")[:200].strip()
    found = [
        (one, _short(one.question.text, locale), TYPES.get(tag_of(one.question), ""), _short(one.survey.title, locale),
         _short(one.survey.source, locale))
        for one in bank.search(query)
    ]  # fmt: skip
    return page(
        request,
        "studio/editor-bank.html",
        survey=survey,
        title=_short(copy.definition.title, locale) or slug,
        revision=copy.revision,
        at=at,
        query=query,
        found=found,
        most=bank.MOST_SHOWN,
    )


@post(EDIT + "/bank", guards=[requires(*BUILD)])
async def insert(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Redirect:
    form = await read_form(request)
    survey = await survey_queries.survey(slug)
    wanted = bank.picked(form.list("pick"))

    def edit(definition: d.Definition) -> edits.Edited:
        at = place_or_first(definition, form.get("_at"))
        current = page_of(definition, at) or definition.pages[-1]
        made = edits.Edited(definition, "", at=at)
        for entry in wanted:
            question = bank.fitted(entry, made.definition)
            after = made.at.removeprefix(edits.QUESTION)
            made = edits.insert_question(made.definition, question, current.key, after)
        return made

    saved = await operations.save(survey_id=survey.id, edit=edit, at=now, person=person.id)
    return to_staff(locale, "surveys", slug, "edit", anchor=quote(saved.edited.at), at=saved.edited.at)


routes = [begin, begin_survey, bank_page, insert]
nav: list[Any] = []
