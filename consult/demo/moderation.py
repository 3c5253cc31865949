"""Seeding what moderators do: campaigns of near-equal comments, covered words, a comment that was hidden."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
import yaml

from consult.demo import content
from consult.demo.days import Calendar
from consult.demo.processes import article_of
from consult.drafts import queries as drafts
from consult.drafts.comments import operations as comments
from consult.drafts.comments import queries as comment_queries
from consult.drafts.comments.comment import Submission
from consult.drafts.moderation import group_operations, groups, operations
from consult.drafts.moderation.redaction import occurrences
from consult.storage import transaction

APART = timedelta(minutes=17)
READ_AFTER = timedelta(hours=2)


class Sent(content.File, frozen=True, kw_only=True):
    """A text that one person sent, or a campaign: `times` word for word, then the others, signed one after another.

    words are covered for the reason; with a reason but no words the comment is hidden.
    """

    article: str
    day: int
    language: str
    text: str
    signed: list[str]
    times: int = 1
    others: tuple[str, ...] = ()
    is_confirmed: bool = False
    words: str = ""
    reason: str = ""


class Moderated(content.File, frozen=True, kw_only=True):
    draft: str
    comments: list[Sent]


async def seed_moderation(town: content.Town, *, base_url: str, calendar: Calendar, staff: Mapping[str, UUID]) -> None:
    """Send the comments of campaigns and have them compared; cover words of one comment and hide another."""
    text = (content.FOLDER / town.key / "moderation.yaml").read_text(encoding="utf-8")
    found = msgspec.convert(yaml.load(text, Loader=content.LOADER), Moderated)  # noqa: S506 - the safe loader
    draft = await drafts.draft(found.draft)
    first = found.comments[0]
    if draft is None or await comment_queries.comment(_form(found.draft, first.text, 0)) is not None:
        return
    moderator = staff["moderator"]
    async with transaction():
        for one in found.comments:
            texts = [one.text] * one.times + list(one.others)
            for place, (text, name) in enumerate(zip(texts, one.signed, strict=True)):
                at = min(calendar.past(one.day, "09:10") + place * APART, calendar.at)
                made = await _sent(found.draft, draft.id, one, text, name, place, base_url, moderator, at)
                later = min(at + READ_AFTER, calendar.at)
                if one.words:
                    places = [found.place for found in occurrences(text, one.words)]
                    await operations.cover_words(
                        made, places=places, reason=one.reason, base_url=base_url, actor=moderator, at=later
                    )
                elif one.reason:
                    await comments.refuse_comment(made, reason=one.reason, base_url=base_url, actor=moderator, at=later)
        await group_operations.find_groups(draft.id, at=calendar.at)
        for group in (await groups.of_draft(draft.id, "proposed")).items:
            head = await comment_queries.comment(group.head)
            confirmed = {one.text for one in found.comments if one.is_confirmed}
            if head is not None and head.text in confirmed:
                await group_operations.confirm_group(group.id, proposed=group.proposed, actor=moderator, at=calendar.at)


async def _sent(
    slug: str,
    draft_id: UUID,
    one: Sent,
    text: str,
    name: str,
    place: int,
    base_url: str,
    moderator: UUID,
    at: datetime,
) -> UUID:
    """Send a comment and publish it; who signs it leaves an address as well."""
    form_id = _form(slug, text, place)
    made = await comments.submit_comment(
        form_id=form_id,
        draft_slug=slug,
        version=1,
        article_id=await article_of(draft_id, one.article),
        language=one.language,
        submission=Submission(text=text, name=name, email=f"{form_id.hex[:8]}@example.org" if name else ""),
        at=at,
    )
    await comments.publish_comment(made.id, base_url=base_url, actor=moderator, at=at)
    return made.id


def _form(slug: str, text: str, place: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"moderation/{slug}/{place}/{text}")
