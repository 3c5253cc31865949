"""Seeding consultations and drafts: dates, versions, comments, answers, outcomes, in the order of what happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from consult.consultations import operations as consultations
from consult.consultations import queries as consultation_queries
from consult.consultations.consultation import Outcome, Phase, Stored, end_of
from consult.consultations.shift_operations import extend_consultation
from consult.demo import content
from consult.demo.days import Calendar
from consult.demo.documents import seed_documents
from consult.drafts import operations as drafts
from consult.drafts import queries as draft_queries
from consult.drafts.answers import operations as answers
from consult.drafts.comments import operations as comments
from consult.drafts.comments.comment import Submission
from consult.errors import NotFound
from consult.profile import Profile
from consult.storage import transaction

DEFAULT_MINIMUM_DAYS = 20
ANNOUNCED_BEFORE = timedelta(hours=1)
DECIDED_AFTER = timedelta(hours=3)


async def seed_consultations(
    town: content.Town, *, profile: Profile, calendar: Calendar, staff: Mapping[str, UUID]
) -> dict[str, UUID]:
    """Create and publish the consultations that are missing; give the id of each by slug."""
    rule = profile.rule("consultation-minimum")
    minimum = rule.days if rule else DEFAULT_MINIMUM_DAYS
    found = {}
    for one in sorted(town.consultations, key=lambda each: each.opens):
        known = await consultation_queries.consultation(one.slug)
        if known is not None:
            found[one.slug] = known.id
            continue
        published_at = calendar.past(one.opens, "00:00") - ANNOUNCED_BEFORE
        async with transaction():
            found[one.slug] = await consultations.create_consultation(
                _consultation(one, profile, calendar),
                minimum_days=minimum,
                time_zone=profile.time_zone,
                actor=staff["designer"],
                at=published_at - DECIDED_AFTER,
            )
            await consultations.publish_consultation(found[one.slug], actor=staff["admin"], at=published_at)
            if one.extended:
                await extend_consultation(
                    found[one.slug],
                    last_on=calendar.day(one.closes),
                    answers_due=calendar.day(one.answers_due),
                    reason=one.extended.reason,
                    time_zone=profile.time_zone,
                    actor=staff["admin"],
                    at=calendar.past(one.extended.day, "10:00"),
                )
    return found


def _consultation(one: content.Consultation, profile: Profile, calendar: Calendar) -> consultations.Content:
    return consultations.Content(
        slug=one.slug,
        kind=one.kind,
        title=one.title,
        summary=one.summary,
        authentic_language=profile.authentic_language,
        plain_words=one.plain_words,
        legal_basis=one.legal_basis,
        contact=one.contact,
        opens_on=calendar.day(one.opens),
        last_on=calendar.day(one.extended.closed if one.extended else one.closes),
        answers_due=calendar.day(one.answers_due),
        phases=tuple(
            Phase(
                key=phase.key,
                label=phase.label,
                starts=None if phase.starts is None else calendar.day(phase.starts),
                ends=None if phase.ends is None else calendar.day(_first_end(one, phase.ends)),
            )
            for phase in one.phases
        ),
        is_demo=True,
    )


def _first_end(one: content.Consultation, end: int) -> int:
    """The day that was announced at first, of a step that ends with the consultation."""
    return one.extended.closed if one.extended and end == one.closes else end


async def seed_outcomes(
    town: content.Town, ids: Mapping[str, UUID], *, profile: Profile, calendar: Calendar, staff: Mapping[str, UUID]
) -> None:
    """Report what came of the consultations that are over."""
    for one in town.consultations:
        known = await consultation_queries.consultation(one.slug)
        if one.outcome is None or known is None or known.outcome is not None:
            continue
        at = end_of(calendar.day(one.answers_due), profile.time_zone)
        outcome = Outcome(asked=one.outcome.asked, said=one.outcome.said, did=one.outcome.did)
        async with transaction():
            await consultations.move_consultation(ids[one.slug], to=Stored.REPORTED, actor=staff["moderator"], at=at)
            await consultations.record_outcome(
                consultation_id=ids[one.slug], outcome=outcome, actor=staff["moderator"], at=at
            )


async def seed_drafts(
    town: content.Town,
    ids: Mapping[str, UUID],
    *,
    profile: Profile,
    base_url: str,
    calendar: Calendar,
    staff: Mapping[str, UUID],
) -> None:
    """Publish the drafts that are missing, each with its comments and answers in one transaction."""
    for one in sorted(town.drafts, key=lambda draft: draft.versions[0].day):
        if await draft_queries.draft(one.slug) is not None:
            continue
        async with transaction():
            draft_id = await _published(town, one, ids, profile, calendar, staff)
            for entry in sorted(one.comments, key=lambda comment: comment.day):
                if entry.channel != "web":
                    continue
                await _commented(one, entry, draft_id, base_url, calendar, staff)
            for version in one.versions[1:]:
                await _next_version(town, version, draft_id, calendar, staff)
            if one.released is not None:
                at = calendar.past(one.released)
                await answers.release_answers(
                    draft_id,
                    base_url=base_url,
                    actor=staff["moderator"],
                    at=at,
                    partial=True,
                    appeal=profile.answers.appeal,
                )


async def _published(
    town: content.Town,
    one: content.Draft,
    ids: Mapping[str, UUID],
    profile: Profile,
    calendar: Calendar,
    staff: Mapping[str, UUID],
) -> UUID:
    at = calendar.past(one.versions[0].day, "00:00")
    draft_id = await drafts.create_draft(
        drafts.DraftContent(
            slug=one.slug,
            title=one.title,
            summary=one.summary,
            authentic_language=profile.authentic_language,
            consultation_id=ids[one.consultation],
            is_demo=True,
        ),
        actor=staff["designer"],
        at=at,
    )
    memorandum = town.markdown(one.memorandum) if one.memorandum else {}
    texts = town.markdown(one.versions[0].text)
    await drafts.save_working_version(
        draft_id=draft_id, texts=texts, memorandum=memorandum, actor=staff["designer"], at=at
    )
    await seed_documents(town, one.slug, draft_id, staff=staff, at=at)
    await drafts.publish_version(draft_id, actor=staff["admin"], at=at)
    return draft_id


async def _next_version(
    town: content.Town, version: content.Version, draft_id: UUID, calendar: Calendar, staff: Mapping[str, UUID]
) -> None:
    at = calendar.past(version.day)
    working = await draft_queries.working_copy(draft_id)
    memorandum = working.memorandum if working else {}
    texts = town.markdown(version.text)
    await drafts.save_working_version(
        draft_id=draft_id, texts=texts, memorandum=memorandum, actor=staff["designer"], at=at
    )
    await drafts.publish_version(draft_id, reason=version.reason, actor=staff["admin"], at=at)


async def _commented(
    one: content.Draft,
    entry: content.Comment,
    draft_id: UUID,
    base_url: str,
    calendar: Calendar,
    staff: Mapping[str, UUID],
) -> None:
    at = calendar.past(entry.day, "17:20")
    comment = await comments.submit_comment(
        form_id=identity(one, entry),
        draft_slug=one.slug,
        version=1,
        article_id=await article_of(draft_id, entry.article),
        language=entry.language,
        submission=said_in(entry),
        at=at,
    )
    moderated_at = min(at + DECIDED_AFTER, calendar.at)
    if entry.state == "published":
        await comments.publish_comment(comment.id, base_url=base_url, actor=staff["moderator"], at=moderated_at)
    elif entry.state == "refused":
        await comments.refuse_comment(
            comment.id, reason=entry.refusal, base_url=base_url, actor=staff["moderator"], at=moderated_at
        )
    if entry.answer is not None:
        await _answered(comment.id, entry.answer, calendar, staff, reviewed=one.released is not None)


def identity(draft: content.Draft, entry: content.Comment | content.CommentReply) -> UUID:
    return uuid5(NAMESPACE_URL, f"{draft.slug}/{entry.text}")


def said_in(entry: content.Comment) -> Submission:
    return Submission(text=entry.text, kind=entry.kind, name=entry.name, quote=entry.quote, written_in=entry.written_in)


async def _answered(
    comment_id: UUID, answer: content.Answer, calendar: Calendar, staff: Mapping[str, UUID], *, reviewed: bool
) -> None:
    """Prepare an answer; what is released has been reviewed by somebody else."""
    at = calendar.past(answer.day)
    await answers.answer_comment(
        comment_id, decision=answer.decision, reason=answer.reason, actor=staff["moderator"], at=at
    )
    if reviewed:
        await answers.send_for_review(comment_id, actor=staff["moderator"], at=at)
        await answers.approve_answer(comment_id, actor=staff["admin"], at=at)


async def article_of(draft_id: UUID, number: str | None) -> UUID | None:
    """Raises NotFound for an article that the first version does not have."""
    if number is None:
        return None
    version = await draft_queries.version(draft_id, 1)
    if version is not None:
        for article in await draft_queries.articles(version.id):
            if article.number == number:
                return article.id
    raise NotFound
