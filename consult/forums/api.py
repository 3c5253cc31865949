"""The JSON API of meetings, read only: what is published, without anything about who comes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import NotFound
from consult.forums import queries
from consult.forums.forum import Forum
from consult.i18n import Text


class ApiSession(msgspec.Struct, frozen=True):
    """One sitting; free counts the places that can be had at this moment."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    title: Text
    speakers: Text
    place: Text
    capacity: int
    free: int
    waiting: int


class ApiForum(msgspec.Struct, frozen=True):
    """A meeting. stage is announced, open, closed, over or cancelled; texts are language -> words."""

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
    registration_opens_at: datetime | None
    registration_closes_at: datetime
    sessions: list[ApiSession]


def shown(forum: Forum, at: datetime) -> ApiForum:
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
                session.limit,
                session.free,
                session.waiting,
            )
            for session in forum.sessions
        ],
    )


@get("/forums", include_in_schema=True, summary="All published meetings, the latest first")
async def api_forums(now: NamedDependency[datetime]) -> list[ApiForum]:
    return [shown(forum, now) for forum in await queries.published_forums()]


@get("/forums/{slug:str}", include_in_schema=True, summary="One published meeting")
async def api_forum(slug: FromPath[str], now: NamedDependency[datetime]) -> ApiForum:
    forum = await queries.forum(slug)
    if forum is None or not forum.is_public:
        raise NotFound
    return shown(forum, now)


routes = [Router("/api/v1", route_handlers=[api_forums, api_forum], tags=["Meetings"])]
