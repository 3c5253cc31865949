"""Forums and registrations for tests, every field defaulted."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from consult.forums import operations, queries, registering
from consult.forums.forum import Forum, ForumContent, SessionContent
from consult.forums.links import Links
from consult.forums.registration import Channel, Placed, Registrant, Registration
from consult.forums.rows import Town

ZONE = ZoneInfo("Europe/Skopje")
TOWN = Town(ZONE, "mk")
LINKS = Links("http://consult.test", b"0" * 32)
NOW = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
DAY = date(2026, 12, 5)


def text(words: str) -> dict[str, str]:
    return {"mk": f"{words} мк", "ka": f"{words} ქა", "en": words}


def a_session(
    *,
    session_id: UUID | None = None,
    day: date = DAY,
    starts: time = time(18),
    ends: time = time(19, 30),
    title: str = "Trees and car parks",
    place: str = "Main hall",
    capacity: int = 20,
) -> SessionContent:
    return SessionContent(session_id, day, starts, ends, text(title), text("The mayor"), text(place), capacity)


def content(
    *sessions: SessionContent,
    slug: str = "citizens-forum",
    kind: str = "citizens_forum",
    title: str = "Trees, shade and parking",
    closes: datetime | None = datetime.fromisoformat("2026-12-04T12:00"),
    opens: datetime | None = None,
    venue: str = "Youth Cultural Centre",
    **more: Any,
) -> ForumContent:
    return ForumContent(
        slug=slug,
        kind=kind,
        title=text(title),
        summary=text("Meet the mayor."),
        organiser=text("Sector for Support of the Mayor"),
        agenda=text("Opening\n\nQuestions"),
        venue=text(venue),
        address=text("Dimitar Vlahov Quay"),
        access=text("Ramp and lift"),
        opens=opens,
        closes=closes,
        sessions=sessions or (a_session(),),
        **more,
    )


async def a_forum(
    *sessions: SessionContent,
    slug: str = "citizens-forum",
    capacity: int = 20,
    published: bool = True,
    closes: datetime | None = datetime.fromisoformat("2026-12-04T12:00"),
    opens: datetime | None = None,
    at: datetime = NOW,
) -> Forum:
    made = content(*(sessions or (a_session(capacity=capacity),)), slug=slug, closes=closes, opens=opens)
    return await kept(made, published=published, at=at)


async def kept(made: ForumContent, *, published: bool = True, at: datetime = NOW) -> Forum:
    forum_id = await operations.create_forum(made, town=TOWN, actor=None, at=at)
    if published:
        await operations.publish_forum(forum_id, actor=None, at=at)
    return await the_forum(forum_id)


async def the_forum(forum_id: UUID) -> Forum:
    found = await queries.forum_by_id(forum_id)
    assert found is not None
    return found


async def register(
    forum: Forum,
    email: str = "ana@example.com",
    *,
    name: str = "Ana Petrova",
    companions: int = 0,
    needs: tuple[str, ...] = (),
    sessions: list[UUID] | None = None,
    channel: Channel = Channel.WEB,
    at: datetime = NOW,
) -> list[Placed]:
    return await registering.register(
        forum_slug=forum.slug,
        sessions=sessions or [forum.sessions[0].id],
        registrant=Registrant(name=name, email=email, companions=str(companions), needs=needs),
        language="mk",
        links=LINKS,
        at=at,
        channel=channel,
    )


async def the_registration(forum: Forum, email: str = "ana@example.com") -> Registration:
    """The newest registration of an address for the first session."""
    all_of_them = await queries.registrations(forum.sessions[0].id)
    return [one for one in all_of_them if one.email == email][-1]


async def states(forum: Forum) -> dict[str, str]:
    """Each address with its newest state, in order of registration."""
    return {one.email or one.name: str(one.state) for one in await queries.registrations(forum.sessions[0].id)}
