"""The report for everybody: the page, its files, its data."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.consultations import queries as consultations
from consult.consultations.consultation import Consultation
from consult.errors import NotFound
from consult.i18n import AUTONYMS, Locale
from consult.proceedings import queries
from consult.proceedings.queries import FORMATS, Proceedings
from consult.proceedings.shown import sections_of
from consult.proceedings.writing import document
from consult.profile import Profile
from consult.records.attachment import DOCX, download_headers
from consult.reports.document import (
    Document,
    Section,
)
from consult.web import AnyRequest, page

ONE = "/{language:str}/consultations/{slug:str}/report"
MEDIA = {"pdf": "application/pdf", "docx": DOCX, "json": "application/json"}


@get([ONE, ONE + "/{number:int}"])
async def report(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], profile: NamedDependency[Profile]
) -> Response[bytes]:
    """The newest report, or one of its number."""
    consultation, found = await _public(slug, request.path_params.get("number"))
    record = await queries.record_of(found.id)
    made = document(record, locale, profile, fingerprint=found.fingerprint)
    return page(request, "proceedings/report.html", **shown_with(made, consultation, found, locale, profile))


@get(ONE + "/{number:int}/{name:str}")
async def report_file(slug: FromPath[str], number: FromPath[int], name: FromPath[str]) -> Response[bytes]:
    """report-mk.pdf, report-ka.docx …, or data.json: the very bytes whose fingerprints the page shows."""
    _, found = await _public(slug, number)
    return await file_response(found, slug, name)


async def file_response(found: Proceedings, slug: str, name: str) -> Response[bytes]:
    stem, _, ending = name.rpartition(".")
    content = None
    if (stem, ending) == ("data", "json"):
        content = await queries.data_of(found.id)
    elif stem.startswith("report-") and ending in FORMATS:
        content = await queries.file(found.id, stem.removeprefix("report-"), ending)
    if content is None:
        raise NotFound
    headers = download_headers(f"{slug}-{name}", MEDIA[ending])
    return Response(content, headers=headers, media_type=MEDIA[ending])


def shown_with(
    made: Document, consultation: Consultation, found: Proceedings, locale: Locale, profile: Profile
) -> dict[str, Any]:
    """What the template needs; for staff who look at it before it is public too."""
    return {
        "made": made,
        "sections": sections_of(made, locale, profile),
        "contents": _contents(made),
        "consultation": consultation,
        "found": found,
        "names": AUTONYMS,
        "locale": locale,
    }


def _contents(made: Document) -> list[tuple[Section, list[Section]]]:
    """Parts with the articles below them."""
    listed: list[tuple[Section, list[Section]]] = []
    for section in made.sections:
        if section.level == 1:
            listed.append((section, []))
        else:
            listed[-1][1].append(section)
    return listed


async def _public(slug: str, number: int | None) -> tuple[Consultation, Proceedings]:
    consultation = await consultations.consultation(slug)
    if consultation is None or not consultation.is_public:
        raise NotFound
    if number is None:
        found = await queries.published(consultation.id)
    else:
        found = await queries.one(consultation.id, number) if number < 10_000 else None
    if found is None or found.published_at is None:
        raise NotFound
    return consultation, found


routes = [report, report_file]
