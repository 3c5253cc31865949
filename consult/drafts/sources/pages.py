"""Public pages: the languages of a draft side by side, the documents beside it, and their files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.drafts import queries
from consult.drafts.draft import Draft, DraftVersion
from consult.drafts.sources import parallel
from consult.drafts.sources import queries as sources
from consult.errors import N_, NotFound
from consult.i18n import Locale
from consult.i18n import locale as locale_of
from consult.records.attachment import download_headers
from consult.web import AnyRequest, Form, page, read_query, see_other, url

MOST_DIGITS = 5
NO_ARTICLE = N_("There is no article %(number)s in this version.")


@get("/{language:str}/drafts/{slug:str}/languages")
async def side_by_side(request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale]) -> Response[Any]:
    draft = await _published(slug)
    query = read_query(request)
    version = await _version(draft, query)
    articles = await queries.articles(version.id)
    written = parallel.written_languages(version, articles, locale.order)
    shown = parallel.chosen(query.list("show"), written, draft.authentic_language, locale.code)
    asked = query.get("article")[:20]
    kept = "&".join([f"version={version.number}", *(f"show={code}" for code in shown)])
    place = parallel.place_of(articles, asked) if asked else None
    if place is not None:
        anchor = f"page={place // parallel.ON_A_PAGE + 1}#{articles[place].anchor}"
        return see_other(f"{url(locale, 'drafts', slug, 'languages')}?{kept}&{anchor}")
    rows, part = parallel.rows(version, articles, shown, query.page_number())
    if not rows:
        raise NotFound
    return page(
        request,
        "drafts/languages.html",
        locale=locale,
        draft=draft,
        version=version,
        rows=rows,
        part=part,
        shown=shown,
        written=written,
        asked=asked,
        missing=NO_ARTICLE if asked else None,
        authentic_name=locale.language_within(draft.authentic_language),
        autonyms={code: locale_of(code).autonym for code in written},
        kept=kept,
    )


@get("/{language:str}/drafts/{slug:str}/documents")
async def documents(request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale]) -> Response[bytes]:
    draft = await _published(slug)
    version = await _version(draft, read_query(request))
    return page(
        request,
        "drafts/documents.html",
        locale=locale,
        draft=draft,
        version=version,
        documents=await sources.of_version(version.id),
    )


@get("/{language:str}/drafts/{slug:str}/files/{attachment_id:uuid}")
async def document_file(
    slug: FromPath[str], attachment_id: FromPath[UUID], locale: NamedDependency[Locale]
) -> Response[bytes]:
    """A file that was published with any version of the draft; browsers save it and never run it."""
    draft = await _published(slug)
    found, content = await sources.published_file(draft.id, attachment_id)
    headers = download_headers(found.name, found.media_type)
    media_type = headers.pop("Content-Type")
    return Response(content, media_type=media_type, headers=headers)


async def _published(slug: str) -> Draft:
    draft = await queries.draft(slug)
    if draft is None or not draft.is_published:
        raise NotFound
    return draft


async def _version(draft: Draft, query: Form) -> DraftVersion:
    """The version that the address asks for, the newest one otherwise. Raises NotFound."""
    asked = query.get("version")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS):
        raise NotFound
    version = await queries.version(draft.id, int(asked) if asked else None)
    if version is None:
        raise NotFound
    return version


routes = [side_by_side, documents, document_file]
