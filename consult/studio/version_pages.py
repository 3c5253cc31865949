"""The versions of a survey: when, by whom, with which certificate, and what each says otherwise than the one before."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import N_
from consult.i18n import Locale
from consult.people import queries as people
from consult.people.guards import requires
from consult.studio import publishing
from consult.studio.certificates import KIND_NAMES
from consult.studio.differences import compare
from consult.studio.wording import difference
from consult.surveys import queries
from consult.web import AnyRequest, page
from consult.web.forms import read_query

SEE = ("designer", "translator", "clerk", "analyst")
PUBLISHED = N_("A new version is published.")


@get("/staff/{language:str}/surveys/{slug:str}/versions", guards=[requires(*SEE)])
async def versions(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    """?version=3 shows what version 3 says otherwise than version 2."""
    survey = await queries.survey(slug)
    found = await queries.versions(survey.id)
    by_number = {version.number: version for version in found}
    query = read_query(request)
    wanted = query.get("version")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 0
    chosen, earlier = by_number.get(number), by_number.get(number - 1)
    return page(
        request,
        "studio/versions.html",
        survey=survey,
        versions=found,
        certificates=await publishing.certificates(survey.id),
        kind_names=KIND_NAMES,
        names=await people.names(version.published_by for version in found),
        chosen=chosen if earlier else None,
        parts=compare(earlier.definition, chosen.definition) if chosen and earlier else [],
        difference=difference,
        autonyms=locale.languages,
        notice=PUBLISHED if query.get("done") == "published" else "",
    )


routes = [versions]
nav: list[object] = []
