"""What a person can do with a comment: send, publish, refuse, erase."""

from datetime import datetime, timedelta
from uuid import UUID

from consult.drafts import queries as drafts
from consult.drafts.comments import files, letters, queries
from consult.drafts.comments.anchor import NO_ARTICLE, Anchor, anchor_of
from consult.drafts.comments.comment import REFUSALS, Comment, Moderation, OnBehalf, State, Submission
from consult.drafts.draft import Draft
from consult.drafts.markup import to_words
from consult.drafts.moderation import letters as moderation_letters
from consult.drafts.moderation import log
from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.mail.message import email_address
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction

RECORD = "comment"
ADDRESSES_KEPT = timedelta(days=365)


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
    reply_to: UUID | None = None,
    at: datetime,
) -> Comment:
    """Store a comment under its form's id, on the version that its author read.

    language is that of the page: of letters, of the answer and, unless the author says otherwise, of the words.
    The same form with the same words gives the same comment. Raises Invalid, CommentsClosed, OtherWords, NotFound.
    """
    problems = submission.problems()
    if problems:
        raise Invalid(problems)
    async with transaction():
        known = await sent_before(form_id=form_id, submission=submission, article_id=article_id)
        if known is not None:
            return known
        draft = await drafts.draft(draft_slug)
        if draft is None or not draft.is_published:
            raise NotFound
        if not draft.takes_comments(at):
            raise CommentsClosed
        read = await drafts.version(draft.id, version)
        if read is None:
            raise NotFound
        if reply_to is not None:
            await _check_reply(reply_to, draft, article_id)
        await store(
            form_id=form_id,
            draft=draft,
            version_id=read.id,
            article_id=article_id,
            language=language,
            submission=submission,
            reply_to=reply_to,
            at=at,
        )
        return await found_comment(form_id)


async def sent_before(*, form_id: UUID, submission: Submission, article_id: UUID | None) -> Comment | None:
    """What this form has stored. Two clicks on one button arrive side by side: the second waits for the first.

    Raises OtherWords.
    """
    await execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", str(form_id))
    known = await queries.comment(form_id)
    if known and (known.text, known.article, known.kind) != (submission.text, article_id, submission.kind):
        raise OtherWords
    return known


async def _check_reply(comment_id: UUID, draft: Draft, article_id: UUID | None) -> None:
    """One level: whoever answers a reply answers what it replied to."""
    found = await queries.comment(comment_id)
    if found is None or (found.draft, found.article) != (draft.id, article_id):
        raise NotFound
    if found.state is not State.PUBLISHED or found.reply_to is not None:
        raise NotFound


async def store(
    *,
    form_id: UUID,
    draft: Draft,
    version_id: UUID,
    article_id: UUID | None,
    language: str,
    submission: Submission,
    reply_to: UUID | None = None,
    way: OnBehalf | None = None,
    actor: UUID | None = None,
    at: datetime,
) -> None:
    quoted = await _quoted(submission, version_id, article_id, language)
    state = State.PUBLISHED if draft.moderation is Moderation.AFTER else State.SUBMITTED
    number = await _next_number(at)
    row = {
        "id": form_id,
        "number": number,
        "draft": draft.id,
        "version": version_id,
        "article": article_id,
        "language": submission.written_in or language,
        "letters_in": language,
        "kind": submission.kind,
        "text": submission.text,
        "name": submission.name,
        "email": email_address(submission.email) if submission.email else "",
        "state": state,
        "submitted_at": at,
        "published_at": at if state is State.PUBLISHED else None,
        "reply_to": reply_to,
    }
    if quoted is not None:
        row |= {"quote": quoted.quote, "quote_before": quoted.before, "quote_after": quoted.after}
        row |= {"quote_language": quoted.language}
    if way is not None:
        row |= {"channel": way.channel, "received_on": way.received_on, "postal": way.postal, "entered_by": actor}
    await execute(
        f"insert into comment ({', '.join(row)}) values ({', '.join(f'${n + 1}' for n in range(len(row)))})",  # noqa: S608 - own names
        *row.values(),
    )
    await files.join(form_id)
    after = {"number": number} | ({"channel": way.channel} if way else {})
    await audit(actor=actor, kind="comment.submitted", record=RECORD, record_id=form_id, after=after, at=at)


async def _quoted(submission: Submission, version_id: UUID, article_id: UUID | None, language: str) -> Anchor | None:
    """The place of the quoted words. Raises Invalid where they do not stand there, NotFound without such an article."""
    if article_id is None:
        if submission.quote:
            raise Invalid([Problem("quote", NO_ARTICLE)])
        return None
    body = await fetchval("select body from article_text where version = $1 and article = $2", version_id, article_id)
    if body is None:
        raise NotFound
    if not submission.quote:
        return None
    texts = {code: to_words(words) for code, words in body.items()}
    found = anchor_of(texts, submission.quote, before=submission.quote_before, languages=[language])
    if isinstance(found, Problem):
        raise Invalid([found])
    return found


async def publish_comment(comment_id: UUID, *, base_url: str, actor: UUID | None, at: datetime) -> None:
    """Show a comment to everybody; publishing twice changes nothing. Raises NotFound, AlreadyDecided."""
    async with transaction():
        comment = await locked_comment(comment_id)
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
            actor=actor,
            kind="comment.published",
            record=RECORD,
            record_id=comment_id,
            before={"state": comment.state.value} | ({"refusal": comment.refusal} if comment.refusal else {}),
            after={"state": "published"},
            at=at,
        )


async def refuse_comment(comment_id: UUID, *, reason: str, base_url: str, actor: UUID | None, at: datetime) -> None:
    """Keep a comment from the public for one of the public reasons. Raises NotFound, Invalid, AlreadyDecided."""
    if reason not in REFUSALS:
        raise Invalid([Problem("reason", N_("Choose a reason from the list."))])
    async with transaction():
        comment = await locked_comment(comment_id)
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
            actor=actor,
            kind="comment.hidden" if hides else "comment.refused",
            record=RECORD,
            record_id=comment_id,
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
        comment = await locked_comment(comment_id)
        await execute(
            "update comment set name = '', email = '', postal = '', text = case when $2 then '' else text end, "
            "erased_at = coalesce(erased_at, $3) where id = $1",
            comment.id,
            with_text,
            at,
        )
        if with_text:
            await files.erase(comment.id)
        await audit(
            actor=actor,
            kind="comment.erased",
            record=RECORD,
            record_id=comment_id,
            after={"name": True, "email": True, "text": with_text},
            reason=reason.strip(),
            at=at,
        )


async def forget_addresses(*, at: datetime) -> int:
    """Erase addresses to which no answer was sent, some time after comments have closed. Returns how many."""
    done = await execute(
        """update comment c set email = '', postal = '' from draft d left join consultation k on k.id = d.consultation
           where d.id = c.draft and (c.email <> '' or c.postal <> '') and coalesce(k.closes_at, d.closes_at) <= $1""",
        at - ADDRESSES_KEPT,
    )
    return int(done.rpartition(" ")[2])


async def _next_number(at: datetime) -> str:
    """2026-0187: the year, and a count without gaps because its row stays locked until the comment is stored."""
    last = await fetchval(
        "insert into comment_number (year, last) values ($1, 1) "
        "on conflict (year) do update set last = comment_number.last + 1 returning last",
        at.year,
    )
    return f"{at.year}-{last:04}"


async def locked_comment(comment_id: UUID) -> Comment:
    await fetchval("select 1 from comment where id = $1 for update", comment_id)
    return await found_comment(comment_id)


async def found_comment(comment_id: UUID) -> Comment:
    """Raises NotFound."""
    comment = await queries.comment(comment_id)
    if comment is None:
        raise NotFound
    return comment
