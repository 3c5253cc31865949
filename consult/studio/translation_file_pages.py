"""Translations as files: downloads, and uploads that are told before they are taken over."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import N_, Invalid, NotFound, Problem
from consult.exchange import translation_files as files
from consult.exchange import workbooks
from consult.exchange.report import NotReadable
from consult.i18n import AUTONYMS, Locale, languages
from consult.people.guards import requires
from consult.people.person import Person
from consult.studio import translation_operations as operations
from consult.studio.translation import Wish
from consult.studio.translation_import import plan, rows
from consult.studio.translation_pages import TRANSLATE, Desk, back, desk_of, view
from consult.studio.wording import difference
from consult.surveys.authoring.translations import STATE_NAMES
from consult.web import AnyRequest, Form, page, read_files, read_form

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_FILE = N_("Choose a file: the workbook or the .po file that a translator sent back.")
Posted = list[tuple[str, str, str, str, str]]


@get("/staff/{language:str}/surveys/{slug:str}/translate/{name:str}", guards=[requires(*TRANSLATE)])
async def download(
    request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str], name: FromPath[str]
) -> Response[bytes]:
    """all.xlsx, or ka.po."""
    desk = await desk_of(request, slug, [])
    targets = tuple(code for code in desk.wanted if code != desk.source)
    words = {state: locale.gettext(label) for state, label in STATE_NAMES.items()}
    found = rows(desk.definition, desk.made, targets, words)
    code, _, kind = name.rpartition(".")
    if name == "all.xlsx":
        body, media_type = files.write_workbook(found, desk.source, targets), XLSX
    elif kind == "po" and code in targets:
        body, media_type = files.write_catalogue(found, desk.source, code, slug), "text/x-gettext-translation"
    else:
        raise NotFound
    headers = {"content-disposition": f'attachment; filename="{slug}-{name}"', "cache-control": "no-store"}
    return Response(body, media_type=media_type, headers=headers)


@post("/staff/{language:str}/surveys/{slug:str}/translate/file", guards=[requires(*TRANSLATE)])
async def upload(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    """Tell what a file would change."""
    form = await read_files(request)
    desk = await desk_of(request, slug, [])
    sent = form.files.get("file")
    if sent is None or not sent.content:
        return await refused(request, desk, (Problem("file", NO_FILE),))
    read = files.read_workbook if workbooks.is_workbook(sent.content) else files.read_catalogue
    try:
        incoming = await asyncio.to_thread(read, sent.content)
    except NotReadable as fault:
        return await refused(request, desk, fault.problems)
    found = plan(desk.definition, desk.made, incoming, languages())
    posted: Posted = [
        (one.wish.place, one.wish.language, one.wish.value, one.wish.source_mark, one.wish.value_mark)
        for one in found.changes
    ]
    return page(
        request,
        "studio/translation-file.html",
        survey=desk.survey,
        plan=found,
        source=desk.source,
        autonyms=AUTONYMS,
        difference=difference,
        changes=msgspec.json.encode(posted).decode(),
        confirmed=msgspec.json.encode([(line.place, line.language) for line in found.confirmed]).decode(),
    )


async def refused(request: AnyRequest, desk: Desk, problems: tuple[Problem, ...]) -> Response[bytes]:
    return await view(request, desk, Form(), show="open", problems=problems, status=422)


@post("/staff/{language:str}/surveys/{slug:str}/translate/apply", guards=[requires(*TRANSLATE)])
async def apply(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    """Take over what `upload` told; what has changed since is refused."""
    form = await read_form(request)
    desk = await desk_of(request, slug, [])
    try:
        changes = msgspec.json.decode(form.get("changes") or "[]", type=Posted)
        confirmed = msgspec.json.decode(form.get("confirmed") or "[]", type=list[tuple[str, str]])
        await operations.translate(
            survey_id=desk.survey.id,
            wishes=[Wish(*one) for one in changes],
            languages=languages(),
            at=now,
            person=person.id,
            confirmed=confirmed,
        )
    except msgspec.DecodeError:
        return await refused(request, desk, (Problem("file", NO_FILE),))
    except Invalid as fault:
        return await refused(request, desk, tuple(replace(one, place="") for one in fault.problems))
    return back(locale, slug, Form(), "imported")


routes = [download, upload, apply]
nav: list[object] = []
