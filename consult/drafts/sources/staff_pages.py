"""Taking the text of a draft from files: one for each language, a preview with what was lost, then the text page."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.drafts import forms, queries, regulation
from consult.drafts.draft import Draft
from consult.drafts.sources import formats
from consult.drafts.sources.report import MOST_SHOWN, NotReadable
from consult.errors import N_, Problem
from consult.i18n import Locale, languages
from consult.people.guards import requires
from consult.web import AnyRequest, Form, NavItem, page, read_files

IMPORT = "/staff/{language:str}/drafts/{slug:str}/import"
WRITES = [requires("designer", "translator")]
NO_FILE = N_("Choose at least one file.")


@dataclass(frozen=True, slots=True)
class Received:
    """What came of the file in one language."""

    language: str
    name: str
    taken: formats.Taken


@get(IMPORT, guards=WRITES)
async def import_form(request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale]) -> Response[bytes]:
    return _form_page(request, await queries.the_draft(slug))


@post(IMPORT, guards=WRITES)
async def take_files(request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale]) -> Response[bytes]:
    """Show what the files give; nothing is kept before the text page is asked to."""
    draft = await queries.the_draft(slug)
    form = await read_files(request)
    received: list[Received] = []
    problems: list[Problem] = []
    for language in languages():
        upload = form.files.get(f"file-{language}")
        if upload is None or not upload.content:
            continue
        try:
            taken = await asyncio.to_thread(formats.take, upload.content, language)
            received.append(Received(language, upload.name, taken))
        except NotReadable as refused:
            problems += [Problem(f"file-{language}", one.message, one.parameters) for one in refused.problems]
    if not received and not problems:
        problems = [Problem(f"file-{draft.authentic_language}", NO_FILE)]
    if problems:
        return _form_page(request, draft, problems, status=422)
    return await _preview(request, draft, received)


async def _preview(request: AnyRequest, draft: Draft, received: list[Received]) -> Response[bytes]:
    """The text page keeps all languages at once, so those without a file go along as they are."""
    working = forms.working_form(await queries.working_copy(draft.id))
    values = {name: working.list(name) for name in working}
    values |= {f"text-{one.language}": [one.taken.markdown] for one in received}
    texts = {name.removeprefix("text-"): found[-1] for name, found in values.items() if name.startswith("text-")}
    text = await asyncio.to_thread(regulation.align, texts, draft.authentic_language)
    return page(
        request,
        "drafts/staff_import.html",
        draft=draft,
        received=received,
        formats=formats.FORMATS,
        most_shown=MOST_SHOWN,
        values=Form(values),
        known_problems=text.problems,
        articles=text.articles,
        texts=texts,
        offered=languages(),
        authentic=draft.authentic_language,
        problems=(),
    )


def _form_page(
    request: AnyRequest, draft: Draft, problems: list[Problem] | None = None, *, status: int = 200
) -> Response[bytes]:
    return page(
        request,
        "drafts/staff_import.html",
        status=status,
        draft=draft,
        received=(),
        problems=problems or (),
        offered=languages(),
        authentic=draft.authentic_language,
        endings=formats.ENDINGS,
    )


nav: list[NavItem] = []
routes = [import_form, take_files]
