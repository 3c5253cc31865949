"""Files beside a consultation: handed out to everybody, attached and removed by staff."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.consultations import queries
from consult.consultations.consultation import Consultation
from consult.consultations.forms import text_of
from consult.consultations.papers import operations
from consult.consultations.papers import queries as beside
from consult.errors import N_, Invalid, NotFound, Problem
from consult.i18n import Locale, languages
from consult.people.guards import requires
from consult.people.person import Person
from consult.records.attachment import download_headers
from consult.web import AnyRequest, Form, NavItem, identity, page, read_files, to_staff

STAFF = "/staff/{language:str}/consultations/{slug:str}/documents"
READS = [requires("designer", "moderator", "translator", "analyst")]
WRITES = [requires("designer")]
NO_FILE = N_("Choose a file.")


@get("/{language:str}/consultations/{slug:str}/files/{attachment_id:uuid}")
async def public_file(
    slug: FromPath[str], attachment_id: FromPath[UUID], locale: NamedDependency[Locale]
) -> Response[bytes]:
    """A file of a public consultation; browsers save it and never run it."""
    found = await queries.the_consultation(slug)
    if not found.is_public:
        raise NotFound
    return await _download(found, attachment_id)


@get(STAFF, guards=READS)
async def documents(request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale]) -> Response[bytes]:
    return await _page(request, await queries.the_consultation(slug))


@post(STAFF, guards=WRITES)
async def change_documents(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """Attach a file, or take one away, by the button that was pressed."""
    found = await queries.the_consultation(slug)
    form = await read_files(request)
    if form.get("remove"):
        await operations.detach(
            consultation_id=found.id, attachment_id=identity(form.get("remove")), actor=person.id, at=now
        )
        return to_staff(locale, "consultations", slug, "documents")
    try:
        upload = form.files.get("file")
        if upload is None or not upload.content:
            raise Invalid([Problem("file", NO_FILE)])
        await operations.attach(
            found.id,
            name=upload.name,
            content=upload.content,
            title=text_of(form, "title"),
            language=form.get("file_language"),
            languages=languages(),
            actor=person.id,
            at=now,
        )
    except Invalid as invalid:
        return await _page(request, found, form, invalid.problems, status=422)
    return to_staff(locale, "consultations", slug, "documents")


@get(f"{STAFF}/{{attachment_id:uuid}}", guards=READS)
async def staff_file(
    slug: FromPath[str], attachment_id: FromPath[UUID], locale: NamedDependency[Locale]
) -> Response[bytes]:
    return await _download(await queries.the_consultation(slug), attachment_id)


async def _download(found: Consultation, attachment_id: UUID) -> Response[bytes]:
    file, content = await beside.paper(found.id, attachment_id)
    headers = download_headers(file.name, file.media_type)
    media_type = headers.pop("Content-Type")
    return Response(content, media_type=media_type, headers=headers)


async def _page(
    request: AnyRequest,
    found: Consultation,
    form: Form | None = None,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> Response[bytes]:
    return page(
        request,
        "consultations/staff_documents.html",
        status=status,
        consultation=found,
        papers=await beside.papers(found.id),
        values=form or Form({}),
        problems=problems,
        offered=languages(),
        authentic=found.authentic_language,
    )


nav: list[NavItem] = []
routes = [public_file, documents, change_documents, staff_file]
