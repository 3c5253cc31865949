"""Files of answers for staff: handed out as downloads that no browser shows or runs."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import NotFound
from consult.i18n import Locale
from consult.people.guards import requires
from consult.records.attachment import download_headers
from consult.surveys import queries
from consult.surveys.files import uploads
from consult.surveys.staff.pages import READ
from consult.web import NavItem


@get(
    "/staff/{language:str}/surveys/{slug:str}/responses/{response_id:uuid}/files/{file_id:uuid}",
    guards=[requires(*READ)],
)
async def response_file(
    locale: NamedDependency[Locale], slug: FromPath[str], response_id: FromPath[UUID], file_id: FromPath[UUID]
) -> Response[bytes]:
    survey = await queries.survey(slug)
    response = await queries.response(response_id)
    if response.survey != survey.id:
        raise NotFound
    found, content = await uploads.file_of(response_id, file_id)
    return Response(content, headers=download_headers(found.name, found.media_type))


routes = [response_file]
nav: list[NavItem] = []
