"""Surveys from files of any known format, with a report first, and out again for other programs."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.errors import N_, Invalid
from consult.exchange import formats
from consult.exchange.formats import Imported
from consult.exchange.xlsform_writing import Exported, export
from consult.i18n import Locale, languages
from consult.people.guards import requires
from consult.people.person import Person
from consult.surveys import operations, queries
from consult.surveys.authoring.yaml_reading import Fault
from consult.surveys.conditions.terms import WORDS
from consult.surveys.definition.schema import Definition
from consult.surveys.survey import Survey
from consult.web import AnyRequest, NavItem, page, read_files, to_staff

BUILD = ("designer",)
SEE = ("designer", "translator", "clerk", "analyst")
NO_FILE = Fault("file", N_("Choose a file, or paste its text below."))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def view(
    request: AnyRequest, faults: tuple[Fault, ...] = (), found: Imported | None = None, status: int = 422
) -> Response[bytes]:
    foreign = found is not None and found.format != "yaml" and found.definition is not None
    return page(
        request,
        "studio/import.html",
        status=status,
        faults=faults,
        source=found.source.replace("\0", "") if found else "",
        losses=found.losses if found else (),
        taken=len(found.definition.questions) if found and foreign and found.definition else 0,
        can_mend=bool(found and found.definition and found.faults),
    )


def spoken(faults: tuple[Fault, ...], locale: Locale) -> tuple[Fault, ...]:
    """The same faults, with words such as “a number” in the reader's language."""
    words = set(WORDS.values())
    return tuple(
        replace(
            fault,
            parameters={
                name: locale.gettext(value) if isinstance(value, str) and value in words else value
                for name, value in fault.parameters.items()
            },
        )
        for fault in faults
    )


@get("/staff/{language:str}/surveys/new", guards=[requires(*BUILD)])
async def import_page(request: AnyRequest, locale: NamedDependency[Locale]) -> Response[bytes]:
    return view(request, status=200)


@post("/staff/{language:str}/surveys/new", guards=[requires(*BUILD)])
async def import_file(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    """Keep a sound file of our own format at once; show what becomes of any other first."""
    form = await read_files(request)
    upload = form.files.get("file")
    content, name = (upload.content, upload.name) if upload and upload.content else (form.get("source").encode(), "")
    if not content.strip():
        return view(request, (NO_FILE,))
    try:
        found = await asyncio.to_thread(formats.take, content, name, language=languages()[0])
        is_mended = bool(form.get("mend")) and not name
        if found.definition is None or (found.faults and not is_mended):
            return view(request, spoken(found.faults, locale), found)
        if found.format != "yaml":
            return view(request, (), found, 200)
        return await keep(found.definition, bool(found.faults), locale, person, now)
    except Invalid as refused:
        pasted = formats.as_pasted(content) if not name else None
        faults = tuple(Fault(problem.place, problem.message, problem.parameters) for problem in refused.problems)
        return view(request, faults, pasted)


async def keep(definition: Definition, is_faulty: bool, locale: Locale, person: Person, now: dt.datetime) -> Redirect:
    if is_faulty:
        await operations.start_working_copy(definition=definition, at=now, person=person.id)
        return to_staff(locale, "surveys", definition.key, "edit")
    await operations.import_working_copy(definition=definition, at=now, person=person.id)
    return to_staff(locale, "surveys", definition.key, done="imported")


async def exported(slug: str) -> tuple[Survey, Exported]:
    """The working copy, or the newest version where there is none. Raises NotFound."""
    survey = await queries.survey(slug)
    copy = await queries.working_copy(survey.id)
    definition = copy.definition if copy else (await queries.version(survey.id)).definition
    return survey, export(definition)


@get("/staff/{language:str}/surveys/{slug:str}/xlsform", guards=[requires(*SEE)])
async def xlsform_page(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    survey, found = await exported(slug)
    return page(request, "studio/xlsform.html", survey=survey, losses=found.losses)


@get("/staff/{language:str}/surveys/{slug:str}/xlsform.xlsx", guards=[requires(*SEE)])
async def xlsform_file(locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    survey, found = await exported(slug)
    headers = {"content-disposition": f'attachment; filename="{survey.slug}.xlsx"', "cache-control": "no-store"}
    return Response(found.content, media_type=XLSX, headers=headers)


routes = [import_page, import_file, xlsform_page, xlsform_file]
nav: list[NavItem] = []
