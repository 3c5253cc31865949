"""The page “Downloads” of a survey's results: asking for a file, watching it, taking it away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from consult.columns.frame import frame
from consult.columns.published import rule_of
from consult.errors import N_, Invalid, NotFound, Problem
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.people.guards import requires
from consult.people.person import Person
from consult.records.attachment import download_headers
from consult.results import rule
from consult.results.downloads import operations, queries, ranges
from consult.results.downloads.export import ANSWERS, FILE_WORDS, FILES, Asked
from consult.results.formats.weights import weight_names
from consult.surveys import queries as surveys
from consult.surveys.responses.flags import ALL
from consult.web import AnyRequest, NavItem, page, read_form, to_staff
from consult.web.forms import Form

READERS = frozenset({"analyst", "designer"})
SEE_PERSONS = "analyst"
MEGABYTE = 1_000_000
CHOOSE = N_("Choose what is offered here.")
nav: list[NavItem] = []


@get("/staff/{language:str}/results/{slug:str}/downloads", guards=[requires(*READERS)])
async def downloads(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    return await _shown(request, slug, locale, person, now)


async def _shown(
    request: AnyRequest,
    slug: str,
    locale: Locale,
    person: Person,
    now: datetime,
    problems: tuple[Problem, ...] = (),
    form: Form | None = None,
) -> Response[bytes]:
    survey = await surveys.survey(slug)
    if not survey.version:
        raise NotFound
    chosen = form.list("without") if form is not None else await rule_of(survey.id)
    left = (await frame(survey.id, without=chosen)).left
    found = await queries.exports_of(survey.id, now)
    return page(
        request,
        "results/downloads.html",
        status=422 if problems else 200,
        survey=survey,
        problems=problems,
        form=form,
        exports=found,
        is_under_way=any(one.is_under_way for one in found),
        files=[(name, locale.gettext(FILE_WORDS[name])) for name in FILES],
        answers=ANSWERS,
        words=FILE_WORDS,
        offered=[locale_of(code) for code in languages()],
        sizes={one.id: _size(one.size, locale) for one in found},
        weights=await weight_names(survey.id),
        marks=rule.marks(left, locale),
        sees_persons=person.may(SEE_PERSONS),
    )


def _size(size: int, locale: Locale) -> str:
    if size < MEGABYTE:
        return locale.gettext("%(size)s kB", size=locale.number(max(size / 1000, 1), 0))
    return locale.gettext("%(size)s MB", size=locale.number(size / MEGABYTE, 1))


@post("/staff/{language:str}/results/{slug:str}/downloads", guards=[requires(*READERS)])
async def ask(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    survey = await surveys.survey(slug)
    form = await read_form(request)
    may = person.may(SEE_PERSONS)
    try:
        asked = _asked(form, may_see_persons=may, weights=[name for name, _ in await weight_names(survey.id)])
    except Invalid as refused:
        return await _shown(request, slug, locale, person, now, refused.problems, form)
    await operations.ask(survey_id=survey.id, asked=asked, person=person.id, may_see_persons=may, at=now)
    return to_staff(locale, "results", slug, "downloads", anchor="files")


def _asked(form: Form, *, may_see_persons: bool, weights: list[str]) -> Asked:
    """Raises Invalid with what is not offered."""
    file = next((name for name in FILES if name == form.get("file")), None)
    language = next((code for code in languages() if code == form.get("words")), None)
    problems = [Problem(name, CHOOSE) for name, one in (("file", file), ("words", language)) if one is None]
    if form.get("weights") not in ("", *weights):
        problems.append(Problem("weights", CHOOSE))
    if problems or file is None or language is None:
        raise Invalid(problems)
    return Asked(
        file=file,
        language=language,
        values="labels" if form.get("values") == "labels" else "codes",
        weights=form.get("weights") if file in ANSWERS else "",
        without=tuple(flag for flag in ALL if flag in form.list("without")),
        impersonal=not may_see_persons or bool(form.get("impersonal")),
        bom=bool(form.get("bom")),
    )


@get("/staff/{language:str}/results/{slug:str}/downloads/{export_id:uuid}", guards=[requires(*READERS)])
async def file(
    request: AnyRequest,
    slug: FromPath[str],
    export_id: FromPath[UUID],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Stream:
    """The file or the part that is asked for (Range, If-Range): an interrupted download goes on where it broke off."""
    survey = await surveys.survey(slug)
    found = await queries.export(export_id)
    if found.survey != survey.id:
        raise NotFound
    part = ranges.part_of(found.size, found.etag, request.headers.get("range"), request.headers.get("if-range"))
    begins = part.first == 0 and part.status != 416
    may = person.may(SEE_PERSONS)
    await operations.take(export_id=export_id, person=person.id, may_see_persons=may, at=now, begins=begins)
    headers = download_headers(found.name, found.media_type) | part.headers
    headers |= {"etag": found.etag, "accept-ranges": "bytes"}
    body = _nothing() if part.status == 416 else ranges.bytes_of(operations.file_of(export_id), part)
    return Stream(body, status_code=part.status, media_type=found.media_type, headers=headers)


async def _nothing() -> AsyncIterator[bytes]:
    yield b""


@post("/staff/{language:str}/results/{slug:str}/downloads/{export_id:uuid}/delete", guards=[requires(*READERS)])
async def delete(
    slug: FromPath[str],
    export_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    survey = await surveys.survey(slug)
    if (await queries.export(export_id)).survey != survey.id:
        raise NotFound
    await operations.forget(export_id=export_id, person=person.id, at=now)
    return to_staff(locale, "results", slug, "downloads", anchor="files")


routes = [downloads, ask, file, delete]
