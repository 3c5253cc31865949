"""The open-data package for everybody, as soon as the results are public."""

from __future__ import annotations

import asyncio
from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import NotFound
from consult.i18n import Locale
from consult.results import queries as results
from consult.results.opendata import queries
from consult.results.opendata.package import package
from consult.surveys import queries as surveys
from consult.web import AnyRequest, plain_page


@get("/{language:str}/surveys/{slug:str}/results/open-data.zip")
async def open_data_package(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    survey = await surveys.survey(slug)
    if not await results.is_public(survey.id):
        raise NotFound
    data = await asyncio.to_thread(package, await queries.open_data(survey.id, now))
    named = {"content-disposition": f'attachment; filename="{slug}-open-data.zip"'}
    return plain_page(request, data, "application/zip", headers=named)


routes = [open_data_package]
