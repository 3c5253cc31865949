"""The JSON API of meetings, read only: what is published, without anything about who comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import NotFound
from consult.forums import queries
from consult.forums.agenda import AgendaItem
from consult.forums.forum import Forum
from consult.forums.venue import Venue
from consult.i18n import Text


class ApiVenue(msgspec.Struct, frozen=True):
    """facts: step_free, lift, toilet, hearing_loop, parking, stop_near, children; coordinates in degrees (WGS 84)."""

    name: Text
    address: Text
    transport: Text
    facts: list[str]
    latitude: float | None
    longitude: float | None


class ApiItem(msgspec.Struct, frozen=True):
    """An item of the agenda; session None: it holds for every session. starts is a local hour such as 18:00."""

    session: UUID | None
    starts: str | None
    title: Text
    speakers: Text


class ApiSession(msgspec.Struct, frozen=True):
    """One sitting; free counts the places that can be had at this moment."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    title: Text
    speakers: Text
    place: Text
    settlement: str
    venue: ApiVenue
    capacity: int
    free: int
    waiting: int


class ApiForum(msgspec.Struct, frozen=True):
    """A meeting. stage is announced, open, closed, over or cancelled; texts are language -> words.

    spoken and interpreted are codes of languages, sgn the sign language.
    """

    slug: str
    kind: str
    stage: str
    consultation: UUID | None
    title: Text
    summary: Text
    agenda: Text
    venue: Text
    address: Text
    access: Text
    organiser: Text
    site: ApiVenue
    stream: str
    spoken: list[str]
    interpreted: list[str]
    items: list[ApiItem]
    one_session_each: bool
    smaller_parties_may_pass: bool
    hours_to_answer_an_offer: int
    registration_opens_at: datetime | None
    registration_closes_at: datetime
    sessions: list[ApiSession]


def venue(site: Venue) -> ApiVenue:
    point = site.point
    return ApiVenue(
        site.name,
        site.address,
        site.transport or {},
        list(site.facts),
        point.latitude if point else None,
        point.longitude if point else None,
    )


def shown(forum: Forum, items: Sequence[AgendaItem], at: datetime) -> ApiForum:
    return ApiForum(
        slug=forum.slug,
        kind=forum.kind.value,
        stage=forum.stage(at).value,
        consultation=forum.consultation,
        title=forum.title,
        summary=forum.summary,
        agenda=forum.agenda,
        venue=forum.venue,
        address=forum.address,
        access=forum.access,
        organiser=forum.organiser,
        site=venue(forum.site),
        stream=forum.stream,
        spoken=list(forum.spoken),
        interpreted=list(forum.interpreted),
        items=[
            ApiItem(item.session, f"{item.starts:%H:%M}" if item.starts else None, item.title, item.speakers)
            for item in items
        ],
        one_session_each=forum.one_session,
        smaller_parties_may_pass=forum.smaller_may_pass,
        hours_to_answer_an_offer=forum.offer_hours,
        registration_opens_at=forum.opens_at,
        registration_closes_at=forum.closes_at,
        sessions=[
            ApiSession(
                session.id,
                session.starts_at,
                session.ends_at,
                session.title,
                session.speakers,
                session.place,
                session.settlement,
                venue(forum.site_of(session)),
                session.limit,
                session.free,
                session.waiting,
            )
            for session in forum.sessions
        ],
    )


@get("/forums", include_in_schema=True, summary="All published meetings, the latest first")
async def api_forums(now: NamedDependency[datetime]) -> list[ApiForum]:
    forums = await queries.published_forums()
    agendas = await queries.agenda_of([forum.id for forum in forums])
    return [shown(forum, agendas[forum.id], now) for forum in forums]


@get("/forums/{slug:str}", include_in_schema=True, summary="One published meeting")
async def api_forum(slug: FromPath[str], now: NamedDependency[datetime]) -> ApiForum:
    forum = await queries.forum(slug)
    if forum is None or not forum.is_public:
        raise NotFound
    return shown(forum, (await queries.agenda_of([forum.id]))[forum.id], now)


routes = [Router("/api/v1", route_handlers=[api_forums, api_forum], tags=["Meetings"])]
