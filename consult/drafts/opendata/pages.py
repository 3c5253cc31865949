"""Addresses of the open data of a draft. No page: the files are linked from the draft and from the open-data page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from consult.drafts import queries
from consult.drafts.draft import Draft
from consult.drafts.opendata import writing
from consult.errors import NotFound
from consult.i18n import languages
from consult.profile import Profile
from consult.records.attachment import download_headers
from consult.settings import Settings

CSV, JSON = "text/csv; charset=utf-8", "application/json"
ONE = "/open-data/drafts/{slug:str}/comments"
OPEN = {"access-control-allow-origin": "*", "cache-control": "public, max-age=60"}
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@get(f"{ONE}.csv")
async def comments_csv(slug: FromPath[str], profile: NamedDependency[Profile]) -> Stream:
    draft = await _draft(slug)
    headers = download_headers(f"{slug}-comments.csv", CSV) | OPEN
    return Stream(writing.as_csv(draft, profile.zone, languages()), headers=headers, media_type=CSV)


@get(f"{ONE}.json")
async def comments_json(
    slug: FromPath[str],
    profile: NamedDependency[Profile],
    settings: NamedDependency[Settings],
    now: NamedDependency[datetime],
) -> Stream:
    draft = await _draft(slug)
    about = {
        "draft": slug,
        "title": draft.title,
        "publisher": profile.name,
        "licence": LICENCE,
        "made_at": now,
        "dictionary": f"{settings.base_url}/open-data/comments-dictionary.json",
    }
    headers = download_headers(f"{slug}-comments.json", JSON) | OPEN
    return Stream(writing.as_json(draft, profile.zone, languages(), about), headers=headers, media_type=JSON)


@get("/open-data/comments-dictionary.json")
async def dictionary_json() -> list[dict[str, Any]]:
    """What each field of the comments' files means, in all languages."""
    return writing.dictionary(languages())


@get("/open-data/comments-dictionary.csv")
async def dictionary_csv() -> Response[bytes]:
    headers = download_headers("comments-dictionary.csv", CSV) | OPEN
    return Response(writing.dictionary_csv(languages()), headers=headers, media_type=CSV)


async def _draft(slug: str) -> Draft:
    draft = await queries.draft(slug)
    if draft is None or not draft.is_published:
        raise NotFound
    return draft


routes = [comments_csv, comments_json, dictionary_json, dictionary_csv]
