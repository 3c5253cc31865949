"""Appointments for tests: a forum whose rule is published and whose requests are about to open."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from consult.forums.forum import Forum
from consult.forums.slots import operations
from consult.forums.slots import request_operations as requesting
from consult.forums.slots.operations import SlotContent, TermsContent
from consult.forums.slots.slot import Requested
from tests.forums.makers import LINKS, NOW, a_forum, text

OPENS, CLOSES = NOW + timedelta(hours=1), NOW + timedelta(days=5)


async def an_official() -> int:
    return await operations.add_official(name=text("Mayor"), office=text("Mayor"), authentic="mk", actor=None, at=NOW)


async def a_reception(
    rule: str = "draw",
    *,
    times: int = 2,
    tie: str = "draw",
    capacity: int = 1,
    slug: str = "citizens-forum",
    at: datetime = NOW,
) -> Forum:
    forum = await a_forum(slug=slug, at=at)
    terms = TermsContent(rule, tie, at + (OPENS - NOW), at + (CLOSES - NOW))
    await operations.set_terms(forum_id=forum.id, content=terms, actor=None, at=at)
    await add(forum, await an_official(), times, capacity=capacity)
    await operations.freeze(forum.id, actor=None, at=at)
    return forum


async def add(forum: Forum, official: int, times: int, *, hour: int = 0, capacity: int = 1) -> None:
    start = forum.sessions[0].starts_at + timedelta(hours=hour)
    made = [(start + timedelta(minutes=15 * n), start + timedelta(minutes=15 * (n + 1))) for n in range(times)]
    content = SlotContent(official, text("Room 5"), capacity=capacity)
    await operations.add_slots(forum_id=forum.id, content=content, times=made, links=LINKS, actor=None, at=NOW)


async def asks(forum: Forum, number: int, *, at: datetime = OPENS) -> UUID:
    form = uuid4()
    requested = Requested(f"Person {number}", f"person{number}@example.com", "", "", "Roads")
    await requesting.ask(form_id=form, forum_slug=forum.slug, requested=requested, language="en", links=LINKS, at=at)
    return form
