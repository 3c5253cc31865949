"""What a person can do with a comment: send, publish, refuse, erase."""

from datetime import datetime
from uuid import UUID

from consult.drafts import queries as drafts
from consult.drafts.comments import letters, queries
from consult.drafts.comments.comment import REFUSALS, Comment, Moderation, State, Submission
from consult.drafts.moderation import letters as moderation_letters
from consult.drafts.moderation import log
from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.mail.message import email_address
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction

RECORD = "comment"


class CommentsClosed(Refused):
    message = N_("This draft does not take comments at the moment. Your text was not sent.")


class OtherWords(Refused):
    message = N_(
        "This form was already sent with other words, and those are kept. "
        "To send these as well, press the button again."
    )


class AlreadyDecided(Refused):
    message = N_("Another decision on this comment was taken in the meantime.")


async def submit_comment(
    *,
    form_id: UUID,
    draft_slug: str,
    version: int,
    article_id: UUID | None,
    language: str,
    submission: Submission,
    at: datetime,
) -> Comment:
    """Store a comment under its form's id, on the version that its author read.

    The same form with the same words gives the same comment. Raises Invalid, CommentsClosed, OtherWords, NotFound.
    """
    problems = submission.problems()
    if problems:
        raise Invalid(problems)
    async with transaction():
        # Two clicks on one button arrive side by side: the second waits here until the first is stored.
        await execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", str(form_id))
        known = await queries.comment(form_id)
        if known is not None:
            if (known.text, known.article, known.kind) != (submission.text, article_id, submission.kind):
                raise OtherWords
            return known
        draft = await drafts.draft(draft_slug)
        if draft is None or not draft.is_published:
            raise NotFound
        if not draft.takes_comments(at):
            raise CommentsClosed
        read = await drafts.version(draft.id, version)
        if read is None or not await _stands_in(article_id, read.id):
            raise NotFound
        published = draft.moderation is Moderation.AFTER
        number = await _next_number(at)
        await execute(
            "insert into comment (id, number, draft, version, article, language, kind, text, name, email, state, "
            "submitted_at, published_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            form_id,
            number,
            draft.id,
            read.id,
            article_id,
            language,
            submission.kind,
            submission.text,
            submission.name,
            email_address(submission.email) if submission.email else "",
            State.PUBLISHED if published else State.SUBMITTED,
            at,
            at if published else None,
        )
        await audit(None, "comment.submitted", RECORD, form_id, after={"number": number}, at=at)
        return await _found(form_id)


async def publish_comment(comment_id: UUID, *, base_url: str, actor: UUID | None, at: datetime) -> None:
    """Show a comment to everybody; publishing twice changes nothing. Raises NotFound, AlreadyDecided."""
    async with transaction():
        comment = await _locked(comment_id)
        if comment.state is State.PUBLISHED:
            return
        if comment.is_erased:
            raise AlreadyDecided
        await execute(
            "update comment set state = 'published', refusal = '', published_at = $2, moderated_at = $2, "
            "moderated_by = $3 where id = $1",
            comment_id,
            at,
            actor,
        )
        await letters.comment_published(comment, base_url=base_url, at=at)
        await log.note(comment, "shown" if comment.state is State.REFUSED else "published", actor=actor, at=at)
        await audit(
            actor,
            "comment.published",
            RECORD,
            comment_id,
            before={"state": comment.state.value} | ({"refusal": comment.refusal} if comment.refusal else {}),
            after={"state": "published"},
            at=at,
        )


async def refuse_comment(comment_id: UUID, *, reason: str, base_url: str, actor: UUID | None, at: datetime) -> None:
    """Keep a comment from the public for one of the public reasons. Raises NotFound, Invalid, AlreadyDecided."""
    if reason not in REFUSALS:
        raise Invalid([Problem("reason", N_("Choose a reason from the list."))])
    async with transaction():
        comment = await _locked(comment_id)
        if comment.state is State.REFUSED and comment.refusal == reason:
            return
        if comment.answer is not None:
            raise AlreadyDecided
        await execute(
            "update comment set state = 'refused', refusal = $2, published_at = null, moderated_at = $3, "
            "moderated_by = $4 where id = $1",
            comment_id,
            reason,
            at,
            actor,
        )
        hides = comment.state is State.PUBLISHED
        tell = moderation_letters.comment_hidden if hides else letters.comment_refused
        await tell(comment, reason=reason, base_url=base_url, at=at)
        await log.note(comment, "hidden" if hides else "refused", actor=actor, at=at, reason=reason)
        await audit(
            actor,
            "comment.hidden" if hides else "comment.refused",
            RECORD,
            comment_id,
            before={"state": comment.state.value},
            after={"state": "refused", "refusal": reason},
            at=at,
        )


async def erase_comment(comment_id: UUID, *, with_text: bool, reason: str, actor: UUID | None, at: datetime) -> None:
    """Blank the author's name and address and, if ordered, the text. The audit trail keeps why, not what.

    Raises NotFound, Invalid. Erasing again may still take the text, and otherwise changes nothing.
    """
    if not reason.strip():
        raise Invalid([Problem("reason", N_("Write on what ground you erase."))])
    async with transaction():
        comment = await _locked(comment_id)
        await execute(
            "update comment set name = '', email = '', text = case when $2 then '' else text end, "
            "erased_at = coalesce(erased_at, $3) where id = $1",
            comment.id,
            with_text,
            at,
        )
        await audit(
            actor,
            "comment.erased",
            RECORD,
            comment_id,
            after={"name": True, "email": True, "text": with_text},
            reason=reason.strip(),
            at=at,
        )


async def _next_number(at: datetime) -> str:
    """2026-0187: the year, and a count without gaps because its row stays locked until the comment is stored."""
    last = await fetchval(
        "insert into comment_number (year, last) values ($1, 1) "
        "on conflict (year) do update set last = comment_number.last + 1 returning last",
        at.year,
    )
    return f"{at.year}-{last:04}"


async def _stands_in(article_id: UUID | None, version_id: UUID) -> bool:
    if article_id is None:
        return True
    found = await fetchval("select 1 from article_text where version = $1 and article = $2", version_id, article_id)
    return found is not None


async def _locked(comment_id: UUID) -> Comment:
    await fetchval("select 1 from comment where id = $1 for update", comment_id)
    return await _found(comment_id)


async def _found(comment_id: UUID) -> Comment:
    comment = await queries.comment(comment_id)
    if comment is None:
        raise NotFound
    return comment
