"""Staff pages of the documents beside a draft: its legal basis and its attachments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.consultations.forms import text_of
from consult.drafts import queries
from consult.drafts.draft import Draft
from consult.drafts.sources import operations
from consult.drafts.sources import queries as sources
from consult.drafts.sources.document import KINDS
from consult.errors import N_, Invalid, Problem
from consult.i18n import Locale, languages
from consult.people.guards import requires
from consult.people.person import Person
from consult.records.attachment import download_headers
from consult.web import AnyRequest, Form, NavItem, identity, page, read_files, to_staff

ONE = "/staff/{language:str}/drafts/{slug:str}/documents"
READS = [requires("designer", "moderator", "translator", "analyst")]
WRITES = [requires("designer", "translator")]
NO_FILE = N_("Choose a file.")
UNKNOWN = N_("Choose what to do.")


@get(ONE, guards=READS)
async def draft_documents(request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale]) -> Response[bytes]:
    return await _page(request, await queries.the_draft(slug))


@post(ONE, guards=WRITES)
async def change_documents(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """Keep the legal basis, attach a file, or take one away, by the button that was pressed."""
    draft = await queries.the_draft(slug)
    form = await read_files(request)
    try:
        await _changed(draft, form, person, now)
    except Invalid as invalid:
        return await _page(request, draft, form, invalid.problems, status=422)
    return to_staff(locale, "drafts", slug, "documents")


async def _changed(draft: Draft, form: Form, person: Person, now: datetime) -> None:
    if form.get("action") == "basis":
        await operations.keep_legal_basis(
            draft_id=draft.id, legal_basis=text_of(form, "legal_basis"), actor=person.id, at=now
        )
    elif form.get("action") == "attach":
        upload = form.files.get("file")
        if upload is None or not upload.content:
            raise Invalid([Problem("file", NO_FILE)])
        await operations.attach(
            draft.id,
            name=upload.name,
            content=upload.content,
            kind=form.get("kind"),
            title=text_of(form, "title"),
            language=form.get("file_language"),
            actor=person.id,
            at=now,
        )
    elif form.get("remove"):
        await operations.detach(draft_id=draft.id, attachment_id=identity(form.get("remove")), actor=person.id, at=now)
    else:
        raise Invalid([Problem("file", UNKNOWN)])


@get(f"{ONE}/{{attachment_id:uuid}}", guards=READS)
async def working_file(
    slug: FromPath[str], attachment_id: FromPath[UUID], locale: NamedDependency[Locale]
) -> Response[bytes]:
    draft = await queries.the_draft(slug)
    found, content = await sources.working_file(draft.id, attachment_id)
    headers = download_headers(found.name, found.media_type)
    media_type = headers.pop("Content-Type")
    return Response(content, media_type=media_type, headers=headers)


async def _page(
    request: AnyRequest, draft: Draft, form: Form | None = None, problems: Sequence[Problem] = (), *, status: int = 200
) -> Response[bytes]:
    found = await sources.working(draft.id)
    values = {f"legal_basis-{language}": [words] for language, words in found.legal_basis.items()}
    if form is not None:
        values |= {name: form.list(name) for name in form if name != "action"}
    return page(
        request,
        "drafts/staff_documents.html",
        status=status,
        draft=draft,
        documents=found,
        values=Form(values),
        problems=problems,
        kinds=KINDS,
        offered=languages(),
        authentic=draft.authentic_language,
    )


nav: list[NavItem] = []
routes = [draft_documents, change_documents, working_file]
