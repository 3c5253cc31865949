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


class Campaign(content.File, frozen=True, kw_only=True):
    """One text sent by several people: `times` word for word, then the others; one name for each of them."""

    article: str
    day: int
    language: str
    text: str
    others: list[str]
    names: list[str]
    times: int
    is_confirmed: bool = False


class Single(content.File, frozen=True, kw_only=True):
    """A comment that something is done to: words are covered, or (without words) it is hidden."""

    article: str
    day: int
    language: str
    name: str
    text: str
    reason: str
    words: str = ""


class Moderated(content.File, frozen=True, kw_only=True):
    draft: str
    campaigns: list[Campaign]
    covered: Single
    hidden: Single


async def seed_moderation(town: content.Town, *, base_url: str, calendar: Calendar, staff: Mapping[str, UUID]) -> None:
    """Send the comments of campaigns and have them compared; cover words of one comment and hide another."""
    text = (content.FOLDER / town.key / "moderation.yaml").read_text(encoding="utf-8")
    found = msgspec.convert(yaml.load(text, Loader=content.LOADER), Moderated)  # noqa: S506 - the safe loader
    draft = await drafts.draft(found.draft)
    if draft is None or await comment_queries.comment(_form(found.draft, found.covered.text, "")) is not None:
        return
    moderator = staff["moderator"]
    async with transaction():
        for campaign in found.campaigns:
            texts = [campaign.text] * campaign.times + campaign.others
            for place, (text, name) in enumerate(zip(texts, campaign.names, strict=False)):
                at = calendar.past(campaign.day, "09:10") + place * APART
                await _sent(found.draft, draft.id, campaign, text, name, base_url, moderator, min(at, calendar.at))
        for one in (found.covered, found.hidden):
            at = calendar.past(one.day, "18:05")
            made = await _sent(found.draft, draft.id, one, one.text, one.name, base_url, moderator, at)
            later = min(at + 2 * READ_AFTER, calendar.at)
            if one.words:
                places = [place.place for place in occurrences(one.text, one.words)]
                await operations.cover_words(
                    made, places=places, reason=one.reason, base_url=base_url, actor=moderator, at=later
                )
            else:
                await comments.refuse_comment(made, reason=one.reason, base_url=base_url, actor=moderator, at=later)
        await group_operations.find_groups(draft.id, at=calendar.at)
        for group in (await groups.of_draft(draft.id, "proposed")).items:
            head = await comment_queries.comment(group.head)
            confirmed = {campaign.text for campaign in found.campaigns if campaign.is_confirmed}
            if head is not None and head.text in confirmed:
                await group_operations.confirm_group(group.id, proposed=group.proposed, actor=moderator, at=calendar.at)


async def _sent(
    slug: str,
    draft_id: UUID,
    one: Campaign | Single,
    text: str,
    name: str,
    base_url: str,
    moderator: UUID,
    at: datetime,
) -> UUID:
    """Send a comment and publish it; who gives a name leaves an address as well."""
    made_of = _form(slug, text, f"{name}{at:%H%M}" if isinstance(one, Campaign) else "")
    made = await comments.submit_comment(
        form_id=made_of,
        draft_slug=slug,
        version=1,
        article_id=await article_of(draft_id, one.article),
        language=one.language,
        submission=Submission(text=text, name=name, email=f"{made_of.hex[:8]}@example.org" if name else ""),
        at=at,
    )
    await comments.publish_comment(made.id, base_url=base_url, actor=moderator, at=at)
    return made.id


def _form(slug: str, text: str, which: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"moderation/{slug}/{which}/{text}")
