"""Files of comments, handed out as downloads: to everybody once the comment is published, to staff at any time."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.drafts.comments import files, queries
from consult.drafts.comments.pages import published_draft
from consult.errors import NotFound
from consult.i18n import Locale
from consult.people.guards import requires
from consult.records import queries as records
from consult.records.attachment import download_headers
from consult.web import NavItem


@get("/{language:str}/drafts/{slug:str}/comment/{number:str}/files/{file_id:uuid}")
async def comment_file(
    locale: NamedDependency[Locale], slug: FromPath[str], number: FromPath[str], file_id: FromPath[UUID]
) -> Response[bytes]:
    draft = await published_draft(slug)
    found = await queries.shown_comment(number, draft.id)
    if found is None:
        raise NotFound
    return await _download(found.id, file_id)


@get("/staff/{language:str}/comments/{number:str}/files/{file_id:uuid}", guards=[requires("moderator", "clerk")])
async def staff_comment_file(
    locale: NamedDependency[Locale], number: FromPath[str], file_id: FromPath[UUID]
) -> Response[bytes]:
    found = await queries.comment_by_number(number)
    if found is None:
        raise NotFound
    return await _download(found.id, file_id)


async def _download(comment_id: UUID, file_id: UUID) -> Response[bytes]:
    found, content = await records.attachment(file_id)
    if (found.record, found.record_id) != (files.RECORD, str(comment_id)):
        raise NotFound
    return Response(content, headers=download_headers(found.name, found.media_type))


routes = [comment_file, staff_comment_file]
nav: list[NavItem] = []
