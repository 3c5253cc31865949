"""Seeding forums of every kind, filled with invented people who registered at the counter and are forgotten later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from uuid import UUID

import numpy as np

from consult.demo import content
from consult.demo.days import Calendar
from consult.errors import ConsultError
from consult.forums import operations, queries, registering, registration_operations
from consult.forums.agenda import ItemContent
from consult.forums.agenda_operations import keep_agenda
from consult.forums.forum import ForumContent, ForumSession, SessionContent
from consult.forums.gatherings.gathering import GatheringContent
from consult.forums.gatherings.operations import keep_gathering, rules_of
from consult.forums.links import Links
from consult.forums.registering import Wish
from consult.forums.registration import Channel, Registrant
from consult.forums.rows import Town
from consult.profile import Profile
from consult.storage import transaction

PUBLISHED_BEFORE = timedelta(days=2)
PARTY_SHARES = (0.72, 0.22, 0.06)


async def seed_forums(
    town: content.Town,
    ids: Mapping[str, UUID],
    *,
    profile: Profile,
    links: Links,
    calendar: Calendar,
    staff: Mapping[str, UUID],
) -> None:
    """Create the forums that are missing, each with its registrations in one transaction."""
    made = False
    for one in sorted(town.forums, key=lambda forum: forum.sessions[0].day):
        if await queries.forum(one.slug) is not None:
            continue
        made = True
        async with transaction():
            await _published(one, ids, profile, calendar, staff)
            await _registered(town, one, profile, links, calendar, staff)
    if made:
        await registration_operations.forget(at=calendar.at)


async def _published(
    one: content.Forum,
    ids: Mapping[str, UUID],
    profile: Profile,
    calendar: Calendar,
    staff: Mapping[str, UUID],
) -> None:
    at = calendar.moment(one.registration_opens) - PUBLISHED_BEFORE
    actor = staff["designer"]
    town = Town(profile.zone, profile.authentic_language)
    forum_id = await operations.create_forum(_content(one, ids, profile, calendar), town=town, actor=actor, at=at)
    await _agenda(one, forum_id, profile, actor, at)
    if (planned := one.gathering) is not None:
        figures = GatheringContent(
            settlement=planned.settlement,
            called_by=planned.called_by,
            supporters=planned.supporters,
            voters=planned.voters,
            counted_on=calendar.day(planned.counted_on),
            source=planned.source,
        )
        await keep_gathering(
            forum_id=forum_id, content=figures, rules=rules_of(profile=profile, on=at.date()), actor=actor, at=at
        )
    await operations.publish_forum(forum_id, actor=actor, at=at, profile=profile)


def _content(one: content.Forum, ids: Mapping[str, UUID], profile: Profile, calendar: Calendar) -> ForumContent:
    return ForumContent(
        slug=one.slug,
        kind=one.kind,
        title=one.title,
        summary=one.summary,
        organiser=profile.contact.department,
        venue=one.venue,
        address=one.address,
        access=one.access,
        consultation=ids[one.consultation] if one.consultation else None,
        opens=datetime.combine(calendar.day(one.registration_opens), time(9)),
        closes=datetime.combine(calendar.day(one.registration_closes), time(16)),
        point=one.point,
        facts=tuple(one.facts),
        transport=one.transport,
        stream=one.stream,
        spoken=tuple(one.spoken),
        interpreted=tuple(one.interpreted),
        one_session=one.one_session,
        remind_before=one.remind_before,
        sessions=tuple(
            SessionContent(
                day=calendar.day(session.day),
                starts=time.fromisoformat(session.starts),
                ends=time.fromisoformat(session.ends),
                title=session.title,
                speakers=session.speakers,
                capacity=session.capacity,
                settlement=session.settlement,
                venue=session.venue,
                address=session.address,
                point=session.point,
                facts=tuple(session.facts),
                transport=session.transport,
            )
            for session in one.sessions
        ),
        is_demo=True,
    )


async def _agenda(one: content.Forum, forum_id: UUID, profile: Profile, actor: UUID, at: datetime) -> None:
    forum = await queries.forum_by_id(forum_id)
    if forum is None or not one.agenda:
        return
    items = [
        ItemContent(
            session=forum.sessions[item.session - 1].id if item.session else None,
            starts=time.fromisoformat(item.starts) if item.starts else None,
            title=item.title,
            speakers=item.speakers,
        )
        for item in one.agenda
    ]
    await keep_agenda(forum_id=forum_id, items=items, authentic=profile.authentic_language, actor=actor, at=at)


async def _registered(
    town: content.Town,
    one: content.Forum,
    profile: Profile,
    links: Links,
    calendar: Calendar,
    staff: Mapping[str, UUID],
) -> None:
    forum = await queries.forum(one.slug)
    sessions = forum.sessions if forum else ()
    random = np.random.default_rng(town.answers.seed)
    wishes = []
    for session, plan in zip(sessions, one.sessions, strict=True):
        parties = _parties(plan.registered, random) + [1] * plan.waiting
        wishes += [
            Wish(
                forum_slug=one.slug,
                sessions=(session.id,),
                registrant=_registrant(town, seats, random),
                language=profile.authentic_language,
                links=links,
                at=_when(one, number, len(parties), session, calendar),
                channel=Channel.COUNTER,
                actor=staff["clerk"],
            )
            for number, seats in enumerate(parties)
        ]
    for outcome in await registering.register_all(wishes):
        if isinstance(outcome, ConsultError):
            raise outcome


def _when(one: content.Forum, number: int, most: int, session: ForumSession, calendar: Calendar) -> datetime:
    """Spread over the days in which registration was possible, until now."""
    opened = calendar.moment(one.registration_opens, "09:00")
    closed = min(calendar.moment(one.registration_closes, "16:00"), calendar.at, session.starts_at)
    return opened + (closed - opened) * number / most


def _parties(seats: int, random: np.random.Generator) -> list[int]:
    """Parties of one to three people that fill the seats exactly."""
    found: list[int] = []
    while (left := seats - sum(found)) > 0:
        found.append(min(left, 1 + int(random.choice(len(PARTY_SHARES), p=PARTY_SHARES))))
    return found


def _registrant(town: content.Town, seats: int, random: np.random.Generator) -> Registrant:
    people = town.residents[int(random.integers(len(town.residents)))]
    first = people.first[int(random.integers(len(people.first)))]
    last = people.last[int(random.integers(len(people.last)))]
    needs = ("wheelchair",) if random.random() < 0.04 else ("sign_language",) if random.random() < 0.03 else ()
    return Registrant(name=f"{first} {last}", companions=str(seats - 1), needs=needs)
