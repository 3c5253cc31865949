"""Seeding what grows around comments: replies, support, and what a clerk enters for people who came or called."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from consult.demo import content
from consult.demo.days import Calendar
from consult.demo.processes import DECIDED_AFTER, article_of, identity, said_in
from consult.drafts import queries as drafts
from consult.drafts.comments import entry_operations, queries
from consult.drafts.comments import operations as comments
from consult.drafts.comments import support_operations as support
from consult.drafts.comments.comment import Comment, OnBehalf, State, Submission
from consult.drafts.draft import Draft
from consult.profile import Profile
from consult.storage import transaction

ENTERED_AFTER = timedelta(hours=2)


async def seed_threads(
    town: content.Town, *, profile: Profile, base_url: str, calendar: Calendar, staff: Mapping[str, UUID]
) -> None:
    """Add what is missing to the drafts that are there."""
    for one in town.drafts:
        draft = await drafts.draft(one.slug)
        if draft is None:
            continue
        async with transaction():
            for entry in one.comments:
                found = await queries.comment(identity(one, entry))
                if found is None and entry.channel != "web":
                    found = await _entered(one, entry, draft, profile, calendar, staff)
                    await _decided(found, entry.state, base_url, calendar, staff)
                if found is not None and found.supports == 0:
                    await _supported(found.id, entry, calendar)
                if found is not None and found.reply_count == 0:
                    for reply in entry.replies:
                        await _replied(one, reply, found, base_url, calendar, staff)


async def _entered(
    one: content.Draft,
    entry: content.Comment,
    draft: Draft,
    profile: Profile,
    calendar: Calendar,
    staff: Mapping[str, UUID],
) -> Comment:
    return await entry_operations.enter_comment(
        form_id=identity(one, entry),
        draft_slug=one.slug,
        article_id=await article_of(draft.id, entry.article),
        language=entry.language,
        submission=said_in(entry),
        way=OnBehalf(channel=entry.channel, received_on=calendar.day(entry.day)),
        zone=profile.zone,
        actor=staff["moderator"],
        at=min(calendar.past(entry.day, "10:30") + ENTERED_AFTER, calendar.at),
    )


async def _supported(comment_id: UUID, entry: content.Comment, calendar: Calendar) -> None:
    at = min(calendar.past(entry.day, "17:20") + DECIDED_AFTER, calendar.at)
    for number in range(entry.supports):
        browser = hashlib.sha256(f"{comment_id}/{number}".encode()).digest()
        await support.support(comment_id=comment_id, browser=browser, at=at)


async def _replied(
    one: content.Draft,
    reply: content.CommentReply,
    parent: Comment,
    base_url: str,
    calendar: Calendar,
    staff: Mapping[str, UUID],
) -> None:
    made = await comments.submit_comment(
        form_id=identity(one, reply),
        draft_slug=one.slug,
        version=1,
        article_id=parent.article,
        language=reply.language,
        submission=Submission(text=reply.text, name=reply.name),
        reply_to=parent.id,
        at=min(calendar.past(reply.day, "19:05"), calendar.at),
    )
    await _decided(made, reply.state, base_url, calendar, staff)


async def _decided(made: Comment, state: str, base_url: str, calendar: Calendar, staff: Mapping[str, UUID]) -> None:
    if state == State.PUBLISHED:
        at = min(made.submitted_at + DECIDED_AFTER, calendar.at)
        await comments.publish_comment(made.id, base_url=base_url, actor=staff["moderator"], at=at)
