"""Seeding a meeting that was held: who came through the door, its minutes, promises kept, open and late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import yaml

from consult.demo import content
from consult.demo.content import FOLDER, LOADER, File
from consult.demo.days import Calendar
from consult.demo.drawing import hall
from consult.demo.meetings import seed_forums
from consult.forums import queries as forums
from consult.forums.afterwards import operations as afterwards
from consult.forums.afterwards import photo_operations as photos
from consult.forums.afterwards.minutes import EntryContent, Settling
from consult.forums.door import operations as door
from consult.forums.door.checkin import Act, Kind
from consult.forums.forum import Forum, ForumSession
from consult.forums.links import Links
from consult.forums.registration import Registration, State
from consult.i18n import Text
from consult.people.units import units
from consult.profile import Profile
from consult.records.operations import keep_unit
from consult.storage import transaction

MINUTES_AFTER = timedelta(days=2)


class Entry(File, frozen=True, kw_only=True):
    """A piece of the minutes; unit and due (a day) belong to a promise, state, settled and note to one that is kept."""

    kind: str
    text: Text
    unit: str | None = None
    due: int | None = None
    state: str = "open"
    settled: int | None = None
    note: Text | None = None


class Item(File, frozen=True, kw_only=True):
    heading: Text
    entries: list[Entry]


class Held(File, frozen=True, kw_only=True):
    """absent: parties that did not come; walk_ins: people in each group without registration.

    picture: what the drawing shows, in words.
    """

    forum: content.Forum
    absent: int
    walk_ins: list[int]
    published: int
    summary: Text
    items: list[Item]
    picture: Text


async def seed_held(
    town: content.Town,
    ids: Mapping[str, UUID],
    *,
    profile: Profile,
    links: Links,
    calendar: Calendar,
    staff: Mapping[str, UUID],
) -> None:
    """Once: where the meeting is there already, everything is left as it is."""
    text = (FOLDER / town.key / "held.yaml").read_text(encoding="utf-8")
    told = msgspec.convert(yaml.load(text, Loader=LOADER), Held)  # noqa: S506 - safe, in C or in Python
    if await forums.forum(told.forum.slug) is not None:
        return
    only = msgspec.structs.replace(town, forums=[told.forum])
    async with transaction():
        await seed_forums(only, ids, profile=profile, links=links, calendar=calendar, staff=staff)
        forum = await forums.forum(told.forum.slug)
        if forum is None:
            return
        await _came(told, forum.sessions[0], links, staff["clerk"])
        await _minutes(told, forum, profile, calendar, staff)


async def _came(told: Held, session: ForumSession, links: Links, clerk: UUID) -> None:
    parties = [one for one in await forums.registrations(session.id) if one.state is State.CONFIRMED]
    acts = [_arrived(one, number, session) for number, one in enumerate(parties[told.absent :])]
    for number, people in enumerate(told.walk_ins):
        moment = session.starts_at + timedelta(minutes=2 + number)
        acts.append(Act(uuid4(), Kind.WALK_IN, moment, people=people))
    await door.note(session_id=session.id, acts=acts, links=links, actor=clerk, at=session.ends_at)
    await door.close_door(session.id, actor=clerk, at=session.ends_at)


def _arrived(registration: Registration, number: int, session: ForumSession) -> Act:
    moment = session.starts_at - timedelta(minutes=25) + timedelta(seconds=45 * number)
    return Act(uuid4(), Kind.ARRIVE, moment, registration=registration.id)


async def _minutes(told: Held, forum: Forum, profile: Profile, calendar: Calendar, staff: Mapping[str, UUID]) -> None:
    authentic, by = profile.authentic_language, staff["moderator"]
    written = forum.sessions[0].ends_at + MINUTES_AFTER
    known = {unit.key: unit.id for unit in await units()}
    await afterwards.keep_summary(forum_id=forum.id, summary=told.summary, authentic=authentic, actor=by, at=written)
    drawing = hall(profile.colours.brand)
    await photos.add_photo(
        forum_id=forum.id, content=drawing, shows=told.picture, offered=profile.languages, actor=by, at=written
    )
    promises = []
    for item in told.items:
        item_id = await afterwards.keep_item(
            forum_id=forum.id, heading=item.heading, authentic=authentic, actor=by, at=written
        )
        for entry in item.entries:
            unit = None
            if entry.unit is not None:
                unit = known.get(entry.unit) or await keep_unit(key=entry.unit, name={authentic: entry.unit})
            due_on = calendar.day(entry.due) if entry.due is not None else None
            wanted = EntryContent(entry.kind, entry.text, unit, due_on)
            entry_id = await afterwards.add_entry(
                forum_id=forum.id, item_id=item_id, content=wanted, authentic=authentic, actor=by, at=written
            )
            promises += [(entry_id, entry)] if entry.settled is not None else []
    await afterwards.publish_minutes(forum.id, actor=by, at=calendar.past(told.published))
    for entry_id, entry in promises:
        await _settled(entry_id, entry, calendar.past(entry.settled or 0), authentic, by)


async def _settled(entry_id: UUID, entry: Entry, at: datetime, authentic: str, by: UUID) -> None:
    settling = Settling(entry.state, entry.note or {})
    await afterwards.settle_promise(
        promise_id=entry_id, settling=settling, authentic=authentic, today=at.date(), actor=by, at=at
    )
