"""A meeting that is over and its minutes, every field defaulted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from consult.forums.afterwards import operations, queries
from consult.forums.afterwards.minutes import EntryContent, Minutes
from consult.forums.forum import Forum
from consult.records.operations import keep_unit
from tests.forums.makers import NOW, a_forum, a_session, text

PAST = date(2026, 11, 3)
AFTER = NOW
DUE = date(2026, 11, 30)


async def a_past_forum(*, slug: str = "autumn-meeting", at: datetime = AFTER) -> Forum:
    """A meeting of 3 November, looked at on 20 November."""
    closes = datetime.fromisoformat("2026-11-02T12:00")
    return await a_forum(a_session(day=PAST), slug=slug, closes=closes, at=at - timedelta(days=40))


async def a_unit(key: str = "parks") -> UUID:
    return await keep_unit(key=key, name=text("Parks and greenery"))


async def an_entry(forum: Forum, item: UUID, kind: str = "said", words: str = "Words", due_on: date = DUE) -> UUID:
    unit = await a_unit() if kind == "promise" else None
    content = EntryContent(kind, text(words), unit, due_on if unit else None)
    return await operations.add_entry(
        forum_id=forum.id, item_id=item, content=content, authentic="mk", actor=None, at=AFTER
    )


async def some_minutes(forum: Forum, *, published: bool = True) -> Minutes:
    """Two items from the agenda; under the first a word, a decision and a promise."""
    await operations.keep_summary(forum_id=forum.id, summary=text("In short"), authentic="mk", actor=None, at=AFTER)
    await operations.take_agenda(forum.id, actor=None, at=AFTER)
    item = (await the_minutes(forum)).items[0].id
    await an_entry(forum, item, "said", "The mayor opened the meeting")
    await an_entry(forum, item, "decision", "The crossing is moved")
    await an_entry(forum, item, "promise", "Forty trees are planted")
    if published:
        await operations.publish_minutes(forum.id, actor=None, at=AFTER)
    return await the_minutes(forum)


async def the_minutes(forum: Forum) -> Minutes:
    return (await queries.minutes_of([forum.id], public=False))[forum.id]
