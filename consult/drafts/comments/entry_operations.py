"""What a clerk does for people who do not write on the website: enter their comments, post their answers."""

from datetime import date, datetime, time, timedelta, tzinfo
from uuid import UUID

from consult.consultations.consultation import Stored
from consult.drafts import queries as drafts
from consult.drafts.comments.comment import Comment, OnBehalf, Submission
from consult.drafts.comments.operations import RECORD, found_comment, locked_comment, sent_before, store
from consult.drafts.draft import Draft
from consult.errors import N_, Invalid, NotFound, Problem
from consult.records.operations import audit
from consult.storage import execute, transaction

NOT_OPEN_THEN = N_("This draft took no comments on that day.")


def took_comments_on(*, draft: Draft, day: date, zone: tzinfo) -> bool:
    """Whether what was received on a day came in time, even if it is entered later."""
    begins = datetime.combine(day, time(), zone)
    if not draft.is_published:
        return False
    if draft.consultation is not None:
        opens = draft.consultation.opens_at
        if draft.consultation.stored is Stored.CANCELLED or opens is None or opens >= begins + timedelta(days=1):
            return False
    return draft.comments_end is None or begins < draft.comments_end


async def enter_comment(
    *,
    form_id: UUID,
    draft_slug: str,
    article_id: UUID | None,
    language: str,
    submission: Submission,
    way: OnBehalf,
    zone: tzinfo,
    actor: UUID | None,
    at: datetime,
) -> Comment:
    """Store a comment on behalf of its author, in the same series and with the same check as any other.

    It counts as in time by the day on which it was received. language is that of letters and of the answer.
    Raises Invalid, OtherWords, NotFound.
    """
    problems = submission.problems() + way.problems(at.astimezone(zone).date())
    async with transaction():
        draft = await drafts.draft(draft_slug)
        version = await drafts.version(draft.id) if draft and draft.is_published else None
        if draft is None or version is None:
            raise NotFound
        if way.received_on and not took_comments_on(draft=draft, day=way.received_on, zone=zone):
            problems.append(Problem("received_on", NOT_OPEN_THEN))
        if problems:
            raise Invalid(problems)
        known = await sent_before(form_id=form_id, submission=submission, article_id=article_id)
        if known is not None:
            return known
        await store(
            form_id=form_id,
            draft=draft,
            version_id=version.id,
            article_id=article_id,
            language=language,
            submission=submission,
            way=way,
            actor=actor,
            at=at,
        )
        return await found_comment(form_id)


async def forget_postal_address(comment_id: UUID, *, actor: UUID | None, at: datetime) -> None:
    """The answer is in the post: the address has served. Without one nothing changes. Raises NotFound."""
    async with transaction():
        comment = await locked_comment(comment_id)
        if comment.postal:
            await execute("update comment set postal = '' where id = $1", comment_id)
            await audit(actor=actor, kind="comment.answer_posted", record=RECORD, record_id=comment_id, at=at)
