"""Protected tables as JSON-stat 2.0, read only, for programs. Described in /api."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from consult.errors import NotFound
from consult.i18n import languages
from consult.i18n import locale as locale_of
from consult.results import queries as results
from consult.results.opendata import queries
from consult.results.opendata.jsonstat import collection
from consult.results.opendata.package import described, title_of
from consult.surveys import queries as surveys


@get("/api/v1/surveys/{slug:str}/json-stat", include_in_schema=True, tags=["results"],
     summary="The published tables of a survey as a JSON-stat collection")  # fmt: skip
async def json_stat_collection(
    slug: FromPath[str], now: NamedDependency[datetime], language: FromQuery[str | None] = None
) -> dict[str, Any]:
    found, locale = await _public(slug, now), locale_of(language or languages()[0])
    here = f"/api/v1/surveys/{slug}/json-stat"
    tables = {f"{here}/{name}?language={locale.code}": described(found, one, locale)["label"]
              for name, one in found.tables.items()}  # fmt: skip
    return collection(tables, title_of(found, locale))


@get("/api/v1/surveys/{slug:str}/json-stat/{name:str}", include_in_schema=True, tags=["results"],
     summary="One published table as a JSON-stat dataset: QUESTION or QUESTION-by-BREAK")  # fmt: skip
async def json_stat_dataset(
    slug: FromPath[str], name: FromPath[str], now: NamedDependency[datetime], language: FromQuery[str | None] = None
) -> dict[str, Any]:
    found, locale = await _public(slug, now), locale_of(language or languages()[0])
    if name not in found.tables:
        raise NotFound
    return described(found, found.tables[name], locale)


async def _public(slug: str, now: datetime) -> queries.OpenData:
    """Raises NotFound where the results are not public."""
    survey = await surveys.survey(slug)
    if not await results.is_public(survey.id):
        raise NotFound
    return await queries.open_data(survey.id, now)


routes = [json_stat_collection, json_stat_dataset]
