"""Seeding the work on answers: units, answers on their way, a correction, comments that changed words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import yaml

from consult.demo import content
from consult.demo.days import Calendar
from consult.drafts import queries as drafts
from consult.drafts.answers import assigning, effect_operations, operations
from consult.drafts.answers.answer import Stage
from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import Comment
from consult.i18n import Text
from consult.people import units
from consult.people.unit_operations import save_unit
from consult.profile import Profile
from consult.storage import transaction

REVIEWED_AFTER = timedelta(hours=2)


class Unit(content.File, frozen=True, kw_only=True):
    key: str
    name: Text
    staff: list[str]


class Given(content.File, frozen=True, kw_only=True):
    """Comments on some articles, "0" is the draft as a whole; due is another day than the promised one."""

    draft: str
    articles: list[str]
    unit: str
    due: int | None = None
    why: str = ""


class Prepared(content.File, frozen=True, kw_only=True):
    """An answer on its way: drafted, review or reviewed. begins are the first words of the comment."""

    draft: str
    begins: str
    decision: str
    day: int
    stage: str
    reason: Text


class Corrected(content.File, frozen=True, kw_only=True):
    draft: str
    begins: str
    decision: str
    day: int
    reason: Text
    correction: Text


class Led(content.File, frozen=True, kw_only=True):
    """A comment that led to the first changed words of its article in a version."""

    draft: str
    begins: str
    version: int


class Answering(content.File, frozen=True, kw_only=True):
    units: list[Unit]
    given: list[Given]
    prepared: list[Prepared]
    corrected: list[Corrected]
    led: list[Led]


def answering(town: content.Town) -> Answering:
    text = (content.FOLDER / town.key / "answering.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.load(text, Loader=content.LOADER), Answering)  # noqa: S506 - the safe loader


async def seed_answering(
    town: content.Town, *, profile: Profile, base_url: str, calendar: Calendar, staff: Mapping[str, UUID]
) -> None:
    """Once: where there are units already, everything is left as it is."""
    if await units.units():
        return
    told = answering(town)
    async with transaction():
        for one in told.units:
            members = [staff[role] for role in one.staff]
            await save_unit(
                unit_id=None,
                key=one.key,
                name=one.name,
                needed=profile.authentic_language,
                members=members,
                actor=staff["admin"],
                at=calendar.past(-140),
            )
        by_draft = {draft.slug: await _comments(draft.id) for draft in await drafts.published_drafts()}
        for given in told.given:
            await _give(given, by_draft[given.draft], calendar, staff)
        for prepared in told.prepared:
            await _prepare(prepared, _found(by_draft[prepared.draft], prepared.begins), calendar, staff)
        for led in told.led:
            await _note(led, _found(by_draft[led.draft], led.begins), calendar, staff)
        for corrected in told.corrected:
            comment = _found(by_draft[corrected.draft], corrected.begins)
            await _correct(corrected, comment, profile, base_url, calendar, staff)


async def _comments(draft_id: UUID) -> list[Comment]:
    found = await comments.comments_and_replies(draft_id, size=1000)
    return list(found.items)


def _found(among: list[Comment], begins: str) -> Comment:
    return next(one for one in among if one.text.startswith(begins))


async def _give(one: Given, among: list[Comment], calendar: Calendar, staff: Mapping[str, UUID]) -> None:
    unit = next(unit.id for unit in await units.units() if unit.key == one.unit)
    await assigning.assign_comments(
        [comment.id for comment in among if (comment.article_number or "0") in one.articles],
        unit_id=unit,
        due_on=calendar.day(one.due) if one.due is not None else None,
        due_reason=one.why,
        actor=staff["moderator"],
        at=calendar.past(-2),
    )


async def _prepare(one: Prepared, comment: Comment, calendar: Calendar, staff: Mapping[str, UUID]) -> None:
    at = calendar.past(one.day)
    await operations.answer_comment(
        comment.id, decision=one.decision, reason=one.reason, actor=staff["moderator"], at=at
    )
    if one.stage != Stage.DRAFTED:
        await operations.send_for_review(comment.id, actor=staff["moderator"], at=at)
    if one.stage == Stage.REVIEWED:
        await operations.approve_answer(comment.id, actor=staff["admin"], at=_later(at, calendar))


async def _note(one: Led, comment: Comment, calendar: Calendar, staff: Mapping[str, UUID]) -> None:
    if comment.article is not None:
        await effect_operations.note_effects(
            draft_id=comment.draft,
            version_number=one.version,
            article_id=comment.article,
            chosen=[(0, comment.id)],
            actor=staff["moderator"],
            at=calendar.at,
        )


async def _correct(
    one: Corrected,
    comment: Comment,
    profile: Profile,
    base_url: str,
    calendar: Calendar,
    staff: Mapping[str, UUID],
) -> None:
    at = calendar.past(one.day)
    await operations.correct_answer(
        comment.id,
        decision=one.decision,
        reason=one.reason,
        correction=one.correction,
        actor=staff["moderator"],
        at=at,
    )
    await operations.send_for_review(comment.id, actor=staff["moderator"], at=at)
    await operations.approve_answer(comment.id, actor=staff["admin"], at=_later(at, calendar))
    await operations.release_answers(
        comment.draft,
        base_url=base_url,
        actor=staff["moderator"],
        at=_later(at, calendar),
        partial=True,
        appeal=profile.answers.appeal,
    )


def _later(at: datetime, calendar: Calendar) -> datetime:
    return min(at + REVIEWED_AFTER, calendar.at)
