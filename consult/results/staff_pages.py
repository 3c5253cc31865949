"""Results in the workspace: every survey's charts before and after publication, publishing, downloads."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import anyio
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Stream

from consult.errors import N_, NotFound
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.people.guards import requires
from consult.people.person import Person
from consult.profile import Profile
from consult.results import exports, operations, overview, pages, queries, rule
from consult.results.counting import STAFF
from consult.results.formats.taking import Wanted
from consult.results.formats.writing import write
from consult.surveys import queries as surveys
from consult.surveys.flags import ALL
from consult.web import NavItem, page, read_form

AnyRequest = Request[Any, Any, Any]
READERS = frozenset({"analyst", "designer"})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 64 * 1024
nav = (NavItem(N_("Results"), "results", READERS),)


def without_in(request: AnyRequest) -> tuple[str, ...]:
    """The flags whose answers are to be left out: ?without=too_fast&without=burst. Unknown ones are dropped."""
    asked = request.query_params.getall("without", [])
    return tuple(flag for flag in ALL if flag in asked)


@get("/staff/{language:str}/results", guards=[requires(*READERS)])
async def staff_results(request: AnyRequest, now: NamedDependency[datetime]) -> Response[bytes]:
    found = [survey for survey in await surveys.all_surveys() if survey.version]
    return page(
        request,
        "results/staff_list.html",
        surveys=found,
        counts=await surveys.counts(),
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
    rule_in_force = await queries.rule_of(survey.id)
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
        words=pages.method_words(results, locale),
        counted=rule.said(results.left, locale),
        marks=rule.marks(results.left, locale),
        left=results.left,
        is_other_rule=results.left.flags != rule_in_force,
        survey=survey,
        policy=STAFF,
        may_download=person.may("analyst"),
        offered=[locale_of(code) for code in languages()],
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
    return Redirect(f"/staff/{locale.code}/results/{slug}", status_code=303)


@post("/staff/{language:str}/results/{slug:str}/withdraw", guards=[requires(*READERS)])
async def withdraw(
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    survey = await surveys.survey(slug)
    await operations.withdraw_results(survey_id=survey.id, at=now, person=person.id)
    return Redirect(f"/staff/{locale.code}/results/{slug}", status_code=303)


@get("/staff/{language:str}/results/{slug:str}/answers", guards=[requires("analyst")])
async def download(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
    file: FromQuery[str] = "csv",
    values: FromQuery[str] = "labels",
    words: FromQuery[str | None] = None,
    bom: FromQuery[str | None] = None,
    impersonal: FromQuery[str | None] = None,
) -> Stream:
    """The answers as a file: file csv, xlsx or codebook, values by codes or labels, words in a language.

    impersonal leaves out the columns that may name a person, without= answers with these flags.
    """
    survey = await surveys.survey(slug)
    await exports.definition_of(survey.id)
    chosen = locale_of(words) if words else locale
    by_codes = values == "codes"
    if file not in ("csv", "xlsx", "codebook"):
        raise NotFound
    wanted = Wanted(None if by_codes else chosen, without_in(request), bool(impersonal))
    name = _name(slug, file, chosen, wanted)
    await operations.note_download(survey_id=survey.id, what=name, at=now, person=person.id)
    media_type = "text/csv; charset=utf-8"
    if file == "csv":
        body = exports.csv_blocks(survey.id, wanted, bom=bool(bom))
    elif file == "codebook":
        body = _whole(await exports.codebook_csv(survey.id, chosen))
    else:
        body, media_type = _workbook(survey.id, chosen, wanted), XLSX
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Stream(body, media_type=media_type, headers=headers)


def _name(slug: str, file: str, locale: Locale, wanted: Wanted) -> str:
    """A file's name says what is in it."""
    if file == "codebook":
        return f"{slug}-codebook-{locale.code}.csv"
    parts = [slug, "codes" if wanted.locale is None else locale.code]
    parts += ["impersonal"] if wanted.impersonal else []
    parts += [f"without-{flag.replace('_', '-')}" for flag in wanted.without]
    return f"{'-'.join(parts)}.{file}"


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def _workbook(survey_id: Any, locale: Locale, wanted: Wanted) -> AsyncIterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="consult-") as folder:
        path = Path(folder, "answers.xlsx")
        await write(survey_id, "xlsx", path, locale=locale, wanted=wanted)
        async with await anyio.open_file(path, "rb") as made:
            while block := await made.read(CHUNK):
                yield block


routes = [staff_results, staff_survey_results, publish, withdraw, download]
