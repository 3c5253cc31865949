"""Public pages over several kinds: front page, what is open, a draft with its charts, search, feeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from consult.charts import showing
from consult.consultations import queries as consultations
from consult.drafts import queries as drafts
from consult.drafts.answers.effect_queries import changes_of
from consult.drafts.answers.queries import coverage as coverage_of
from consult.drafts.sources import queries as draft_documents
from consult.drafts.versions import queries as versions
from consult.errors import NotFound
from consult.forums import queries as forums
from consult.i18n import Locale, languages
from consult.portal import feeds, queries
from consult.portal.course import phase_steps
from consult.portal.gathering import openings
from consult.portal.news import news
from consult.portal.search import KEPT_S, LONGEST_QUERY, Entry, find, index
from consult.profile import Profile
from consult.results import queries as results
from consult.settings import Settings
from consult.storage import Slice
from consult.surveys import queries as surveys
from consult.web import AnyRequest, page, plain_page, read_query, url

T = TypeVar("T")
FRONT_ITEMS = 6
OPEN_ITEMS = 20
EARLIER_ITEMS = 50
NEWS = timedelta(days=92)
MOST_VERSIONS = 10_000
FRONT_OUTCOMES = 3


@get("/{language:str}/")
async def home(request: AnyRequest, locale: NamedDependency[Locale], now: NamedDependency[datetime]) -> Response[bytes]:
    items = await openings(now)
    outcomes = await consultations.closed_with_outcome()
    return page(
        request, "portal/home.html", locale=locale, items=items[:FRONT_ITEMS], outcomes=outcomes[:FRONT_OUTCOMES]
    )


@get("/{language:str}/open")
async def what_is_open(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    page_number: NamedDependency[int],
    view: FromQuery[str] = "",
) -> Response[bytes]:
    """What is open now, page by page; on the first one what is to come and what was. view=earlier: all that was."""
    is_earlier, is_first = view == "earlier", page_number == 1
    items = _part([] if is_earlier else await openings(now), page_number, OPEN_ITEMS)
    everything = await consultations.all_consultations(public_only=True) if is_earlier or is_first else []
    over = [each for each in everything if each.closes_at and each.closes_at <= now]
    earlier = _part(over, page_number, EARLIER_ITEMS)
    if page_number > max(items.pages, earlier.pages if is_earlier else 1):
        raise NotFound
    coming = await consultations.announced(now) if is_first and not is_earlier else []
    return page(
        request, "portal/open.html", locale=locale, is_earlier=is_earlier, items=items, coming=coming, earlier=earlier
    )


def _part(items: Sequence[T], number: int, size: int) -> Slice[T]:
    begin = Slice.offset(number, size)
    return Slice(items[begin : begin + size], number, len(items), size)


@get(["/{language:str}/drafts/{slug:str}", "/{language:str}/drafts/{slug:str}/versions/{number:int}"])
async def draft_page(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    profile: NamedDependency[Profile],
) -> Response[bytes]:
    number = request.path_params.get("number")
    if number is not None and number > MOST_VERSIONS:
        raise NotFound
    reading = await drafts.reading(slug, now, number)
    if reading is None:
        raise NotFound
    evidence = await queries.of_draft(reading.draft.id)
    became, left_out = await versions.became(reading.draft.id, reading.version.number)
    beside = {
        article: [
            showing.view(
                each.chart,
                locale,
                profile,
                id_=f"e{each.id.hex[:8]}",
                plotly_url=url(locale, "drafts", slug, "charts", f"{each.id}.json"),
            )
            for each in attached
            if each.chart is not None
        ]
        for article, attached in evidence.items()
    }
    consultation = reading.draft.consultation
    return page(
        request,
        "portal/draft.html",
        locale=locale,
        now=now,
        reading=reading,
        draft=reading.draft,
        consultation=consultation,
        steps=phase_steps(consultation.phases, locale, now) if consultation else [],
        charts=beside,
        became=became,
        left_out=left_out,
        history=await versions.history(reading.draft.id),
        coverage=await coverage_of(reading.draft.id) if reading.total_comments else None,
        changes=await changes_of(reading.draft.id, reading.version.number) if reading.version.number > 1 else {},
        documents=await draft_documents.of_version(reading.version.id),
        authentic_name=locale.language_within(reading.draft.authentic_language),
        is_newest=number is None or number == reading.draft.version_number,
    )


@get("/{language:str}/drafts/{slug:str}/charts/{name:str}")
async def evidence_figure(
    request: AnyRequest, name: FromPath[str], locale: NamedDependency[Locale], profile: NamedDependency[Profile]
) -> Response[bytes]:
    """The Plotly figure of a chart on an article."""
    try:
        evidence_id = UUID(name.removesuffix(".json"))
    except ValueError as fault:
        raise NotFound from fault
    found = await queries.evidence(evidence_id)
    if found is None or found.chart is None or found.chart.is_hidden:
        raise NotFound
    body = msgspec.json.encode(showing.plotly(found.chart, locale, profile))
    return plain_page(request, body, "application/json")


@get("/{language:str}/search")
async def search_page(
    request: AnyRequest, locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    asked = read_query(request)
    query = " ".join(asked.get("q")[:LONGEST_QUERY].split())
    entries = await _entries(request, now) if query else []
    found = find(entries, query, locale.code, asked.page_number())
    return page(
        request, "portal/search.html", locale=locale, query=query, found=found, headers={"cache-control": "no-store"}
    )


async def _entries(request: AnyRequest, now: datetime) -> list[Entry]:
    """The index, kept for half a minute: what is published shows up soon, and typing does not read everything anew."""
    kept: tuple[datetime, list[Entry]] | None = getattr(request.app.state, "search_index", None)
    if kept is None or not 0 <= (now - kept[0]).total_seconds() < KEPT_S:
        kept = (now, await index(now))
        request.app.state.search_index = kept
    return kept[1]


@get("/{language:str}/how-it-works")
async def how_it_works(request: AnyRequest, locale: NamedDependency[Locale]) -> Response[bytes]:
    return page(request, "portal/how_it_works.html", locale=locale)


@get("/{language:str}/accessibility")
async def accessibility(request: AnyRequest, locale: NamedDependency[Locale]) -> Response[bytes]:
    return page(request, "portal/accessibility.html", locale=locale)


@get("/{language:str}/open-data")
async def open_data(
    request: AnyRequest, locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    public = await results.publications()
    return page(
        request,
        "portal/open_data.html",
        locale=locale,
        surveys=[survey for survey in await surveys.published_surveys(now) if survey.id in public],
        drafts=await drafts.published_drafts(),
    )


@get("/{language:str}/feed.atom")
async def atom_feed(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
    profile: NamedDependency[Profile],
) -> Response[bytes]:
    body = feeds.atom(locale, settings, profile, await openings(now), await news(now - NEWS, now), now)
    return plain_page(request, body, "application/atom+xml; charset=utf-8")


@get("/sitemap.xml")
async def sitemap(
    request: AnyRequest, now: NamedDependency[datetime], settings: NamedDependency[Settings]
) -> Response[bytes]:
    paths: list[tuple[str, ...]] = [
        ("",),
        ("open",),
        ("calendar",),
        ("results",),
        ("forums",),
        ("promises",),
        ("how-it-works",),
        ("accessibility",),
        ("privacy",),
        ("open-data",),
    ]
    paths += [("consultations", each.slug) for each in await consultations.all_consultations(public_only=True)]
    paths += [("drafts", each.slug) for each in await drafts.published_drafts()]
    paths += [("surveys", each.slug) for each in await surveys.published_surveys(now)]
    paths += [("forums", each.slug) for each in await forums.published_forums()]
    return plain_page(request, feeds.sitemap(settings, languages(), paths), "application/xml; charset=utf-8")


@get("/robots.txt")
async def robots(request: AnyRequest, settings: NamedDependency[Settings]) -> Response[bytes]:
    body = f"User-agent: *\nDisallow: /staff\nSitemap: {settings.base_url}/sitemap.xml\n"
    return plain_page(request, body.encode(), "text/plain; charset=utf-8")


routes = [
    home,
    what_is_open,
    draft_page,
    evidence_figure,
    search_page,
    how_it_works,
    accessibility,
    open_data,
    atom_feed,
    sitemap,
    robots,
]
